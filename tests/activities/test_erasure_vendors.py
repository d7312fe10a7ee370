"""Runs are cancelled and files deleted at the vendor, which may be away, refuse us, or lose an answer."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select, update
from temporalio.exceptions import ApplicationError

from activities.account_erasure.at_vendors import PATIENCE
from activities.auto_apply.account import hash_of
from activities.credentials import ApiKey
from models.account import Account
from models.application import Attempt, VendorWorkflow
from models.base import new_id, now
from models.enums import Vendor
from models.erasure import Erasure
from models.integration import Integration
from models.scout import Scout
from models.sealed import place_of
from models.vendor_file import VendorFile
from tests.activities.erasure_scene import Erasing, erasing
from tests.activities.people import KEYS, add_application, add_job, add_person
from tests.local.skyvern_stage import KEY, Stage, open_stage
from workflows.account_messages import ErasureRef

STEP_SECONDS = 60.0
"""How long each step of a run takes: none ends by itself while a test looks at it."""

Counts = dict[str, int]


@dataclass
class World:
    """A person, and what the vendor has of them."""

    scene: Erasing
    stage: Stage
    user_id: UUID

    async def attempt(
        self, key: str = KEY, *, run: bool = True, told: bool = True, letter: bool = False
    ) -> str:
        """Store an attempt with an uploaded file, mostly with a run that goes on; return the run's id.

        `told` says that the answer to the POST arrived.
        """
        number = str(new_id())
        body = await self.stage.request("short-1")
        files = list(body["file_ids"])
        if letter:
            files.append(await self.stage.upload(name="letter.pdf"))
        body["parameters"]["application_id"] = f"{number}-1"
        run_id = (await self.stage.start(body))["run_id"] if run else None
        await self._store(number, key, files, run_id if told else None, now() if run else None)
        return run_id or ""

    async def _store(
        self, number: str, key: str, files: list[str], run_id: str | None, posted_at: datetime | None
    ) -> None:
        database = self.scene.database
        application = await add_application(database, self.user_id, await add_job(database))
        attempt = Attempt(
            application_id=application.id,
            user_id=self.user_id,
            number=1,
            attempt_key=f"{number}-1",
            account_hash=hash_of(key),
            vendor_workflow_id="w",
            file_id=files[0],
            run_id=run_id,
            posted_at=posted_at,
            payload_sealed=b"",
        )
        payload = json.dumps({"resume": files[0], "letter": files[1] if len(files) > 1 else ""})
        async with database.begin() as session:
            seal = (await session.get_one(Account, self.user_id)).seal(KEYS)
            place = place_of("submit_attempt", "payload_sealed", attempt.id)
            attempt.payload_sealed = seal.seal_text(payload, place)
            session.add(attempt)

    async def bring_key(self, key: str) -> None:
        """Have the person bring a key of their own."""
        row = Integration(user_id=self.user_id, vendor=Vendor.SKYVERN, credentials_sealed=b"")
        async with self.scene.database.begin() as session:
            seal = (await session.get_one(Account, self.user_id)).seal(KEYS)
            text = json.dumps({"vendor": "skyvern", "api_key": key})
            place = place_of("integration", "credentials_sealed", row.id)
            row.credentials_sealed = seal.seal_text(text, place)
            session.add(row)

    async def begin(self) -> ErasureRef:
        """Pass the point of no return."""
        return await self.scene.begun(self.user_id)

    async def erase(self, ref: ErasureRef, scene: Erasing | None = None) -> int:
        """Do the step once, and return how much is left."""
        left = await (scene or self.scene).run("erase_at_vendors", ref)
        return int(left.count)

    async def counts(self, ref: ErasureRef) -> Counts:
        """Return what the receipt counts of the vendor."""
        counts = (await self.scene.row(ref)).counts
        names = ("runs_cancelled", "files_deleted", "unreachable", "submit_attempt", "scout")
        return {name: counts[name] for name in names if name in counts}

    async def status(self, run_id: str) -> str:
        """Return where the vendor says that a run stands."""
        return str((await self.stage.run(run_id))["status"])

    async def fault(self, **fault: Any) -> None:  # noqa: ANN401 -- the stand-in's own
        """Have the vendor fail."""
        answer = await self.stage.skyvern.post("/_control/faults", json={"kind": "status", **fault})
        assert answer.is_success, answer.text

    async def mend(self) -> None:
        """Have the vendor work again."""
        await self.stage.skyvern.delete("/_control/faults")


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A person and a vendor whose runs go on for long."""
    async with open_stage(tmp_path, STEP_SECONDS) as stage:
        address = str(stage.skyvern.base_url).rstrip("/")
        async with erasing(database_url, skyvern=address) as scene:
            yield World(scene, stage, await add_person(scene.database))


async def test_a_run_is_cancelled_and_its_files_are_deleted(world: World) -> None:
    run_id = await world.attempt(letter=True)
    assert await world.status(run_id) not in {"completed", "canceled"}
    ref = await world.begin()
    assert await world.erase(ref) == 0
    assert await world.status(run_id) == "canceled"
    counts = await world.counts(ref)
    assert (counts["runs_cancelled"], counts["submit_attempt"]) == (1, 1)
    async with world.scene.database.begin() as session:
        assert (await session.exec(select(Attempt))).all() == []


async def test_files_of_what_was_never_sent_are_deleted(world: World) -> None:
    await world.attempt(run=False, letter=True)
    ref = await world.begin()
    assert await world.erase(ref) == 0
    # the stand-in has one of `request` and one letter
    assert await world.counts(ref) == {"files_deleted": 2, "submit_attempt": 1}


