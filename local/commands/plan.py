"""The local stack in the order in which it starts: every part with its ports, and the steps between them."""

import asyncio
import sys
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

import settings as project
from local.commands.accounts import ensure_account
from local.commands.schedules import upsert_schedules
from local.environment import Stack
from local.ports import Port
from local.postgres.binaries import PostgresError
from local.postgres.cluster import DATABASE, Cluster
from local.supervisor.parts import Part, Step, StepError, accepts_connections, answers_ok
from local.temporal import HOST, is_polled, temporal_part
from models.enums import Role
from models.migrate import upgrade
from workflows.ids import TASK_QUEUE

ROOT = Path(project.__file__).parent
ANY_HOST = {"0.0.0.0", "::"}  # noqa: S104 -- compared with, not bound to
API_GRACE_SECONDS = 3
SERVER = (
    *("uvicorn", "api.app:create", "--factory", "--no-server-header"),
    # the app itself knows which proxies to believe
    *("--no-proxy-headers", "--http", "api.parsing:Protocol"),
)
"""How the API is served here and in its container."""

STAND_INS = "stand-ins"
BROWSER = "skyvern"


def ports_of(stack: Stack) -> list[Port]:
    """Return every port that the stack will listen on, with the setting that changes it."""
    settings, local = stack.settings, stack.settings.local
    ports = [
        Port(settings.api.port, "API", "JOBRAKER_API__PORT", settings.api.host),
        Port(local.postgres_port, "PostgreSQL", "JOBRAKER_LOCAL__POSTGRES_PORT"),
        Port(local.temporal_port, "Temporal", "JOBRAKER_LOCAL__TEMPORAL_PORT"),
        Port(local.temporal_ui_port, "Temporal UI", "JOBRAKER_LOCAL__TEMPORAL_UI_PORT"),
    ]
    if settings.telemetry.worker_metrics_port:
        port = settings.telemetry.worker_metrics_port
        ports.append(Port(port, "worker metrics", "JOBRAKER_TELEMETRY__WORKER_METRICS_PORT"))
    for name in stack.stand_ins:
        setting = f"JOBRAKER_LOCAL__{name.upper()}_PORT"
        ports.append(Port(_port_of(stack, name), f"stand-in of {name}", setting))
        if name == "mail":
            ports.append(Port(local.mail_port + 1, "what the mail sink has received", setting))
    return ports


def plan_of(stack: Stack) -> list[Part | Step]:
    """Return the parts and steps in their order; the database's files are created now."""
    settings, local = stack.settings, stack.settings.local
    cluster = Cluster(local.data_dir / "postgres", local.postgres_port, stack.secrets.postgres_password)
    cluster.create()
    plan: list[Part | Step] = [
        cluster.part(),
        temporal_part(
            local.temporal_port,
            namespace=settings.temporal.namespace,
            ui_port=local.temporal_ui_port,
            db_file=local.data_dir / "temporal.sqlite3",
        ),
    ]
    return [
        *plan,
        *_stand_ins(stack),
        Step("migrations", lambda: _migrate(stack, cluster)),
        Step("namespace and schedules", lambda: _schedule(stack)),
        _worker(stack),
        _api(stack),
        Step("accounts", lambda: _create_accounts(stack)),
    ]


def api_address(stack: Stack) -> str:
    """Return where the API is reached from this machine."""
    api = stack.settings.api
    return f"http://{HOST if api.host in ANY_HOST else api.host}:{api.port}"


def _port_of(stack: Stack, stand_in: str) -> int:
    port: int = getattr(stack.settings.local, f"{stand_in}_port")
    return port


def _stand_ins(stack: Stack) -> list[Part]:
    # the browser is a process of its own: it can die without the employer whose forms it fills in
    together = [name for name in stack.stand_ins if name != BROWSER]
    groups = {STAND_INS: together, BROWSER: [name for name in stack.stand_ins if name == BROWSER]}
    return [_serving(stack, part, names) for part, names in groups.items() if names]


def _serving(stack: Stack, part: str, names: list[str]) -> Part:
    ports = [_port_of(stack, name) for name in names]
    return Part(
        name=part,
        argv=[sys.executable, "-m", "local.serve", *names],
        ready=lambda: all(accepts_connections(HOST, port) for port in ports),
    )


def _worker(stack: Stack) -> Part:
    temporal = stack.settings.temporal
    return Part(
        name="worker",
        argv=[sys.executable, str(ROOT / "worker.py")],
        ready=lambda: asyncio.run(is_polled(temporal.address, temporal.namespace, TASK_QUEUE)),
        env=stack.environment,
        port=stack.settings.telemetry.worker_metrics_port or None,
    )


def _api(stack: Stack) -> Part:
    api = stack.settings.api
    return Part(
        name="api",
        argv=[
            *(sys.executable, "-m", *SERVER),
            *("--host", api.host, "--port", str(api.port)),
            *("--timeout-graceful-shutdown", str(API_GRACE_SECONDS)),
        ],
        ready=lambda: answers_ok(f"{api_address(stack)}/health/ready"),
        env=stack.environment,
        port=api.port,
    )


def _migrate(stack: Stack, cluster: Cluster) -> None:
    try:
        cluster.ensure_database(DATABASE)
        upgrade(stack.settings.database.url.get_secret_value())
    except PostgresError as error:
        raise StepError(str(error)) from error
    except (CommandError, SQLAlchemyError) as error:
        raise StepError(f"the database could not be brought up to date: {error}") from error


def _schedule(stack: Stack) -> None:
    try:
        asyncio.run(upsert_schedules(stack.settings, with_namespace=True))
    except RPCError as error:
        raise StepError(f"Temporal does not take the schedules: {error}") from error


def _create_accounts(stack: Stack) -> None:
    secrets = stack.secrets
    try:
        asyncio.run(ensure_account(stack.settings, secrets.demo_email, secrets.demo_password, Role.USER))
        asyncio.run(ensure_account(stack.settings, secrets.admin_email, secrets.admin_password, Role.ADMIN))
    except SQLAlchemyError as error:
        raise StepError(f"the demo accounts could not be created: {error}") from error
