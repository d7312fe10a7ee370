"""Finds the stack that `jobraker up` runs, by the file in which it says what runs where."""

import json
from dataclasses import dataclass
from pathlib import Path

from local.demo.mailbox import MESSAGES
from local.secrets import LocalSecrets, SecretsError, load_secrets
from local.supervisor.instance import state_path
from local.supervisor.watchdog import is_alive

START_IT = "start it with `make run` (or `jobraker up`) in another terminal"


class NothingRunsError(Exception):
    """There is no stack to play against; the message says what to do."""


@dataclass(frozen=True)
class Running:
    """A running stack: the addresses of the API, the employer's site and the mail sink, and its secrets."""

    api: str
    careers: str
    mailbox: str
    secrets: LocalSecrets


def find_running(data_dir: Path) -> Running:
    """Return what runs on a data folder.

    Raises `NothingRunsError` also where a real Skyvern is set: an invented person must not apply to real
    employers.
    """
    try:
        state = json.loads(state_path(data_dir).read_bytes())
        secrets = load_secrets(data_dir)
    except FileNotFoundError:
        raise NothingRunsError(f"nothing runs on {data_dir.absolute()}: {START_IT}") from None
    except (ValueError, SecretsError) as error:
        raise NothingRunsError(str(error)) from error
    if not is_alive(state["pid"]):
        raise NothingRunsError(f"nothing runs on {data_dir.absolute()} any more: {START_IT}")
    if "api" not in state["parts"]:
        raise NothingRunsError("the stack is still starting: try again once it shows its addresses")
    if "Careers site" not in state["addresses"]:
        raise NothingRunsError(
            "the demo's applicant is invented, so it needs Skyvern's stand-in: "
            "start `jobraker up` without JOBRAKER_SKYVERN__API_KEY"
        )
    if "Mail sink" not in state["addresses"]:
        raise NothingRunsError(
            "the demo reads its applicant's mail from the sink: start `jobraker up` without "
            "JOBRAKER_MAIL__HOST"
        )
    addresses = state["addresses"]
    mailbox = addresses["Mail sink"].removesuffix(MESSAGES)
    return Running(addresses["API"], addresses["Careers site"], mailbox, secrets)