async def test_what_is_gone_already_is_done(world: World) -> None:
    run_id = await world.attempt()
    await world.stage.skyvern.post(f"/v1/runs/{run_id}/cancel")
    ref = await world.begin()
    assert await world.erase(ref) == 0
    assert await world.counts(ref) == {"submit_attempt": 1}
    assert await world.erase(ref) == 0
    assert await world.counts(ref) == {"submit_attempt": 1}


async def test_a_run_whose_answer_was_lost_is_found_by_its_key(world: World) -> None:
    run_id, other = await world.attempt(told=False), await world.attempt()
    async with world.scene.database.begin() as session:
        mine = (await session.exec(select(Attempt.id).where(Attempt.run_id == other))).one()
        await session.delete(await session.get_one(Attempt, mine))
    ref = await world.begin()
    assert await world.erase(ref) == 0
    assert await world.status(run_id) == "canceled"
    assert await world.status(other) != "canceled"


async def test_what_may_still_land_is_waited_for(world: World) -> None:
    run_id = await world.attempt(told=False)
    ref = await world.begin()
    patient = world.scene.changed(settle=timedelta(hours=1))
    assert await world.erase(ref, patient) == 1
    assert await world.status(run_id) != "canceled"
    assert await world.erase(ref) == 0
    assert await world.status(run_id) == "canceled"


async def test_a_look_at_a_form_is_cancelled_as_well(world: World) -> None:
    database = world.scene.database
    application = await add_application(database, world.user_id, await add_job(database))
    row = Scout(application_id=application.id, user_id=world.user_id, number=1, account_hash=hash_of(KEY))
    body = await world.stage.request("short-1")
    body["parameters"]["application_id"] = f"scout-{row.id}"
    run_id = (await world.stage.start(body))["run_id"]
    async with database.begin() as session:
        session.add(row)
    ref = await world.begin()
    assert await world.erase(ref) == 0
    assert await world.status(run_id) == "canceled"
    assert await world.counts(ref) == {"runs_cancelled": 1, "scout": 1}


async def test_a_vendor_that_is_down_is_asked_again_and_nothing_is_forgotten_meanwhile(world: World) -> None:
    run_id = await world.attempt()
    ref = await world.begin()
    await world.fault(status=500)
    for _ in range(3):
        with pytest.raises(ApplicationError) as failed:
            await world.erase(ref)
        assert not failed.value.non_retryable
    assert (await world.scene.row(ref)).counts.get("submit_attempt") is None
    await world.mend()
    assert await world.erase(ref) == 0
    assert await world.status(run_id) == "canceled"


async def test_a_vendor_that_wants_time_gets_it(world: World) -> None:
    await world.attempt()
    ref = await world.begin()
    await world.fault(status=429, headers={"Retry-After": "77"})
    with pytest.raises(ApplicationError) as failed:
        await world.erase(ref)
    assert failed.value.next_retry_delay == timedelta(seconds=77)


async def test_refused_credentials_are_counted_and_stop_nothing(world: World) -> None:
    await world.attempt()
    ref = await world.begin()
    await world.fault(status=403)
    assert await world.erase(ref) == 0
    assert await world.counts(ref) == {"unreachable": 1, "submit_attempt": 1}


async def test_an_account_that_we_have_no_key_for_any_more_is_unreachable(world: World) -> None:
    await world.attempt(key="a key that was taken back")
    ref = await world.begin()
    assert await world.erase(ref) == 0
    assert await world.counts(ref) == {"unreachable": 1, "submit_attempt": 1}


async def test_the_persons_own_key_is_used_for_their_own_account(world: World) -> None:
    nobodys = world.scene.steps.context.credentials.installation
    run_id = await world.attempt()
    await world.bring_key(KEY)
    async with world.scene.database.begin() as session:
        session.add(VendorWorkflow(account_hash=hash_of(KEY), definition_hash="d", workflow_id="w"))
    ref = await world.begin()
    store = world.scene.steps.context.credentials
    theirs_alone = replace(nobodys, skyvern=ApiKey(""))
    without = replace(store, installation=theirs_alone)
    assert await world.erase(ref, world.scene.changed(credentials=without)) == 0
    assert await world.status(run_id) == "canceled"
    # which workflows of ours are in their account is theirs as well
    async with world.scene.database.begin() as session:
        assert (await session.exec(select(VendorWorkflow))).all() == []


async def test_after_weeks_a_vendor_that_is_away_is_given_up(world: World) -> None:
    await world.attempt()
    ref = await world.begin()
    await world.fault(status=503)
    async with world.scene.database.begin() as session:
        await session.exec(update(Erasure).values(began_at=now() - PATIENCE))
    assert await world.erase(ref) == 0
    assert await world.counts(ref) == {"unreachable": 1, "submit_attempt": 1}


async def test_a_file_that_no_run_ever_got_is_deleted(world: World) -> None:
    file_id = await world.stage.upload()
    async with world.scene.database.begin() as session:
        session.add(VendorFile(user_id=world.user_id, account_hash=hash_of(KEY), file_id=file_id))
    ref = await world.begin()
    assert await world.erase(ref) == 0
    assert (await world.scene.row(ref)).counts["vendor_file"] == 1
    assert await world.counts(ref) == {"files_deleted": 1}
    assert (await world.stage.skyvern.delete(f"/v1/files/{file_id}")).status_code == 404


async def test_a_search_that_timed_out_at_the_vendor_is_made_again(world: World) -> None:
    run_id = await world.attempt(told=False)
    ref = await world.begin()
    await world.fault(status=400, path="/v1/runs", method="GET")
    with pytest.raises(ApplicationError):
        await world.erase(ref)
    await world.mend()
    assert await world.erase(ref) == 0
    assert await world.status(run_id) == "canceled"
