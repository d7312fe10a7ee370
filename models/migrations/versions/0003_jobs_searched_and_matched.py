"""Jobs searched by their words and matched with reasons; searches that people save; the ledger of calls."""

from datetime import date

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

from models.job_search import SearchTerms

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

NOTIFICATIONS = ('application_submitted', 'application_failed', 'application_unknown', 'application_needs_input', 'application_awaits_approval', 'application_reminder', 'application_expired', 'application_held_by_vendor', 'follow_up_due', 'ghosted_proposed', 'strong_matches', 'adzuna_key_refused')
FAULTS = ('unreachable', 'rate_limited', 'credentials_refused', 'unsupported_country', 'bad_request', 'vendor_error', 'garbage', 'internal', 'budget_spent')
LANGUAGES = ('simple', 'english', 'german', 'french', 'spanish', 'portuguese', 'italian', 'dutch')
RATES = {'EUR': 1.0, 'AUD': 1.6772, 'BRL': 6.4253, 'CAD': 1.4948, 'CHF': 0.9412, 'GBP': 0.82918, 'INR': 88.9335, 'MXN': 21.5504, 'NZD': 1.8532, 'PLN': 4.275, 'SGD': 1.4164, 'USD': 1.0389, 'ZAR': 19.6188}
RATES_AS_OF = date(2024, 12, 31)
"""The euro reference rates that the European Central Bank published for that day; admins keep them up."""

# What PostgreSQL's parser makes of signs is lost on names of languages, and on `developer/engineer` and
# `node.js`, which it takes for a file and for a host
JOB_TEXT = """
CREATE FUNCTION job_text(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    translate(
        replace(replace(replace(
            lower(coalesce(said, '')), 'c++', 'cplusplus'), 'c#', 'csharp'), '.net', ' dotnet'),
        '/_|·•.', '      ')
"""
JOB_LANGUAGE = """
CREATE FUNCTION job_language(country text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE
        WHEN country IN ('at', 'ch', 'de') THEN 'jobraker_german'::regconfig
        WHEN country = 'fr' THEN 'jobraker_french'::regconfig
        WHEN country IN ('es', 'mx') THEN 'jobraker_spanish'::regconfig
        WHEN country = 'br' THEN 'jobraker_portuguese'::regconfig
        WHEN country = 'it' THEN 'jobraker_italian'::regconfig
        WHEN country IN ('be', 'nl') THEN 'jobraker_dutch'::regconfig
        WHEN country = 'pl' THEN 'jobraker_simple'::regconfig
        ELSE 'jobraker_english'::regconfig
    END
"""
# A word that no text can hold, for what a search may ask for beside words: '=gb', '=remote', '=it-jobs', '=german'
JOB_TONGUE = """
CREATE FUNCTION job_tongue(country text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE
        WHEN country IN ('at', 'ch', 'de') THEN '=german'
        WHEN country = 'fr' THEN '=french'
        WHEN country IN ('es', 'mx') THEN '=spanish'
        WHEN country = 'br' THEN '=portuguese'
        WHEN country = 'it' THEN '=italian'
        WHEN country IN ('be', 'nl') THEN '=dutch'
        WHEN country = 'pl' THEN '=simple'
        ELSE '=english'
    END
"""
# The words of titles once more, with a sign before them: where they stand so, nothing has to be read again to
# see that it was the title that had them
JOB_TITLED = r"""
CREATE FUNCTION job_titled(title tsvector) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    array_to_tsvector(string_to_array(
        '~' || replace(array_to_string(tsvector_to_array(title), E'\x1f'), E'\x1f', E'\x1f~'), E'\x1f'))
"""
JOB_VECTOR = """
CREATE FUNCTION job_vector(
    country text, title text, company text, description text, location text, area text[],
    remote boolean, category text, contract_type text, contract_time text
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    setweight(to_tsvector('jobraker_simple'::regconfig, job_text(title))
              || to_tsvector(job_language(country), job_text(title)), 'A')
    || job_titled(to_tsvector('jobraker_simple'::regconfig, job_text(title))
                  || to_tsvector(job_language(country), job_text(title)))
    || setweight(to_tsvector('jobraker_simple'::regconfig, job_text(company)), 'B')
    || setweight(to_tsvector(job_language(country), job_text(description)), 'C')
    || setweight(to_tsvector('jobraker_simple'::regconfig,
                             job_text(location) || ' ' || job_text(array_to_string(area, ' '))), 'D')
    || array_to_tsvector(array_remove(ARRAY[
        '=' || country, job_tongue(country), '=' || category, '=' || contract_type, '=' || contract_time,
        CASE WHEN remote THEN '=remote' END], NULL))
"""
# What is searched for, as PostgreSQL reads it: a word, or several as a phrase. `label` is '', the letter of a
# weight, or '*' with it for words that begin so; in titles (A) several words are no phrase. Nothing that
# somebody writes is ever read as an operator
JOB_WORD = r"""
CREATE FUNCTION job_word(said text, language regconfig, label text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN label IN ('A', '*A') THEN (
        SELECT coalesce(string_agg(
            '''~' || replace(replace(word, '\', '\\'), '''', '''''') || ''':' || rtrim(label, 'A'), ' & '), '')
        FROM unnest(tsvector_to_array(to_tsvector(language, job_text(said)))) AS word
    )::tsquery
    ELSE to_tsquery(
        language, ''' ' || replace(replace(job_text(said), '\', '\\'), '''', '''''') || ''':' || label) END
"""
# In any of the languages, or of a country's. With `skipping`, every ad of a language has its stop words
JOB_TERM = """
CREATE FUNCTION job_term(said text, country text, label text, skipping boolean) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
    SELECT coalesce(string_agg(DISTINCT way, ' | '), '')::tsquery
    FROM (SELECT job_word(said, 'jobraker_simple'::regconfig, label) AS plain) AS plain,
        unnest(CASE WHEN country IS NULL THEN ARRAY['gb', 'de', 'fr', 'es', 'br', 'it', 'nl', 'pl']
                    ELSE ARRAY[country] END) AS spoken,
        job_word(said, job_language(spoken), label) AS stems,
        unnest(ARRAY[
            CASE WHEN numnode(plain) > 0 THEN '(' || plain::text || ')' END,
            CASE WHEN numnode(stems) > 0 THEN '(' || stems::text || ')'
                 WHEN skipping AND numnode(plain) > 0 THEN '''' || job_tongue(spoken) || '''' END
        ]) AS way
    )
"""
# Whether one of the languages has but stop words in it
JOB_IDLE = """
CREATE FUNCTION job_idle(said text, country text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    EXISTS (
        SELECT FROM unnest(CASE WHEN country IS NULL THEN ARRAY['gb', 'de', 'fr', 'es', 'br', 'it', 'nl', 'pl']
                                ELSE ARRAY[country] END) AS spoken
        WHERE numnode(job_word(said, job_language(spoken), '')) = 0
    )
"""
JOB_TAG = """
CREATE FUNCTION job_tag(tag text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    ('''=' || replace(replace(tag, '\\', '\\\\'), '''', '''''') || '''')::tsquery
"""
FUNCTIONS = (JOB_TEXT, JOB_LANGUAGE, JOB_TONGUE, JOB_TITLED, JOB_VECTOR, JOB_WORD, JOB_TERM, JOB_IDLE, JOB_TAG)


