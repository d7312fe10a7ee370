"""Applying in stages."""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

from models.fingerprint import canonical_url, normal_company

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

FIRST_HASH = '0' * 64
NEVER_SENT = "('cancelled', 'declined', 'expired', 'failed', 'not_submitted', 'skipped')"
ACTIVE = "('approved', 'awaiting_approval', 'confirming', 'needs_input', 'preparing', 'queued', 'submitting')"
STATES = ('queued', 'preparing', 'needs_input', 'awaiting_approval', 'approved', 'submitting', 'confirming', 'submitted', 'skipped', 'declined', 'cancelled', 'expired', 'failed', 'unknown_outcome', 'not_submitted')
REASONS = ('job_closed', 'already_applied', 'captcha', 'login_required', 'sso_required', 'account_required', 'not_eligible_location', 'not_eligible_work_auth', 'missing_answer', 'unsafe_request', 'not_a_job_application', 'site_blocked', 'page_error', 'stuck', 'timeout', 'provider_error', 'quota_exhausted', 'profile_incomplete', 'cap_reached', 'credentials_refused', 'cancelled_by_user', 'no_confirmation', 'declined_by_user', 'deadline_passed', 'duplicate', 'automation_off', 'settled_by_user')
NOTIFICATIONS = ('application_submitted', 'application_failed', 'application_unknown', 'application_needs_input', 'application_awaits_approval', 'application_reminder', 'application_expired', 'application_held_by_vendor', 'follow_up_due', 'ghosted_proposed')
MODES = ('off', 'review', 'auto')
STAGES = ('applied', 'recruiter_screen', 'assessment', 'hiring_manager_screen', 'technical_interview', 'onsite', 'offer', 'closed')
OUTCOMES = ('offer_accepted', 'offer_declined', 'rejected', 'withdrawn', 'no_response', 'ghosted')


