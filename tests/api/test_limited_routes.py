"""What costs is limited by account: the refusal says when, and nobody pays for anybody else."""

from collections.abc import AsyncIterator
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from settings import LimitSettings
from tests.api.client import Api, ApiAt, Person, assert_problem, job_with, store
from tests.api.files import pdf_of

LIMITS = LimitSettings(
    chat_account="2/1h", apply_account="2/1h", upload_account="2/1h", refresh_address="2/1h"
)
WAIT = 1800
FILES = {"file": ("cv.pdf", pdf_of("Ada Lovelace, engineer"), "application/pdf")}
ROUTES = ("chat", "apply", "retry", "upload", "letter", "resume")


@pytest.fixture
async def limited(api_at: ApiAt) -> AsyncIterator[Api]:
    async with api_at(limits=LIMITS) as api:
        yield api


async def ask(person: Person, route: str) -> httpx.Response:
    """Ask for what costs; what it is about need not exist."""
    match route:
        case "chat":
            return await person.post("/api/chat/", json={"text": "Hello?"})
        case "apply":
            return await person.post("/api/applications/", json={"job_id": str(uuid4())})
        case "retry":
            return await person.post(f"/api/applications/{uuid4()}/retry")
        case "upload":
            return await person.post("/api/resumes/", files=FILES)
        case "letter":
            return await person.put(f"/api/applications/{uuid4()}/letter", json={"text": "x" * 100})
        case _:
            return await person.put(f"/api/applications/{uuid4()}/resume", json={"tailored": False})


def assert_limited(answer: httpx.Response) -> None:
    problem = assert_problem(answer, 429, "rate-limited")
    assert WAIT - 20 <= problem["retry_after"] <= WAIT
    assert answer.headers["retry-after"] == str(problem["retry_after"])
    assert "try again in 30 minutes" in problem["detail"]


@pytest.mark.parametrize("route", ROUTES)
async def test_too_often_is_refused_with_when_to_come_again(limited: Api, route: str) -> None:
    person, other = await limited.person(), await limited.person()
    first = [await ask(person, route) for _ in range(2)]
    assert 429 not in {answer.status_code for answer in first}, [answer.text for answer in first]
    assert_limited(await ask(person, route))
    assert (await ask(other, route)).status_code == first[0].status_code


@pytest.mark.parametrize("route", ROUTES)
async def test_who_is_not_logged_in_uses_up_nothing(limited: Api, route: str) -> None:
    nobody = await limited.person()
    nobody.tokens = {"access_token": "none"}
    for _ in range(3):
        assert (await ask(nobody, route)).status_code == 401
    assert await limited.database.rows("SELECT 1 FROM rate", {}) == []


async def test_of_many_applications_those_over_the_limit_are_refused_each_on_its_own(limited: Api) -> None:
    person = await limited.applicant()
    jobs = [job_with() for _ in range(4)]
    await store(limited.database, *jobs)
    answer = await person.post("/api/applications/bulk", json={"job_ids": [str(job.id) for job in jobs]})
    results = answer.json()
    assert [each["status"] for each in results] == [202, 202, 429, 429]
    assert results[3]["problem"]["type"] == "/problems/rate-limited"
    assert WAIT - 20 <= results[3]["problem"]["retry_after"] <= WAIT


async def test_an_administrator_who_acts_for_a_person_uses_up_nothing_of_theirs(limited: Api) -> None:
    person, administrator = await limited.person(), await limited.administrator()
    acting = {"X-Act-For": str(person.id), "X-Reason": quote("asked by mail")}
    for _ in range(2):
        await administrator.post("/api/chat/", json={"text": "Hello?"}, headers=acting)
    assert_limited(await administrator.post("/api/chat/", json={"text": "Hello?"}, headers=acting))
    assert (await ask(person, "chat")).status_code != 429


async def test_an_address_is_limited_as_well(limited: Api) -> None:
    body = {"refresh_token": "nobody has this one, and it is long enough to be one"}
    for _ in range(2):
        assert_problem(await limited.http.post("/api/auth/refresh", json=body), 401, "unauthenticated")
    assert_limited(await limited.http.post("/api/auth/refresh", json=body))


async def test_every_limited_route_says_so_in_the_document(limited: Api) -> None:
    paths = limited.app.openapi()["paths"]
    for method, path in (
        ("post", "/api/chat/"),
        ("post", "/api/applications/"),
        ("post", "/api/applications/{application_id}/retry"),
        ("post", "/api/resumes/"),
        ("put", "/api/applications/{application_id}/letter"),
        ("put", "/api/applications/{application_id}/resume"),
        ("post", "/api/auth/login"),
        ("post", "/api/auth/register"),
        ("post", "/api/auth/refresh"),
        ("post", "/api/auth/password/forgot"),
        ("post", "/api/auth/confirm/resend"),
        ("post", "/api/privacy/exports/"),
        ("post", "/api/privacy/erasure"),
    ):
        assert "429" in paths[path][method]["responses"], (method, path)
