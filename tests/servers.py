"""The real servers that the tests share: one PostgreSQL and one Temporal a session, a database a test."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from temporalio.client import Client
from temporalio.service import RPCError

from local.ports import free_port
from local.postgres.cluster import Cluster, throwaway_folder
from local.supervisor.process import running
from local.supervisor.watchdog import Watchdog
from local.temporal import HOST, temporal_part
from models.migrate import upgrade

TEMPLATE = "jobraker_template"
NAMESPACE = "jobraker"


@dataclass
class Postgres:
    """The session's PostgreSQL, which makes databases from a template that was migrated once."""

    cluster: Cluster
    _templates: set[str]

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Lend the URL of a new database, with our tables or empty; it is dropped afterwards."""
        name = f"test_{secrets.token_hex(6)}"
        template = self._migrated_template() if migrated else "template0"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        try:
            yield self.cluster.url(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _migrated_template(self) -> str:
        if TEMPLATE not in self._templates:
            self.cluster.ensure_database(TEMPLATE)
            upgrade(self.cluster.url(TEMPLATE))
            self._templates.add(TEMPLATE)
        return TEMPLATE

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres(watchdog: Watchdog) -> Iterator[Postgres]:
    """Run a PostgreSQL in memory that need not survive a power cut."""
    with throwaway_folder() as folder:
        watchdog.remove(folder)
        cluster = Cluster(folder / "data", free_port(), secrets.token_urlsafe(12), durable=False)
        cluster.create()
        with running(cluster.part(), folder, watchdog):
            yield Postgres(cluster, set())


@contextmanager
def running_temporal(logs: Path, watchdog: Watchdog) -> Iterator[str]:
    """Run a Temporal server that forgets everything, with our namespace; yields its address."""
    port = free_port()
    with running(temporal_part(port, namespace=NAMESPACE), logs, watchdog):
        yield f"{HOST}:{port}"


async def terminate_all(address: str) -> None:
    """End every workflow that runs in our namespace."""
    client = await Client.connect(address, namespace=NAMESPACE)
    async for running_one in client.list_workflows("ExecutionStatus = 'Running'"):
        handle = client.get_workflow_handle(running_one.id, run_id=running_one.run_id)
        with suppress(RPCError):
            await handle.terminate("its test is over")
