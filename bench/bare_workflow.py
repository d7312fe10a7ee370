"""The limit of an application: a Temporal workflow that calls as many activities, which do nothing.

Run as a program it is the worker of that workflow.
"""

import asyncio
import os
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

QUEUE = "bare"
ADDRESS = "BENCH_TEMPORAL"
NAMESPACE = "BENCH_NAMESPACE"


@activity.defn
async def nothing() -> None:
    """Do nothing."""


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
    await Worker(client, task_queue=QUEUE, workflows=[Bare], activities=[nothing]).run()


if __name__ == "__main__":
    asyncio.run(main())
