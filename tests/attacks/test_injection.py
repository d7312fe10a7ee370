"""Header and log injection: what a caller writes into headers stays in its place, and out of our logs."""

import logging

import pytest
import structlog
from structlog.testing import capture_logs

from models.base import now
from tests.api.client import PASSWORD, Api, assert_problem
from tests.attacks.wire import sent

ESCAPES = "\x1b[2J\x1b[31mfailed\x1b[0m"
REQUEST = b"GET /api/auth/me HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n%s\r\n\r\n"


@pytest.mark.parametrize(
    "header",
    [
        b"User-Agent: x\r\nX-Injected: 1",
        b"User-Agent: x\nX-Injected: 1",
        b"User-Agent: x\rX-Injected: 1",
        b"X-Request-ID: aaaaaaaa\r\n X-Injected: 1",
        b"X-Request-ID: aaaaaaaa\nX-Injected: 1",
        b"X-Request-ID: aaaaaaaa%0d%0aX-Injected: 1",
        b"X-Request-ID: aaaaaaaa\xe5\x98\x8d\xe5\x98\x8aX-Injected: 1",
        b"X-Reason: why\x00\x1b[31m",
        b"Origin: https://a.example\r\n\tX-Injected: 1",
        b"Authorization: Bearer x\x0bX-Injected: 1",
        b"X-Act-For: \x7f\x1b]0;title\x07",
    ],
    ids=range(11),
)
async def test_no_header_that_is_sent_becomes_one_of_the_answer(served: Api, header: bytes) -> None:
    answer = await sent(served, REQUEST % header)
    assert answer.status in {400, 401, 0}
    assert b"x-injected" not in answer.names
    assert b"\x1b" not in answer.head + answer.body
    assert answer.head.lower().count(b"x-request-id") <= 1


@pytest.mark.parametrize(
    "path",
    [
        "/api/jobs/%0d%0aSet-Cookie:%20a=b",
        "/api/nothing%0d%0a%0d%0a<script>alert(1)</script>",
        "/api/applications/%1b[31m",
        "/api/jobs/?q=%0d%0aX-Injected:1&cursor=%1b[2J",
        "/docs?x=<script>alert(1)</script>",
        "//evil.example.org/%2e%2e",
        "/api/privacy/exports/download?token=%0d%0aLocation:%20https://evil.example.org",
    ],
)
async def test_no_part_of_an_address_is_told_back_raw(api: Api, path: str) -> None:
    person = await api.person()
    for headers in ({}, person.headers):
        answer = await api.http.get(path, headers=headers)
        assert answer.status_code in {200, 401, 404, 422}
        told = str(answer.headers.raw).lower()
        assert not [word for word in ("set-cookie", "x-injected", "evil.example") if word in told]
        assert "<script>alert" not in answer.text
        assert "\x1b" not in answer.text


async def test_an_access_log_holds_no_words_of_the_caller(
    served: Api, caplog: pytest.LogCaptureFixture
) -> None:
    hostile = f'canary\r\n{{"level": "info", "event": "request"}}{ESCAPES}'.encode()
    with caplog.at_level(logging.INFO, "api.access"), capture_logs() as logged:
        for name in (b"User-Agent", b"X-Request-ID", b"X-Reason", b"Referer", b"X-Forwarded-For", b"Cookie"):
            await sent(served, REQUEST % (name + b": " + hostile.replace(b"\r\n", b"%0d%0a")))
        await sent(served, b"GET /canary%0d%0acanary HTTP/1.1\r\nHost: canary\r\nConnection: close\r\n\r\n")
        await sent(served, b"CANARY\x1b /canary HTTP/1.1\r\nHost: x\r\n\r\n")
    assert [line for line in logged if line["event"] == "request"]
    written = str(logged) + caplog.text
    assert "canary" not in written.lower()
    assert "\x1b[2J" not in written


async def test_a_logged_value_never_begins_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    render = structlog.processors.JSONRenderer()
    line = render(None, "info", {"event": f"x\r\n{ESCAPES}\u2028\u0085", "at": str(now())})
    written = line if isinstance(line, str) else line.decode()
    assert written.count("\n") == 0
    assert written.isascii()
    assert written.isprintable()
    assert not capsys.readouterr().out


async def test_a_device_that_calls_itself_names_with_control_characters_is_listed_without_them(
    api: Api,
) -> None:
    person = await api.person()
    agent = b"Fire\x1b[31mfox\x7f \xc2\x9b2J \xe2\x80\xaexod\tend"
    headers = [(b"user-agent", agent), (b"content-type", b"application/json")]
    body = f'{{"email": "{person.email}", "password": "{PASSWORD}"}}'.encode()
    answer = await api.http.request("POST", "/api/auth/login", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    listed = (await person.get("/api/auth/sessions")).json()
    devices = [each["device"] for each in (listed if isinstance(listed, list) else listed["items"])]
    (device,) = [each for each in devices if each and "Fire" in each]
    assert device.isprintable()
    assert "\x1b" not in device
    assert "\u202e" not in device


@pytest.mark.parametrize("reason", ["why%0aX: y", "why%1b[31m red", "why%c2%85next", "why%e2%80%a8next"])
async def test_a_reason_of_several_lines_or_escapes_is_refused_before_it_is_written_down(
    api: Api, reason: str
) -> None:
    admin, person = await api.administrator(), await api.person()
    headers = {"X-Act-For": str(person.id), "X-Reason": reason}
    assert_problem(await admin.get("/api/profile/", headers=headers), 422, "unprocessable")
    assert await api.database.rows("SELECT id FROM audit_entry", {}) == []
