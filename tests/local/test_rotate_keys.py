"""`jobraker rotate-keys`: whatever is sealed still opens, by the current master key alone."""

import asyncio
import json
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select, update

import cli
from local.commands.rotate_keys import Rotation, rewrap_all, told
from models.account import Account
from models.database import Database, seal_of
from models.errors import SealError
from models.sealed import KeyRing, place_of
from tests.local.skyvern_stage import until

KEYS = {name: name.encode() * 10 + b"xx" for name in ("one", "two", "six")}
OLD = KeyRing({"one": KEYS["one"]}, "one")
BOTH = KeyRing({"one": KEYS["one"], "two": KEYS["two"]}, "two")
NEW = KeyRing({"two": KEYS["two"]}, "two")
WORDS = "what only the person may read"
Sealed = dict[UUID, bytes]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database."""
    database = Database(database_url)
    yield database
    await database.close()


def place(user_id: UUID) -> str:
    """Return where a person's words are sealed for."""
    return place_of("profile", "identity_sealed", user_id)


async def people(database: Database, count: int, ring: KeyRing = OLD) -> Sealed:
    """Register people; return what each has sealed."""
    accounts = [Account.register(f"{ring.current}-{n}@example.org", "hash", ring) for n in range(count)]
    sealed = {each.id: each.seal(ring).seal_text(WORDS, place(each.id)) for each in accounts}
    async with database.begin() as session:
        session.add_all(accounts)
    return sealed


async def opens(database: Database, ring: KeyRing, sealed: Sealed) -> int:
    """Count the people whose words open."""
    count = 0
    async with database.begin() as session:
        for user_id, words in sealed.items():
            try:
                seal = await seal_of(session, ring, user_id)
            except SealError:
                continue
            count += seal.open_text(words, place(user_id)) == WORDS
    return count


async def by_key(database: Database) -> Counter[str]:
    """Count accounts by their master key."""
    async with database.begin() as session:
        return Counter(await session.exec(select(Account.master_key_id)))


@pytest.mark.parametrize("batch", [1, 3, 7, 500])
async def test_afterwards_the_current_master_key_opens_everything_alone(
    database: Database, batch: int
) -> None:
    sealed = await people(database, 7)
    newer = await people(database, 2, BOTH)
    assert await opens(database, NEW, sealed) == 0
    assert await rewrap_all(database, BOTH, batch) == Rotation(rewrapped=7)
    assert await opens(database, NEW, {**sealed, **newer}) == 9
    assert await opens(database, OLD, sealed) == 0
    assert await rewrap_all(database, BOTH, batch) == Rotation()


async def test_two_at_once_wrap_each_key_once(database: Database) -> None:
    sealed = await people(database, 60)
    rotations = await asyncio.gather(*(rewrap_all(database, BOTH, 7) for _ in range(3)))
    assert sum(each.rewrapped for each in rotations) == 60
    assert all(each.is_whole for each in rotations)
    assert await opens(database, NEW, sealed) == 60


async def test_one_that_was_stopped_half_way_is_finished_by_the_next(database: Database) -> None:
    sealed = await people(database, 10)
    last = max(sealed)
    async with database.begin() as session:
        # somebody holds the last row, so that the rotation stops before it
        held = select(Account).where(col(Account.id) == last).with_for_update()
        await session.exec(held)
        rotation = asyncio.create_task(rewrap_all(database, BOTH, 3))

        async def is_at_the_last() -> bool:
            return (await by_key(database))["two"] == 9

        await until(is_at_the_last)
        rotation.cancel()
        await asyncio.wait([rotation])
    assert await by_key(database) == {"one": 1, "two": 9}
    assert await opens(database, BOTH, sealed) == 10
    assert (await rewrap_all(database, BOTH, 3)).rewrapped == 1
    assert await opens(database, NEW, sealed) == 10


