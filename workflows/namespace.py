"""Our own namespace on a Temporal server: its retention, and what operators filter workflows by."""

import asyncio
from datetime import timedelta

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from workflows.ids import SEARCH_ATTRIBUTES

RPC_TIMEOUT = timedelta(seconds=5)
# a new namespace is known to all parts of a server only after its caches were refreshed
NAMESPACE_SECONDS = 30.0
RETRY_SECONDS = 0.2


async def ensure_namespace(client: Client, namespace: str, retention_days: int) -> None:
    """Register the namespace or bring its retention up to date, and add the search attributes it lacks."""
    retention = timedelta(days=retention_days)
    try:
        described = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=namespace), timeout=RPC_TIMEOUT
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        registration = RegisterNamespaceRequest(namespace=namespace)
        registration.workflow_execution_retention_period.FromTimedelta(retention)
        await client.workflow_service.register_namespace(registration, timeout=RPC_TIMEOUT)
    else:
        if described.config.workflow_execution_retention_ttl.ToTimedelta() != retention:
            config = NamespaceConfig()
            config.workflow_execution_retention_ttl.FromTimedelta(retention)
            await client.workflow_service.update_namespace(
                UpdateNamespaceRequest(namespace=namespace, config=config), timeout=RPC_TIMEOUT
            )
    await _ensure_search_attributes(client, namespace)


async def _ensure_search_attributes(client: Client, namespace: str) -> None:
    deadline = asyncio.get_running_loop().time() + NAMESPACE_SECONDS
    while True:
        try:
            known = await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace=namespace), timeout=RPC_TIMEOUT
            )
            break
        except RPCError as error:
            late = asyncio.get_running_loop().time() > deadline
            if late or error.status is not RPCStatusCode.NOT_FOUND:
                raise
        await asyncio.sleep(RETRY_SECONDS)
    missing = {key.name for key in SEARCH_ATTRIBUTES} - set(known.custom_attributes)
    if missing:
        keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=namespace, search_attributes=dict.fromkeys(missing, keyword)
            ),
            timeout=RPC_TIMEOUT,
        )