def upgrade() -> None:
    """Go to this schema."""
    _add_languages()
    op.create_table('exchange_rate',
    sa.Column('currency', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
    sa.Column('per_euro', sa.Float(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('currency')
    )
    op.create_table('term',
    sa.Column('kind', sa.Enum('title', 'company', 'place', name='termkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('country', sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
    sa.Column('normal', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('shown', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('jobs', sa.Integer(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('located', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tier', sa.SmallInteger(), sa.Computed("CASE WHEN jobs >= 50 THEN 2 WHEN jobs >= 3 OR kind <> 'title' THEN 1 ELSE 0 END", persisted=True), nullable=True),
    sa.PrimaryKeyConstraint('kind', 'country', 'normal'),
    postgresql_with={'fillfactor': 80}
    )
    op.create_index('ix_term_typing', 'term', ['kind', 'normal', 'country'], unique=False, postgresql_ops={'normal': 'text_pattern_ops'})
    op.create_index('ix_term_words', 'term', ['normal'], unique=False, postgresql_using='gin', postgresql_ops={'normal': 'gin_trgm_ops'})
    op.create_index('ix_term_frequent', 'term', ['normal'], unique=False, postgresql_using='gin', postgresql_ops={'normal': 'gin_trgm_ops'}, postgresql_where='tier >= 2')
    op.create_index('ix_term_common', 'term', ['normal'], unique=False, postgresql_using='gin', postgresql_ops={'normal': 'gin_trgm_ops'}, postgresql_where='tier >= 1')
    op.create_table('term_word',
    sa.Column('word', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('jobs', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('word'),
    postgresql_with={'fillfactor': 80}
    )
    op.create_index('ix_term_word_typo', 'term_word', ['word'], unique=False, postgresql_using='gin', postgresql_ops={'word': 'gin_trgm_ops'})
    op.create_table('fetch_key',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('digest', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('blocked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('blocked_times', sa.Integer(), nullable=False),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('owner_id', name='uq_fetch_key_owner', postgresql_nulls_not_distinct=True)
    )
    op.create_table('job_mark',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('job_id', sa.Uuid(), nullable=False),
    sa.Column('content_key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'job_id')
    )
    op.create_index('ix_job_mark_content', 'job_mark', ['user_id', 'content_key'], unique=False)
    op.create_index('ix_job_mark_job', 'job_mark', ['job_id'], unique=False)
    op.create_index('ix_job_mark_saved', 'job_mark', ['user_id', 'saved_at', 'job_id'], unique=False, postgresql_where='saved_at IS NOT NULL')
    op.create_table('saved_search',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('search_id', sa.Uuid(), nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('origin', sa.Enum('person', 'wishes', name='searchorigin', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['search_id'], ['job_search.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('user_id', 'search_id', name='uq_saved_search')
    )
    op.create_index('ix_saved_search_search', 'saved_search', ['search_id'], unique=False)
    op.create_table('fetch_call',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fetch_key_id', sa.Uuid(), nullable=False),
    sa.Column('search_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.Enum('reserved', 'made', 'released', name='callstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['fetch_key_id'], ['fetch_key.id'], ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['search_id'], ['job_search.id'], ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_fetch_call_key', 'fetch_call', ['fetch_key_id', 'created_at'], unique=False)
    op.add_column('fetch_run', sa.Column('left_out', sa.Integer(), nullable=False, server_default='0'))
    op.alter_column('fetch_run', 'left_out', server_default=None)
    op.add_column('job', sa.Column('remote_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('job', sa.Column('salary_period', sa.Enum('hour', 'day', 'month', 'year', name='payperiod', native_enum=False, create_constraint=True, length=40), nullable=True))
    op.add_column('job', sa.Column('salary_eur', sa.Float(), nullable=True))
    op.add_column('job', sa.Column('rematch', sa.Boolean(), nullable=False, server_default='false'))
    op.add_column('job', sa.Column('search', postgresql.TSVECTOR(), sa.Computed('job_vector(country, title, company, description, location, area, remote, category, contract_type, contract_time)', persisted=True), nullable=True))
    op.add_column('job', sa.Column('cell', sa.Integer(), sa.Computed('(floor((latitude + 90) * 2) * 720 + floor((longitude + 180) * 2))::integer', persisted=True), nullable=True))
    op.drop_index(op.f('ix_job_company_trgm'), table_name='job', postgresql_ops={'company': 'gin_trgm_ops'}, postgresql_using='gin')
    op.drop_index(op.f('ix_job_location_trgm'), table_name='job', postgresql_ops={'location': 'gin_trgm_ops'}, postgresql_using='gin')
    op.drop_index(op.f('ix_job_title_trgm'), table_name='job', postgresql_ops={'title': 'gin_trgm_ops'}, postgresql_using='gin')
    op.create_index('ix_job_cell_posted', 'job', ['cell', 'posted_at', 'id'], unique=False)
    op.create_index('ix_job_expired', 'job', ['expired_at'], unique=False, postgresql_where='expired_at IS NOT NULL')
    op.create_index('ix_job_open', 'job', ['posted_at', 'id'], unique=False, postgresql_where='expired_at IS NULL')
    op.create_index('ix_job_rematch', 'job', ['id'], unique=False, postgresql_where='rematch')
    op.create_index('ix_job_salary', 'job', ['salary_eur', 'id'], unique=False, postgresql_where='salary_eur IS NOT NULL')
    op.create_index('ix_job_search', 'job', ['search'], unique=False, postgresql_using='gin')
    # of words that the planner does not know it takes each to be in one job of 200, and reads all jobs to find it
    op.execute('ALTER TABLE job ALTER COLUMN search SET STATISTICS 1000')
    op.add_column('job_match', sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('job_match', sa.Column('to_tell', sa.Boolean(), nullable=False, server_default='false'))
    op.create_index('ix_job_match_to_tell', 'job_match', ['user_id', 'job_id'], unique=False, postgresql_where='to_tell')
    op.create_index('ix_job_match_job', 'job_match', ['job_id'], unique=False)
    op.create_index('ix_job_match_score', 'job_match', ['user_id', 'score', 'job_id'], unique=False, postgresql_where='score IS NOT NULL')
    op.alter_column('job_search', 'last_error', type_=sa.String(length=40), existing_nullable=True)
    op.add_column('job_search', sa.Column('distance_km', sa.Integer(), nullable=True))
    op.add_column('job_search', sa.Column('salary_min', sa.Integer(), nullable=True))
    op.add_column('job_search', sa.Column('contract_type', sa.Enum('permanent', 'contract', name='search_contract_type', native_enum=False, create_constraint=True, length=40), nullable=True))
    op.add_column('job_search', sa.Column('contract_time', sa.Enum('full_time', 'part_time', name='search_contract_time', native_enum=False, create_constraint=True, length=40), nullable=True))
    op.add_column('job_search', sa.Column('category', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
    op.alter_column('job_search', 'category', server_default=None)
    op.add_column('job_search', sa.Column('remote', sa.Boolean(), nullable=False, server_default='false'))
    op.alter_column('job_search', 'remote', server_default=None)
    op.add_column('job_search', sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
    op.alter_column('job_search', 'key', server_default=None)
    op.add_column('job_search', sa.Column('is_default', sa.Boolean(), nullable=False, server_default='false'))
    op.alter_column('job_search', 'is_default', server_default=None)
    op.add_column('job_search', sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('job_search', sa.Column('newest_posted_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('job_search', sa.Column('next_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('job_search', sa.Column('ads_brought', sa.Integer(), nullable=False, server_default='0'))
    op.alter_column('job_search', 'ads_brought', server_default=None)
    op.add_column('job_search', sa.Column('ads_last', sa.Integer(), nullable=False, server_default='0'))
    op.alter_column('job_search', 'ads_last', server_default=None)
    op.drop_constraint(op.f('uq_job_search'), 'job_search', type_='unique')
    _name_searches()
    op.create_unique_constraint('job_search_key_key', 'job_search', ['key'])
    op.drop_column('job_search', 'active')
    op.alter_column('notification', 'application_id',
               existing_type=sa.UUID(),
               nullable=True)
    op.add_column('profile', sa.Column('matched_version', sa.Integer(), nullable=False, server_default='0'))
    op.alter_column('profile', 'matched_version', server_default=None)
    op.create_index('ix_profile_matched', 'profile', ['matched_version', 'user_id'], unique=False)
    _widen_words()
    _add_rates()


def downgrade() -> None:
    """There is no way back: searches that differ in more than country, words and place have no place there."""
    raise NotImplementedError("restore a backup that was made before this migration")


def _add_languages() -> None:
    """Add what full text needs: PostgreSQL's languages without accents, and the functions that use them."""
    for language in LANGUAGES:
        stems = 'simple' if language == 'simple' else f'{language}_stem'
        op.execute(f"CREATE TEXT SEARCH CONFIGURATION jobraker_{language} (COPY = pg_catalog.{language})")
        op.execute(
            f"ALTER TEXT SEARCH CONFIGURATION jobraker_{language}"
            f" ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {stems}"
        )
    for function in FUNCTIONS:
        op.execute(function)


def _name_searches() -> None:
    """Give each search the key of its terms; of those that are equal by now the first one stays."""
    connection = op.get_bind()
    op.execute("UPDATE job_search SET is_default = active")
    known: set[str] = set()
    searches = connection.execute(sa.text('SELECT id, country, what, "where" FROM job_search ORDER BY id'))
    for search_id, country, what, where in searches.all():
        key = SearchTerms(country=country, what=what, where=where).key_of_terms()
        change = "DELETE FROM job_search" if key in known else "UPDATE job_search SET key = :key"
        known.add(key)
        connection.execute(sa.text(f"{change} WHERE id = :id").bindparams(id=search_id, **({} if change.startswith("D") else {"key": key})))


def _widen_words() -> None:
    """Let the columns of words hold the words that are new."""
    op.execute("UPDATE job_search SET last_error = 'internal' WHERE last_error IS NOT NULL AND last_error NOT IN " + str(FAULTS))
    for table, column, name, words in (
        ('notification', 'kind', 'notificationkind', NOTIFICATIONS),
        ('job', 'salary_period', 'payperiod', ('hour', 'day', 'month', 'year')),
        ('job_match', 'state', 'matchstate', ('found', 'candidate', 'queued', 'skipped')),
        ('job_search', 'contract_type', 'search_contract_type', ('permanent', 'contract')),
        ('job_search', 'contract_time', 'search_contract_time', ('full_time', 'part_time')),
        ('job_search', 'last_error', 'search_last_error', FAULTS),
    ):
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}')
        op.create_check_constraint(name, table, f'{column} IN {words}')


def _add_rates() -> None:
    rates = sa.table('exchange_rate', sa.column('currency', sa.String), sa.column('per_euro', sa.Float), sa.column('as_of', sa.Date))
    op.bulk_insert(rates, [{'currency': name, 'per_euro': rate, 'as_of': RATES_AS_OF} for name, rate in RATES.items()])
    op.execute(
        "UPDATE job SET salary_period = CASE WHEN coalesce(salary_max, salary_min) >= 6000 THEN 'year' END"
    )
    op.execute(
        "UPDATE job SET salary_eur = coalesce(salary_max, salary_min) / per_euro FROM exchange_rate rate"
        " WHERE rate.currency = job.currency AND salary_period = 'year' AND NOT salary_predicted"
    )
