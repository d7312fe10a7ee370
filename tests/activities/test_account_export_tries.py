"""Exports that are interrupted: a try that was overtaken adds nothing, nothing half done is ever ready."""

import asyncio
import hashlib
import io
import os
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities.account_export import parts
from activities.account_export.parts import PART_BYTES, OvertakenError, Parts
from activities.reconcile import ReconcileActivities
from models.account import Account
from models.account_enums import ErasureState, ExportState
from models.account_export import AccountExport, ExportPart
from models.base import now
from models.database import Database
from models.erasure import Erasure, hash_of_subject
from models.errors import SealError
from models.notification import Notification
from tests.activities.export_world import KEPT, ask, collect, export_row, file_of, plant, steps_of
from tests.activities.people import KEYS
from workflows.account_messages import Exported, ExportRef

NOTHING = Exported(notification_id=None)
SOME = PART_BYTES * 2 + 17
PATIENCE = 60.0


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def queued(database: Database) -> ExportRef:
    """Somebody's export that is queued."""
    account = Account.register("ada@example.org", "x", KEYS)
    async with database.begin() as session:
        session.add(account)
    return await ask(database, account.id)


async def begun(database: Database, ref: ExportRef) -> Parts:
    """Begin a try."""
    mine = await parts.begin(database, KEYS, ref, 3)
    assert mine is not None
    return mine


async def stored(database: Database) -> int:
    """Count the parts of all exports."""
    async with database.begin() as session:
        return (await session.exec(select(func.count()).select_from(ExportPart))).one()


async def test_a_file_is_cut_into_sealed_parts_and_comes_back_whole(
    database: Database, queued: ExportRef
) -> None:
    mine, content = await begun(database, queued), os.urandom(SOME)
    for start in range(0, SOME, 300_000):
        await mine.take(content[start : start + 300_000])
    assert (await export_row(database, queued)).state is ExportState.COLLECTING
    await mine.end(KEPT)
    assert await stored(database) == 3
    assert await file_of(database, queued) == content
    row = await export_row(database, queued)
    assert (row.state, row.size) == (ExportState.READY, SOME)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    async with database.begin() as session:
        for part in await session.exec(select(ExportPart)):
            assert content[: 2**16] not in part.content_sealed


async def test_a_part_does_not_open_in_the_place_of_another(database: Database, queued: ExportRef) -> None:
    mine = await begun(database, queued)
    await mine.take(os.urandom(SOME))
    await mine.end(KEPT)
    async with database.begin() as session:
        first, second, _ = await session.exec(select(ExportPart).order_by(col(ExportPart.number)))
        first.content_sealed, second.content_sealed = second.content_sealed, first.content_sealed
    with pytest.raises(SealError):
        await file_of(database, queued)


async def test_a_try_that_was_killed_is_begun_anew_and_leaves_nothing(
    database: Database, queued: ExportRef
) -> None:
    dead = await begun(database, queued)
    await dead.take(os.urandom(SOME))
    assert await stored(database) == 2
    told = await collect(database, queued)
    row = await export_row(database, queued)
    assert (row.state, row.attempt) == (ExportState.READY, 2)
    assert told.notification_id is not None
    file = await file_of(database, queued)
    assert (len(file), hashlib.sha256(file).hexdigest()) == (row.size, row.sha256)


async def test_a_worker_that_stops_leaves_an_export_that_the_next_one_makes(database: Database) -> None:
    world = await plant(database, "Ada")
    ref = await ask(database, world.user_id)
    collecting = asyncio.create_task(collect(database, ref))
    async with asyncio.timeout(PATIENCE):
        while (await export_row(database, ref)).done < 3:  # noqa: ASYNC110 -- there is no event to wait for
            await asyncio.sleep(0.001)
    collecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await collecting
    assert (await export_row(database, ref)).state is ExportState.COLLECTING
    await collect(database, ref)
    file = await file_of(database, ref)
    assert zipfile.ZipFile(io.BytesIO(file)).testzip() is None
    assert (await export_row(database, ref)).sha256 == hashlib.sha256(file).hexdigest()


