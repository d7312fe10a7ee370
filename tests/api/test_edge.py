"""The edge: limits of bodies, headers, request ids, the access log and who may call from a browser."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from api.middleware import JSON_MAX
from tests.api.client import Api, assert_problem
from tests.api.sse import until


async def pieces(size: int, head: bytes = b"") -> AsyncIterator[bytes]:
    """Send a head and a body of this size bit by bit, without saying its length first."""
    yield head
    for _ in range(size // 1024):
        yield b" " * 1024
    yield b" " * (size % 1024)


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/webhooks/skyvern?attempt=x", "/api/nothing"])
async def test_a_body_that_says_it_is_too_large_is_refused_unread(api: Api, path: str) -> None:
    answer = await api.http.post(path, content=b" " * (JSON_MAX + 1))
    assert str(JSON_MAX) in assert_problem(answer, 413, "too-large")["detail"]


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/webhooks/skyvern?attempt=x"])
async def test_a_body_that_grows_too_large_is_refused_on_the_way(api: Api, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await api.http.post(path, content=pieces(JSON_MAX + 1), headers=headers)
    assert str(JSON_MAX) in assert_problem(answer, 413, "too-large")["detail"]


async def test_an_upload_that_grows_too_large_is_refused_on_the_way(api: Api) -> None:
    person = await api.person()
    headers = {**person.headers, "Content-Type": "multipart/form-data; boundary=x"}
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n\r\n'
    content = pieces(13 * 1024 * 1024, head)
    answer = await api.http.post("/api/resumes/", content=content, headers=headers)
    assert str(12 * 1024 * 1024) in assert_problem(answer, 413, "too-large")["detail"]


async def test_a_hundred_megabytes_are_refused_over_a_real_socket(served: Api) -> None:
    person = await served.person()
    answer = await person.post("/api/resumes/", content=b"x" * 100_000_000)
    assert_problem(answer, 413, "too-large")
    assert (await person.get("/api/auth/me")).status_code == 200


@pytest.mark.parametrize("length", [0, 4, 5])
async def test_a_request_of_two_lengths_is_the_last_of_its_connection(served: Api, length: int) -> None:
    smuggled = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    head = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    url = served.http.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(head + b"Content-Length: %d\r\n\r\n0\r\n\r\n" % length + smuggled)
    async with asyncio.timeout(10):
        answers = await reader.read()
    writer.close()
    assert answers.startswith(b"HTTP/1.1 400 ")
    assert answers.count(b"HTTP/1.1 ") == 1


async def test_a_body_just_below_the_limit_is_read(api: Api) -> None:
    content = b" " * (JSON_MAX - 2) + b"{}"
    answer = await api.http.post(
        "/api/auth/login", content=content, headers={"Content-Type": "application/json"}
    )
    assert_problem(answer, 422, "invalid")


@pytest.mark.parametrize("path", ["/health/live", "/api/jobs/", "/api/nothing"])
async def test_every_answer_has_the_headers_that_protect_it(api: Api, path: str) -> None:
    answer = await api.http.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


async def test_a_request_has_an_id_that_the_caller_may_give(api: Api) -> None:
    ids = {(await api.http.get("/health/live")).headers["x-request-id"] for _ in range(2)}
    assert len(ids) == 2
    given = await api.http.get("/health/live", headers={"X-Request-ID": "from-a-proxy-1"})
    assert given.headers["x-request-id"] == "from-a-proxy-1"
    for hostile in ("short", "x" * 65, "a b c d e f g", 'quote"quote"'):
        answer = await api.http.get("/health/live", headers={"X-Request-ID": hostile})
        assert answer.headers["x-request-id"] != hostile


async def test_the_access_log_tells_routes_and_no_persons(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    person = await api.person("canary@example.org")
    with caplog.at_level(logging.INFO, "api.access"), capture_logs() as logged:
        await person.get("/api/jobs/", params={"title": "canary"})
        await person.get(f"/api/jobs/{person.id}")
        await api.http.get("/canary/path")
        await api.http.post("/api/auth/login", json={"email": person.email, "password": "canary canary"})
        await api.http.get("/health/live")
    told = [(line["method"], line["route"], line["status"]) for line in logged if line["event"] == "request"]
    assert told == [
        ("GET", "/api/jobs/", 200),
        ("GET", "/api/jobs/{job_id}", 404),
        ("GET", "unmatched", 404),
        ("POST", "/api/auth/login", 401),
    ]
    assert all(line["ms"] > 0 for line in logged)
    for personal in ("canary", str(person.id), person.tokens["access_token"][:40]):
        assert personal not in str(logged)


async def test_an_access_log_that_nobody_reads_is_not_written(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "api.access"), capture_logs() as logged:
        await api.http.get("/api/nothing")
    assert logged == []


UPLOAD = (
    "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: {}\r\nContent-Type: {}\r\nContent-Length: 999\r\n\r\n--x"
)


@pytest.mark.parametrize("path", ["/api/resumes/", "/api/webhooks/skyvern?attempt=x"])
async def test_who_hangs_up_in_the_middle_of_a_body_is_no_failure_of_ours(served: Api, path: str) -> None:
    person = await served.person()
    url = served.http.base_url
    with capture_logs() as logged:
        _, writer = await asyncio.open_connection(url.host, url.port)
        content_type = "multipart/form-data; boundary=x"
        writer.write(UPLOAD.format(path, person.headers["Authorization"], content_type).encode())
        await writer.drain()
        await asyncio.sleep(0.1)
        writer.transport.abort()
        await until(lambda: any(line["event"] == "request.abandoned" for line in logged))
    assert not [line for line in logged if line["event"] == "request.failed"]
    figures = (await served.http.get("/metrics")).text
    assert 'status="5xx"' not in figures


async def test_the_document_names_problems_for_every_route(api: Api) -> None:
    document = (await api.http.get("/openapi.json")).json()
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    reference = {"$ref": "#/components/schemas/Problem"}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if path == "/health/live":
                continue
            problems = {status for status in described["responses"] if int(status) >= 400}
            assert {"413", "422", "500", "503"} <= problems, (method, path)
            for status in problems:
                content = described["responses"][status]["content"]
                assert content == {"application/problem+json": {"schema": reference}}, (method, path)
    assert document["components"]["schemas"]["Problem"]["required"] == ["type", "title", "status", "detail"]


async def test_the_document_describes_filters_uploads_files_and_streams(api: Api) -> None:
    paths = (await api.http.get("/openapi.json")).json()["paths"]
    names = {parameter["name"] for parameter in paths["/api/jobs/"]["get"]["parameters"]}
    assert {"title", "company", "location", "remote", "salary", "currency", "cursor", "limit"} <= names
    for path in ("/api/jobs/", "/api/jobs/suggestions", "/api/jobs/{job_id}/similar"):
        asked = [each for each in paths[path]["get"]["parameters"] if each["in"] == "query"]
        assert asked
        assert not [each["name"] for each in asked if not each.get("description")], path
    assert "at, au, be, br" in str(paths["/api/jobs/recommended"]["get"]["parameters"])
    body = paths["/api/resumes/"]["post"]["requestBody"]["content"]
    assert body["multipart/form-data"]["schema"]["required"] == ["file"]
    assert "application/pdf" in paths["/api/resumes/{resume_id}/file"]["get"]["responses"]["200"]["content"]
    assert "text/event-stream" in paths["/api/events/"]["get"]["responses"]["200"]["content"]
    assert paths["/api/jobs/"]["get"]["security"]
