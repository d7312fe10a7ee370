"""DOOR: the `jobraker` command. It reads the settings and hands them to one command of `local.commands`."""

import argparse
import asyncio
from collections.abc import Sequence
from typing import NoReturn

from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console

import telemetry
from local.commands.accounts import AccountError, create_admin
from local.commands.erase_user import erase_user
from local.commands.rotate_keys import rotate_keys
from local.commands.schedules import upsert_schedules
from local.commands.up import up
from local.demo.main import main as demo
from local.environment import DELIMITER, PREFIX, command_settings
from local.secrets import SecretsError
from models.migrate import upgrade

FAILED = 1
USAGE_ERROR = 2
INTERRUPTED = 130


def door() -> NoReturn:
    """Run one command as a process of its own."""
    telemetry.leave(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    console = Console()
    try:
        return _run(options, console)
    except ValidationError as error:
        # never with the values, some of which are secrets
        for each in error.errors():
            name = f"{PREFIX}{DELIMITER.join(map(str, each['loc'])).upper()}: " if each["loc"] else ""
            console.print(f"{name}{each['msg']}", markup=False)
    except SettingsError as error:
        console.print(f"{error}: it is no JSON; write it in one line as .env.example does", markup=False)
    except (AccountError, SecretsError) as error:
        console.print(str(error), markup=False)
    except KeyboardInterrupt:
        return INTERRUPTED
    return USAGE_ERROR


def _run(options: argparse.Namespace, console: Console) -> int:
    match options.command:
        case "up":
            return up(console, restart=options.restart)
        case "demo":
            return demo()
        case "migrate":
            upgrade(command_settings().database.url.get_secret_value())
        case "schedules":
            asyncio.run(upsert_schedules(command_settings(), with_namespace=options.namespace))
        case "create-admin":
            asyncio.run(create_admin(command_settings(), options.email, console))
        case "rotate-keys":
            return 0 if asyncio.run(rotate_keys(command_settings(), console)) else FAILED
        case "erase-user":
            erase_user(command_settings(), options.email, console, at_once=options.now)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jobraker", description=__doc__.partition(": ")[2] if __doc__ else ""
    )
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("up", help="run the whole system on this machine until Ctrl-C")
    start.add_argument("--restart", action="store_true", help="start a crashed part again, not end the rest")
    commands.add_parser("demo", help="play the whole story against the running system")
    commands.add_parser("migrate", help="bring the database to the newest schema")
    schedules = commands.add_parser("schedules", help="create or update Temporal's schedules")
    schedules.add_argument(
        "--namespace", action="store_true", help="register the namespace and its search attributes first"
    )
    admin = commands.add_parser("create-admin", help="create an administrator, or promote an account")
    admin.add_argument("email")
    commands.add_parser("rotate-keys", help="wrap every person's key by the current master key")
    erase = commands.add_parser("erase-user", help="erase an account and everything about its person")
    erase.add_argument("email")
    erase.add_argument("--now", action="store_true", help="without the cooling-off period")
    return parser


if __name__ == "__main__":
    door()
