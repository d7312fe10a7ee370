"""Whatever an advert or its form says: the vendor's browser is sent to no private network."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, update
from temporalio.exceptions import ApplicationError

from activities.auto_apply.activities import AutoApplyActivities
from models.enums import ApplicationState, EndReason, NotificationKind, Origin
from models.job import Job
from tests.activities.apply_scene import Scene, open_scene
from tests.local.skyvern_stage import until
from workflows.messages import ApplicationRef, Conclusion, OpenAttempt

S = ApplicationState
INSIDE = "http://169.254.169.254/latest/meta-data/"


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


def strict(scene: Scene) -> AutoApplyActivities:
    """Return the steps as production has them."""
    return replace(scene.activities, allow_private_urls=False)


async def move_advert(scene: Scene, ref: ApplicationRef, url: str = INSIDE) -> None:
    """Have a fetch bring another link for the advert."""
    async with scene.database.begin() as session:
        await session.exec(update(Job).where(col(Job.id) == ref.job_id).values(url=url))


@pytest.mark.parametrize(("origin", "state"), [(Origin.PERSON, S.FAILED), (Origin.SWEEP, S.SKIPPED)])
async def test_an_application_to_an_advert_that_leads_inside_is_ended_before_anybody_is_asked(
    scene: Scene, origin: Origin, state: ApplicationState
) -> None:
    ref = await scene.queue(origin=origin)
    await move_advert(scene, ref)
    prepared = await scene.run(strict(scene).prepare, ref)
    assert (prepared.state, prepared.reason, prepared.is_followed) == (state, EndReason.UNSAFE_REQUEST, False)
    assert await scene.state(ref) is state
    told = [each.kind for each in await scene.notifications()]
    assert told == ([NotificationKind.APPLICATION_FAILED] if origin is Origin.PERSON else [])
    assert await scene.vendor_runs() == []


async def test_a_link_that_was_changed_meanwhile_is_not_looked_at(scene: Scene) -> None:
    ref = await scene.begin()
    await move_advert(scene, ref)
    with pytest.raises(ApplicationError) as refused:
        await scene.run(strict(scene).scout, ref)
    assert (refused.value.type, refused.value.non_retryable) == (EndReason.UNSAFE_REQUEST.value, True)
    assert INSIDE not in str(refused.value)
    assert await scene.vendor_runs() == []


async def test_a_form_that_lies_inside_ends_the_application(scene: Scene) -> None:
    # the advert is on the public web, and the stand-in's browser finds its form on this machine
    ref, ends = await scene.begin(), list[Conclusion]()

    async def is_over() -> bool:
        try:
            ends.append(await scene.run(strict(scene).scout, ref))
        except ApplicationError as error:
            if error.non_retryable:
                raise
            return False
        return True

    await until(is_over)
    assert (ends[0].state, ends[0].reason) == (S.FAILED, EndReason.UNSAFE_REQUEST)
    assert await scene.questions(ref) == []


async def test_nothing_is_sent_to_where_a_link_leads_since_its_approval(scene: Scene) -> None:
    ref = await scene.approved()
    staged = await scene.run(scene.activities.stage, ref)
    await move_advert(scene, ref)
    with pytest.raises(ApplicationError) as refused:
        await scene.run(strict(scene).open_attempt, OpenAttempt(application=ref, staged=staged))
    assert (refused.value.type, refused.value.non_retryable) == (EndReason.UNSAFE_REQUEST.value, True)
    assert await scene.state(ref) is S.APPROVED
    await move_advert(scene, ref, "https://jobs.example.com/apply")
    fence = await scene.run(strict(scene).open_attempt, OpenAttempt(application=ref, staged=staged))
    assert fence.attempt is not None


async def test_no_screenshot_is_fetched_from_inside(scene: Scene) -> None:
    skyvern = scene.activities.skyvern
    for url in (
        INSIDE,
        "https://127.0.0.1/x.png",
        "https://2130706433/x.png",
        "https://minio.internal/x.png",
    ):
        assert not skyvern.may_fetch(url)
    assert skyvern.may_fetch("https://artifacts.example.com/x.png?signature=abc")
