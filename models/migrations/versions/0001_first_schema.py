"""First schema."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this schema."""
    for extension in ("pg_trgm", "unaccent"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
    sa.Column('password_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('role', sa.Enum('user', 'admin', name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('master_key_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('data_key', sa.LargeBinary(), nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('email')
    )
    op.create_table('fetch_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('workflow_run_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('ads_new', sa.Integer(), nullable=False),
    sa.Column('ads_changed', sa.Integer(), nullable=False),
    sa.Column('ads_unchanged', sa.Integer(), nullable=False),
    sa.Column('ads_unreadable', sa.Integer(), nullable=False),
    sa.Column('errors', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('workflow_run_id')
    )
    op.create_table('job',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('source_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('country', sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('company', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('description', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('location', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('area', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('remote', sa.Boolean(), nullable=False),
    sa.Column('salary_min', sa.Float(), nullable=True),
    sa.Column('salary_max', sa.Float(), nullable=True),
    sa.Column('salary_predicted', sa.Boolean(), nullable=False),
    sa.Column('currency', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
    sa.Column('contract_type', sa.Enum('permanent', 'contract', name='contracttype', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('contract_time', sa.Enum('full_time', 'part_time', name='contracttime', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('category', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('category_label', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('url', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content_key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('fingerprint', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expired_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('salary_min <= salary_max', name='ck_job_salary'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('source', 'source_id', name='uq_job_source'),
    postgresql_with={'fillfactor': 70}
    )
    op.create_index('ix_job_company_trgm', 'job', ['company'], unique=False, postgresql_using='gin', postgresql_ops={'company': 'gin_trgm_ops'})
    op.create_index('ix_job_content', 'job', ['content_key'], unique=False)
    op.create_index('ix_job_country_posted', 'job', ['country', 'posted_at', 'id'], unique=False)
    op.create_index('ix_job_fingerprint', 'job', ['fingerprint'], unique=False)
    op.create_index('ix_job_location_trgm', 'job', ['location'], unique=False, postgresql_using='gin', postgresql_ops={'location': 'gin_trgm_ops'})
    op.create_index('ix_job_posted', 'job', ['posted_at', 'id'], unique=False)
    op.create_index('ix_job_title_trgm', 'job', ['title'], unique=False, postgresql_using='gin', postgresql_ops={'title': 'gin_trgm_ops'})
    op.create_table('job_search',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('country', sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
    sa.Column('what', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('where', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('country', 'what', 'where', name='uq_job_search')
    )
    op.create_table('vendor_workflow',
    sa.Column('account_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('definition_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('workflow_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('account_hash', 'definition_hash')
    )
    op.create_table('application',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('job_id', sa.Uuid(), nullable=False),
    sa.Column('fingerprint', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('origin', sa.Enum('person', 'sweep', name='origin', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('queued', 'preparing', 'approved', 'submitting', 'confirming', 'submitted', 'skipped', 'cancelled', 'failed', 'unknown_outcome', 'not_submitted', name='applicationstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Enum('job_closed', 'already_applied', 'captcha', 'login_required', 'sso_required', 'account_required', 'not_eligible_location', 'not_eligible_work_auth', 'missing_answer', 'unsafe_request', 'not_a_job_application', 'site_blocked', 'page_error', 'stuck', 'timeout', 'provider_error', 'quota_exhausted', 'profile_incomplete', 'cap_reached', 'credentials_refused', 'cancelled_by_user', 'no_confirmation', name='endreason', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('retryable', sa.Boolean(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmation_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_application_moved', 'application', ['moved_at'], unique=False, postgresql_where="state IN ('queued', 'preparing', 'approved')")
    op.create_index('ix_application_user', 'application', ['user_id', 'id'], unique=False)
    op.create_index('uq_application_fingerprint', 'application', ['user_id', 'fingerprint'], unique=True, postgresql_where="state NOT IN ('cancelled', 'failed', 'not_submitted', 'skipped')")
    op.create_index('uq_application_job', 'application', ['user_id', 'job_id'], unique=True, postgresql_where="state NOT IN ('cancelled', 'failed', 'not_submitted', 'skipped')")
    op.create_table('chat_message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Enum('user', 'assistant', name='chatrole', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('queued', 'streaming', 'done', 'failed', 'cancelled', name='chatstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('error', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_chat_message_user', 'chat_message', ['user_id', 'id'], unique=False)
    op.create_index('uq_chat_message_running', 'chat_message', ['user_id'], unique=True, postgresql_where="state IN ('queued', 'streaming')")
    op.create_table('event',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'number')
    )
    op.create_table('event_cursor',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id')
    )
    op.create_table('fetched_page',
    sa.Column('fetch_run_id', sa.Uuid(), nullable=False),
    sa.Column('search_id', sa.Uuid(), nullable=False),
    sa.Column('page', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['fetch_run_id'], ['fetch_run.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['search_id'], ['job_search.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('fetch_run_id', 'search_id', 'page')
    )
    op.create_table('integration',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('vendor', sa.Enum('adzuna', 'skyvern', 'openai', name='vendor', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('credentials_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('user_id', 'vendor', name='uq_integration_vendor')
    )
    op.create_table('profile',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('preferences', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('identity_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('automation_mode', sa.Enum('off', 'auto', name='automationmode', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('daily_cap', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('user_id')
    )
    op.create_table('refresh_token',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('family_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index('ix_refresh_token_family', 'refresh_token', ['family_id'], unique=False)
    op.create_index('ix_refresh_token_user', 'refresh_token', ['user_id'], unique=False)
    op.create_table('resume',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('format', sa.Enum('pdf', 'docx', name='resumeformat', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('file_name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('original_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_resume_user', 'resume', ['user_id', 'id'], unique=False)
    op.create_table('application_transition',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('from_state', sa.Enum('queued', 'preparing', 'approved', 'submitting', 'confirming', 'submitted', 'skipped', 'cancelled', 'failed', 'unknown_outcome', 'not_submitted', name='from_state', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('to_state', sa.Enum('queued', 'preparing', 'approved', 'submitting', 'confirming', 'submitted', 'skipped', 'cancelled', 'failed', 'unknown_outcome', 'not_submitted', name='to_state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('actor', sa.Enum('user', 'system', 'provider', name='actor', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Enum('job_closed', 'already_applied', 'captcha', 'login_required', 'sso_required', 'account_required', 'not_eligible_location', 'not_eligible_work_auth', 'missing_answer', 'unsafe_request', 'not_a_job_application', 'site_blocked', 'page_error', 'stuck', 'timeout', 'provider_error', 'quota_exhausted', 'profile_incomplete', 'cap_reached', 'credentials_refused', 'cancelled_by_user', 'no_confirmation', name='endreason', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_application_transition_application', 'application_transition', ['application_id', 'id'], unique=False)
    op.create_table('chat_delta',
    sa.Column('message_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('text', 'reset', 'end', name='deltakind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['message_id'], ['chat_message.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('message_id', 'number')
    )
    op.create_table('evidence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('artifact_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('media_type', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id', 'artifact_id', name='uq_evidence_artifact')
    )
    op.create_table('notification',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('application_submitted', 'application_failed', 'application_unknown', name='notificationkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id', 'kind', name='uq_notification_application')
    )
    op.create_index('ix_notification_user', 'notification', ['user_id', 'id'], unique=False)
    op.create_table('submit_attempt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('attempt_key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sa.Enum('open', 'running', 'ended', 'absent', 'refused', name='attemptstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('account_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('vendor_workflow_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('file_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('run_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('payload_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id', 'number', name='uq_attempt_number'),
    sa.UniqueConstraint('attempt_key'),
    sa.UniqueConstraint('run_id')
    )
    op.create_index('uq_attempt_unsettled', 'submit_attempt', ['application_id'], unique=True, postgresql_where="state NOT IN ('absent', 'refused')")


def downgrade() -> None:
    """Go back."""
    op.drop_index('uq_attempt_unsettled', table_name='submit_attempt', postgresql_where="state NOT IN ('absent', 'refused')")
    op.drop_table('submit_attempt')
    op.drop_index('ix_notification_user', table_name='notification')
    op.drop_table('notification')
    op.drop_table('evidence')
    op.drop_table('chat_delta')
    op.drop_index('ix_application_transition_application', table_name='application_transition')
    op.drop_table('application_transition')
    op.drop_index('ix_resume_user', table_name='resume')
    op.drop_table('resume')
    op.drop_index('ix_refresh_token_user', table_name='refresh_token')
    op.drop_index('ix_refresh_token_family', table_name='refresh_token')
    op.drop_table('refresh_token')
    op.drop_table('profile')
    op.drop_table('integration')
    op.drop_table('fetched_page')
    op.drop_table('event_cursor')
    op.drop_table('event')
    op.drop_index('uq_chat_message_running', table_name='chat_message', postgresql_where="state IN ('queued', 'streaming')")
    op.drop_index('ix_chat_message_user', table_name='chat_message')
    op.drop_table('chat_message')
    op.drop_index('uq_application_job', table_name='application', postgresql_where="state NOT IN ('cancelled', 'failed', 'not_submitted', 'skipped')")
    op.drop_index('uq_application_fingerprint', table_name='application', postgresql_where="state NOT IN ('cancelled', 'failed', 'not_submitted', 'skipped')")
    op.drop_index('ix_application_user', table_name='application')
    op.drop_index('ix_application_moved', table_name='application', postgresql_where="state IN ('queued', 'preparing', 'approved')")
    op.drop_table('application')
    op.drop_table('vendor_workflow')
    op.drop_table('job_search')
    op.drop_index('ix_job_title_trgm', table_name='job', postgresql_using='gin', postgresql_ops={'title': 'gin_trgm_ops'})
    op.drop_index('ix_job_posted', table_name='job')
    op.drop_index('ix_job_location_trgm', table_name='job', postgresql_using='gin', postgresql_ops={'location': 'gin_trgm_ops'})
    op.drop_index('ix_job_fingerprint', table_name='job')
    op.drop_index('ix_job_country_posted', table_name='job')
    op.drop_index('ix_job_content', table_name='job')
    op.drop_index('ix_job_company_trgm', table_name='job', postgresql_using='gin', postgresql_ops={'company': 'gin_trgm_ops'})
    op.drop_table('job')
    op.drop_table('fetch_run')
    op.drop_table('account')
