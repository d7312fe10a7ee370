"""What leaves an activity that fails: its class name and nothing that it said."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from temporalio import activity
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Worker

from activities.interceptors import ActivityTelemetry
from tests.workflows.scripted import implementations
from workflows.ids import TASK_QUEUE, notify_id
from workflows.messages import NotificationRef
from workflows.notify import Notify
from workflows.steps import NotifySteps
from workflows.wire import connect

CANARY = "canary-ada@example.org"


def speak() -> None:
    """Fail with a personal text."""
    raise ValueError(CANARY)


def unexpected() -> None:
    """Fail as a bug would, with a chain of personal texts."""
    try:
        speak()
    except ValueError as error:
        raise RuntimeError(f"while telling {CANARY}") from error


def meant() -> None:
    """Fail as a step means to, but with a careless cause."""
    try:
        speak()
    except ValueError as error:
        raise ApplicationError("refused", type="mail_refused", non_retryable=True) from error


def not_yet() -> None:
    """Ask to be asked again."""
    raise ApplicationError("not yet", type="not_yet", category=ApplicationErrorCategory.BENIGN)


@dataclass
class FailingNotify(NotifySteps):
    """Each try of one notification behaves as the next entry says; another test's is let pass."""

    mine: UUID
    tries: list[Callable[[], None]] = field(default_factory=list)

    @activity.defn
    async def send(self, notification: NotificationRef) -> None:
        """Fail."""
        if notification.notification_id == self.mine:
            self.tries.pop(0)()

    @activity.defn
    async def begin_notice(self, notification: NotificationRef) -> None:
        """Leave the notice to the test, which starts it."""


async def history_of(
    temporal_server: str, tries: list[Callable[[], None]], interceptors: list[ActivityTelemetry]
) -> str:
    """Run a workflow whose step fails and return its whole history."""
    client = await connect(temporal_server, "jobraker")
    ref = NotificationRef(notification_id=uuid4(), user_id=uuid4())
    steps = implementations(FailingNotify(ref.notification_id, tries))
    async with (
        Worker(client, task_queue=TASK_QUEUE, activities=steps, interceptors=interceptors),
        asyncio.timeout(120),
    ):
        handle = await client.start_workflow(
            Notify.run, ref, id=notify_id(ref.user_id, ref.notification_id), task_queue=TASK_QUEUE
        )
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    return (await handle.fetch_history()).to_json()


async def test_a_history_names_the_class_and_nothing_that_it_said(temporal_server: str) -> None:
    with capture_logs() as logs:
        history = await history_of(temporal_server, [unexpected, not_yet, meant], [ActivityTelemetry()])
    assert CANARY not in history
    assert "mail_refused" in history
    assert CANARY not in str(logs)
    (reported,) = [entry for entry in logs if entry["event"] == "an activity raised"]
    assert reported["exception"] == "RuntimeError"
    assert reported["at"][-1].endswith("unexpected")


async def test_without_the_interceptor_the_history_would_tell(temporal_server: str) -> None:
    assert CANARY in await history_of(temporal_server, [meant], [])


async def test_the_class_of_a_bug_is_the_type_of_its_failure(temporal_server: str) -> None:
    history = await history_of(temporal_server, [unexpected, meant], [ActivityTelemetry()])
    assert '"RuntimeError"' in history


async def test_a_bug_leaves_without_what_caused_it() -> None:
    # the last try's failure is written with its causes, which the earlier ones' are not
    class Bug(ActivityInboundInterceptor):
        async def execute_activity(self, input: ExecuteActivityInput) -> None:  # noqa: A002 -- the SDK's
            unexpected()

    step = ActivityTelemetry().intercept_activity(Bug.__new__(Bug))
    with pytest.raises(ApplicationError) as raised:
        await ActivityEnvironment().run(step.execute_activity, cast("ExecuteActivityInput", None))
    assert CANARY not in str(raised.value)
    assert raised.value.__cause__ is None


async def test_every_try_is_counted_by_how_it_ended(temporal_server: str) -> None:
    def counted(outcome: str) -> float:
        labels = {"activity": "send", "outcome": outcome}
        return REGISTRY.get_sample_value("jobraker_activity_seconds_count", labels) or 0.0

    before = {outcome: counted(outcome) for outcome in ("raised", "waiting", "failed")}
    await history_of(temporal_server, [unexpected, not_yet, meant], [ActivityTelemetry()])
    assert {outcome: counted(outcome) - count for outcome, count in before.items()} == {
        "raised": 1,
        "waiting": 1,
        "failed": 1,
    }
