"""Applying: reviewed by the person, who answers and approves, or left to Jobraker; watched live."""

import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from local.demo.acts.finding import name_of
from local.demo.acts.untrue import UntrueError, insist
from local.demo.answering import answer_body, open_questions
from local.demo.api import Api, ServerEvent
from local.demo.screen import Act
from models.application import ACTIVE
from models.enums import ApplicationState, AutomationMode, EventKind

LABEL_WIDTH = 60
PATH_WIDTH = 90
HASH_SHOWN = 16

S = ApplicationState
Json = dict[str, Any]
Decide = Callable[[Act, Api, str], Awaitable[None]]

UNDER_WAY = {state.value for state in ACTIVE}


async def apply_until_submitted(
    act: Act, applicant: Api, jobs: list[Json], mode: AutomationMode
) -> tuple[Json, Json]:
    """Return the job and the application that was submitted; tried jobs are taken out of the list.

    One that failed is shown with its reason: an employer may have closed the job or want an account, which
    is truthfully a failure, and no defect.
    """
    tried = 0
    while jobs:
        job, tried = jobs.pop(0), tried + 1
        act.show(name_of(job))
        body = {"job_id": job["id"], "mode": mode.value}
        application: Json = await applicant.call("POST", "/api/applications/", json=body)
        # from the very first event on, so that none is missed between the request and the stream
        async with applicant.events("/api/events/", after="0") as events:
            states, reason = await _watch(act, applicant, events, application["id"])
        act.detail(name_of(job))
        for line in textwrap.wrap(f"{' → '.join(states)}{f' ({reason})' if reason else ''}", PATH_WIDTH):
            act.detail(line)
        if states[-1] == S.SUBMITTED:
            act.outcome = f"submitted, in mode {mode.value}"
            return job, application
        insist(states[-1] == S.FAILED, f"the application ended {states[-1]}")
    raise UntrueError(f"none of {tried} jobs could be applied to")


async def _watch(
    act: Act, applicant: Api, events: AsyncIterator[ServerEvent], application_id: str
) -> tuple[list[str], str | None]:
    """Decide where the person is asked; return the states that were gone through, and why it ended."""
    states: list[str] = []
    async for event in events:
        about = event.data.get("subject_id")
        if event.kind != EventKind.APPLICATION_CHANGED or about != application_id:
            continue
        state = str(event.data["state"])
        if states[-1:] != [state]:
            states.append(state)
        act.show(" → ".join(states))
        if decide := DECISIONS.get(states[-1]):
            await decide(act, applicant, application_id)
        if states[-1] not in UNDER_WAY:
            return states, event.data.get("reason")
    raise UntrueError(f"the live events ended after {' → '.join(states) or 'nothing'}")


async def _answer(act: Act, applicant: Api, application_id: str) -> None:
    """Answer what only the person knows, to be remembered for every form that asks the same."""
    detail = await applicant.call("GET", f"/api/applications/{application_id}")
    body = answer_body(detail)
    if body is None:
        # the event tells of the answers that were just given
        return
    given = {each["question_id"]: each["value"] for each in body["answers"]}
    for each in open_questions(detail):
        act.detail(f"you answer    {_short(each['label'])}  {given[each['id']]}")
    await applicant.call("PUT", f"/api/applications/{application_id}/answers", json=body)


async def _approve(act: Act, applicant: Api, application_id: str) -> None:
    """Look at every answer with its source and at the documents, and approve exactly that."""
    detail = await applicant.call("GET", f"/api/applications/{application_id}")
    if detail["state"] != S.AWAITING_APPROVAL:
        # the event tells of what was approved meanwhile
        return
    for each in detail["questions"]:
        if each["answer"] is not None:
            act.detail(f"{each['source']:<13} {_short(each['label'])}  {_short(_line_of(each['answer']))}")
    for each in detail["documents"]:
        tailored = "tailored" if each["tailored"] else "as uploaded"
        act.detail(f"document      {each['file_name']}, {each['size']:,} bytes, {tailored}")
    shown = detail["shown_hash"]
    await applicant.call("POST", f"/api/applications/{application_id}/approve", json={"shown_hash": shown})
    act.detail(f"you approve   {shown[:HASH_SHOWN]}…")


DECISIONS: dict[str, Decide] = {S.NEEDS_INPUT: _answer, S.AWAITING_APPROVAL: _approve}


def _line_of(answer: str | list[str]) -> str:
    return answer if isinstance(answer, str) else ", ".join(answer)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LABEL_WIDTH else f"{line[: LABEL_WIDTH - 1]}…"
