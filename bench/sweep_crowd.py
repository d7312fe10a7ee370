"""The people and jobs that a sweep is measured with, made by PostgreSQL itself."""

import json
from dataclasses import dataclass

import psycopg

from models.automation import Automation
from models.match.score import SCORER_VERSION
from models.profile import Preferences

GROUPS = 100
"""How many different titles are looked for."""

EARLIER = 5
"""How many applications everybody has made before."""

PAST = 20_000
"""How many jobs of before there are that nobody has applied to."""

_TITLE = "Specialist field{group}"
_EMPTY = b"TRUNCATE account, job, sweep_mark CASCADE"
_ACCOUNTS = """
INSERT INTO account (id, created_at, email, password_hash, role, master_key_id, data_key)
SELECT gen_random_uuid(), now(), n || '@example.com', 'x', 'user', 'bench', 'x'
FROM generate_series(1, %(all)s) n
"""
# whoever is idle wants something that is not advertised, in words that many titles have
_PROFILES = """
INSERT INTO profile (id, created_at, user_id, preferences, identity_sealed, automation_mode, daily_cap,
                     automation, matched_version)
SELECT gen_random_uuid(), now(), id,
       CAST(replace(%(preferences)s, '{group}', (split_part(email, '@', 1)::int %% %(groups)s)::text)
            AS jsonb),
       'x', 'review', 1, CAST(%(automation)s AS jsonb), %(version)s
FROM account
"""
_INTERESTS = """
INSERT INTO interest (user_id, title, word, words)
SELECT id, word, word, ARRAY['specialist', word]
FROM account CROSS JOIN LATERAL (SELECT split_part(email, '@', 1)::int AS n) numbered
CROSS JOIN LATERAL (
    SELECT CASE WHEN n <= %(users)s THEN 'field' || n %% %(groups)s ELSE 'nowhere' || n END AS word
) worded
"""
_RESUMES = """
INSERT INTO resume (id, created_at, user_id, format, size, sha256, file_name_sealed, original_sealed,
                    text_sealed)
SELECT gen_random_uuid(), now(), id, 'pdf', 1, 'x', 'x', 'x', 'x' FROM account
"""
# their ids are of this moment, so that they are new
_JOBS = """
INSERT INTO job (id, created_at, source, source_id, country, title, company, description, location, area,
                 remote, salary_predicted, currency, category, category_label, url, posted_at, content_key,
                 fingerprint, seen_at)
SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM now()) * 1000 AS bigint)), 12, '0')
            || lpad(to_hex(n), 20, '0') AS uuid),
       now(), 'bench', n,
       'gb', 'Senior Specialist ' || CASE WHEN n <= %(wanted)s THEN 'field' || n %% %(groups)s
                                          ELSE 'unwanted' || n END,
       'Company ' || md5(n::text), repeat('We work with Python and SQL. ', 16), 'Leeds',
       ARRAY['UK', 'Leeds'], false, false, 'GBP', 'it-jobs', 'IT Jobs', 'https://www.example.com/' || n,
       now() - interval '1 hour', md5(n::text), md5(n::text), now()
FROM generate_series(1, %(jobs)s) n
"""
# beside which a scan of all jobs is never cheaper than an index, whatever the planner has counted so far
_PAST_JOBS = """
INSERT INTO job (id, created_at, source, source_id, country, title, company, description, location, area,
                 remote, salary_predicted, currency, category, category_label, url, posted_at, content_key,
                 fingerprint, seen_at)
SELECT CAST(lpad(to_hex(%(earlier)s + n), 32, '0') AS uuid), now() - interval '60 days', 'past', n, 'gb',
       'Miller', 'Past ' || n, 'Grain.', 'Leeds', ARRAY['UK', 'Leeds'], false, false, 'GBP', 'it-jobs',
       'IT Jobs', 'https://www.example.com/past/' || n, now() - interval '60 days', 'past' || n, 'past' || n,
       now()
FROM generate_series(1, %(past)s) n
"""
# what everybody has applied to long ago, since the tables of an installation at work are not empty
_OLD_JOBS = """
INSERT INTO job (id, created_at, source, source_id, country, title, company, description, location, area,
                 remote, salary_predicted, currency, category, category_label, url, posted_at, content_key,
                 fingerprint, seen_at)
SELECT CAST(lpad(to_hex(n), 32, '0') AS uuid), now() - interval '50 days', 'old', n, 'gb', 'Shepherd',
       'Old ' || n, 'Sheep.', 'Leeds', ARRAY['UK', 'Leeds'], false, false, 'GBP', 'it-jobs', 'IT Jobs',
       'https://www.example.com/old/' || n, now() - interval '50 days', 'old' || n, 'old' || n, now()
FROM generate_series(1, %(earlier)s) n
"""
_OLD_APPLICATIONS = """
INSERT INTO application (id, created_at, user_id, job_id, fingerprint, company_key, apply_url, origin, mode,
                         state, retryable, moved_at, log_length, log_head)
SELECT gen_random_uuid(), now() - interval '40 days', account.id, job.id, job.fingerprint,
       lower(job.company), job.url, 'person', 'review',
       CASE job.source_id WHEN '1' THEN 'awaiting_approval' ELSE 'submitted' END, false,
       now() - interval '40 days', 0, 'x'
FROM account CROSS JOIN job WHERE job.source = 'old'
"""
_TABLES = (b"account", b"profile", b"interest", b"resume", b"job", b"job_match", b"application")
_STATEMENTS = (_ACCOUNTS, _PROFILES, _INTERESTS, _RESUMES, _OLD_JOBS, _OLD_APPLICATIONS, _PAST_JOBS, _JOBS)


@dataclass(frozen=True)
class Crowd:
    """So many users of whom nobody's wish is advertised, users who want something, and jobs, some wanted."""

    idle_users: int
    users: int
    jobs: int
    wanted_jobs: int

    @property
    def matches(self) -> int:
        """How many pairs there are: everybody wants one title, and each title is advertised as often."""
        return self.users * self.wanted_jobs // GROUPS


async def fill(url: str, crowd: Crowd) -> None:
    """Empty the database and store a crowd, with the planner's statistics."""
    wanted = Preferences(titles=[_TITLE], skills=["Python", "SQL"], locations=["Leeds"], countries=["gb"])
    rules = Automation(min_score=0, min_confidence=0)
    values = {
        "all": crowd.idle_users + crowd.users,
        "users": crowd.users,
        "jobs": crowd.jobs,
        "wanted": crowd.wanted_jobs,
        "groups": GROUPS,
        "earlier": EARLIER,
        "past": PAST,
        "version": SCORER_VERSION,
        "preferences": json.dumps(wanted.model_dump(mode="json")),
        "automation": json.dumps(rules.model_dump(mode="json")),
    }
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(_EMPTY)
        for statement in _STATEMENTS:
            await connection.execute(statement.encode(), values)
        for table in _TABLES:
            await connection.execute(b"VACUUM ANALYZE " + table)
