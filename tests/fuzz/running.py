"""One run of schemathesis as one of those who may ask, and which operations have ever succeeded."""

import asyncio
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.fuzz.world import Fuzzer, known_ids, make_key

CONFIG = Path(__file__).with_name("schemathesis.toml")
STREAM = "/api/events/"
"""It never ends: what it refuses is tested beside it (tests/api/test_events.py)."""

REQUEST_SECONDS = "30"
COUNTED = "jobraker_http_request_seconds_count"
LABEL = re.compile(r'(method|route)="([^"]*)"')


@dataclass(frozen=True)
class Effort:
    """How much is tried, and from which seed."""

    seed: int
    examples: int
    phases: str = "examples,coverage,fuzzing,stateful"
    more: tuple[str, ...] = ()


def fuzz(url: str, folder: Path, fuzzer: Fuzzer, effort: Effort) -> tuple[int, str]:
    """Ask everything that the document describes; return the exit code (0: nothing was found), and why."""
    command = [
        *(
            str(Path(sys.executable).with_name("schemathesis")),
            "--config-file",
            str(_config(url, folder, fuzzer)),
        ),
        *("run", f"{url}/openapi.json", "--exclude-path", STREAM, "--no-color"),
        *("--phases", effort.phases, "--max-examples", str(effort.examples), "--seed", str(effort.seed)),
        *("--checks", "all", "--continue-on-failure", "--generation-deterministic"),
        *("--request-timeout", REQUEST_SECONDS, "--warnings", "off", *effort.more),
    ]
    done = subprocess.run(  # noqa: S603 -- a program of our own environment
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def _config(url: str, folder: Path, fuzzer: Fuzzer) -> Path:
    """Write the configuration of a run: ours, and how to log in."""
    text = CONFIG.read_text("utf-8")
    if fuzzer.by_key:
        key = asyncio.run(make_key(url, fuzzer))
        text += f"\n[auth.openapi.Authenticator]\nbearer = {json.dumps(key)}\n"
    else:
        who = f"email = {json.dumps(fuzzer.email)}, password = {json.dumps(fuzzer.password)}"
        text += (
            '\n[auth.dynamic.openapi.Authenticator]\npath = "/api/auth/login"\n'
            f'extract_selector = "/access_token"\npayload = {{ {who} }}\n'
        )
    # as many values of each kind are made up as are those of something that is there
    for name, ids in asyncio.run(known_ids(url, fuzzer)).items():
        text += f"\n[dictionaries.{name}]\nvalues = {json.dumps(ids)}\n"
        text += f'\n[parameters."path.{name}"]\ndictionary = "{name}"\nprobability = 0.5\n'
    file = folder / f"{fuzzer.name}.toml"
    file.write_text(text, "utf-8")
    return file


def never_succeeded(url: str) -> list[str]:
    """Return the operations of the document that were never answered by success, as the metrics say."""
    with httpx.Client(base_url=url, trust_env=False) as http:
        paths = http.get("/openapi.json").json()["paths"]
        metrics = http.get("/metrics").text
    done = {
        (labels["method"], labels["route"])
        for line in metrics.splitlines()
        if line.startswith(COUNTED) and 'status="2xx"' in line
        for labels in [dict(LABEL.findall(line))]
    }
    return sorted(
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods
        if (method.upper(), path) not in done and path != STREAM
    )
