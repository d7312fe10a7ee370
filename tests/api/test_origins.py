"""Who may call from a browser, under which name, and whose word counts about who asks."""

import asyncio
import json
import sys
from collections.abc import Iterator

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.limiting import address_of
from local.commands.plan import SERVER
from local.ports import free_port
from local.supervisor.parts import Part, accepts_connections
from local.supervisor.process import running
from local.supervisor.watchdog import Watchdog
from settings import ApiSettings, Settings
from tests.api.client import Api, ApiAt, assert_problem, running_app, served_app
from tests.api.configured import settings_for
from tests.compose import ROOT, SET, read_compose
from tests.settings_tree import fields_by_name

FRONTEND = "https://app.example.org"
TEMPORAL_UI = "http://127.0.0.1:8233"
PUBLIC = "jobs.example.com"
HOSTILE = (
    "https://evil.example.org",
    f"{FRONTEND}.evil.org",
    "null",
    FRONTEND.upper(),
    f"{FRONTEND}:444",
    "",
)
PREFLIGHT = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization"}
ORIGINS = ApiSettings(cors_origins=[FRONTEND], codec_origins=[TEMPORAL_UI])


def allowed(answer: httpx.Response) -> str | None:
    """Return the origin that may read an answer."""
    origin: str | None = answer.headers.get("access-control-allow-origin")
    return origin


async def test_only_the_named_frontend_may_call_from_a_browser(api_at: ApiAt) -> None:
    async with api_at(api=ORIGINS) as api:
        asked = await api.http.options("/api/profile/", headers={"Origin": FRONTEND, **PREFLIGHT})
        assert asked.status_code == 204
        assert allowed(asked) == FRONTEND
        assert "PATCH" in asked.headers["access-control-allow-methods"]
        assert "X-Act-For" in asked.headers["access-control-allow-headers"]
        for origin in (*HOSTILE, TEMPORAL_UI):
            refused = await api.http.options("/api/profile/", headers={"Origin": origin, **PREFLIGHT})
            assert_problem(refused, 403, "forbidden")
            assert allowed(refused) is None
            assert allowed(await api.http.get("/health/live", headers={"Origin": origin})) is None
        problem = await api.http.get("/api/jobs/", headers={"Origin": FRONTEND})
        assert_problem(problem, 401, "unauthenticated")
        assert allowed(problem) == FRONTEND
        assert problem.headers["vary"] == "Origin"
        assert "Retry-After" in problem.headers["access-control-expose-headers"]


async def test_no_answer_to_a_frontend_lets_a_cookie_in(api_at: ApiAt) -> None:
    async with api_at(api=ORIGINS) as api:
        for path in ("/api/profile/", "/api/jobs/", "/health/live", "/api/codecs", "/api/codec/../profile/"):
            for origin in (FRONTEND, TEMPORAL_UI):
                for headers in ({"Origin": origin}, {"Origin": origin, **PREFLIGHT}):
                    answer = await api.http.options(path, headers=headers)
                    assert "access-control-allow-credentials" not in answer.headers


async def test_the_codec_takes_the_cookie_of_temporals_page_alone(api_at: ApiAt) -> None:
    async with api_at(api=ORIGINS) as api:
        asked = await api.http.options("/api/codec/decode", headers={"Origin": TEMPORAL_UI, **PREFLIGHT})
        assert (asked.status_code, allowed(asked)) == (204, TEMPORAL_UI)
        assert asked.headers["access-control-allow-credentials"] == "true"
        for origin in (*HOSTILE, FRONTEND):
            refused = await api.http.options("/api/codec/decode", headers={"Origin": origin, **PREFLIGHT})
            assert_problem(refused, 403, "forbidden")
            assert allowed(refused) is None
            assert "access-control-allow-credentials" not in refused.headers


async def test_a_refusal_of_the_edge_can_be_read_by_the_frontend(api_at: ApiAt) -> None:
    async with api_at(api=ORIGINS) as api:
        headers = {"Origin": FRONTEND, "Content-Length": "99999999"}
        answer = await api.http.post("/api/auth/login", headers=headers, content=b"{}")
        assert_problem(answer, 413, "too-large")
        assert allowed(answer) == FRONTEND