async def test_a_worker_that_was_taken_for_dead_adds_nothing(database: Database, queued: ExportRef) -> None:
    late = await begun(database, queued)
    await late.take(os.urandom(PART_BYTES))
    living = await begun(database, queued)
    for late_act in (late.take(os.urandom(PART_BYTES)), late.progress(), late.end(KEPT)):
        with pytest.raises(OvertakenError):
            await late_act
    assert await stored(database) == 0
    assert (await export_row(database, queued)).state is ExportState.COLLECTING
    await living.take(b"all of it")
    await living.end(KEPT)
    assert await file_of(database, queued) == b"all of it"
    with pytest.raises(OvertakenError):
        await late.take(os.urandom(PART_BYTES))
    async with database.begin() as session:
        assert (await session.exec(select(func.count()).select_from(Notification))).one() == 1


async def test_one_that_is_deleted_meanwhile_is_given_up(database: Database, queued: ExportRef) -> None:
    mine = await begun(database, queued)
    await mine.take(os.urandom(PART_BYTES))
    async with database.begin() as session:
        await session.delete(await session.get_one(AccountExport, queued.export_id))
    assert await stored(database) == 0
    with pytest.raises(OvertakenError):
        await mine.progress()
    assert await collect(database, queued) == NOTHING


async def test_of_somebody_who_is_being_erased_nothing_is_collected(
    database: Database, queued: ExportRef
) -> None:
    async with database.begin() as session:
        (await session.get_one(Account, queued.user_id)).erasing_at = now()
    assert await collect(database, queued) == NOTHING
    assert await stored(database) == 0


async def test_one_that_is_given_up_has_failed_and_holds_nothing(
    database: Database, queued: ExportRef
) -> None:
    mine = await begun(database, queued)
    await mine.take(os.urandom(SOME))
    steps = steps_of(database)
    for _ in range(2):
        await ActivityEnvironment().run(steps.fail_export, queued)
        row = await export_row(database, queued)
        assert row.state is ExportState.FAILED
        assert row.ended_at is not None
    assert await stored(database) == 0
    with pytest.raises(OvertakenError):
        await mine.end(KEPT)
    assert await collect(database, queued) == NOTHING
    # another may be asked for
    again = await ask(database, queued.user_id)
    await collect(database, again)
    assert (await export_row(database, again)).state is ExportState.READY


async def test_one_that_is_ready_is_not_made_to_fail(database: Database, queued: ExportRef) -> None:
    await collect(database, queued)
    await ActivityEnvironment().run(steps_of(database).fail_export, queued)
    assert (await export_row(database, queued)).state is ExportState.READY


async def test_nobody_collects_by_another_persons_name(database: Database, queued: ExportRef) -> None:
    boris = Account.register("boris@example.org", "x", KEYS)
    async with database.begin() as session:
        session.add(boris)
    ref = ExportRef(export_id=queued.export_id, user_id=boris.id)
    assert await collect(database, ref) == NOTHING
    assert (await export_row(database, queued)).state is ExportState.QUEUED


@pytest.mark.parametrize(
    ("state", "age", "found"),
    [
        (ExportState.QUEUED, 29, False),
        (ExportState.QUEUED, 31, True),
        (ExportState.COLLECTING, 31, True),
        (ExportState.READY, 31, False),
        (ExportState.FAILED, 31, False),
        (ExportState.EXPIRED, 31, False),
    ],
)
async def test_one_that_nobody_collects_is_found(
    database: Database, queued: ExportRef, state: ExportState, age: int, found: bool
) -> None:
    async with database.begin() as session:
        export = await session.get_one(AccountExport, queued.export_id)
        export.state, export.created_at = state, now() - timedelta(seconds=age)
    stranded = await ActivityEnvironment().run(ReconcileActivities(database, mails=False).find_stranded)
    assert stranded.exports == ([queued] if found else [])


async def test_of_whoever_is_being_erased_none_is_found(database: Database, queued: ExportRef) -> None:
    async with database.begin() as session:
        export = await session.get_one(AccountExport, queued.export_id)
        export.created_at = now() - timedelta(hours=1)
        mark = hash_of_subject(queued.user_id)
        session.add(
            Erasure(user_id=queued.user_id, subject_hash=mark, state=ErasureState.ERASING, due_at=now())
        )
    stranded = await ActivityEnvironment().run(ReconcileActivities(database, mails=False).find_stranded)
    assert stranded.exports == []
