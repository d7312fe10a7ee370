"""Refusals: whatever is sent to whichever route, the answer is a problem that says what to do, and no 500."""

import json
import re
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter
from psycopg import AsyncConnection, sql
from structlog.testing import capture_logs

from api.deps import SessionDep
from models.account import Account
from models.errors import NotFoundError
from models.job_mark import JobMark
from tests.api.client import Api, assert_problem

ANYTHING = "00000000-0000-7000-8000-000000000000"
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no json": b"{",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "an empty object": b"{}",
    "text that is no UTF-8": b'{"text": "\xff\xfe"}',
    "half a surrogate pair": b'{"text": "\\ud800", "email": "\\ud800", "vendor": "\\ud800"}',
    "NUL": b'{"text": "a\\u0000b", "email": "a\\u0000@b.co", "job_id": "\\u0000", "daily_cap": "\\u0000"}',
    "a huge number": b'{"daily_cap": ' + b"9" * 5000 + b"}",
    "not a number": b'{"daily_cap": NaN, "text": Infinity}',
    "deep nesting": b'{"preferences": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "wrong kinds": b'{"text": {}, "email": [], "password": 1, "job_id": 5, "identity": "x", "vendor": {}}',
    "twice the same key": b'{"text": "a", "text": 5}',
    "many keys": json.dumps({f"k{n}": n for n in range(20_000)}).encode(),
    "many mistakes": json.dumps({"preferences": {"titles": [1] * 100_000}}).encode(),
}
CONTENT_TYPES = [
    "application/json",
    "text/plain",
    "application/xml",
    "application/json; charset=utf-16",
    "x",
    "",
]


WORDS = re.compile(r"\{(?:vendor|topic|kind)\}")
"""Places of a path that take no id but a word."""

SUITABLE: dict[str, object] = {
    "answers": [{"question_id": ANYTHING, "value": "x"}],
    "at": "2030-01-01T00:00:00Z",
    "name": "x",
    "reason": "asked by phone",
    "role": "user",
    "skills": [{"name": "Python"}],
    "shown_hash": "0" * 64,
    "stage": "onsite",
    "tailored": False,
    "text": "x",
    "value": "x",
    "went_through": True,
}
"""What every route with an id in its path takes its body from."""


def operations(api: Api) -> Iterator[tuple[str, str]]:
    """Return every method and path of the document; streams are left out, since they do not end."""
    for path, methods in api.app.openapi()["paths"].items():
        for method, described in methods.items():
            if "text/event-stream" not in str(described["responses"].get("200")):
                yield method.upper(), path


def filled(path: str, value: str = ANYTHING) -> str:
    """Put a value into every place of a path."""
    return re.sub(r"\{\w+\}", value, path)


