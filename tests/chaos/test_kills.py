"""kill -9 in the middle of an application: it still ends `submitted`, and the employer has it once."""

import asyncio
import time

import httpx
import pytest

from local.demo.api import ProblemError
from local.demo.person import Person
from local.form_kinds import FormKind
from local.throwaway import LocalStack
from tests.e2e.people import Applicant, Json, applicant, control, found

PARTS = ("worker", "api", "postgres", "temporal")
BROWSER = "skyvern"
ENDS_SECONDS = 90.0
SLOW_SECONDS = 1.5
"""Shorter than the timeout of a call to Skyvern (2 s), long enough to kill somebody in between."""

QUICKLY_SECONDS = 5.0
BACK_SECONDS = 15.0
SUBMISSION = {"method": "POST", "path": "/v1/run/workflows", "times": 1}


async def ends_submitted_once(maya: Applicant, application_id: str, job: Json) -> None:
    """Wait for the end, and compare with what the employer has."""
    detail = await maya.ends(application_id, ENDS_SECONDS)
    entries = await maya.ledger(job)
    assert (detail["state"], len(entries)) == ("submitted", 1), detail["transitions"]
    assert entries[0]["confirmation_id"] in detail["confirmation"]


async def fault_fires(stack: LocalStack, **fault: object) -> str:
    """Arm a fault on the one POST that submits, and return its id."""
    armed: Json = await control(stack, "skyvern", "faults", {**SUBMISSION, **fault})
    return str(armed["id"])


async def has_fired(stack: LocalStack, fault_id: str) -> None:
    """Wait until the POST has arrived, whose answer is now being held back."""

    async def fired() -> bool:
        return any(
            each["id"] == fault_id and each["fired"] for each in await control(stack, "skyvern", "faults")
        )

    await found(fired, "the POST that submits")


async def awaits_approval(maya: Applicant, job: Json) -> str:
    """Apply, and wait until everything is ready but the person's word."""
    application_id = await maya.apply(job, "review")
    await maya.reaches(application_id, "awaiting_approval")
    return application_id


@pytest.mark.parametrize("part", [*PARTS, BROWSER])
async def test_a_death_while_the_person_is_waited_for_costs_nothing(stack: LocalStack, part: str) -> None:
    async with applicant(stack, Person(tells_right_to_work=False)) as silent:
        job = (await silent.jobs(FormKind.LONG))[0]
        application_id = await silent.apply(job, "review")
        await silent.reaches(application_id, "needs_input")
        stack.kill(part)
        await silent.answers(application_id)
        await silent.reaches(application_id, "awaiting_approval")
        stack.kill(part)
        await silent.approves(application_id)
        await ends_submitted_once(silent, application_id, job)


@pytest.mark.parametrize("part", [*PARTS, BROWSER])
async def test_a_death_while_the_form_is_submitted_costs_nothing(
    stack: LocalStack, maya: Applicant, part: str
) -> None:
    job = (await maya.jobs())[0]
    application_id = await awaits_approval(maya, job)
    fault = await fault_fires(stack, kind="slow", seconds=SLOW_SECONDS)
    await maya.approves(application_id)
    await has_fired(stack, fault)
    assert (await maya.detail(application_id))["state"] == "submitting"
    stack.kill(part)
    await ends_submitted_once(maya, application_id, job)


@pytest.mark.parametrize("part", PARTS)
async def test_a_death_while_the_vendor_finishes_costs_nothing(
    stack: LocalStack, maya: Applicant, part: str
) -> None:
    job = (await maya.jobs())[0]
    application_id = await awaits_approval(maya, job)
    await control(stack, "skyvern", "runs", {"mode": "paused", "times": 1})
    await maya.approves(application_id)
    run_id = (await maya.reaches(application_id, "confirming"))["run_id"]
    with stack.down(part):
        # the form is sent, and the vendor calls us back, while nobody is there
        await control(stack, "skyvern", f"runs/{run_id}/resume", {})
        await found(lambda: maya.ledger(job), "the employer has it")
    await ends_submitted_once(maya, application_id, job)


async def test_a_death_of_the_browser_before_it_submits_costs_nothing(
    stack: LocalStack, maya: Applicant
) -> None:
    job = (await maya.jobs())[0]
    application_id = await awaits_approval(maya, job)
    await control(stack, "skyvern", "runs", {"mode": "paused", "times": 1})
    await maya.approves(application_id)
    run_id = (await maya.reaches(application_id, "confirming"))["run_id"]
    stack.kill(BROWSER)

    async def resumed() -> bool:
        try:
            await control(stack, "skyvern", f"runs/{run_id}/resume", {})
        except httpx.HTTPError:
            return False
        return True

    await found(resumed, "the browser again")
    await ends_submitted_once(maya, application_id, job)


@pytest.mark.parametrize("dies", [False, True], ids=["alive", "killed"])
async def test_an_answer_that_is_lost_behind_its_effect_is_looked_up(
    stack: LocalStack, maya: Applicant, *, dies: bool
) -> None:
    job = (await maya.jobs())[0]
    application_id = await awaits_approval(maya, job)
    await control(stack, "skyvern", "webhooks", {"mode": "lost", "times": 1})
    fault = await fault_fires(stack, kind="cut", after_effect=True, seconds=SLOW_SECONDS)
    await maya.approves(application_id)
    await has_fired(stack, fault)
    if dies:
        stack.kill("worker")
    await ends_submitted_once(maya, application_id, job)


async def test_an_application_is_accepted_without_temporal_and_started_after_its_return(
    stack: LocalStack, maya: Applicant
) -> None:
    job = (await maya.jobs())[0]
    with stack.down("temporal"):
        asked = time.monotonic()
        application_id = await maya.apply(job)
        assert time.monotonic() - asked < QUICKLY_SECONDS
        assert not stack.is_ready()
        assert (await maya.detail(application_id))["state"] == "queued"
    await ends_submitted_once(maya, application_id, job)


async def test_without_postgres_every_request_says_so_and_all_is_well_after_its_return(
    stack: LocalStack, maya: Applicant
) -> None:
    job = (await maya.jobs())[0]
    with stack.down("postgres"):
        for method, path, body in (
            ("GET", "/api/jobs/", None),
            ("GET", "/api/profile/", None),
            ("POST", "/api/applications/", {"job_id": job["id"]}),
        ):
            with pytest.raises(ProblemError) as refused:
                await maya.api.call(method, path, json=body)
            assert refused.value.status == 503
            assert refused.value.problem["type"].startswith("/problems/")
        assert not stack.is_ready()

    async def recovered() -> bool:
        try:
            return bool(await maya.jobs())
        except ProblemError as problem:
            if problem.status != 503:
                raise
            return False

    await found(recovered, "jobs again", BACK_SECONDS)
    async with asyncio.timeout(ENDS_SECONDS), maya.api.events("/api/events/", after="0") as events:
        application_id = await maya.apply(job)
        async for event in events:
            if event.data.get("state") == "submitted":
                break
    await ends_submitted_once(maya, application_id, job)
