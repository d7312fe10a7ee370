"""kill -9 at every step of an erasure: it still comes to its end, and nothing of the person is left."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import psycopg
import pytest

from local.demo.api import ProblemError, open_api
from local.throwaway import LocalStack
from models.account_enums import ErasureStep
from tests.e2e.looking import NAMESPACE, rows
from tests.e2e.people import Applicant, Json, applicant, control, found
from workflows.ids import USER
from workflows.wire import connect

PARTS = ("worker", "postgres", "temporal")
ENDS_SECONDS = 120.0
UNAVAILABLE = 503
HOLD = """
CREATE TABLE IF NOT EXISTS held_step (user_id uuid PRIMARY KEY, step text, key int);
CREATE OR REPLACE FUNCTION hold_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(key) FROM held_step
        WHERE user_id = OLD.user_id AND step = NEW.step;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER hold_step BEFORE UPDATE ON erasure FOR EACH ROW EXECUTE FUNCTION hold_step();
"""
LET_GO = "DROP TRIGGER hold_step ON erasure; DROP FUNCTION hold_step; DROP TABLE held_step"
WAITING = """
SELECT count(DISTINCT objid) AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
"""


@dataclass
class Leaver:
    """Somebody who is being erased, and the number of their receipt."""

    user_id: str
    receipt: str


@asynccontextmanager
async def somebody(stack: LocalStack) -> AsyncIterator[Applicant]:
    """Register somebody, whose application runs at the vendor or waits for them."""
    async with applicant(stack) as person:
        job = (await person.jobs())[0]
        await person.apply(job, "review")
        yield person


async def id_of(person: Applicant) -> str:
    return str((await person.api.call("GET", "/api/auth/me"))["id"])


async def leave(person: Applicant) -> Leaver:
    """Ask for the erasure twice."""
    proof = {"password": person.person.password}
    user_id = await id_of(person)
    plan = await person.api.call("POST", "/api/privacy/erasure", json=proof)
    confirmed = {**proof, "token": plan["token"]}
    erasure = await person.api.call("POST", "/api/privacy/erasure/confirm", json=confirmed)
    return Leaver(user_id, erasure["id"])


async def receipt_of(stack: LocalStack, leaver: Leaver) -> Json | None:
    """Return the receipt, None while the API or its database is away."""
    async with open_api(stack.api) as api:
        try:
            receipt: Json = await api.call("GET", f"/api/privacy/receipts/{leaver.receipt}")
        except ProblemError as problem:
            if problem.status != UNAVAILABLE:
                raise
            return None
    return receipt


async def is_erased(stack: LocalStack, leaver: Leaver) -> Json:
    """Wait for the end, and return the receipt."""

    async def erased() -> Json | None:
        receipt = await receipt_of(stack, leaver)
        return receipt if receipt is not None and receipt["state"] == "erased" else None

    return await found(erased, f"the end of the erasure {leaver.receipt}", ENDS_SECONDS)


async def nothing_is_left(stack: LocalStack, leavers: Sequence[Leaver]) -> None:
    """Look for the people in the database and in Temporal."""
    tables = rows(stack)
    for leaver in leavers:
        assert {name for name, text in tables.items() if leaver.user_id.encode() in text} == {"audit_entry"}
    client = await connect(stack.temporal, NAMESPACE)
    for leaver in leavers:
        assert [each.id async for each in client.list_workflows(f"{USER.name} = '{leaver.user_id}'")] == []


@asynccontextmanager
async def held(stack: LocalStack, steps: dict[str, ErasureStep]) -> AsyncIterator[None]:
    """Hold each person's erasure at a step of its own; within the block all of them stand there."""
    async with await psycopg.AsyncConnection.connect(stack.database_url, autocommit=True) as connection:
        await connection.execute(HOLD)
        for key, (user_id, step) in enumerate(steps.items()):
            await connection.execute("INSERT INTO held_step VALUES (%s, %s, %s)", (user_id, step.value, key))
            await connection.execute("SELECT pg_advisory_lock(%s)", (key,))
        yield


async def all_stand(stack: LocalStack, people: int) -> None:
    """Wait until so many erasures stand at the step that they are held at."""
    async with await psycopg.AsyncConnection.connect(stack.database_url, autocommit=True) as connection:

        async def stand() -> bool:
            cursor = await connection.execute(WAITING.encode())
            row = await cursor.fetchone()
            return row is not None and row[0] == people

        await found(stand, "every erasure at its step")


async def let_go(stack: LocalStack) -> None:
    """Take away what held the erasures; the database may just have been started again."""

    async def done() -> bool:
        try:
            async with await psycopg.AsyncConnection.connect(
                stack.database_url, autocommit=True
            ) as connection:
                await connection.execute(LET_GO)
        except psycopg.OperationalError:
            return False
        return True

    await found(done, "the erasures let go")


@pytest.mark.parametrize("part", PARTS)
async def test_a_death_at_any_step_costs_nothing(stack: LocalStack, part: str) -> None:
    steps = list(ErasureStep)
    async with AsyncExitStack() as everybody:
        people = await asyncio.gather(*(everybody.enter_async_context(somebody(stack)) for _ in steps))
        ids = [await id_of(person) for person in people]
        try:
            async with held(stack, dict(zip(ids, steps, strict=True))):
                leavers = await asyncio.gather(*(leave(person) for person in people))
                await all_stand(stack, len(steps))
                await asyncio.to_thread(stack.kill, part)
        except psycopg.OperationalError:
            # the database was killed, and the locks with it
            assert part == "postgres"
        finally:
            await let_go(stack)
        receipts = [await is_erased(stack, leaver) for leaver in leavers]
    assert all(receipt["counts"]["account"] == 1 for receipt in receipts)
    await nothing_is_left(stack, leavers)


async def test_a_vendor_that_is_down_holds_the_erasure_and_a_death_meanwhile_costs_nothing(
    stack: LocalStack, maya: Applicant
) -> None:
    application_id = await maya.apply((await maya.jobs())[0])
    assert (await maya.ends(application_id))["state"] == "submitted"
    await control(stack, "skyvern", "faults", {"kind": "status", "status": 503})
    leaver = await leave(maya)

    async def at_vendors() -> bool:
        receipt = await receipt_of(stack, leaver)
        return receipt is not None and receipt["step"] == ErasureStep.ERASE_AT_VENDORS

    await found(at_vendors, "the vendor asked")
    await asyncio.to_thread(stack.kill, "temporal")
    assert (await found(lambda: receipt_of(stack, leaver), "the receipt"))["state"] == "erasing"
    async with open_api(stack.stand_in("skyvern")) as vendor:
        await vendor.call("DELETE", "/_control/faults")
    receipt = await is_erased(stack, leaver)
    assert "unreachable" not in receipt["counts"]
    assert receipt["counts"]["submit_attempt"] == 1
    await nothing_is_left(stack, [leaver])