def upgrade() -> None:
    """Go to this schema."""
    op.create_table('sweep_mark',
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('job_id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('topic', sa.Enum('name', 'first_name', 'last_name', 'preferred_name', 'email', 'phone', 'address', 'city', 'postcode', 'country', 'resume', 'cover_letter', 'photo', 'consent', 'work_authorisation', 'sponsorship', 'location_current', 'relocation', 'onsite_days_ok', 'salary_expectation', 'salary_current', 'notice_period', 'start_date', 'years_with', 'years_of_experience', 'highest_degree', 'language_level', 'languages', 'current_company', 'current_title', 'linkedin', 'github', 'portfolio', 'how_heard', 'age_18', 'previously_employed_here', 'referral', 'non_compete', 'security_clearance', 'drivers_licence', 'background_check', 'criminal_record', 'health', 'date_of_birth', 'religion', 'why_company', 'why_role', 'hardest_problem', 'gender', 'race', 'veteran', 'disability', 'pronouns', 'additional_info', name='topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('scope', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('provenance', sa.Enum('person', 'profile', 'approved_draft', name='answerprovenance', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('value_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('user_id', 'topic', 'scope', name='uq_answer_topic')
    )
    op.create_table('approved_topic',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('topic', sa.Enum('name', 'first_name', 'last_name', 'preferred_name', 'email', 'phone', 'address', 'city', 'postcode', 'country', 'resume', 'cover_letter', 'photo', 'consent', 'work_authorisation', 'sponsorship', 'location_current', 'relocation', 'onsite_days_ok', 'salary_expectation', 'salary_current', 'notice_period', 'start_date', 'years_with', 'years_of_experience', 'highest_degree', 'language_level', 'languages', 'current_company', 'current_title', 'linkedin', 'github', 'portfolio', 'how_heard', 'age_18', 'previously_employed_here', 'referral', 'non_compete', 'security_clearance', 'drivers_licence', 'background_check', 'criminal_record', 'health', 'date_of_birth', 'religion', 'why_company', 'why_role', 'hardest_problem', 'gender', 'race', 'veteran', 'disability', 'pronouns', 'additional_info', name='topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'topic')
    )
    op.create_table('installation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('applying_paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('applying_paused_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['applying_paused_by'], ['account.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('interest',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('word', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('words', sa.ARRAY(sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'title')
    )
    op.create_index('ix_interest_word', 'interest', ['word'], unique=False)
    op.create_table('job_match',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('job_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('candidate', 'queued', 'skipped', name='matchstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Enum('not_authorised', 'wrong_country', 'wrong_place', 'employment_type', 'pay_too_low', 'job_closed', 'too_old', 'blocked_company', 'blocked_word', 'score_too_low', 'confidence_too_low', 'already_applied', 'near_duplicate', 'daily_cap', 'company_cap', 'host_cap', name='skipreason', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('confidence', sa.Float(), nullable=True),
    sa.Column('breakdown', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('scorer_version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'job_id')
    )
    op.create_index('ix_job_match_candidate', 'job_match', ['user_id', 'job_id'], unique=False, postgresql_where="state = 'candidate'")
    op.create_index('ix_job_match_skipped', 'job_match', ['user_id', 'updated_at', 'job_id'], unique=False, postgresql_where="reason IS NOT NULL")
    op.create_table('application_document',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('resume', 'cover_letter', name='documentkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('media_type', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('tailored', sa.Boolean(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('file_name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('source_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('refused_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id', 'kind', name='uq_document_kind')
    )
    op.create_table('application_log',
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Enum('moved', 'scouted', 'answered', 'document_made', 'shown', 'approved', 'attempt_opened', 'run_recorded', 'attempt_settled', 'evidence_copied', 'progress_set', name='logkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('previous_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('application_id', 'number')
    )
    op.create_index(op.f('ix_application_log_user_id'), 'application_log', ['user_id'], unique=False)
    op.create_table('application_question',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('page', sa.Integer(), nullable=False),
    sa.Column('field', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('label', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('hint', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('kind', sa.Enum('text', 'textarea', 'single', 'multi', 'boolean', 'number', 'date', 'file', name='questionkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('options', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('max_length', sa.Integer(), nullable=True),
    sa.Column('topic', sa.Enum('name', 'first_name', 'last_name', 'preferred_name', 'email', 'phone', 'address', 'city', 'postcode', 'country', 'resume', 'cover_letter', 'photo', 'consent', 'work_authorisation', 'sponsorship', 'location_current', 'relocation', 'onsite_days_ok', 'salary_expectation', 'salary_current', 'notice_period', 'start_date', 'years_with', 'years_of_experience', 'highest_degree', 'language_level', 'languages', 'current_company', 'current_title', 'linkedin', 'github', 'portfolio', 'how_heard', 'age_18', 'previously_employed_here', 'referral', 'non_compete', 'security_clearance', 'drivers_licence', 'background_check', 'criminal_record', 'health', 'date_of_birth', 'religion', 'why_company', 'why_role', 'hardest_problem', 'gender', 'race', 'veteran', 'disability', 'pronouns', 'additional_info', name='topic', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('scope', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('source', sa.Enum('profile', 'bank', 'draft', 'person', 'declined', 'document', name='answersource', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id', 'position', name='uq_question_position')
    )
    op.create_index('ix_question_topic', 'application_question', ['user_id', 'topic', 'scope'], unique=False)
    op.create_table('interview',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stage', sa.Enum('applied', 'recruiter_screen', 'assessment', 'hiring_manager_screen', 'technical_interview', 'onsite', 'offer', 'closed', name='stage', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('notes_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_interview_application_id'), 'interview', ['application_id'], unique=False)
    op.create_index('ix_interview_user_at', 'interview', ['user_id', 'at'], unique=False)
    op.create_table('scout',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('account_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('run_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id', 'number', name='uq_scout_number'),
    sa.UniqueConstraint('run_id')
    )
    op.create_table('given_answer',
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('remember', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('value_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['question_id'], ['application_question.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('question_id')
    )
    op.create_index(op.f('ix_given_answer_application_id'), 'given_answer', ['application_id'], unique=False)
    op.add_column('application', sa.Column('company_key', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
    op.alter_column('application', 'company_key', server_default=None)
    op.add_column('application', sa.Column('apply_url', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
    op.alter_column('application', 'apply_url', server_default=None)
    op.add_column('application', sa.Column('host', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('application', sa.Column('mode', sa.Enum('off', 'review', 'auto', name='automationmode', native_enum=False, create_constraint=True, length=40), nullable=False, server_default='review'))
    op.alter_column('application', 'mode', server_default=None)
    op.add_column('application', sa.Column('score', sa.Integer(), nullable=True))
    op.add_column('application', sa.Column('confidence', sa.Float(), nullable=True))
    op.add_column('application', sa.Column('near_duplicate_of', sa.Uuid(), nullable=True))
    op.add_column('application', sa.Column('scouted_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('application', sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('application', sa.Column('deadline_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('application', sa.Column('approved_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('application', sa.Column('undo_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('application', sa.Column('stage', sa.Enum('applied', 'recruiter_screen', 'assessment', 'hiring_manager_screen', 'technical_interview', 'onsite', 'offer', 'closed', name='stage', native_enum=False, create_constraint=True, length=40), nullable=True))
    op.add_column('application', sa.Column('outcome', sa.Enum('offer_accepted', 'offer_declined', 'rejected', 'withdrawn', 'no_response', 'ghosted', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True))
    op.add_column('application', sa.Column('progress_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('application', sa.Column('ghosted_proposed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('application', sa.Column('notes_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('application', sa.Column('log_length', sa.Integer(), nullable=False, server_default='0'))
    op.alter_column('application', 'log_length', server_default=None)
    op.add_column('application', sa.Column('log_head', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=FIRST_HASH))
    op.alter_column('application', 'log_head', server_default=None)
    op.create_index('ix_application_claimed', 'application', ['user_id', 'created_at'], unique=False)
    op.create_index('ix_application_unbegun', 'application', ['user_id', 'id'], unique=False, postgresql_where="state = 'queued' AND origin = 'sweep'")
    op.add_column('notification', sa.Column('number', sa.Integer(), nullable=False, server_default='1'))
    op.alter_column('notification', 'number', server_default=None)
    op.drop_constraint(op.f('uq_notification_application'), 'notification', type_='unique')
    op.create_index('ix_notification_unmailed', 'notification', ['created_at'], unique=False, postgresql_where='mailed_at IS NULL')
    op.create_unique_constraint('uq_notification_application', 'notification', ['application_id', 'kind', 'number'])
    op.add_column('profile', sa.Column('automation', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='{}'))
    op.alter_column('profile', 'automation', server_default=None)
    op.add_column('profile', sa.Column('facts_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('profile', sa.Column('wishes_changed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('resume', sa.Column('structured_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('submit_attempt', sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_profile_wishes', 'profile', ['user_id'], unique=False, postgresql_where='wishes_changed_at IS NOT NULL')
    # whoever had automation on before is matched anew, by which their interests are made too
    op.execute("UPDATE profile SET wishes_changed_at = now() WHERE automation_mode <> 'off'")
    op.create_index('ix_attempt_user', 'submit_attempt', ['user_id', 'created_at'], unique=False)
    op.execute('INSERT INTO installation (id) VALUES (1)')
    # whoever has automation on is to be found by new jobs
    op.execute("UPDATE profile SET wishes_changed_at = now() WHERE automation_mode <> 'off'")
    _widen_words()
    _rebuild_locks()
    _chain_transitions()
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log of an application is never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER application_log_is_append_only BEFORE UPDATE ON application_log "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """There is no way back: the log's chain of hashes has no place in the schema before it."""
    raise NotImplementedError("restore a backup that was made before this migration")


def _widen_words() -> None:
    """Let the columns of words hold the words that are new."""
    for table, column, name, words in (
        ('application', 'state', 'applicationstate', STATES),
        ('application', 'reason', 'endreason', REASONS),
        ('application', 'mode', 'automationmode', MODES),
        ('application', 'stage', 'stage', STAGES),
        ('application', 'outcome', 'outcome', OUTCOMES),
        ('notification', 'kind', 'notificationkind', NOTIFICATIONS),
        ('profile', 'automation_mode', 'automationmode', MODES),
    ):
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}')
        allowed = ', '.join(f"'{word}'" for word in words)
        op.create_check_constraint(name, table, f'{column} IN ({allowed})')


def _rebuild_locks() -> None:
    """Let the locks know the ends that are new, and every application its address and its company."""
    _name_places()
    for name, column in (
        ('uq_application_job', 'job_id'),
        ('uq_application_fingerprint', 'fingerprint'),
        ('uq_application_url', 'apply_url'),
    ):
        op.execute(f'DROP INDEX IF EXISTS {name}')
        op.create_index(name, 'application', ['user_id', column], unique=True, postgresql_where=f'state NOT IN {NEVER_SENT}')
    op.drop_index('ix_application_moved', table_name='application')
    op.create_index('ix_application_moved', 'application', ['moved_at'], unique=False, postgresql_where=f'state IN {ACTIVE}')
    op.create_index('ix_application_withdrawn', 'application', ['moved_at'], unique=False, postgresql_where="state IN ('cancelled', 'declined')")
    op.create_index('ix_application_unheard', 'application', ['submitted_at'], unique=False, postgresql_where="state = 'submitted' AND stage = 'applied' AND outcome IS NULL AND ghosted_proposed_at IS NULL")


def _name_places() -> None:
    """Give every application the address and the company in the forms by which new ones are held against it."""
    connection = op.get_bind()
    op.execute("UPDATE application SET stage = 'applied' WHERE state = 'submitted'")
    rows = connection.execute(
        sa.text(
            'SELECT application.id, user_id, url, company FROM application JOIN job ON job.id = job_id '
            'ORDER BY application.id'
        )
    ).all()
    taken: set[tuple[object, str]] = set()
    for application_id, user_id, url, company in rows:
        canonical = canonical_url(url)
        # two that were let through before the lock was there keep addresses of their own
        address = url if (user_id, canonical) in taken else canonical
        taken.add((user_id, canonical))
        connection.execute(
            sa.text('UPDATE application SET apply_url = :address, company_key = :company WHERE id = :id'),
            {'address': address, 'company': normal_company(company), 'id': application_id},
        )


def _chain_transitions() -> None:
    """Copy every move into the log, chained by hashes as models.application_log does it."""
    connection = op.get_bind()
    moves = connection.execute(sa.text('SELECT * FROM application_transition ORDER BY application_id, id')).mappings()
    heads: dict[object, tuple[int, str]] = {}
    for move in moves:
        number, head = heads.get(move['application_id'], (0, FIRST_HASH))
        number += 1
        data = {'from': move['from_state'], 'to': move['to_state'], 'actor': move['actor'], 'reason': move['reason']}
        at = move['created_at'].astimezone(UTC)
        parts = {'application_id': str(move['application_id']), 'number': number, 'at': at.isoformat(timespec='microseconds'), 'kind': 'moved', 'data': data, 'previous_hash': head}
        made = hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()).hexdigest()
        connection.execute(
            sa.text(
                "INSERT INTO application_log (application_id, number, user_id, at, kind, data, previous_hash, hash) "
                "VALUES (:application_id, :number, :user_id, :at, 'moved', CAST(:data AS jsonb), :head, :made)"
            ),
            {'application_id': move['application_id'], 'number': number, 'user_id': move['user_id'], 'at': at, 'data': json.dumps(data), 'head': head, 'made': made},
        )
        heads[move['application_id']] = (number, made)
    for application_id, (number, head) in heads.items():
        connection.execute(
            sa.text('UPDATE application SET log_length = :number, log_head = :head WHERE id = :id'),
            {'number': number, 'head': head, 'id': application_id},
        )
    op.drop_table('application_transition')