def suitable(api: Api, method: str, path: str) -> dict[str, object]:
    """Return a body that a route takes; what has none takes an empty one."""
    document = api.app.openapi()
    content = document["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
    name = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    known = document["components"]["schemas"].get(name, {}).get("properties", {})
    return {name: value for name, value in SUITABLE.items() if name in known}


def assert_refused(answer: httpx.Response) -> None:
    """Check that a request was refused by a problem and is not our fault."""
    assert 400 <= answer.status_code < 500, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert len(answer.content) < 20_000


async def test_no_body_brings_any_route_to_its_knees(api: Api) -> None:
    person = await api.administrator()
    for method, path in operations(api):
        if "requestBody" not in api.app.openapi()["paths"][path][method.lower()]:
            continue
        for name, body in BODIES.items():
            answer = await person.request(
                method, filled(path), content=body, headers={"Content-Type": "application/json"}
            )
            harmless = path == "/api/profile/" or (path, name) == ("/api/chat/", "nothing")
            if not (harmless and answer.status_code == 200):
                assert_refused(answer)


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
async def test_a_body_of_another_type_is_refused(api: Api, content_type: str) -> None:
    body = '{"email": "ada@example.org", "password": "correct horse battery"}'.encode(
        "utf-16" if "utf-16" in content_type else "utf-8"
    )
    answer = await api.http.post("/api/auth/register", content=body, headers={"Content-Type": content_type})
    if content_type == "application/json" or "utf-16" in content_type:
        # JSON finds out its encoding by itself
        assert answer.status_code == 202
    else:
        assert_refused(answer)


@pytest.mark.parametrize(
    "value", ["x", "1", "%00", "%FF", "..", "%2e%2e%2f", "a" * 5000, ANYTHING + "0", "null", "%F0%9F%8E%89"]
)
async def test_no_id_brings_any_route_to_its_knees(api: Api, value: str) -> None:
    person = await api.administrator()
    for method, path in operations(api):
        if "{" in path:
            assert_refused(await person.request(method, filled(path, value)))


async def test_ids_of_nothing_are_not_found(api: Api) -> None:
    person = await api.administrator()
    for method, path in operations(api):
        if "{" in path and not WORDS.search(path):
            body = None if method == "GET" else suitable(api, method, path)
            answer = await person.request(
                method, filled(path), json=body, headers={"X-Reason": "asked by phone"}
            )
            assert assert_problem(answer, 404, "not-found"), (method, path)


OPENED = {
    *(("POST", f"/api/auth/{each}") for each in ("register", "login", "refresh", "logout", "confirm")),
    *(("POST", f"/api/auth/{each}") for each in ("confirm/resend", "password/forgot", "password/reset")),
    ("POST", "/api/auth/email/confirm"),
    ("GET", "/api/privacy/exports/download"),
    ("GET", "/api/privacy/receipts/{erasure_id}"),
    ("POST", "/api/webhooks/skyvern"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
}
"""What is asked for by whoever has no access token: to get one, by another token, by a signature."""

QUERIES = ["limit=x", "limit=-1", "limit=" + "9" * 5000, "cursor=x", "cursor=%00", "cursor=" + "A" * 5000]
LISTS = ["/api/jobs/", "/api/applications/", "/api/applications/skipped", "/api/chat/", "/api/notifications/"]


@pytest.mark.parametrize("query", [*QUERIES, "cursor=AAAA", "cursor=%FF%FE"])
async def test_no_query_brings_any_list_to_its_knees(api: Api, query: str) -> None:
    person = await api.person()
    for path in LISTS:
        assert_problem(await person.get(f"{path}?{query}"), 422, "invalid")


async def test_every_route_but_the_open_ones_asks_who_is_there(api: Api) -> None:
    asked = [(method, path) for method, path in operations(api) if (method, path) not in OPENED]
    assert len(asked) > 60
    for method, path in asked:
        answer = await api.http.request(method, filled(path), json=None if method == "GET" else {"text": "x"})
        assert_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_what_is_not_there_is_a_problem_too(api: Api) -> None:
    problem = assert_problem(await api.http.get("/api/nothing"), 404, "not-found")
    assert "/docs" in problem["detail"]
    assert_problem(await api.http.get("/"), 404, "not-found")
    refused = await api.http.delete("/api/jobs/")
    assert_problem(refused, 405, "method-not-allowed")
    assert refused.headers["allow"] == "GET"
    several = await api.http.put("/api/profile/")
    assert_problem(several, 405, "method-not-allowed")
    assert several.headers["allow"] == "GET, PATCH"


async def test_a_validation_problem_says_where_and_why_and_repeats_nothing(api: Api) -> None:
    body = {"email": "no-address", "password": "canary"}
    answer = await api.http.post("/api/auth/register", json=body)
    problem = assert_problem(answer, 422, "invalid")
    assert {tuple(error["loc"]) for error in problem["errors"]} == {("body", "email"), ("body", "password")}
    assert {"loc", "msg", "type"} == set(problem["errors"][0])
    assert "canary" not in answer.text


async def test_a_body_that_cannot_be_read_is_told_how_to_be_sent(api: Api) -> None:
    for name in ("text that is no UTF-8", "a huge number", "deep nesting"):
        answer = await api.http.post(
            "/api/auth/login", content=BODIES[name], headers={"Content-Type": "application/json"}
        )
        assert "valid JSON" in assert_problem(answer, 400, "bad-request")["detail"]
    assert "400" in api.app.openapi()["paths"]["/api/auth/login"]["post"]["responses"]


async def test_a_failure_of_ours_tells_nothing(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    router = APIRouter()

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("canary: the e-mail is ada@example.org")

    api.app.router.routes.extend(router.routes)
    with capture_logs() as logged:
        answer = await api.http.get("/broken")
    problem = assert_problem(answer, 500, "internal-error")
    assert answer.headers["x-request-id"] in problem["detail"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "canary" not in answer.text
    printed = capsys.readouterr()
    assert "canary" not in str(logged) + printed.out + printed.err
    (failure,) = [line for line in logged if line["event"] == "request.failed"]
    assert failure["errors"] == ["builtins.RuntimeError"]
    assert "test_problems.py" in failure["frames"][-1]


async def test_a_commit_that_fails_is_not_answered_by_success(api: Api) -> None:
    router = APIRouter()

    @router.post("/late")
    async def late(session: SessionDep) -> dict[str, str]:
        # sent to the database by the commit, after the route returned
        session.add(Account(email="taken@example.org", password_hash="", master_key_id="", data_key=b""))
        return {"state": "done"}

    await api.person("taken@example.org")
    api.app.router.routes.extend(router.routes)
    assert_problem(await api.http.post("/late"), 409, "already-exists")


async def test_a_job_that_is_deleted_meanwhile_is_not_found(api: Api) -> None:
    person, router = await api.person(), APIRouter()

    @router.post("/marked")
    async def marked(session: SessionDep) -> None:
        session.add(JobMark(user_id=person.id, job_id=UUID(ANYTHING), content_key="x"))

    api.app.router.routes.extend(router.routes)
    assert_problem(await api.http.post("/marked"), 404, "not-found")


async def test_a_transaction_is_rolled_back_where_a_route_refuses(api: Api) -> None:
    router = APIRouter()

    @router.post("/refusing")
    async def refusing(session: SessionDep) -> None:
        session.add(Account(email="x@example.org", password_hash="", master_key_id="", data_key=b""))
        await session.flush()
        raise NotFoundError("never mind")

    api.app.router.routes.extend(router.routes)
    assert_problem(await api.http.post("/refusing"), 404, "not-found")
    assert await api.database.rows("SELECT id FROM account", {}) == []


async def away(api: Api) -> None:
    """Cut the app's database off, for good."""
    server, _, name = api.database.url.rpartition("/")
    async with await AsyncConnection.connect(f"{server}/postgres", autocommit=True) as connection:
        forbid = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name))
        await connection.execute(forbid)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/jobs/", None),
        ("GET", f"/api/jobs/{ANYTHING}", None),
        ("GET", "/api/profile/", None),
        ("POST", "/api/chat/", {"text": "?"}),
        ("POST", "/api/auth/login", {"email": "a@b.co", "password": "x" * 12}),
        ("GET", "/api/events/", None),
    ],
)
async def test_without_its_database_a_route_says_when_to_come_again(
    api: Api, method: str, path: str, body: object
) -> None:
    person = await api.person()
    await away(api)
    answer = await (person.request(method, path, json=body) if body else person.request(method, path))
    assert_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "5"
