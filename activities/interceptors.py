"""Around every activity: what logs say, what Prometheus counts, what Sentry hears, and what may leave.

Temporal keeps the texts of failures in its histories, where nothing personal may be. So an exception that no
step meant to raise leaves as its class name alone.
"""

import asyncio
import time
import traceback
from typing import Any

import sentry_sdk
import structlog
from prometheus_client import Histogram
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory, CancelledError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from models.errors import NotFoundError

UNEXPECTED = "the step failed unexpectedly"
GONE = "what this step is about no longer exists"
FRAMES = 8
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

SECONDS = Histogram(
    "jobraker_activity_seconds",
    "Time that one try of an activity took, by how it ended.",
    ["activity", "outcome"],
    buckets=BUCKETS,
)

_log = structlog.get_logger(__name__)


class ActivityTelemetry(Interceptor):
    """To be given to the worker."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 -- the name is the SDK's
        """Wrap one activity worker."""
        return _Inbound(next)


class _Inbound(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002, ANN401 -- as the SDK has it
        """Run the activity with its ids in the context, and say how it ended."""
        info = activity.info()
        ids = {"activity": info.activity_type, "workflow_id": info.workflow_id or "", "attempt": info.attempt}
        outcome = "completed"
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(**ids):
            try:
                return await self.next.execute_activity(input)
            except (asyncio.CancelledError, CancelledError):
                outcome = "cancelled"
                raise
            except ApplicationError as error:
                # "not yet", which the policy asks again, is no failure
                outcome = "waiting" if error.category is ApplicationErrorCategory.BENIGN else "failed"
                _cut(error)
                raise
            except NotFoundError:
                # it came late: its account, or what it was to work on, was erased meanwhile
                outcome = "gone"
                raise ApplicationError(GONE, type=NotFoundError.__name__, non_retryable=True) from None
            except Exception as error:  # noqa: BLE001 -- whatever it is, none of its text may leave
                outcome = "raised"
                _report(error, ids)
                raise ApplicationError(UNEXPECTED, type=type(error).__name__) from None
            finally:
                SECONDS.labels(info.activity_type, outcome).observe(time.perf_counter() - began)


def _cut(error: ApplicationError) -> None:
    """Drop what a failure came from: the SDK would write its text beside ours."""
    error.__cause__ = error.__context__ = None


def _report(error: Exception, ids: dict[str, Any]) -> None:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    at = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error("an activity raised", exception=type(error).__qualname__, at=at)
    with sentry_sdk.isolation_scope() as scope:
        for name, value in ids.items():
            scope.set_tag(name, str(value))
        sentry_sdk.capture_exception(error)
