"""The people of a market of a million jobs: one who searches, and others with marks and matches beside."""

import psycopg
from psycopg.types.json import Jsonb

from bench.logins import add_account
from bench.servers import Environment
from models.account import Account

OTHERS = 100
MATCHES_EACH = 2_000
MATCHES = 20_000
SAVED = 300
HIDDEN = 500
SEED = 0.4

# the newest jobs are those that were matched last
_MATCHES = b"""
INSERT INTO job_match
    (user_id, job_id, state, score, confidence, breakdown, scorer_version, created_at, updated_at)
SELECT %(user)s, id, 'candidate', floor(100 * sqrt(random())), random(), %(breakdown)s, 1, now(), now()
FROM (SELECT id FROM job WHERE expired_at IS NULL ORDER BY posted_at DESC LIMIT %(among)s) newest
WHERE random() < %(matches)s::float / %(among)s
"""
_MARKS = b"""
INSERT INTO job_mark (user_id, job_id, content_key, saved_at, hidden_at)
SELECT %(user)s, id, content_key, CASE WHEN place <= %(saved)s THEN now() END,
    CASE WHEN place > %(saved)s THEN now() END
FROM (
    SELECT id, content_key, row_number() OVER (ORDER BY random()) AS place
    FROM (SELECT id, content_key FROM job WHERE expired_at IS NULL ORDER BY posted_at DESC LIMIT 50000) newest
) shuffled WHERE place <= %(saved)s + %(hidden)s
"""


def people(url: str, environment: Environment) -> Account:
    """Add them with what they have marked and what was matched with them; return the one who searches."""
    with psycopg.connect(url) as connection:
        connection.execute(b"SET synchronous_commit = off")
        connection.execute(b"SELECT setseed(%s)", [SEED])
        me = _person(connection, environment, 0, MATCHES)
        for number in range(1, OTHERS + 1):
            _person(connection, environment, number, MATCHES_EACH)
        connection.commit()
        connection.autocommit = True
        connection.execute(b"VACUUM ANALYZE job_match, job_mark")
    return me


def _person(connection: psycopg.Connection, environment: Environment, number: int, matches: int) -> Account:
    account = add_account(connection, environment, number)
    breakdown = Jsonb({"title": 0.5, "skills": 0.5})
    parameters = {"user": account.id, "matches": matches, "among": 10 * matches, "breakdown": breakdown}
    connection.execute(_MATCHES, parameters)
    connection.execute(_MARKS, {"user": account.id, "saved": SAVED, "hidden": HIDDEN})
    return account
