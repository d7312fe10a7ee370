"""Where the keys of payloads come from: remembered for a while, waited for, and gone with their person."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlmodel import delete

from models.account import Account
from models.database import Database
from models.errors import NotFoundError, SealError, UnavailableError
from models.key_ids import installation_key_id, user_key_id
from models.payload_keys import DatabasePayloadKeys, InstallationPayloadKeys
from models.sealed import KeyRing
from tests.databases import away
from tests.local.skyvern_stage import until
from tests.servers import Postgres

RING = KeyRing({"old": b"o" * 32, "new": b"n" * 32}, "new")
AWAY_SECONDS = 0.6


@dataclass(frozen=True)
class House:
    """A database with one person in it."""

    database: Database
    postgres: Postgres
    user_id: UUID

    def keys(self, fresh: float = 300.0, patience: float = 20.0, ring: KeyRing = RING) -> DatabasePayloadKeys:
        """Return keys that remember nothing yet."""
        return DatabasePayloadKeys(ring, self.database, fresh, patience)

    def away(self) -> AbstractContextManager[None]:
        """Have the database gone for a while."""
        return away(self.postgres, self.database.url)

    async def forget(self) -> None:
        """Delete the person with their key."""
        async with self.database.begin() as session:
            await session.exec(delete(Account))


@pytest.fixture
async def house(database_url: str, postgres: Postgres) -> AsyncIterator[House]:
    """A person, registered under the older master key."""
    database = Database(database_url, timeout=2)
    account = Account.register("ada@example.org", "hash", KeyRing(RING.keys, "old"))
    async with database.begin() as session:
        session.add(account)
    yield House(database, postgres, account.id)
    await database.close()


async def is_known(keys: DatabasePayloadKeys, key_id: str) -> bool:
    """Tell whether there is a key of this name."""
    try:
        return bool(await keys.by_id(key_id))
    except NotFoundError:
        return False


async def test_a_person_has_one_key_and_nobody_the_current_master_keys(house: House) -> None:
    keys = house.keys()
    key_id, key = await keys.current(house.user_id)
    assert key_id == user_key_id(house.user_id)
    assert await keys.by_id(key_id) == key == await house.keys().by_id(key_id)
    assert await keys.current(None) == (installation_key_id("new"), RING.payload_key("new"))
    assert await keys.by_id(installation_key_id("old")) == RING.payload_key("old")
    assert len({key, RING.payload_key("old"), RING.payload_key("new")}) == 3


async def test_it_is_the_same_key_after_it_was_wrapped_anew(house: House) -> None:
    _, before = await house.keys().current(house.user_id)
    async with house.database.begin() as session:
        account = await session.get_one(Account, house.user_id)
        account.rewrap(RING)
    only_new = KeyRing({"new": RING.keys["new"]}, "new")
    assert await house.keys(ring=only_new).current(house.user_id) == (user_key_id(house.user_id), before)


async def test_a_key_is_remembered_no_longer_than_it_is_fresh(house: House) -> None:
    keys, careful = house.keys(fresh=0.3), house.keys(fresh=0)
    for each in (keys, careful):
        await each.current(house.user_id)
    await house.forget()
    key_id = user_key_id(house.user_id)
    assert await is_known(keys, key_id)
    assert not await is_known(careful, key_id)

    async def is_forgotten() -> bool:
        return not await is_known(keys, key_id)

    await until(is_forgotten, 10)


async def test_whoever_is_no_more_is_sealed_for_by_the_installations_key(house: House) -> None:
    await house.forget()
    assert await house.keys().current(house.user_id) == await house.keys().current(None)


@pytest.mark.parametrize("key_id", ["", "user/", "user/x", "installation", "x", f"user/{UUID(int=1)}"])
async def test_what_names_no_key_is_named(house: House, key_id: str) -> None:
    with pytest.raises(NotFoundError) as refused:
        await house.keys().by_id(key_id)
    assert repr(key_id) in refused.value.detail


async def test_a_master_key_that_the_ring_lacks_is_named(house: House) -> None:
    keys = house.keys(ring=KeyRing({"new": RING.keys["new"]}, "new"))
    for key_id in (user_key_id(house.user_id), installation_key_id("old")):
        with pytest.raises(SealError, match="'old'"):
            await keys.by_id(key_id)
    with pytest.raises(SealError, match="'old'"):
        await keys.current(house.user_id)


async def test_a_database_that_is_away_is_waited_for(house: House) -> None:
    keys = house.keys()
    with house.away():
        waiting = asyncio.create_task(keys.current(house.user_id))
        await asyncio.sleep(AWAY_SECONDS)
        assert not waiting.done()
    async with asyncio.timeout(10):
        assert (await waiting)[0] == user_key_id(house.user_id)


async def test_a_database_that_stays_away_is_an_error_that_passes(house: House) -> None:
    keys = house.keys(patience=0.3)
    with house.away(), pytest.raises(UnavailableError):
        await keys.current(house.user_id)
    assert (await keys.current(house.user_id))[0] == user_key_id(house.user_id)


async def test_what_is_remembered_or_the_installations_needs_no_database(house: House) -> None:
    keys = house.keys(patience=0)
    known = await keys.current(house.user_id)
    with house.away():
        assert await keys.current(house.user_id) == known
        assert (await keys.current(None))[0] == installation_key_id("new")


async def test_keys_without_a_database_are_the_installations_for_everybody() -> None:
    keys = InstallationPayloadKeys(RING)
    assert await keys.current(uuid4()) == await keys.current(None)
    with pytest.raises(NotFoundError):
        await keys.by_id(user_key_id(uuid4()))
