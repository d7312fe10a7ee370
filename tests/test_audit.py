"""`make audit` tells what is vulnerable, and never passes what nobody has judged."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request

from local.ports import free_port
from local.serving import serve
from tests.audit import LOCKS, UNJUDGED, VULNERABLE, Audit, audit
from tests.compose import ROOT

WEAK = "starlette"
FIXED = "9999.0"


@pytest.fixture
async def osv() -> AsyncIterator[list[str]]:
    """Options that have pip-audit ask a stand-in of OSV, which knows a fault of one package."""
    app = FastAPI()

    @app.post("/v1/query")
    async def query(request: Request) -> dict[str, Any]:
        name = (await request.json())["package"]["name"]
        package = {"name": name, "ecosystem": "PyPI"}
        ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": FIXED}]}]
        fault = {
            "id": "PYSEC-2026-1",
            "summary": "a fault",
            "modified": "2026-01-01T00:00:00Z",
            "published": "2026-01-01T00:00:00Z",
            "affected": [{"package": package, "ranges": ranges}],
        }
        return {"vulns": [fault]} if name == WEAK else {}

    async with serve(app) as url:
        yield ["-s", "osv", "--osv-url", f"{url}/v1/query"]


def lock_of(folder: Path, *names: str) -> Path:
    """Write a lock of some packages."""
    lock = folder / "requirements.lock"
    lock.write_text("".join(f"{name}==1.0.0 --hash=sha256:{'0' * 64}\n" for name in names))
    return lock


async def test_a_vulnerable_version_is_named_with_what_mends_it(osv: list[str], tmp_path: Path) -> None:
    lock = lock_of(tmp_path, "anyio", WEAK)
    found = await asyncio.to_thread(audit, lock, osv)
    assert found.vulnerable == [f"{WEAK} 1.0.0: PYSEC-2026-1, mended in {FIXED}"]
    assert found.exit_code == VULNERABLE
    assert f"{lock}: {WEAK} 1.0.0: PYSEC-2026-1" in found.told(lock)


async def test_what_was_judged_and_is_not_vulnerable_passes(osv: list[str], tmp_path: Path) -> None:
    lock = lock_of(tmp_path, "anyio", "httpx")
    found = await asyncio.to_thread(audit, lock, osv)
    assert (found.packages, found.exit_code) == (2, 0)
    assert found.told(lock) == f"{lock}: 2 packages, none with a known vulnerability"


async def test_a_service_that_is_away_is_no_pass(tmp_path: Path) -> None:
    lock = lock_of(tmp_path, "anyio")
    options = ["-s", "osv", "--osv-url", f"http://127.0.0.1:{free_port()}/v1/query"]
    found = await asyncio.to_thread(audit, lock, options)
    assert found.exit_code == UNJUDGED
    assert "NOT AUDITED, the vulnerability service cannot be asked" in found.told(lock)


def test_packages_that_the_service_does_not_know_are_no_pass() -> None:
    found = Audit(packages=9, unjudged=[f"Dependency not found: {number}" for number in range(9)])
    assert found.exit_code == UNJUDGED
    told = found.told(LOCKS[0])
    assert "NOT AUDITED, 9 of 9 packages" in told
    assert "and 4 more" in told


def test_every_lock_of_the_project_is_audited() -> None:
    locks = {path.relative_to(ROOT) for path in ROOT.glob("*.lock")}
    locks |= {path.relative_to(ROOT) for path in (ROOT / "deploy").rglob("*.lock")}
    assert locks == set(LOCKS)
