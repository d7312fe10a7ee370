"""A step that comes after its person was erased ends at once, and writes nothing."""

import inspect
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.account_export.activities import AccountExportActivities
from activities.auto_apply_sweep import AutoApplySweepActivities
from activities.chat_turn import ChatTurnActivities
from activities.follow_up import FollowUpActivities
from activities.interceptors import ActivityTelemetry
from activities.notify import NotifyActivities
from activities.token_mail import TokenMailActivities
from activities.vendors.mail import Mailer
from models.enums import ApplicationState, AttemptState, EndReason
from models.errors import NotFoundError
from tests.activities.apply_scene import Scene, open_scene
from tests.activities.erasure_scene import dump
from workflows.account_messages import ExportRef, TokenMailRef
from workflows.account_steps import AccountExportSteps, TokenMailSteps
from workflows.job_messages import PersonRef
from workflows.messages import (
    ApplicationRef,
    ApproveShown,
    AttemptRef,
    AttemptRun,
    ChatTurnRef,
    EndApplication,
    Message,
    NotificationRef,
    OpenAttempt,
    Remind,
    Staged,
    TakeAnswers,
    VoidAttempt,
)
from workflows.steps import AutoApplySteps, ChatTurnSteps, FollowUpSteps, NotifySteps

GONE = uuid4()
APPLICATION = ApplicationRef(application_id=uuid4(), user_id=GONE, job_id=uuid4())
ATTEMPT = AttemptRef(application_id=APPLICATION.application_id, user_id=GONE, attempt_id=uuid4())
STAGED = Staged(vendor_workflow_id="w", file_id="f")
FAILED = ApplicationState.FAILED
MESSAGES: tuple[Message, ...] = (
    APPLICATION,
    ATTEMPT,
    ApproveShown(application=APPLICATION, shown_hash="0"),
    AttemptRun(attempt=ATTEMPT, run_id="r"),
    ChatTurnRef(message_id=uuid4(), user_id=GONE),
    EndApplication(application=APPLICATION, state=FAILED, reason=EndReason.PROVIDER_ERROR),
    ExportRef(export_id=uuid4(), user_id=GONE),
    NotificationRef(notification_id=uuid4(), user_id=GONE),
    OpenAttempt(application=APPLICATION, staged=STAGED),
    PersonRef(user_id=GONE),
    Remind(application=APPLICATION, number=1),
    TakeAnswers(application=APPLICATION, question_ids=[uuid4()]),
    TokenMailRef(token_id=uuid4(), user_id=GONE),
    VoidAttempt(attempt=ATTEMPT, state=AttemptState.ABSENT),
)
CONTRACTS = (AutoApplySteps, FollowUpSteps, ChatTurnSteps, NotifySteps, TokenMailSteps, AccountExportSteps)
# what starts a workflow for somebody else has nothing to look at
STEPS = sorted(
    {name for contract in CONTRACTS for name in contract.__abstractmethods__} - {"begin_notice"}
    | {"match_person"}
)


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    """A scene in which somebody else lives."""
    async with open_scene(database_url, tmp_path) as scene:
        yield scene


def implementations(scene: Scene) -> list[object]:
    """Return every class that does steps for people."""
    database, keys, applying = scene.database, scene.keys, scene.activities
    # it would be seen if something were sent: nobody listens there
    mailer = Mailer("127.0.0.1", 9, "Jobraker <no-reply@example.com>", starttls=False)
    return [
        applying,
        FollowUpActivities(database),
        ChatTurnActivities(database, keys, applying.credentials, applying.model, 5),
        NotifyActivities(database, mailer),
        TokenMailActivities(database, keys, mailer, "https://jobraker.example.com"),
        AccountExportActivities(database, keys, timedelta(days=1)),
        AutoApplySweepActivities(database),
    ]


def message_for(step: Any) -> Message:  # noqa: ANN401 -- a bound method
    """Return a message of the kind that a step takes, about somebody who is gone."""
    (parameter,) = inspect.signature(step).parameters.values()
    kind: type[Message] = parameter.annotation
    return next(each for each in MESSAGES if isinstance(each, kind))


async def failure_of(step: Any, message: Message) -> ApplicationError | None:  # noqa: ANN401 -- as above
    """Do a step as a worker does it, whose interceptor says what a failure means; return that."""

    class Bare(ActivityInboundInterceptor):
        async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 -- the SDK's
            return await step(message)

    inbound = ActivityTelemetry().intercept_activity(Bare.__new__(Bare))
    try:
        await ActivityEnvironment().run(inbound.execute_activity, cast("ExecuteActivityInput", None))
    except ApplicationError as error:
        return error
    return None


@pytest.mark.parametrize("name", STEPS)
async def test_a_step_for_somebody_who_is_gone_ends_and_writes_nothing(scene: Scene, name: str) -> None:
    step = next(getattr(each, name) for each in implementations(scene) if hasattr(each, name))
    before = await dump(scene.database)
    failure = await failure_of(step, message_for(step))
    # nobody repeats it for days
    assert failure is None or failure.non_retryable
    assert await dump(scene.database) == before


async def test_what_is_not_found_is_looked_for_once() -> None:
    async def late(message: Message) -> None:
        raise NotFoundError("a text that may say whose it was")

    failure = await failure_of(late, APPLICATION)
    assert failure is not None
    assert failure.non_retryable
    assert "whose" not in str(failure)
