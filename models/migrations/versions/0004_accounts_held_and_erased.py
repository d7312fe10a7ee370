"""Accounts with logins, second factors and keys; the audit log; exports, erasures, consents and rates."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

NOTIFICATIONS = ('application_submitted', 'application_failed', 'application_unknown', 'application_needs_input', 'application_awaits_approval', 'application_reminder', 'application_expired', 'application_held_by_vendor', 'follow_up_due', 'ghosted_proposed', 'strong_matches', 'adzuna_key_refused', 'login_token_reused', 'new_login', 'password_changed', 'email_changed', 'second_factor_enabled', 'second_factor_disabled', 'api_key_created', 'export_ready', 'erasure_scheduled', 'erasure_undone')

# What was done is never told otherwise: of an entry only the reason may be taken away, at an erasure
KEEP_ENTRIES = """
CREATE FUNCTION keep_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reason_sealed IS NOT NULL
       OR (NEW.id, NEW.created_at, NEW.actor, NEW.actor_id, NEW.subject_id, NEW.action, NEW.object_id)
          IS DISTINCT FROM
          (OLD.id, OLD.created_at, OLD.actor, OLD.actor_id, OLD.subject_id, OLD.action, OLD.object_id) THEN
        RAISE EXCEPTION 'an entry of the audit log is never changed';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Go to this schema."""
    op.create_table('audit_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.Enum('user', 'admin', 'system', name='auditactor', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('action', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=True),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_audit_entry_actor', 'audit_entry', ['actor_id', 'id'], unique=False)
    op.create_index('ix_audit_entry_subject', 'audit_entry', ['subject_id', 'id'], unique=False)
    op.create_table('erasure',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('subject_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sa.Enum('cooling_off', 'undone', 'erasing', 'erased', name='erasurestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('step', sa.Enum('freeze', 'end_workflows', 'erase_at_vendors', 'delete_rows', 'delete_histories', 'destroy_key', name='erasurestep', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('receipt_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_erasure_open', 'erasure', ['due_at'], unique=False, postgresql_where="state IN ('cooling_off', 'erasing')")
    op.create_index('uq_erasure_open', 'erasure', ['user_id'], unique=True, postgresql_where="state IN ('cooling_off', 'erasing')")
    op.create_table('rate',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index('ix_rate_paid_at', 'rate', ['paid_at'], unique=False)
    op.create_table('account_export',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('queued', 'collecting', 'ready', 'failed', 'expired', name='exportstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=True),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_account_export_user', 'account_export', ['user_id', 'id'], unique=False)
    op.create_index('uq_account_export_open', 'account_export', ['user_id'], unique=True, postgresql_where="state IN ('queued', 'collecting')")
    op.create_table('api_key',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('prefix', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('scopes', sa.ARRAY(sa.String()), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key_hash')
    )
    op.create_index('ix_api_key_user', 'api_key', ['user_id', 'id'], unique=False)
    op.create_table('consent',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('terms', 'automated_applying', 'model_processing', name='consentkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('version', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_consent_user', 'consent', ['user_id', 'kind', 'id'], unique=False)
    op.create_table('login_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('device_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('address_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Enum('logout', 'logout_of_all', 'token_reused', 'password_changed', 'email_changed', 'second_factor_changed', 'locked', 'role_changed', 'ended_by_admin', 'erasing', name='sessionend', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_login_session_user', 'login_session', ['user_id', 'id'], unique=False)
    op.create_table('vendor_file',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('account_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('file_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_vendor_file_user_id'), 'vendor_file', ['user_id'], unique=False)
    op.create_table('one_time_token',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Enum('confirm_email', 'already_registered', 'reset_password', 'change_email', 'email_left', 'download_export', 'confirm_erasure', name='tokenpurpose', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('email_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_one_time_token_unmailed', 'one_time_token', ['created_at'], unique=False, postgresql_where='by_mail AND mailed_at IS NULL')
    op.create_index('ix_one_time_token_user', 'one_time_token', ['user_id', 'purpose'], unique=False)
    op.create_table('recovery_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('uq_recovery_code', 'recovery_code', ['user_id', 'code_hash'], unique=True)
    op.create_table('export_part',
    sa.Column('export_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['export_id'], ['account_export.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('export_id', 'number')
    )
    op.create_index(op.f('ix_export_part_user_id'), 'export_part', ['user_id'], unique=False)
    op.add_column('account', sa.Column('email_confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('erasing_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('totp_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('account', sa.Column('totp_confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('totp_last_step', sa.BigInteger(), nullable=True))
    # whoever has used an account until now has shown that it is theirs
    op.execute('UPDATE account SET email_confirmed_at = created_at')
    op.execute(
        "INSERT INTO login_session (id, created_at, user_id, last_used_at, expires_at, ended_at, ended_by)"
        " SELECT family_id, min(created_at), user_id, max(created_at), max(expires_at), max(revoked_at),"
        " CASE WHEN max(revoked_at) IS NOT NULL THEN 'logout' END FROM refresh_token GROUP BY family_id, user_id"
    )
    op.create_foreign_key('refresh_token_family_id_fkey', 'refresh_token', 'login_session', ['family_id'], ['id'], ondelete='CASCADE')
    op.drop_column('refresh_token', 'revoked_at')
    # what is a person's is found by who they are, for exports and erasures
    for table in ('application_document', 'evidence', 'given_answer', 'scout'):
        op.create_index(f'ix_{table}_user', table, ['user_id'], unique=False)
    # what is deleted after its time is found by when that is
    op.alter_column('evidence', 'content_sealed', existing_type=sa.LargeBinary(), nullable=True)
    op.add_column('evidence', sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_evidence_kept', 'evidence', ['id'], unique=False, postgresql_where='removed_at IS NULL')
    op.create_index('ix_event_created', 'event', ['created_at'], unique=False)
    op.drop_index('ix_job_expired', 'job')
    op.create_index('ix_job_expired', 'job', ['expired_at', 'id'], unique=False, postgresql_where='expired_at IS NOT NULL')
    op.create_index('ix_application_job', 'application', ['job_id'], unique=False)
    op.create_index('ix_login_session_end', 'login_session', [sa.text('least(ended_at, expires_at)')], unique=False)
    op.create_index('ix_api_key_end', 'api_key', [sa.text('least(revoked_at, expires_at)')], unique=False)
    op.create_index('ix_account_unconfirmed', 'account', ['created_at'], unique=False, postgresql_where='email_confirmed_at IS NULL')
    op.create_index('ix_account_export_ready', 'account_export', ['expires_at'], unique=False, postgresql_where="state = 'ready'")
    op.execute(KEEP_ENTRIES)
    op.execute(
        "CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION keep_audit_entry()"
    )
    op.execute('ALTER TABLE notification DROP CONSTRAINT IF EXISTS notificationkind')
    op.create_check_constraint('notificationkind', 'notification', f'kind IN {NOTIFICATIONS}')


def downgrade() -> None:
    """There is no way back: entries of the audit log have no place in the schema before it."""
    raise NotImplementedError("restore a backup that was made before this migration")
