"""The limits of an application: Temporal workflows of activities that do nothing, or that never succeed.

Run as a program it is the worker of these workflows.
"""

import asyncio
import os
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import Worker

QUEUE = "bare"
ADDRESS = "BENCH_TEMPORAL"
NAMESPACE = "BENCH_NAMESPACE"


@activity.defn
async def nothing() -> None:
    """Do nothing."""


@activity.defn
async def not_yet() -> None:
    """Say that it goes on."""
    raise ApplicationError("it goes on", category=ApplicationErrorCategory.BENIGN)


@workflow.defn
class Waiting:
    """Waits for an activity that is tried again and again, as one waits for a vendor."""

    @workflow.run
    async def run(self, seconds: float) -> None:
        """Try it every so many seconds."""
        await workflow.execute_activity(
            not_yet,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=seconds), backoff_coefficient=1.0),
        )


@workflow.defn
class Bare:
    """Calls activities one after the other."""

    @workflow.run
    async def run(self, activities: int) -> None:
        """Call so many."""
        for _ in range(activities):
            await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(seconds=30))


async def main() -> None:
    """Work until killed."""
    client = await Client.connect(os.environ[ADDRESS], namespace=os.environ[NAMESPACE])
    await Worker(client, task_queue=QUEUE, workflows=[Bare, Waiting], activities=[nothing, not_yet]).run()


if __name__ == "__main__":
    asyncio.run(main())
