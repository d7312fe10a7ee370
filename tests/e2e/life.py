"""A full life with the product, in which everything personal is a canary and everything fails once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql

from local.demo.api import Api, ProblemError, open_api
from local.demo.person import DOCX, RESUME_NAME
from local.form_kinds import FormKind
from local.throwaway import LocalStack
from tests.e2e.canaries import Canaries
from tests.e2e.guarded_life import guard, leave
from tests.e2e.looking import Sights, look
from tests.e2e.people import Applicant, applicant, calm, control, fetch_jobs, found
from tests.e2e.sentry import SentrySink

Json = dict[str, Any]
ERROR_TYPE = b"UndefinedTable"


@dataclass(frozen=True)
class Life:
    """What is left of it: the ids to look for, and what was seen of the canaries before and after the end."""

    canaries: Canaries
    user_id: str
    application_ids: list[str]
    message_ids: list[str]
    before: Sights
    after: Sights
    receipt: Json


async def live(stack: LocalStack, sentry: SentrySink) -> Life:
    """Live it, and have the account erased."""
    canaries = Canaries()
    await fetch_jobs(stack)
    await _adzuna_fails(stack, canaries)
    async with applicant(stack, canaries.person()) as person:
        await _change_mind(person, canaries)
        await _be_refused(person, canaries)
        applications = [*await _apply(person, canaries), await _review(person, canaries)]
        messages = await _chat(person, canaries)
        await _break_both_processes(person, canaries, sentry)
        await calm(stack)
        await guard(person, canaries)
        user_id = (await person.api.call("GET", "/api/auth/me"))["id"]
        before = await look(stack, sentry, canaries)
        receipt = await leave(person, canaries)
    after = await look(stack, sentry, canaries)
    return Life(canaries, user_id, applications, messages, before, after, receipt)


async def _adzuna_fails(stack: LocalStack, canaries: Canaries) -> None:
    body = {"exception": "BAD_PARAMETER", "display": canaries.vendor, "doc": canaries.vendor}
    await control(stack, "adzuna", "faults", {"kind": "status", "status": 400, "times": 1, "body": body})
    async with open_api(stack.api) as admin:
        await admin.login(stack.secrets.admin_email, stack.secrets.admin_password)

        async def all_ended() -> bool:
            return all(run["ended_at"] for run in await admin.call("GET", "/api/admin/job-fetch"))

        async def failed_run() -> bool:
            return any(run["errors"] for run in await admin.call("GET", "/api/admin/job-fetch"))

        async def begun() -> bool:
            return not (await admin.call("POST", "/api/admin/job-fetch"))["already_running"]

        # a run that goes on, and has no page left to fetch, would be asked for in vain
        await found(all_ended, "the end of the first fetch")
        await found(begun, "a second fetch")
        await found(failed_run, "a fetch that failed")


async def _change_mind(person: Applicant, canaries: Canaries) -> None:
    """Look for something, and then for something else: the searches for it name nobody, and are nobody's."""
    api = person.api
    await api.call("PATCH", "/api/profile/", json={"preferences": {"titles": [canaries.left_title]}})
    saved = await api.call("POST", "/api/searches/", json={"country": "gb", "what": canaries.left_words})
    await api.call("DELETE", f"/api/searches/{saved['id']}")


async def _be_refused(person: Applicant, canaries: Canaries) -> None:
    """Send what is refused, each with canaries in it."""
    api = person.api
    await _refused(api, 401, "POST", "/api/auth/login", {"email": canaries.email, "password": "x" * 12})
    known = {"email": canaries.email, "password": canaries.password}
    # whoever asks is not told that there is an account: its person is, by mail
    await api.call("POST", "/api/auth/register", json=known)
    bad = {"identity": {"first_name": canaries.first_name, "email": canaries.last_name}}
    await _refused(api, 422, "PATCH", "/api/profile/", bad)
    await _refused(api, 422, "PUT", "/api/integrations/", {"vendor": "skyvern", "key": canaries.skyvern_key})
    await api.call("PATCH", "/api/profile/", json={"preferences": {"titles": [canaries.title]}})
    await api.call("GET", "/api/jobs/", params={"title": canaries.title, "company": canaries.last_name})


async def _refused(api: Api, status: int, method: str, path: str, body: Json) -> None:
    with pytest.raises(ProblemError) as refused:
        await api.call(method, path, json=body)
    assert refused.value.status == status, refused.value


