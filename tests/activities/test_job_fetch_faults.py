"""When Adzuna refuses, fails or talks nonsense: the fault has a word, jobs stay, nothing is invented."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.job_fetch.options import FetchOptions
from activities.vendors.adzuna import AdzunaClient, SearchQuery
from local.ports import free_port
from models.enums import CallState, FetchFault
from tests.activities.fetch_scene import FetchScene, credentials, fetch_scene
from workflows.job_messages import FetchPlan

OPTIONS = FetchOptions([SearchQuery("gb")], attempts=2)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[FetchScene]:
    """The stand-in after one fetch that went well."""
    async with fetch_scene(database_url, options=OPTIONS) as scene:
        await scene.fetch()
        yield scene


async def failure(scene: FetchScene, plan: FetchPlan | None = None) -> ApplicationError:
    """Fetch a page that cannot be had, and check that all jobs are as they were."""
    before = await scene.jobs()
    plan = plan or await scene.plan()
    with pytest.raises(ApplicationError) as raised:
        await scene.page(plan)
    assert await scene.jobs() == before
    assert await scene.counts(plan) == (0, 0, 0, 0, 0, 0)
    return raised.value


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({"kind": "status", "status": 500}, FetchFault.VENDOR_ERROR),
        ({"kind": "html", "status": 503}, FetchFault.VENDOR_ERROR),
        ({"kind": "html", "status": 403}, FetchFault.VENDOR_ERROR),
        ({"kind": "status", "status": 302}, FetchFault.VENDOR_ERROR),
        ({"kind": "status", "status": 408}, FetchFault.VENDOR_ERROR),
        ({"kind": "garbage"}, FetchFault.GARBAGE),
        ({"kind": "html", "status": 200}, FetchFault.GARBAGE),
        ({"kind": "status", "status": 200, "body": {"results": None}}, FetchFault.GARBAGE),
        ({"kind": "status", "status": 200, "body": {"results": {"id": 1}}}, FetchFault.GARBAGE),
        ({"kind": "status", "status": 200, "body": []}, FetchFault.GARBAGE),
        ({"kind": "status", "status": 200, "body": ""}, FetchFault.GARBAGE),
        ({"kind": "status", "status": 200, "body": "[" * 100_000}, FetchFault.GARBAGE),
        ({"kind": "cut"}, FetchFault.UNREACHABLE),
        ({"kind": "cut", "after_bytes": 1000}, FetchFault.UNREACHABLE),
        ({"kind": "status", "status": 429}, FetchFault.RATE_LIMITED),
    ],
)
async def test_a_fault_of_the_moment_is_asked_again_and_then_given_up(
    scene: FetchScene, fault: dict[str, Any], word: FetchFault
) -> None:
    await scene.arm(**fault)
    plan = await scene.plan()
    first = await failure(scene, plan)
    await scene.forgive()
    second = await failure(scene, plan)
    assert (first.type, first.non_retryable) == (word, False)
    assert (second.type, second.non_retryable) == (word, True)
    assert await scene.calls() == {CallState.MADE: 3}


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({"kind": "status", "status": 401}, FetchFault.CREDENTIALS_REFUSED),
        (
            {"kind": "status", "status": 410, "body": {"exception": "AUTH_FAIL"}},
            FetchFault.CREDENTIALS_REFUSED,
        ),
        (
            {"kind": "status", "status": 404, "body": {"exception": "UNSUPPORTED_COUNTRY"}},
            FetchFault.UNSUPPORTED_COUNTRY,
        ),
        ({"kind": "html", "status": 404}, FetchFault.BAD_REQUEST),
        ({"kind": "html", "status": 400}, FetchFault.BAD_REQUEST),
    ],
)
async def test_what_no_repetition_mends_is_given_up_at_once(
    scene: FetchScene, fault: dict[str, Any], word: FetchFault
) -> None:
    await scene.arm(**fault)
    error = await failure(scene)
    assert (error.type, error.non_retryable) == (word, True)


@pytest.mark.parametrize(
    ("header", "wait", "given_up"),
    [
        (None, timedelta(minutes=1), False),
        ("7", timedelta(seconds=7), False),
        ("0", timedelta(0), False),
        ("-5", timedelta(0), False),
        ("soon", timedelta(minutes=1), False),
        ("inf", timedelta(minutes=1), False),
        ("3600", timedelta(hours=1), True),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta(0), False),
        ("1e9", timedelta(days=1), True),
    ],
)
async def test_a_limit_is_waited_for_as_told_and_never_long(
    scene: FetchScene, header: str | None, wait: timedelta, given_up: bool
) -> None:
    await scene.arm(kind="status", status=429, headers={"retry-after": header} if header else {})
    error = await failure(scene)
    assert (error.next_retry_delay, error.non_retryable) == (wait, given_up)


@pytest.mark.parametrize(
    ("header", "wait", "given_up"),
    [
        (None, None, False),
        ("soon", None, False),
        ("7", timedelta(seconds=7), False),
        ("3600", timedelta(hours=1), True),
    ],
)
async def test_a_broken_vendor_is_left_alone_for_as_long_as_it_asks(
    scene: FetchScene, header: str | None, wait: timedelta | None, given_up: bool
) -> None:
    plan, before = await scene.plan(), len(await scene.requests())
    await scene.arm(kind="html", status=503, headers={"retry-after": header} if header else {})
    error = await failure(scene, plan)
    assert (error.type, error.next_retry_delay, error.non_retryable) == (
        FetchFault.VENDOR_ERROR,
        wait,
        given_up,
    )
    again = await failure(scene, plan)
    assert again.type == (FetchFault.RATE_LIMITED if wait else FetchFault.VENDOR_ERROR)
    assert len(await scene.requests()) == before + (1 if wait else 2)


async def test_pages_that_came_are_no_tries_of_the_one_that_fails(scene: FetchScene) -> None:
    plan = await scene.plan()
    first = await scene.page(plan)
    await scene.arm(kind="status", status=500)
    for given_up in (False, True):
        with pytest.raises(ApplicationError) as raised:
            await scene.page(plan, page=2, window=first.window)
        assert raised.value.non_retryable is given_up


async def test_nothing_of_the_vendors_words_is_in_a_failure(scene: FetchScene) -> None:
    canary = "canary-of-the-vendor"
    await scene.arm(kind="html", status=400, body=f"<p>{canary}</p>", headers={"x-canary": canary})
    error = await failure(scene)
    assert canary not in repr(vars(error)) + str(error)
    assert error.__cause__ is None


@pytest.mark.parametrize(
    ("query", "word"),
    [
        (SearchQuery("ru"), FetchFault.UNSUPPORTED_COUNTRY),
        (SearchQuery("gb", "cook", "United Kingdom"), FetchFault.BAD_REQUEST),
    ],
)
async def test_a_search_that_cannot_find_anything_costs_no_call(
    database_url: str, query: SearchQuery, word: FetchFault
) -> None:
    async with fetch_scene(database_url, options=FetchOptions([query])) as scene:
        assert (await scene.plan()).search_ids == []
        (search,) = await scene.searches()
        assert (search.last_error, search.next_at) == (word, None)
        # nor does one that was planned before
        plan = FetchPlan(fetch_run_id=search.id, search_ids=[search.id], pages=1, key_ids=(search.id,))
        with pytest.raises(ApplicationError) as raised:
            await scene.page(plan)
        assert (raised.value.type, raised.value.non_retryable) == (word, True)
        assert (await scene.requests(), await scene.calls()) == ([], {})


async def test_without_a_key_nothing_is_asked(scene: FetchScene) -> None:
    plan, asked = await scene.plan(), len(await scene.requests())
    scene.activities.credentials = credentials(scene.database, app_key="")
    error = await failure(scene, plan)
    assert (await scene.plan()).search_ids == []
    assert (error.type, error.non_retryable) == (FetchFault.CREDENTIALS_REFUSED, True)
    assert len(await scene.requests()) == asked


async def test_a_wrong_key_is_refused(scene: FetchScene) -> None:
    scene.activities.credentials = credentials(scene.database, app_key="wrong")
    assert (await failure(scene)).type == FetchFault.CREDENTIALS_REFUSED


async def test_a_vendor_that_is_away_is_unreachable(scene: FetchScene) -> None:
    async with AdzunaClient(f"http://127.0.0.1:{free_port()}", 5.0) as nobody:
        scene.activities.adzuna = nobody
        assert (await failure(scene)).type == FetchFault.UNREACHABLE
    # nothing had left this machine
    assert await scene.calls() == {CallState.MADE: 1, CallState.RELEASED: 1}


async def test_a_slow_vendor_is_not_waited_for(scene: FetchScene) -> None:
    await scene.arm(kind="slow", seconds=30)
    async with AdzunaClient(f"{scene.vendor.base_url}/v1/api", 0.2) as hasty:
        scene.activities.adzuna = hasty
        assert (await failure(scene)).type == FetchFault.UNREACHABLE
