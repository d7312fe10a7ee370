"""`jobraker up`: the whole system on one machine, until Ctrl-C."""

import os

from rich.console import Console
from rich.table import Table

from local.commands.plan import api_address, plan_of, ports_of
from local.demo.mailbox import MESSAGES
from local.environment import Stack, describe_stack
from local.ports import PortsTakenError, check_ports
from local.postgres.binaries import PostgresError
from local.secrets import SecretsError, load_or_create_secrets
from local.supervisor.display import Display
from local.supervisor.instance import AlreadyRunningError, Instance
from local.supervisor.runner import Supervisor
from local.temporal import HOST, TemporalError
from settings import local_settings

CANNOT_START = 1
OWNER_READS = 0o066
"""The umask: others may pass through our folders, as PostgreSQL's own user must, and read nothing."""


def up(console: Console, *, restart: bool = False) -> int:
    """Run the local stack and return the exit code; `restart` starts crashed parts again."""
    display = Display(console)
    local = local_settings()
    before = os.umask(OWNER_READS)
    try:
        with Instance(local.data_dir) as instance:
            stack = describe_stack(local, load_or_create_secrets(instance.data_dir))
            check_ports(ports_of(stack))
            with display.step("database files"):
                plan = plan_of(stack)
            addresses = addresses_of(stack)
            supervisor = Supervisor(instance, plan, display, restart=restart)
            return supervisor.run(addresses, lambda: console.print(_table(stack, addresses)))
    except (AlreadyRunningError, SecretsError, PortsTakenError, PostgresError, TemporalError) as error:
        display.error(str(error))
        return CANNOT_START
    finally:
        os.umask(before)


def addresses_of(stack: Stack) -> dict[str, str]:
    """Return where a person finds what runs."""
    local = stack.settings.local
    addresses = {
        "API": api_address(stack),
        "API docs": f"{api_address(stack)}/docs",
        "Temporal UI": f"http://{HOST}:{local.temporal_ui_port}",
    }
    if "careers" in stack.stand_ins:
        addresses["Careers site"] = f"http://{HOST}:{local.careers_port}"
    if "mail" in stack.stand_ins:
        addresses["Mail sink"] = f"http://{HOST}:{local.mail_port + 1}{MESSAGES}"
    return addresses


def _table(stack: Stack, addresses: dict[str, str]) -> Table:
    secrets = stack.secrets
    table = Table(title="Jobraker is up (Ctrl-C stops it)", title_justify="left", show_header=False)
    for name, address in addresses.items():
        table.add_row(name, address)
    table.add_section()
    table.add_row("Demo user", f"{secrets.demo_email}  {secrets.demo_password}")
    table.add_row("Administrator", f"{secrets.admin_email}  {secrets.admin_password}")
    table.add_section()
    table.add_row("Stand-ins", ", ".join(stack.stand_ins) or "none: every vendor has its key")
    table.add_row("Data and logs", str(stack.settings.local.data_dir.absolute()))
    return table
