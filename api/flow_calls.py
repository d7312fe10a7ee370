"""Calls to Temporal by the API: one lazy client, never waiting long; what is started soon is tried again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import structlog
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.converter import PayloadCodec
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.flow_errors import AWAY
from workflows.ids import TASK_QUEUE, fair_to, user_attributes
from workflows.messages import Message
from workflows.wire import connect

RPC_TIMEOUT = timedelta(seconds=2)
CALL_SECONDS = 3.0
PENDING_MAX = 200
DRAIN_SECONDS = 2.0
AGAIN_SECONDS = (0.0, 0.5, 1.0, 2.0)
"""How long to wait before each try: a cancelled application's workflow may hold the id a little longer."""

Answer = TypeVar("Answer")
Call = Callable[[Client], Awaitable[Answer]]

log = structlog.get_logger()


class FlowCaller:
    """Construct it in any thread, use it in one event loop."""

    def __init__(
        self, address: str, namespace: str, codec: PayloadCodec | None = None, *, tls: bool = False
    ) -> None:
        self._address = address
        self._namespace = namespace
        self._codec = codec
        self._tls = tls
        self._client: Client | None = None
        self._pending: set[asyncio.Task[None]] = set()

    @property
    def pending(self) -> int:
        """How many calls are under way."""
        return len(self._pending)

    async def healthy(self) -> bool:
        """Tell whether Temporal answers for our namespace."""

        async def describe(client: Client) -> None:
            request = DescribeNamespaceRequest(namespace=self._namespace)
            await client.workflow_service.describe_namespace(request, timeout=RPC_TIMEOUT)

        try:
            await self._call(describe)
        except AWAY:
            return False
        return True

    async def close(self) -> None:
        """Let what is under way end, for a moment; reconciliation starts the rest."""
        if self._pending:
            _, late = await asyncio.wait(self._pending, timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _call(self, call: Call[Answer], seconds: float = CALL_SECONDS) -> Answer:
        async with asyncio.timeout(seconds):
            if self._client is None:
                # lazy: it connects at each call until it is connected
                self._client = await connect(
                    self._address, self._namespace, self._codec, tls=self._tls, lazy=True
                )
            return await call(self._client)

    def _start_soon(
        self, name: str, workflow_type: str, message: Message, workflow_id: str, user_id: UUID
    ) -> None:
        """Start a workflow that is one person's soon, under their name and in their turn."""

        async def start(client: Client) -> None:
            await client.start_workflow(
                workflow_type,
                message,
                id=workflow_id,
                task_queue=TASK_QUEUE,
                search_attributes=user_attributes(user_id),
                priority=fair_to(user_id),
                rpc_timeout=RPC_TIMEOUT,
            )

        self._soon(name, start)

    def _soon(self, name: str, call: Call[None]) -> None:
        if len(self._pending) >= PENDING_MAX:
            log.warning("temporal.busy", call=name)
            return
        task = asyncio.create_task(self._quietly(name, call))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _quietly(self, name: str, call: Call[None]) -> None:
        try:
            for seconds in AGAIN_SECONDS:
                await asyncio.sleep(seconds)
                with suppress(WorkflowAlreadyStartedError):
                    await self._call(call)
                    return
        except AWAY as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                return
            log.warning("temporal.away", call=name, error=type(error).__name__)
