"""An application's log: each entry holds the hash of the one before, and none can be changed."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, timedelta, timezone
from uuid import UUID, uuid4

import psycopg
import pytest

from models.answering_enums import LogKind
from models.application import Application
from models.application_log import FIRST_HASH, LogEntry, broken_at, hash_of, log_of
from models.database import Database
from models.enums import Actor, ApplicationState, EndReason, Origin
from tests.activities.people import add_job, add_person

S = ApplicationState


def a_log() -> tuple[Application, list[LogEntry]]:
    """Return an application that was approved and cancelled, with its log; it is stored nowhere."""
    application = Application(
        user_id=uuid4(), job_id=uuid4(), fingerprint="f", origin=Origin.PERSON, state=S.PREPARING
    )
    return application, [
        application.log(LogKind.SCOUTED, questions=20, host="jobs.example.com"),
        application.ask(S.AWAITING_APPROVAL, 7),
        *application.approve(Actor.USER, "0" * 64, 10),
        application.cancel(),
    ]


def test_a_log_as_it_was_written_is_whole() -> None:
    application, log = a_log()
    assert broken_at(log) is None
    assert broken_at([]) is None
    assert [entry.number for entry in log] == [1, 2, 3, 4, 5]
    assert log[0].previous_hash == FIRST_HASH
    assert (application.log_length, application.log_head) == (5, log[-1].hash)


def test_an_entrys_hash_can_be_made_by_anybody_from_what_is_shown() -> None:
    _, log = a_log()
    entry = log[-1]
    shown = {
        "application_id": str(entry.application_id),
        "number": 5,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": "moved",
        "data": {"from": "approved", "to": "cancelled", "actor": "user", "reason": "cancelled_by_user"},
        "previous_hash": log[-2].hash,
    }
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert entry.hash == hashlib.sha256(text.encode()).hexdigest()


def test_the_same_moment_in_another_zone_has_the_same_hash() -> None:
    _, log = a_log()
    entry = log[0]
    elsewhere = entry.at.astimezone(timezone(timedelta(hours=-7)))
    made = hash_of(entry.application_id, entry.number, elsewhere, entry.kind, entry.data, entry.previous_hash)
    assert made == entry.hash


def _reworded(log: list[LogEntry]) -> None:
    log[2].data = {**log[2].data, "actor": "system"}


def _redated(log: list[LogEntry]) -> None:
    log[2].at += timedelta(microseconds=1)


def _renamed(log: list[LogEntry]) -> None:
    log[2].kind = LogKind.SHOWN


def _left_out(log: list[LogEntry]) -> None:
    del log[2]


def _swapped(log: list[LogEntry]) -> None:
    log[2], log[3] = log[3], log[2]


def _doubled(log: list[LogEntry]) -> None:
    log.insert(2, log[1])


def _rehashed(log: list[LogEntry]) -> None:
    entry = log[2]
    entry.data = {}
    entry.hash = hash_of(entry.application_id, 3, entry.at, entry.kind, {}, entry.previous_hash)


@pytest.mark.parametrize(
    ("tamper", "at"),
    [
        (_reworded, 3),
        (_redated, 3),
        (_renamed, 3),
        (_left_out, 3),
        (_swapped, 3),
        (_doubled, 3),
        # who makes the changed entry's hash anew breaks the next one
        (_rehashed, 4),
    ],
)
def test_whatever_was_changed_shows(tamper: Callable[[list[LogEntry]], None], at: int) -> None:
    _, log = a_log()
    tamper(log)
    assert broken_at(log) == at


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    database = Database(database_url)
    yield database
    await database.close()


async def stored_log(database: Database) -> UUID:
    """Store an application with three entries; return its id."""
    person, job = await add_person(database), await add_job(database)
    application, first = Application.queue(person, job, Origin.PERSON)
    async with database.begin() as session:
        session.add(application)
        await session.flush()
        session.add_all([first, application.move(S.PREPARING, Actor.SYSTEM)])
        session.add(application.move(S.FAILED, Actor.SYSTEM, EndReason.CAPTCHA))
    return application.id


async def test_a_log_comes_back_whole_from_the_database(database: Database) -> None:
    application_id = await stored_log(database)
    async with database.begin() as session:
        entries = (await session.exec(log_of(application_id))).all()
        application = await session.get_one(Application, application_id)
    assert broken_at(entries) is None
    assert (len(entries), entries[-1].hash) == (application.log_length, application.log_head)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE application_log SET data = '{}' WHERE number = 2",
        "UPDATE application_log SET at = now()",
        "UPDATE application_log SET hash = hash",
    ],
)
async def test_the_database_refuses_to_change_an_entry(database: Database, change: str) -> None:
    await stored_log(database)
    async with database.reader() as connection:
        with pytest.raises(psycopg.errors.RaiseException):
            await connection.execute(change.encode())


async def test_a_number_is_given_once(database: Database) -> None:
    application_id = await stored_log(database)
    async with database.reader() as connection:
        with pytest.raises(psycopg.errors.UniqueViolation):
            await connection.execute(
                "INSERT INTO application_log SELECT application_id, 1, user_id, at, kind, data, "
                "previous_hash, hash FROM application_log WHERE application_id = %s AND number = 2",
                [application_id],
            )


async def test_erasure_takes_the_log_along(database: Database) -> None:
    await stored_log(database)
    async with database.reader() as connection:
        await connection.execute("DELETE FROM account")
        row = await (await connection.execute("SELECT count(*) AS left FROM application_log")).fetchone()
    assert row == {"left": 0}
