"""Who fuzzes: a person with data of every kind, an administrator, and an API key, on a running system."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from local.supervisor.watchdog import Watchdog
from local.throwaway import LocalStack, running_stack
from models.account_enums import Scope
from tests.api.files import pdf_of

PLENTY = "1000000/1s"
LIMITS = (
    *("login_account", "login_address", "register_address", "mail_account", "mail_address"),
    *("code_account", "refresh_address", "chat_account", "apply_account", "upload_account"),
    *("export_account", "erasure_account", "receipt_address"),
)
QUIET = {
    "SECURITY__ACCESS_TOKEN_MINUTES": "60",
    "APPLY__RECONCILE_SECONDS": "60",
    **{f"LIMITS__{name.upper()}": PLENTY for name in LIMITS},
}
"""Settings of a system that is asked thousands of times a minute."""

PATIENCE = 60.0
IDENTITY = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org"}


@dataclass(frozen=True)
class Fuzzer:
    """Who asks: logged in, anew whenever that is needed, or by an API key."""

    name: str
    email: str
    password: str
    by_key: bool = False


@contextmanager
def running_world(folder: Path, watchdog: Watchdog) -> Iterator[tuple[LocalStack, list[Fuzzer]]]:
    """Run the whole system with stand-ins for vendors; yields it and who may ask."""
    with running_stack(folder, watchdog, restart=False, **QUIET) as stack:
        yield stack, asyncio.run(_people(stack))


async def _people(stack: LocalStack) -> list[Fuzzer]:
    known = stack.secrets
    person = Fuzzer("person", known.demo_email, known.demo_password)
    admin = Fuzzer("administrator", known.admin_email, known.admin_password)
    async with httpx.AsyncClient(base_url=stack.api, timeout=PATIENCE, trust_env=False) as http:
        await log_in(http, admin)
        (await http.post("/api/admin/job-fetch")).raise_for_status()
        await log_in(http, person)
        await _furnish(http)
    # the last one may lock the others out
    return [person, replace(person, name="key", by_key=True), admin]


async def log_in(http: httpx.AsyncClient, fuzzer: Fuzzer) -> None:
    """Have a client ask as this one."""
    body = {"email": fuzzer.email, "password": fuzzer.password}
    answer = await http.post("/api/auth/login", json=body)
    answer.raise_for_status()
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


async def _furnish(http: httpx.AsyncClient) -> None:
    """Give the person something of every kind."""
    profile = {"identity": IDENTITY, "daily_cap": 50, "preferences": {"titles": ["engineer"]}}
    (await http.patch("/api/profile/", json=profile)).raise_for_status()
    files = {"file": ("cv.pdf", pdf_of("Ada Lovelace, engineer"), "application/pdf")}
    (await http.post("/api/resumes/", files=files)).raise_for_status()
    answer = {"topic": "notice_period", "scope": "months", "value": 1}
    (await http.put("/api/answers/", json=answer)).raise_for_status()
    search = {"country": "gb", "what": "engineer"}
    (await http.post("/api/searches/", json=search)).raise_for_status()
    (await http.post("/api/chat/", json={"text": "Hello"})).raise_for_status()
    for job in (await _jobs(http))[:3]:
        (await http.post("/api/applications/", json={"job_id": job})).raise_for_status()


async def _jobs(http: httpx.AsyncClient) -> list[str]:
    """Wait for the fetch, and return the jobs that it brought."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = (await http.get("/api/jobs/")).json()["items"]
            if found:
                return [job["id"] for job in found]
            await asyncio.sleep(0.1)


KNOWN = {
    "application_id": "/api/applications/",
    "job_id": "/api/jobs/",
    "resume_id": "/api/resumes/",
    "search_id": "/api/searches/",
    "answer_id": "/api/answers/",
    "message_id": "/api/chat/",
    "notification_id": "/api/notifications/",
    "session_id": "/api/auth/sessions",
    "user_id": "/api/admin/users",
}
"""Where the ids that a path may hold are listed."""


async def known_ids(url: str, fuzzer: Fuzzer) -> dict[str, list[str]]:
    """Return ids of what there is, by the names of the parameters that take them."""
    found = {}
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
        await log_in(http, fuzzer)
        for name, path in KNOWN.items():
            answer = await http.get(path)
            if answer.is_success:
                listed = answer.json()
                items = listed["items"] if isinstance(listed, dict) else listed
                found[name] = [item["id"] for item in items]
    return {name: ids for name, ids in found.items() if ids}


async def make_key(url: str, fuzzer: Fuzzer) -> str:
    """Return a new API key that may do everything that a key may; the ones before are revoked."""
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
        await log_in(http, fuzzer)
        for key in (await http.get("/api/auth/api-keys")).json():
            (await http.delete(f"/api/auth/api-keys/{key['id']}")).raise_for_status()
        body = {"name": "fuzz", "scopes": [scope.value for scope in Scope]}
        made = await http.post("/api/auth/api-keys", json=body)
        made.raise_for_status()
        return str(made.json()["key"])
