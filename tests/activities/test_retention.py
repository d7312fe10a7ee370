"""The retention deletes what is older than it may be kept, and nothing else; repeated, it deletes nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from activities.retention.jobs import delete_jobs
from models.account import Account
from models.account_enums import (
    AuditActor,
    ErasureState,
    ExportState,
    RetainedKind,
    SessionEnd,
    TokenPurpose,
)
from models.account_export import AccountExport, ExportPart
from models.api_key import ApiKey
from models.application import Application
from models.application_log import LogEntry
from models.audit import AuditEntry
from models.base import new_id, now
from models.chat import ChatDelta, ChatMessage
from models.database import Database
from models.enums import ChatRole, ChatState, DeltaKind, EventKind, NotificationKind
from models.erasure import Erasure
from models.event import Event, EventCursor, record
from models.evidence import Evidence
from models.job import Job
from models.job_mark import JobMark
from models.login_session import LoginSession, RefreshToken
from models.notification import Notification
from models.one_time_token import OneTimeToken
from models.rate import Rate
from tests.activities.people import KEYS, add_application, add_job, add_person
from tests.activities.retention_scene import aged, ago, count, prune, store

K = RetainedKind


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    database = Database(database_url)
    yield database
    await database.close()


def message(user_id: UUID, state: ChatState, days: float) -> ChatMessage:
    """Return an answer of some age."""
    return aged(ChatMessage(user_id=user_id, role=ChatRole.ASSISTANT, state=state, text_sealed=b"s"), days)


async def test_old_messages_go_with_the_pieces_of_their_answers(database: Database) -> None:
    person, other = await add_person(database), await add_person(database)
    old, new = message(person, ChatState.DONE, 101), message(person, ChatState.DONE, 99)
    running = message(other, ChatState.STREAMING, 500)
    pieces = [ChatDelta(message_id=each.id, number=1, kind=DeltaKind.END) for each in (old, new, running)]
    await store(database, old, new, running, *pieces)
    assert await prune(database, K.CHAT) == (1, 1)
    async with database.begin() as session:
        left = {each.id for each in await session.exec(select(ChatMessage))}
        assert left == {new.id, running.id}, "an answer that is under way is never deleted"
        assert {each.message_id for each in await session.exec(select(ChatDelta))} == left
    assert await prune(database, K.CHAT) == (0, 1)


async def test_old_events_go_and_their_numbers_never_come_again(database: Database) -> None:
    person = await add_person(database)
    events = [
        Event(user_id=person, number=number, kind="x", subject_id=person, created_at=ago(days))
        for number, days in ((1, 30), (2, 11), (3, 9))
    ]
    await store(database, EventCursor(user_id=person, last=3), *events)
    assert await prune(database, K.EVENTS) == (2, 1)
    async with database.begin() as session:
        await (await session.connection()).execute(record(person, EventKind.CHAT_CHANGED, person))
    async with database.begin() as session:
        assert sorted(each.number for each in await session.exec(select(Event))) == [3, 4]


async def test_old_notifications_go(database: Database) -> None:
    person = await add_person(database)
    rows = [
        aged(Notification(user_id=person, kind=NotificationKind.STRONG_MATCHES), days) for days in (101, 99)
    ]
    await store(database, *rows)
    assert await prune(database, K.NOTIFICATIONS) == (1, 1)
    assert await count(database, Notification, Notification.id == rows[1].id) == 1


async def test_of_old_evidence_the_picture_goes_and_its_hash_and_the_log_stay(database: Database) -> None:
    person = await add_person(database)
    application = await add_application(database, person, await add_job(database))
    rows = [
        aged(
            Evidence(
                application_id=application.id,
                user_id=person,
                artifact_id=f"a{days}",
                media_type="image/png",
                sha256="f" * 64,
                size=7,
                content_sealed=b"sealed",
            ),
            days,
        )
        for days in (101, 99)
    ]
    await store(database, *rows)
    entries = await count(database, LogEntry)
    assert await prune(database, K.EVIDENCE) == (1, 1)
    async with database.begin() as session:
        old, new = await session.get_one(Evidence, rows[0].id), await session.get_one(Evidence, rows[1].id)
    assert (old.content_sealed, old.sha256, old.size) == (None, "f" * 64, 7)
    assert old.removed_at is not None
    assert (new.content_sealed, new.removed_at) == (b"sealed", None)
    assert await count(database, LogEntry) == entries
    assert await prune(database, K.EVIDENCE) == (0, 1)


async def test_expired_jobs_go_unless_somebody_has_applied_to_them_or_marked_them(database: Database) -> None:
    person = await add_person(database)
    unused, applied, marked = [await add_job(database, expired_at=ago(51)) for _ in range(3)]
    recent, open_ = await add_job(database, expired_at=ago(49)), await add_job(database)
    await add_application(database, person, applied)
    mark = JobMark(user_id=person, job_id=marked.id, content_key=marked.content_key, saved_at=now())
    await store(database, mark)
    assert await prune(database, K.JOBS) == (1, 1)
    async with database.begin() as session:
        left = {each.id for each in await session.exec(select(Job))}
    assert left == {applied.id, marked.id, recent.id, open_.id}
    assert unused.id not in left
    assert await count(database, Application) == 1


async def test_jobs_that_stay_hold_up_none_of_those_behind_them(database: Database) -> None:
    person = await add_person(database)
    at = ago(60)
    # all at one time, as one page of the upkeep expires them
    jobs = [await add_job(database, expired_at=at) for _ in range(9)]
    for job in jobs[:6]:
        await add_application(database, person, job)
    deleted, behind = [], None
    for _ in range(5):
        page = await delete_jobs(database, 50, behind, rows=2)
        deleted.append(page.count)
        behind = page.behind
    assert deleted == [0, 0, 0, 2, 1]
    assert not page.more
    assert await count(database, Job) == 6


async def test_old_entries_of_the_audit_log_go(database: Database) -> None:
    person = await add_person(database)
    rows = [
        aged(AuditEntry(actor=AuditActor.USER, actor_id=person, subject_id=person, action="x"), days)
        for days in (101, 99)
    ]
    await store(database, *rows)
    assert await prune(database, K.AUDIT) == (1, 1)
    assert await count(database, AuditEntry, AuditEntry.id == rows[1].id) == 1


def login(user_id: UUID, *, expired: float = -20, ended: float | None = None) -> LoginSession:
    """Return a login that expired, or was ended, so many days ago."""
    return LoginSession(
        user_id=user_id,
        last_used_at=ago(60),
        expires_at=ago(expired),
        ended_at=ago(ended) if ended is not None else None,
        ended_by=SessionEnd.LOGOUT if ended is not None else None,
    )


async def test_what_let_people_in_goes_some_time_after_its_end(database: Database) -> None:
    person = await add_person(database)
    expired, ended = login(person, expired=31), login(person, ended=31)
    kept = [login(person), login(person, expired=29), login(person, ended=29)]
    sessions = [expired, ended, *kept]
    tokens = [
        aged(RefreshToken(user_id=person, family_id=family.id, token_hash=f"{n}", expires_at=ago(days)), 80)
        for n, (family, days) in enumerate(
            [(expired, 31), (ended, -20), (kept[0], 31), (kept[0], 29), (kept[0], -20)]
        )
    ]
    once = [
        aged(
            OneTimeToken(
                user_id=person, purpose=TokenPurpose.RESET_PASSWORD, expires_at=ago(end), used_at=used
            ),
            90,
        )
        for end, used in ((31, None), (-5, ago(31)), (29, None), (-5, ago(29)), (-5, None))
    ]
    keys = [
        ApiKey(
            user_id=person,
            name_sealed=b"s",
            prefix="jbk_",
            key_hash=f"{n}",
            scopes=[],
            expires_at=ago(end),
            revoked_at=gone,
        )
        for n, (end, gone) in enumerate(((31, None), (-5, ago(31)), (29, None), (-5, ago(29)), (-5, None)))
    ]
    await store(database, *sessions, *tokens, *once, *keys)
    rows, _ = await prune(database, K.LOGINS)
    assert rows == 2 + 1 + 2 + 2, "tokens of logins that went have gone with them"
    async with database.begin() as session:
        assert {each.id for each in await session.exec(select(LoginSession))} == {e.id for e in kept}
        assert {each.token_hash for each in await session.exec(select(RefreshToken))} == {"3", "4"}
        assert {each.id for each in await session.exec(select(OneTimeToken))} == {e.id for e in once[2:]}
        assert {each.key_hash for each in await session.exec(select(ApiKey))} == {"2", "3", "4"}


async def test_registrations_that_nobody_confirmed_go_with_their_keys(database: Database) -> None:
    def registered(name: str, days: float, *, confirmed: bool = False) -> Account:
        account = Account.register(f"{name}@example.org", "x", KEYS, confirmed=confirmed)
        account.created_at = ago(days)
        return account

    old, new, confirmed = registered("a", 8), registered("b", 6), registered("c", 900, confirmed=True)
    again, locked, erasing = registered("d", 8), registered("e", 8), registered("f", 8)
    locked.locked_at, erasing.erasing_at = now(), now()
    until = now() + timedelta(days=1)
    mail = OneTimeToken(user_id=again.id, purpose=TokenPurpose.CONFIRM_EMAIL, expires_at=until)
    used = OneTimeToken(user_id=old.id, purpose=TokenPurpose.CONFIRM_EMAIL, expires_at=until, used_at=now())
    await store(database, old, new, confirmed, again, locked, erasing, mail, used)
    assert await prune(database, K.UNCONFIRMED) == (1, 1)
    async with database.begin() as session:
        left = {each.email[0] for each in await session.exec(select(Account))}
    assert left == set("bcdef")


async def test_exports_lose_their_file_when_their_time_is_over(database: Database) -> None:
    person = await add_person(database)
    rows = [
        AccountExport(user_id=person, state=state, expires_at=ago(days) if days is not None else None)
        for state, days in (
            (ExportState.READY, 1),
            (ExportState.READY, -1),
            (ExportState.COLLECTING, None),
            (ExportState.FAILED, 1),
        )
    ]
    parts = [
        ExportPart(export_id=each.id, number=number, user_id=person, content_sealed=b"s")
        for each in rows[:2]
        for number in (1, 2)
    ]
    await store(database, *rows, *parts)
    assert await prune(database, K.EXPORTS) == (1, 1)
    async with database.begin() as session:
        query = select(AccountExport).order_by(col(AccountExport.id))
        states = {each.id: each.state for each in await session.exec(query)}
        left = {each.export_id for each in await session.exec(select(ExportPart))}
    assert [states[each.id] for each in rows] == ["expired", "ready", "collecting", "failed"]
    assert left == {rows[1].id}


async def test_receipts_go_after_their_time_and_open_erasures_never(database: Database) -> None:
    def erasure(state: ErasureState, days: float) -> Erasure:
        row = Erasure(subject_hash="0", state=state, due_at=ago(days), user_id=new_id())
        if state is ErasureState.ERASED:
            row.ended_at = ago(days)
        if state is ErasureState.UNDONE:
            row.undone_at = ago(days)
        return aged(row, days + 1)

    gone = [erasure(ErasureState.ERASED, 101), erasure(ErasureState.UNDONE, 101)]
    kept = [
        erasure(ErasureState.ERASED, 99),
        erasure(ErasureState.COOLING_OFF, 500),
        erasure(ErasureState.ERASING, 500),
    ]
    await store(database, *gone, *kept)
    assert await prune(database, K.RECEIPTS) == (2, 1)
    assert await count(database, Erasure) == 3


async def test_rates_that_are_paid_off_go(database: Database) -> None:
    await store(database, Rate(key="a", paid_at=ago(0.1)), Rate(key="b", paid_at=ago(-0.1)))
    assert await prune(database, K.RATES) == (1, 1)
    assert await count(database, Rate, Rate.key == "b") == 1


async def test_every_kind_is_known_and_may_be_repeated(database: Database) -> None:
    for kind in K:
        assert await prune(database, kind) == (0, 1)
