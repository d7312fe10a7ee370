"""Reads temporal-compose.yml as Docker Compose would: its variables filled in, each service's environment."""

import json
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
FILE = ROOT / "temporal-compose.yml"

REQUIRED = {
    "POSTGRES_PASSWORD": secrets.token_hex(24),
    "TEMPORAL_POSTGRES_PASSWORD": secrets.token_hex(24),
    "GRAFANA_ADMIN_PASSWORD": secrets.token_hex(24),
    "JOBRAKER_SECURITY__JWT_KEYS": json.dumps({"j1": b64encode(secrets.token_bytes(48)).decode()}),
    "JOBRAKER_SECURITY__CURRENT_JWT_KEY": "j1",
    "JOBRAKER_SECURITY__MASTER_KEYS": json.dumps({"k1": b64encode(secrets.token_bytes(32)).decode()}),
    "JOBRAKER_SECURITY__CURRENT_MASTER_KEY": "k1",
    "JOBRAKER_SKYVERN__API_KEY": secrets.token_hex(24),
    "PUBLIC_DOMAIN": "jobs.example.com",
}
"""What somebody must set before the file can be used."""

SET = {**REQUIRED, "JOBRAKER_MAIL__HOST": "mail.example.com"}
"""What somebody must set before production starts."""

_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?:(?P<kind>:[-?])(?P<rest>[^}]*))?\})")


class MissingVariableError(Exception):
    """A variable without which the file cannot be used is not set; the message is the file's own."""


def interpolate(text: str, environment: Mapping[str, str]) -> str:
    """Fill in `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; `$$` is a dollar."""

    def fill(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        value = environment.get(match["name"], "")
        if value or match["kind"] is None:
            return value
        if match["kind"] == ":?":
            raise MissingVariableError(f"{match['name']}: {match['rest']}")
        return str(match["rest"])

    return _VARIABLE.sub(fill, text)


def variables(text: str) -> dict[str, str | None]:
    """Return the names that a text takes from outside, each with its default, None where it has none."""
    found = [match for match in _VARIABLE.finditer(text) if match["name"]]
    return {match["name"]: match["rest"] if match["kind"] == ":-" else None for match in found}


def filled(node: Any, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 -- YAML has any shape
    """Fill in the variables of every string of a YAML tree."""
    match node:
        case str():
            return interpolate(node, environment)
        case dict():
            return {key: filled(value, environment) for key, value in node.items()}
        case list():
            return [filled(value, environment) for value in node]
    return node


@dataclass(frozen=True)
class Compose:
    """The file, filled in from an environment."""

    tree: dict[str, Any]
    outside: dict[str, str]

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        """The services by name."""
        services: dict[str, dict[str, Any]] = self.tree["services"]
        return services

    @property
    def ours(self) -> list[str]:
        """The names of the services that run our image."""
        return [name for name, service in self.services.items() if "build" in service]

    def environment(self, service: str) -> dict[str, str]:
        """Return what a service's process sees: a name without a value is passed on only where it is set."""
        given: dict[str, str | None] = self.services[service].get("environment", {})
        return {
            name: self.outside[name] if value is None else value
            for name, value in given.items()
            if value is not None or name in self.outside
        }

    def networks(self, service: str) -> set[str]:
        """Return the networks that a service is in."""
        return set(self.services[service].get("networks", []))


def read_compose(outside: Mapping[str, str] = SET) -> Compose:
    """Read the file; MissingVariableError where a variable is missing that it insists on."""
    return Compose(filled(yaml.safe_load(FILE.read_text()), outside), dict(outside))