async def _apply(person: Applicant, canaries: Canaries) -> list[str]:
    """Apply once with success, and be failed by the agent, by a refusal and by wrong credentials."""
    stack, jobs = person.stack, await person.jobs()
    said = {"detail": canaries.vendor, "error": canaries.vendor}
    once = {"kind": "status", "times": 1, "body": said}
    await control(stack, "skyvern", "faults", {**once, "status": 500, "path": "/v1/upload_file"})
    await control(stack, "skyvern", "faults", {**once, "status": 500, "path": "/v1/runs/", "method": "GET"})
    submitted = await person.apply(jobs[0])
    assert (await person.ends(submitted))["state"] == "submitted"

    given_up = await person.apply(jobs[1], "review")
    await person.reaches(given_up, "awaiting_approval")
    await control(stack, "skyvern", "runs", {"mode": "max_steps", "times": 1})
    await person.approves(given_up)
    assert (await person.ends(given_up))["state"] != "submitted"

    invalid = [{"type": "missing", "loc": ["body"], "msg": canaries.vendor, "input": canaries.vendor}]
    refusal = {**once, "status": 422, "path": "/v1/run/workflows", "body": {"detail": invalid}}
    await control(stack, "skyvern", "faults", refusal)
    refused = await person.apply(jobs[2])
    assert (await person.ends(refused))["state"] == "failed"

    await person.api.call(
        "PUT", "/api/integrations/", json={"vendor": "skyvern", "api_key": canaries.skyvern_key}
    )
    locked_out = await person.apply(jobs[3])
    assert (await person.ends(locked_out))["reason"] == "credentials_refused"
    await person.api.call("DELETE", "/api/integrations/skyvern")
    return [submitted, given_up, refused, locked_out]


async def _review(person: Applicant, canaries: Canaries) -> str:
    """Write over what is shown, approve it, and note how it goes on."""
    job = (await person.jobs(FormKind.MULTIPAGE))[0]
    application_id = await person.apply(job, "review")
    path = f"/api/applications/{application_id}"
    shown = await person.reaches(application_id, "awaiting_approval")
    [why] = [each["id"] for each in shown["questions"] if each["topic"] == "why_company"]
    answer = {"question_id": why, "value": f"Because of {canaries.given}.", "remember": True}
    await person.api.call("PUT", f"{path}/answers", json={"answers": [answer]})
    await person.api.call("PUT", f"{path}/letter", json={"text": f"Dear team, {canaries.letter}."})
    await person.approves(application_id)
    assert (await person.ends(application_id))["state"] == "submitted"
    await person.api.call("PATCH", f"{path}/progress", json={"notes": canaries.note})
    interview = {"at": "2030-01-07T10:00:00Z", "stage": "recruiter_screen", "notes": canaries.interview}
    await person.api.call("POST", f"{path}/interviews", json=interview)
    banked = {"topic": "hardest_problem", "value": canaries.banked}
    await person.api.call("PUT", "/api/answers/", json=banked)
    return application_id


async def _chat(person: Applicant, canaries: Canaries) -> list[str]:
    """Be answered after an error, and be failed by wrong credentials."""
    api = person.api
    said = {"error": {"message": canaries.vendor, "type": "server_error", "code": canaries.vendor}}
    await control(
        person.stack, "openai", "faults", {"kind": "status", "status": 500, "times": 1, "body": said}
    )
    await control(person.stack, "openai", "script", {"text": f"Say {canaries.answer} and be brief."})
    answered = await _ask(api, canaries)
    assert answered["state"] == "done"
    assert canaries.answer in answered["text"]

    key = {"vendor": "openai", "api_key": canaries.openai_key}
    await api.call("PUT", "/api/integrations/", json=key)
    failed = await _ask(api, canaries)
    assert failed["state"] == "failed"
    await api.call("DELETE", "/api/integrations/openai")
    adzuna = {"vendor": "adzuna", "app_id": "someone", "app_key": canaries.adzuna_key}
    await api.call("PUT", "/api/integrations/", json=adzuna)
    return [answered["id"], failed["id"]]


async def _ask(api: Api, canaries: Canaries) -> Json:
    turn = await api.call("POST", "/api/chat/", json={"text": f"What of {canaries.question}?"})

    async def ended() -> Json | None:
        message: Json = await api.call("GET", f"/api/chat/{turn['answer']['id']}")
        return message if message["state"] in {"done", "failed"} else None

    return await found(ended, "the answer")


async def _break_both_processes(person: Applicant, canaries: Canaries, sentry: SentrySink) -> None:
    """Take a table away while the API and the worker have the person's texts in hand."""
    async with _without_table(person.stack, "resume"):
        file = {"file": (RESUME_NAME, person.person.resume(), DOCX)}
        with pytest.raises(ProblemError) as broken:
            await person.api.call("POST", "/api/resumes/", files=file)
        assert broken.value.status == 500
        await _reported(sentry, 0, "the API's error")
    reports = _reports(sentry)
    async with _without_table(person.stack, "chat_delta"):
        asking = asyncio.create_task(_ask(person.api, canaries))
        await _reported(sentry, reports, "the worker's error")
    await asking


def _reports(sentry: SentrySink) -> int:
    return sum(ERROR_TYPE in envelope for envelope in sentry.envelopes)


async def _reported(sentry: SentrySink, before: int, what: str) -> None:
    async def more() -> bool:
        return _reports(sentry) > before

    await found(more, f"a report of {what}")


@asynccontextmanager
async def _without_table(stack: LocalStack, table: str) -> AsyncIterator[None]:
    await _rename(stack, table, f"{table}_away")
    try:
        yield
    finally:
        await _rename(stack, f"{table}_away", table)


async def _rename(stack: LocalStack, old: str, new: str) -> None:
    statement = sql.SQL("ALTER TABLE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
    async with await psycopg.AsyncConnection.connect(stack.database_url, autocommit=True) as connection:
        await connection.execute(statement)
