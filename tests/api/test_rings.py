"""Waiting applications are rung when their person, or an administrator, changes what they wait for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from models.answering_enums import AnswerSource, QuestionKind, Topic
from models.application import Application
from models.database import seal_of
from models.enums import ApplicationState
from models.question import Question
from tests.api.applied import put
from tests.api.client import Api, ApiAt, Person, store
from tests.api.sse import until
from workflows.auto_apply import AutoApply
from workflows.ids import TASK_QUEUE, auto_apply_id
from workflows.messages import ApplicationRef
from workflows.wire import connect

S = ApplicationState

SIGNALED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED


@dataclass
class House:
    """The app with a Temporal of which no worker takes anything, so that signals stay to be seen."""

    api: Api
    temporal: Client

    async def waiting(self, person: Person, state: ApplicationState, *asked: Question) -> Application:
        """Return an application in a state, with its workflow."""
        application = await put(self.api.database, person.id, state)
        for position, question in enumerate(asked):
            question.application_id, question.user_id = application.id, person.id
            question.position = position
            await store(self.api.database, question)
        ref = ApplicationRef(application_id=application.id, user_id=person.id, job_id=application.job_id)
        workflow_id = auto_apply_id(person.id, application.job_id)
        await self.temporal.start_workflow(AutoApply.run, ref, id=workflow_id, task_queue=TASK_QUEUE)
        return application

    async def rings(self, *applications: Application) -> list[int]:
        """Return how often each application was rung."""
        await until(lambda: self.api.context.flows.pending == 0)
        counts = []
        for each in applications:
            handle = self.temporal.get_workflow_handle(auto_apply_id(each.user_id, each.job_id))
            events = (await handle.fetch_history()).events
            counts.append(sum(event.event_type == SIGNALED for event in events))
        return counts


@pytest.fixture
async def house(api_at: ApiAt, temporal_server: str) -> AsyncIterator[House]:
    """The app beside a Temporal."""
    client = await connect(temporal_server, "jobraker")
    async with api_at(temporal=temporal_server) as api:
        yield House(api, client)


def question(topic: Topic, scope: str = "") -> Question:
    """Return a question that is not answered, of no application yet."""
    return Question(
        application_id=uuid4(),
        user_id=uuid4(),
        position=0,
        label="?",
        kind=QuestionKind.TEXT,
        required=True,
        topic=topic,
        scope=scope,
    )


async def test_an_answer_for_the_bank_rings_every_application_that_waits_for_it(house: House) -> None:
    person, other = await house.api.person(), await house.api.person()
    in_germany = question(Topic.SPONSORSHIP, "de")
    first = await house.waiting(person, S.NEEDS_INPUT, question(Topic.WHY_ROLE), in_germany)
    second = await house.waiting(person, S.NEEDS_INPUT, question(Topic.SPONSORSHIP, "de"))
    elsewhere = await house.waiting(person, S.NEEDS_INPUT, question(Topic.SPONSORSHIP, "gb"))
    not_waiting = await house.waiting(person, S.AWAITING_APPROVAL, question(Topic.SPONSORSHIP, "de"))
    foreign = await house.waiting(other, S.NEEDS_INPUT, question(Topic.SPONSORSHIP, "de"))
    answered = question(Topic.SPONSORSHIP, "de")
    async with house.api.database.begin() as session:
        seal = await seal_of(session, house.api.context.keys, person.id)
    answered.answer("No", AnswerSource.PERSON, seal)
    has_it = await house.waiting(person, S.NEEDS_INPUT, answered)
    body = {"topic": "sponsorship", "scope": "Germany", "value": False}
    kept = await person.request("PUT", "/api/answers/", json=body)
    assert kept.status_code == 200
    everyone = (first, second, elsewhere, not_waiting, foreign, has_it)
    assert await house.rings(*everyone) == [1, 1, 0, 0, 0, 0]
    await person.patch(f"/api/answers/{kept.json()['id']}", json={"value": True})
    assert await house.rings(*everyone) == [2, 2, 0, 0, 0, 0]


async def test_new_facts_ring_what_waits_for_answers_and_new_rules_what_was_approved(house: House) -> None:
    person, other = await house.api.person(), await house.api.person()
    asks, approved = [await house.waiting(person, state) for state in (S.NEEDS_INPUT, S.APPROVED)]
    foreign = await house.waiting(other, S.NEEDS_INPUT)
    await person.patch("/api/profile/", json={"facts": {"city": "Paris"}})
    assert await house.rings(asks, approved, foreign) == [1, 0, 0]
    await person.patch("/api/profile/", json={"automation": {"quiet_from": None, "quiet_to": None}})
    assert await house.rings(asks, approved, foreign) == [1, 1, 0]
    await person.patch("/api/profile/", json={"daily_cap": 3})
    assert await house.rings(asks, approved, foreign) == [1, 1, 0]


async def test_the_end_of_a_pause_rings_everybodys_approved_applications(house: House) -> None:
    admin, person, other = [await house.api.administrator(), *[await house.api.person() for _ in range(2)]]
    held = [await house.waiting(each, S.APPROVED) for each in (person, other)]
    asks = await house.waiting(person, S.NEEDS_INPUT)
    for paused, rings in ((False, 0), (True, 0), (False, 1), (False, 1)):
        await admin.request("PUT", "/api/admin/applying", json={"paused": paused})
        assert await house.rings(*held, asks) == [rings, rings, 0]


async def test_each_of_many_cancelled_applications_is_rung_and_no_other(house: House) -> None:
    person = await house.api.person()
    cancelled = [await house.waiting(person, state) for state in (S.QUEUED, S.APPROVED)]
    too_late = await house.waiting(person, S.SUBMITTING)
    ids = [str(each.id) for each in (*cancelled, too_late)]
    await person.post("/api/applications/bulk/cancel", json={"application_ids": ids})
    assert await house.rings(*cancelled, too_late) == [1, 1, 0]
