"""The retention beside many rows: it finds what is old through indexes, and scans no table."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from activities.retention.pages import first_id
from bench.sweep_reads import reads_of, settled
from models.account_enums import RetainedKind
from models.base import now
from models.database import Database
from tests.activities.retention_scene import KEPT, prune

MANY = 20_000
OLD = 40
PER_PAGE = 12 * OLD
"""The most rows that deleting forty old ones may cost in any table, those that refer to them counted."""


def id_sql(days: float) -> str:
    """Return SQL for an id as it was made so many days ago, and `n` milliseconds later."""
    prefix = first_id(now() - timedelta(days=days)).int >> 80
    return (
        f"CAST(lpad(to_hex({prefix} + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' ||"
        " substr(md5(n::text), 4, 15) AS uuid)"
    )


def rows(table: str, columns: str, values: str) -> str:
    """Return SQL that inserts MANY new rows and a few old ones; `{id}` and `{at}` are made for each."""
    return "".join(
        f"INSERT INTO {table} ({columns}) SELECT "  # noqa: S608 -- words of a test
        + values.replace("{id}", id_sql(days)).replace("{at}", f"now() - interval '{days} days'")
        + f" FROM generate_series({first}, {last}) n;\n"
        for days, first, last in ((200, 1, OLD), (1, OLD + 1, MANY))
    )


def script(person: UUID) -> str:
    """Return SQL that fills the tables of which something is kept for a time."""
    return "".join(
        [
            rows(
                "chat_message",
                "id, created_at, user_id, role, state",
                f"{{id}}, {{at}}, '{person}', 'user', 'done'",
            ),
            rows(
                "event",
                "user_id, number, kind, subject_id, data, created_at",
                f"'{person}', n, 'x', '{person}', '{{}}', {{at}}",
            ),
            rows(
                "notification",
                "id, created_at, user_id, kind, number",
                f"{{id}}, {{at}}, '{person}', 'new_login', 1",
            ),
            rows(
                "audit_entry",
                "id, created_at, actor, subject_id, action",
                f"{{id}}, {{at}}, 'user', '{person}', 'x'",
            ),
            rows(
                "rate",
                "key, paid_at",
                "n::text, CASE WHEN n <= 40 THEN now() - interval '1 hour'"
                " ELSE now() + interval '1 hour' END",
            ),
            rows(
                "login_session",
                "id, created_at, user_id, last_used_at, expires_at",
                f"{{id}}, {{at}}, '{person}', {{at}}, {{at}} + interval '30 days'",
            ),
            rows(
                "refresh_token",
                "id, created_at, user_id, family_id, token_hash, expires_at",
                f"gen_random_uuid(), {{at}}, '{person}', {{id}}, n::text, {{at}} + interval '30 days'",
            ),
            rows(
                "one_time_token",
                "id, created_at, user_id, purpose, expires_at, by_mail",
                f"{{id}}, {{at}}, '{person}', 'reset_password', {{at}} + interval '1 hour', false",
            ),
            rows(
                "api_key",
                "id, created_at, user_id, name_sealed, prefix, key_hash, scopes, expires_at",
                f"{{id}}, {{at}}, '{person}', 'x', 'p', n::text, '{{}}', {{at}} + interval '90 days'",
            ),
            rows(
                "account",
                "id, created_at, email, email_confirmed_at, password_hash, role, master_key_id, data_key",
                "{id}, {at}, 'many' || n || '@example.com', CASE WHEN n > 40 THEN now() END, 'x', 'user',"
                " 'test', 'x'",
            ),
            rows(
                "job",
                "id, created_at, source, source_id, country, title, description, location, area, remote,"
                " salary_predicted, currency, category, category_label, url, posted_at, content_key,"
                " fingerprint, seen_at, expired_at",
                "{id}, {at}, 'many', n, 'gb', 'Cook ' || n, '', 'Leeds', '{}', false, false, 'GBP', 'it',"
                " 'IT', 'https://www.example.com/' || n, {at}, n, n, {at},"
                " CASE WHEN n <= 40 THEN {at} END",
            ),
            rows(
                "erasure",
                "id, created_at, subject_hash, state, due_at, ended_at, counts",
                "{id}, {at}, '0', 'erased', {at}, {at}, '{}'",
            ),
        ]
    )


@pytest.fixture
async def crowd(database_url: str) -> str:
    """The URL of a database with 20,000 rows of each kind, forty of them old."""
    person = UUID(int=1)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(
            "INSERT INTO account (id, created_at, email, email_confirmed_at, password_hash, role,"
            " master_key_id, data_key) VALUES (%s, now(), 'ada@example.com', now(), 'x', 'user', 'k', 'x')",
            [person],
        )
        await connection.execute(script(person).encode())
        await connection.execute(b"VACUUM ANALYZE")
    return database_url


KINDS = [kind for kind in RetainedKind if kind not in {RetainedKind.EVIDENCE, RetainedKind.EXPORTS}]


async def test_what_is_old_is_found_without_scanning_a_table(crowd: str) -> None:
    for kind in KINDS:
        before = await settled(crowd)
        database = Database(crowd)
        deleted, _ = await prune(database, kind, KEPT)
        await database.close()
        reads = reads_of(before, await settled(crowd))
        assert deleted >= OLD, kind
        assert {(kind, table) for table, each in reads.items() if each.scanned > PER_PAGE} == set()
        assert {(kind, table) for table, each in reads.items() if each.fetched > PER_PAGE} == set()
