"""The history of one real application of twenty questions: how long it is, and that it holds no word."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.follow_up import FollowUpActivities
from activities.notify import NotifyActivities
from activities.vendors.mail import Mailer
from activities.vendors.openai import OpenAI, new_openai_client
from local.openai.app import create_app
from local.openai.config import OpenAIConfig
from local.serving import serve
from models.answering_enums import AnswerSource, QuestionKind, Topic
from models.application import application_locked
from models.base import now
from models.database import seal_of
from models.enums import ApplicationState, NotificationKind
from models.question import GivenAnswer, Question
from models.sealed import place_of
from models.shown import load_shown
from settings import SkyvernSettings
from tests.activities.apply_scene import IDENTITY, Scene, open_scene
from tests.local.skyvern_stage import until
from tests.workflows.running import start
from worker import activities_of
from workflows.auto_apply import AutoApply
from workflows.ids import TASK_QUEUE
from workflows.messages import ApplicationRef, Approve, Conclusion, GiveAnswers, GivenShape
from workflows.wire import connect

S = ApplicationState
Handle = WorkflowHandle[AutoApply, Conclusion]

EVENTS_MAX = 150
QUESTIONS_MIN = 20
CANARY = "canary-answer"
SECONDS = 60.0
LINKS = frozenset({Topic.LINKEDIN, Topic.GITHUB, Topic.PORTFOLIO})
ANSWERS = {QuestionKind.NUMBER: "7", QuestionKind.DATE: "2031-01-01"}


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A person whose vendor is asked often."""
    settings = SkyvernSettings(
        timeout_seconds=10.0,
        settle_seconds=11.0,
        poll_seconds=0.2,
        poll_max_seconds=0.5,
        scout_poll_seconds=0.2,
    )
    async with serve(create_app(OpenAIConfig(piece_seconds=0))) as url:
        client = new_openai_client(f"{url}/v1", 5.0)
        model = OpenAI(client, "gpt-4.1-mini", 1500)
        async with open_scene(database_url, tmp_path, settings=settings, model=model) as scene:
            await scene.automate(undo_minutes=0.02)
            yield scene
        await client.close()


@pytest.fixture
async def client(temporal_server: str, scene: Scene) -> AsyncIterator[Client]:
    """A worker with the real steps."""
    client = await connect(temporal_server, "jobraker")
    mailer = Mailer("", 25, "nobody@example.com")
    activities = activities_of(
        scene.activities, FollowUpActivities(scene.database), NotifyActivities(scene.database, mailer)
    )
    async with Worker(client, task_queue=TASK_QUEUE, activities=activities):
        yield client


def stands(scene: Scene, ref: ApplicationRef, state: ApplicationState) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether an application stands there."""

    async def check() -> bool:
        return await scene.state(ref) is state

    return check


async def remind_soon(scene: Scene, ref: ApplicationRef, handle: Handle) -> None:
    """Have the person asked an hour ago, and wait until they are reminded."""
    async with scene.database.begin() as session:
        application = (await session.exec(application_locked(ref.application_id))).one()
        application.asked_at = now() - timedelta(hours=1)
    await handle.signal(AutoApply.doorbell)

    async def reminded() -> bool:
        kinds = [each.kind for each in await scene.notifications()]
        return NotificationKind.APPLICATION_REMINDER in kinds

    await until(reminded, SECONDS)


async def give_what_is_open(scene: Scene, ref: ApplicationRef, handle: Handle) -> int:
    """Answer every question that has no answer, as the API does; return how many of them were required."""
    open_ = [each for each in await scene.questions(ref) if each.source is None]
    open_ = [each for each in open_ if each.kind is not QuestionKind.FILE]
    async with scene.database.begin() as session:
        seal = await seal_of(session, scene.keys, scene.user_id)
        for each in open_:
            place = place_of("given_answer", "value_sealed", each.id)
            session.add(
                GivenAnswer(
                    question_id=each.id,
                    application_id=ref.application_id,
                    user_id=scene.user_id,
                    remember=True,
                    value_sealed=seal.seal_text(value_of(each), place),
                )
            )
    given = [
        GivenShape(question_id=each.id, chosen=1 if each.options else 0, length=len(CANARY)) for each in open_
    ]
    await handle.execute_update(AutoApply.give_answers, GiveAnswers(answers=given))
    return sum(each.required for each in open_)


def value_of(question: Question) -> str:
    """Return JSON of an answer that fits a question."""
    if question.options:
        value = f'"{question.options[0]}"'
        return f"[{value}]" if question.kind is QuestionKind.MULTI else value
    if question.topic in LINKS:
        return f'"https://example.org/{CANARY}"'
    return f'"{ANSWERS.get(question.kind, CANARY)}"'


async def shown_hash(scene: Scene, ref: ApplicationRef) -> str:
    """Return what names what is shown."""
    async with scene.database.begin() as session:
        application = (await session.exec(application_locked(ref.application_id))).one()
        seal = await seal_of(session, scene.keys, scene.user_id)
        return (await load_shown(session, application, seal)).hash(seal)


async def test_twenty_questions_asked_reminded_approved_and_sent_stay_under_150_events_without_a_word(
    scene: Scene, client: Client
) -> None:
    ref = await scene.queue("long-gb-1")
    async with asyncio.timeout(2 * SECONDS):
        handle = await start(client, ref)
        await until(stands(scene, ref, S.NEEDS_INPUT), SECONDS)
        await remind_soon(scene, ref, handle)
        assert await give_what_is_open(scene, ref, handle) > 0
        await until(stands(scene, ref, S.AWAITING_APPROVAL), SECONDS)
        approval = Approve(shown_hash=await shown_hash(scene, ref))
        await handle.execute_update(AutoApply.approve, approval)
        assert (await handle.result()).state is S.SUBMITTED
        history = await handle.fetch_history()
    questions = await scene.questions(ref)
    assert len(questions) >= QUESTIONS_MIN
    assert AnswerSource.PERSON in {each.source for each in questions}
    assert len(history.events) < EVENTS_MAX
    whole = b"".join(event.SerializeToString() for event in history.events)
    assert str(ref.application_id).encode() in whole
    for word in (CANARY, IDENTITY.first_name, IDENTITY.last_name, str(IDENTITY.email), "2031-01-01"):
        assert word.encode() not in whole
    assert not any(question.label.encode() in whole for question in questions)
    (sent,) = await scene.stage.ledger()
    assert CANARY in str(sent)