async def test_without_frontends_no_origin_is_allowed(api: Api) -> None:
    answer = await api.http.get("/health/live", headers={"Origin": FRONTEND})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert_problem(
        await api.http.options("/api/jobs/", headers={"Origin": FRONTEND, **PREFLIGHT}),
        405,
        "method-not-allowed",
    )


async def test_a_request_under_another_name_is_not_served(api_at: ApiAt) -> None:
    async with api_at(api=ApiSettings(hosts=[PUBLIC, "::1"])) as api:
        for host in (PUBLIC, f"{PUBLIC}:443", PUBLIC.upper(), "[::1]", "[::1]:8000"):
            answer = await api.http.get("/api/jobs/", headers={"Host": host})
            assert_problem(answer, 401, "unauthenticated")
        for host in (
            *(
                "evil.example.org",
                f"{PUBLIC}.evil.org",
                f"evil.org/{PUBLIC}",
                f"{PUBLIC}@evil.org",
                "127.0.0.1",
            ),
            *(f"evil.org:{PUBLIC}", f"{PUBLIC}, evil.org", f"x{PUBLIC}", "", "*", f"{PUBLIC}:x"),
            *(f"[{PUBLIC}]", f"[[{PUBLIC}", f"{PUBLIC}]"),
        ):
            answer = await api.http.get("/api/jobs/", headers={"Host": host})
            assert_problem(answer, 421, "misdirected-request")
            assert host == "" or host not in answer.text
            for path in ("/health/live", "/metrics"):
                assert (await api.http.get(path, headers={"Host": host})).status_code == 200


def production(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return what Compose gives the API, with another database."""
    for name in fields_by_name():
        monkeypatch.delenv(name, raising=False)
    for name, value in read_compose(SET).environment("api").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("JOBRAKER_DATABASE__URL", database_url)
    return Settings.model_validate({})


async def test_in_production_only_the_public_name_is_served_and_browsers_are_told_to_stay_with_tls(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_app(production(database_url, monkeypatch)) as api:
        served = await api.http.get("/api/jobs/", headers={"Host": PUBLIC})
        assert_problem(served, 401, "unauthenticated")
        assert served.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert_problem(await api.http.get("/api/jobs/"), 421, "misdirected-request")
        assert (await api.http.get("/health/live")).headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        ("", "192.0.2.7", "127.0.0.1"),
        ("10.0.0.0/8", "192.0.2.7", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.0/29", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "203.0.113.1, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1, 10.0.0.0/8", "203.0.113.1, 192.0.2.7, 10.1.2.3", "192.0.2.7"),
        ("127.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("127.0.0.1", "<script>", "unknown"),
    ],
)
async def test_only_a_trusted_proxys_word_counts_about_who_asks(
    database_url: str, proxies: str, forwarded: str, counted: str
) -> None:
    async with served_app(settings_for(database_url, api=ApiSettings(proxies=proxies))) as api:
        api.app.router.routes.insert(0, Route("/who", lambda request: PlainTextResponse(address_of(request))))
        assert (await api.http.get("/who")).text == "127.0.0.1"
        assert (await api.http.get("/who", headers={"X-Forwarded-For": forwarded})).text == counted


def test_the_container_serves_as_this_machine_does() -> None:
    command = json.loads((ROOT / "deploy" / "Dockerfile").read_text().rpartition("\nCMD ")[2])
    assert tuple(command[: len(SERVER)]) == SERVER


@pytest.fixture(scope="module")
def server(watchdog: Watchdog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The API as `make run` serves it, without any database; its port."""
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    environment = read_compose(SET).environment("api")
    argv = [sys.executable, "-m", *SERVER, "--port", str(port)]
    part = Part(
        "api", argv, lambda: accepts_connections("127.0.0.1", port), {"PYTHONPATH": str(ROOT), **environment}
    )
    with running(part, folder, watchdog):
        yield port


NO_HTTP = {
    "no HTTP at all": b"hello\r\n\r\n",
    "no Host": b"GET /api/jobs/ HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET /api/jobs/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a line break in a header": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\nb: c\x00\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a length that is none": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
}


@pytest.mark.parametrize("name", NO_HTTP)
async def test_what_is_no_request_is_refused_by_a_problem(name: str, server: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server)
    writer.write(NO_HTTP[name])
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head.lower()
    assert json.loads(body)["type"] == "/problems/bad-request"
