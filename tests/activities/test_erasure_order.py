"""What others do at the same moment neither holds an erasure up nor outlives it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from models.account import Account
from models.audit import AuditEntry, Deed
from models.erasure import Erasure, erasure_locked
from models.job_search import JobSearch, SearchTerms
from tests.activities.erasure_scene import Erasing, erasing
from tests.activities.fetch_scene import save_search
from tests.activities.people import KEYS, add_person
from tests.api.client import somebody_waits


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Erasing]:
    """The steps over a database of our own."""
    async with erasing(database_url) as scene:
        yield scene


async def test_a_freeze_that_waits_for_the_account_holds_no_erasure(scene: Erasing) -> None:
    person = await add_person(scene.database)
    ref = await scene.ask(person, timedelta(0))
    async with scene.database.begin() as session:
        # as whoever undoes it at this moment
        await session.get(Account, person, with_for_update={"key_share": True})
        freezing = asyncio.create_task(scene.run("freeze", ref))
        await somebody_waits(scene.database)
        is_free = select(Erasure).where(Erasure.id == ref.erasure_id).with_for_update(nowait=True)
        (await session.exec(is_free)).one()
        (await session.exec(erasure_locked(ref.erasure_id))).one().undo()
    assert await freezing is False


async def test_what_an_administrator_says_while_rows_are_deleted_is_forgotten_too(scene: Erasing) -> None:
    person, admin = await add_person(scene.database), await add_person(scene.database)
    ref = await scene.begun(person)
    await scene.run("delete_rows", ref)
    async with scene.database.begin() as session:
        entry = AuditEntry.by_admin(admin, Deed.ACCOUNT_LOCKED, person)
        entry.explain("a word of the person", (await session.get_one(Account, person)).seal(KEYS))
        session.add(entry)
    await scene.run("destroy_key", ref)
    async with scene.database.begin() as session:
        assert (await session.get_one(AuditEntry, entry.id)).reason_sealed is None


@pytest.mark.parametrize("step", ["delete_rows", "destroy_key"])
async def test_a_search_that_was_saved_behind_the_freeze_is_forgotten_too(scene: Erasing, step: str) -> None:
    person, other = await add_person(scene.database), await add_person(scene.database)
    ref = await scene.begun(person)
    await save_search(scene.database, SearchTerms(country="gb", what="a word of the person"), person)
    await save_search(scene.database, SearchTerms(country="gb", what="of both"), person, other)
    await scene.run(step, ref)
    async with scene.database.begin() as session:
        assert (await session.exec(select(JobSearch.what))).all() == ["of both"]