async def test_what_is_changed_while_it_runs_is_kept(database: Database) -> None:
    sealed = await people(database, 5)
    first = min(sealed)
    async with database.begin() as session:
        locked = await session.exec(select(Account).where(col(Account.id) == first).with_for_update())
        account = locked.one()
        rotation = asyncio.create_task(rewrap_all(database, BOTH, 2))
        await asyncio.sleep(0.2)
        assert (await by_key(database))["one"] == 5
        account.password_hash = "another"
    assert (await rotation).rewrapped == 5
    async with database.begin() as session:
        assert (await session.get_one(Account, first)).password_hash == "another"
    assert await opens(database, NEW, sealed) == 5


async def test_a_master_key_that_is_missing_is_named_with_how_many_need_it(database: Database) -> None:
    six = KeyRing({"six": KEYS["six"]}, "six")
    lost, kept = await people(database, 3, six), await people(database, 2)
    rotation = await rewrap_all(database, BOTH)
    assert (rotation.rewrapped, rotation.missing, rotation.is_whole) == (2, {"six": 3}, False)
    assert any("'six' is missing from the ring: 3 accounts" in line for line in told(rotation, BOTH, 30))
    assert await opens(database, NEW, kept) == 2
    assert await opens(database, six, lost) == 3
    three = KeyRing(KEYS, "two")
    assert (await rewrap_all(database, three)).is_whole
    assert await opens(database, NEW, {**lost, **kept}) == 5


async def test_a_data_key_that_does_not_open_stops_none_of_the_others(database: Database) -> None:
    sealed = await people(database, 5)
    broken = sorted(sealed)[2]
    async with database.begin() as session:
        await session.exec(update(Account).where(col(Account.id) == broken).values(data_key=b"x" * 60))
    rotation = await rewrap_all(database, BOTH, 2)
    assert (rotation.rewrapped, rotation.broken, rotation.late) == (4, {"one": 1}, {})
    lines = "\n".join(told(rotation, BOTH, 30))
    assert "1 account do" in lines or "of 1 account" in lines
    assert "out of the ring" not in lines


async def test_who_registered_by_an_old_key_meanwhile_is_told_of() -> None:
    rotation = Rotation(rewrapped=1, late=Counter({"one": 2}))
    lines = told(rotation, BOTH, 30)
    assert not rotation.is_whole
    assert lines[0] == "1 data key was wrapped anew by the master key 'two'"
    assert "2 accounts came by the master key 'one'" in lines[1]
    assert len(lines) == 2


def configure(monkeypatch: pytest.MonkeyPatch, database_url: str, *names: str) -> None:
    """Set the settings of the command; the last name is the current master key's."""
    keys = {name: b64encode(KEYS[name]).decode() for name in names}
    values = {
        "DATABASE__URL": database_url,
        "SECURITY__JWT_KEYS": json.dumps({"j": "s" * 48}),
        "SECURITY__CURRENT_JWT_KEY": "j",
        "SECURITY__MASTER_KEYS": json.dumps(keys),
        "SECURITY__CURRENT_MASTER_KEY": names[-1],
        "TEMPORAL__RETENTION_DAYS": "30",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"JOBRAKER_{name}", value)


def run_in(database_url: str, count: int, ring: KeyRing) -> None:
    """Register people outside of any event loop."""

    async def register() -> None:
        database = Database(database_url)
        await people(database, count, ring)
        await database.close()

    asyncio.run(register())


def test_the_command_says_when_the_old_key_can_go_and_fails_while_one_is_missing(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_in(database_url, 2, OLD)
    configure(monkeypatch, database_url, "two")
    assert cli.main(["rotate-keys"]) == 1
    output = capsys.readouterr().out
    assert "0 data keys were wrapped anew" in output
    assert "'one' is missing from the ring: 2 accounts" in output
    configure(monkeypatch, database_url, "one", "two")
    assert cli.main(["rotate-keys"]) == 0
    output = capsys.readouterr().out
    assert "2 data keys were wrapped anew by the master key 'two'" in output
    assert "'one' any more" in output
    assert "on " + (date.today() + timedelta(days=37)).isoformat() in output  # noqa: DTZ011 -- the same day
    assert not any(b64encode(key).decode() in output for key in KEYS.values())
    configure(monkeypatch, database_url, "two")
    assert cli.main(["rotate-keys"]) == 0
    assert capsys.readouterr().out == "0 data keys were wrapped anew by the master key 'two'\n"
