"""The worker as a process: it waits for what is away, works, and leaves when it is told to."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx

from local.ports import free_port
from local.temporal import is_polled
from models.payload_keys import InstallationPayloadKeys
from tests.api.configured import JWT_SECRET, MASTER_KEY, RING
from workflows.codec import Codec
from workflows.ids import TASK_QUEUE
from workflows.reconcile import Reconcile
from workflows.wire import connect

NAMESPACE = "jobraker"
DEADLINE = 30


@asynccontextmanager
async def worker(temporal: str, database_url: str, metrics_port: int = 0) -> AsyncIterator[Process]:
    """Run worker.py until the block ends; its log is the process's stdout."""
    settings = {
        "TEMPORAL__ADDRESS": temporal,
        "DATABASE__URL": database_url,
        "SECURITY__JWT_KEYS": json.dumps({"test": JWT_SECRET}),
        "SECURITY__CURRENT_JWT_KEY": "test",
        "SECURITY__MASTER_KEYS": f'{{"test": "{MASTER_KEY}"}}',
        "SECURITY__CURRENT_MASTER_KEY": "test",
        "TELEMETRY__WORKER_METRICS_PORT": str(metrics_port),
    }
    environment = {f"JOBRAKER_{name}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "worker.py", env={**os.environ, **environment}, stdout=PIPE
    )
    try:
        async with asyncio.timeout(DEADLINE):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def says(process: Process, words: str) -> str:
    """Read the log up to a line with these words and return all of it."""
    assert process.stdout is not None
    read = ""
    while words not in read:
        line = (await process.stdout.readline()).decode()
        assert line, read
        read += line
    return read


async def test_it_waits_for_temporal_and_leaves_when_told(empty_database_url: str) -> None:
    async with worker(f"127.0.0.1:{free_port()}", empty_database_url) as process:
        log = await says(process, "not there yet")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert JWT_SECRET not in log
    assert empty_database_url not in log


async def test_it_works_shows_metrics_and_drains(temporal_server: str, database_url: str) -> None:
    port = free_port()
    async with worker(temporal_server, database_url, port) as process, httpx.AsyncClient() as browser:
        await says(process, "working")
        codec = Codec(InstallationPayloadKeys(RING), NAMESPACE)
        client = await connect(temporal_server, NAMESPACE, codec)
        started = await client.execute_workflow(
            Reconcile.run, id=f"reconcile-{uuid4()}", task_queue=TASK_QUEUE
        )
        assert started == 0
        assert await is_polled(temporal_server, NAMESPACE, TASK_QUEUE)
        metrics = (await browser.get(f"http://127.0.0.1:{port}/metrics")).text
        assert 'jobraker_activity_seconds_count{activity="find_stranded",outcome="completed"} 1.0' in metrics
        process.send_signal(signal.SIGINT)
        log = await says(process, "draining")
        assert await process.wait() == 0
    assert "exception" not in log
