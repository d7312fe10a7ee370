"""Applying to one job after the other until one application is submitted, watched over the live events."""

from collections.abc import AsyncIterator
from typing import Any

from local.demo.acts.finding import name_of
from local.demo.acts.untrue import UntrueError, insist
from local.demo.api import Api, ServerEvent
from local.demo.screen import Act
from models.application import ACTIVE
from models.enums import ApplicationState, EventKind

Json = dict[str, Any]
UNDER_WAY = {state.value for state in ACTIVE}


async def apply_until_submitted(act: Act, applicant: Api, jobs: list[Json]) -> Json:
    """Return the application that was submitted; one that failed is shown with its reason.

    An employer may have closed the job or want an account: that is truthfully a failure, and no defect.
    """
    # from the very first event on, so that none is missed between the request and the stream
    async with applicant.events("/api/events/", after="0") as events:
        for job in jobs:
            act.show(name_of(job))
            application: Json = await applicant.call("POST", "/api/applications/", json={"job_id": job["id"]})
            states, reason = await _watch(act, events, application["id"])
            act.detail(name_of(job))
            act.detail(f"{' → '.join(states)}{f' ({reason})' if reason else ''}")
            if states[-1] == ApplicationState.SUBMITTED:
                act.outcome = "submitted"
                return application
            insist(states[-1] == ApplicationState.FAILED, f"the application ended {states[-1]}")
    raise UntrueError(f"none of {len(jobs)} jobs could be applied to")


async def _watch(
    act: Act, events: AsyncIterator[ServerEvent], application_id: str
) -> tuple[list[str], str | None]:
    """Return the states that an application went through, and why it ended short of `submitted`."""
    states: list[str] = []
    async for event in events:
        about = event.data.get("subject_id")
        if event.kind != EventKind.APPLICATION_CHANGED or about != application_id:
            continue
        states.append(str(event.data["state"]))
        act.show(" → ".join(states))
        if states[-1] not in UNDER_WAY:
            return states, event.data.get("reason")
    raise UntrueError(f"the live events ended after {' → '.join(states) or 'nothing'}")
