"""The gates before anything is done for an application, and what an application is that stands elsewhere."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import delete

from models.application import application_locked
from models.base import now
from models.enums import ApplicationState, AttemptState, AutomationMode, EndReason, Origin
from models.job import Job
from models.profile import Profile, Resume, profile_of
from tests.activities.apply_scene import Scene, open_scene
from workflows.messages import ApplicationRef, Prepared

S = ApplicationState


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A person with a complete profile."""
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


async def change(scene: Scene, **columns: Any) -> None:  # noqa: ANN401 -- any column
    """Change the person's profile."""
    async with scene.database.begin() as session:
        profile: Profile = (await session.exec(profile_of(scene.user_id))).one()
        for name, value in columns.items():
            setattr(profile, name, value)


async def block(scene: Scene, company: str) -> None:
    """Want nothing of an employer any more."""
    async with scene.database.begin() as session:
        profile = (await session.exec(profile_of(scene.user_id))).one()
        profile.preferences = {**profile.preferences, "blocked_companies": [company]}


async def prepare(scene: Scene, ref: ApplicationRef) -> Prepared:
    """Prepare."""
    return await scene.run(scene.activities.prepare, ref)


@pytest.mark.parametrize("origin", Origin)
async def test_a_queued_application_begins_once(scene: Scene, origin: Origin) -> None:
    ref = await scene.queue(origin=origin)
    first, second = await prepare(scene, ref), await prepare(scene, ref)
    assert (first.state, first.is_followed) == (S.PREPARING, True)
    assert second == first
    assert await scene.moves(ref) == [
        ("queued", "user" if origin is Origin.PERSON else "system"),
        ("preparing", "system"),
    ]


async def test_the_settings_waits_are_told(scene: Scene) -> None:
    timing = (await prepare(scene, await scene.queue())).timing
    settings = scene.activities.settings
    assert (timing.scout_poll, timing.settle) == (settings.scout_poll_seconds, settings.settle_seconds)
    assert timing.scout_deadline == settings.scout_deadline_minutes * 60


@pytest.mark.parametrize(("origin", "state"), [(Origin.PERSON, S.FAILED), (Origin.SWEEP, S.SKIPPED)])
async def test_a_closed_job_ends_it_before_anything(
    scene: Scene, origin: Origin, state: ApplicationState
) -> None:
    ref = await scene.queue_for(await scene.job(expired_at=now()), origin)
    prepared = await prepare(scene, ref)
    assert (prepared.state, prepared.reason) == (state, EndReason.JOB_CLOSED)
    # what the sweep began is skipped silently
    assert (prepared.notification_id is not None) == (origin is Origin.PERSON)


async def test_without_a_resume_or_an_identity_nothing_begins(scene: Scene) -> None:
    async with scene.database.begin() as session:
        await session.exec(delete(Resume))
    assert (await prepare(scene, await scene.queue("short-1"))).reason is EndReason.PROFILE_INCOMPLETE
    await change(scene, identity_sealed=None)
    assert (await prepare(scene, await scene.queue("short-2"))).reason is EndReason.PROFILE_INCOMPLETE


async def test_what_the_sweep_queued_is_skipped_once_automation_is_off(scene: Scene) -> None:
    await change(scene, automation_mode=AutomationMode.OFF)
    by_sweep = await prepare(scene, await scene.queue("short-1", Origin.SWEEP))
    by_person = await prepare(scene, await scene.queue("short-2"))
    assert (by_sweep.state, by_sweep.reason) == (S.SKIPPED, EndReason.AUTOMATION_OFF)
    assert by_person.state is S.PREPARING


@pytest.mark.parametrize(("days", "state"), [(1, S.SKIPPED), (-1, S.PREPARING)])
async def test_what_the_sweep_queued_is_skipped_while_its_person_pauses(
    scene: Scene, days: int, state: ApplicationState
) -> None:
    await scene.automate(paused_until=now() + timedelta(days=days))
    assert (await prepare(scene, await scene.queue("short-1", Origin.SWEEP))).state is state
    assert (await prepare(scene, await scene.queue("short-2"))).state is S.PREPARING


async def test_what_the_sweep_queued_is_skipped_where_the_employer_is_blocked_by_now(scene: Scene) -> None:
    await block(scene, "EXAMPLE Limited")
    by_sweep = await prepare(scene, await scene.queue("short-1", Origin.SWEEP))
    by_person = await prepare(scene, await scene.queue("short-2"))
    assert (by_sweep.state, by_person.state) == (S.SKIPPED, S.PREPARING)


@pytest.mark.parametrize("state", sorted(set(S) - {S.QUEUED, S.SUBMITTING, S.CONFIRMING}))
async def test_what_stands_elsewhere_is_left_there(scene: Scene, state: ApplicationState) -> None:
    ref = await scene.queue()
    await change(scene, automation_mode=AutomationMode.OFF)
    async with scene.database.begin() as session:
        (await session.exec(application_locked(ref.application_id))).one().state = state
        (await session.get_one(Job, ref.job_id)).expired_at = now()
    assert (await prepare(scene, ref)).state is state
    assert await scene.state(ref) is state


async def test_behind_the_fence_its_attempt_is_told(scene: Scene) -> None:
    ref = await scene.queue()
    attempt = await scene.cross(ref)
    prepared = await prepare(scene, ref)
    assert (prepared.state, prepared.attempt) == (S.SUBMITTING, attempt)
    assert (await scene.attempt(attempt)).state is AttemptState.OPEN


async def test_an_application_whose_person_has_left_is_nobodys(scene: Scene) -> None:
    ref = (await scene.queue()).model_copy(update={"application_id": scene.user_id})
    assert (await prepare(scene, ref)).state is S.CANCELLED
