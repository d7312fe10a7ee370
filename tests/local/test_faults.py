"""Every kind of fault, played over real sockets on a small app that counts its effects."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from local import faults, received
from local.serving import serve
from tests.local.clients import http_client

BODY = {"name": "a document of some length"}


class Ledger:
    """What the app under test has done."""

    def __init__(self) -> None:
        self.effects: list[str] = []
        self.resets = 0


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
async def client(ledger: Ledger) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()

    @app.post("/things")
    async def create(body: dict[str, Any]) -> dict[str, Any]:
        ledger.effects.append(body["name"])
        return body

    @app.get("/things")
    async def read() -> dict[str, Any]:
        return BODY

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(10):
                yield b"0123456789"

        return StreamingResponse(parts())

    async def reset() -> None:
        ledger.resets += 1

    faults.install(app, reset, lambda status: {"vendor": status})
    received.install(app)
    async with serve(app) as address, http_client(base_url=address, timeout=5) as client:
        yield client


async def arm(client: httpx.AsyncClient, **fault: object) -> str:
    answer = await client.post("/_control/faults", json=fault)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def fired(client: httpx.AsyncClient) -> list[int]:
    return [fault["fired"] for fault in (await client.get("/_control/faults")).json()]


async def test_without_faults_the_app_answers(client: httpx.AsyncClient, ledger: Ledger) -> None:
    answer = await client.post("/things", json=BODY)
    assert (answer.status_code, answer.json(), ledger.effects) == (200, BODY, [BODY["name"]])


async def test_a_status_fault_answers_in_place_of_the_app(client: httpx.AsyncClient, ledger: Ledger) -> None:
    await arm(client, kind="status", status=429, body={"too": "many"}, headers={"retry-after": "7"})
    answer = await client.post("/things", json=BODY)
    assert (answer.status_code, answer.json(), answer.headers["retry-after"]) == (429, {"too": "many"}, "7")
    assert ledger.effects == []


async def test_a_status_fault_without_a_body_has_the_vendors_error(client: httpx.AsyncClient) -> None:
    await arm(client, kind="status")
    answer = await client.get("/things")
    assert (answer.status_code, answer.json()) == (500, {"vendor": 500})


@pytest.mark.parametrize("kind", ["status", "html", "garbage", "cut", "slow"])
async def test_an_answer_can_be_lost_after_its_effect(
    client: httpx.AsyncClient, ledger: Ledger, kind: str
) -> None:
    await arm(client, kind=kind, after_effect=True, times=1)
    if kind in {"cut", "slow"}:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/things", json=BODY)
    else:
        answer = await client.post("/things", json=BODY)
        assert BODY["name"] not in answer.text
    assert ledger.effects == [BODY["name"]]
    assert (await client.post("/things", json=BODY)).json() == BODY


async def test_a_cut_before_the_effect_answers_nothing(client: httpx.AsyncClient, ledger: Ledger) -> None:
    await arm(client, kind="cut")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await client.post("/things", json=BODY)
    assert ledger.effects == []


@pytest.mark.parametrize("path", ["/things", "/stream"])
async def test_a_cut_after_some_bytes_sends_just_these(client: httpx.AsyncClient, path: str) -> None:
    await arm(client, kind="cut", after_bytes=13)
    read = bytearray()

    async def read_all() -> None:
        async with client.stream("GET", path) as answer:
            async for part in answer.aiter_raw():
                read.extend(part)

    with pytest.raises(httpx.RemoteProtocolError):
        await read_all()
    assert len(read) == 13


async def test_a_stream_shorter_than_the_cut_still_ends_without_its_end(client: httpx.AsyncClient) -> None:
    await arm(client, kind="cut", after_bytes=1000)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/stream")


async def test_garbage_is_no_json_under_the_name_of_json(client: httpx.AsyncClient) -> None:
    await arm(client, kind="garbage")
    answer = await client.get("/things")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="codec"):
        answer.json()


async def test_html_comes_with_its_status_and_type(client: httpx.AsyncClient) -> None:
    await arm(client, kind="html", times=1)
    await arm(client, kind="html", status=403, body="<p>blocked</p>")
    first, second = await client.get("/things"), await client.get("/things")
    assert (first.status_code, second.status_code, second.text) == (503, 403, "<p>blocked</p>")
    assert first.headers["content-type"].startswith("text/html")
    assert "<h1>503</h1>" in first.text


async def test_slow_answers_late_and_properly(client: httpx.AsyncClient) -> None:
    await arm(client, kind="slow", seconds=0.2)
    started = time.monotonic()
    assert (await client.get("/things")).json() == BODY
    assert time.monotonic() - started >= 0.2


async def test_a_client_that_gives_up_on_a_slow_answer_leaves_the_effect(
    client: httpx.AsyncClient, ledger: Ledger
) -> None:
    await arm(client, kind="slow", seconds=0.6, after_effect=True)
    with pytest.raises(httpx.ReadTimeout):
        await client.post("/things", json=BODY, timeout=0.2)
    assert ledger.effects == [BODY["name"]]


async def test_method_and_path_choose_the_requests(client: httpx.AsyncClient) -> None:
    await arm(client, kind="status", method="post", path="/thi")
    await arm(client, kind="status", status=418, path=r"/str\w+$")
    assert (await client.get("/things")).status_code == 200
    assert (await client.post("/things", json=BODY)).status_code == 500
    assert (await client.get("/stream")).status_code == 418
    assert await fired(client) == [1, 1]


async def test_a_fault_fires_only_as_often_as_told(client: httpx.AsyncClient) -> None:
    await arm(client, kind="status", times=2)
    statuses = [(await client.get("/things")).status_code for _ in range(4)]
    assert statuses == [500, 500, 200, 200]
    assert await fired(client) == [2]


async def test_a_seed_makes_probability_repeatable(client: httpx.AsyncClient) -> None:
    async def play() -> list[int]:
        await arm(client, kind="status", probability=0.5, seed=7)
        statuses = [(await client.get("/things")).status_code for _ in range(20)]
        await client.delete("/_control/faults")
        return statuses

    first = await play()
    assert set(first) == {200, 500}
    assert await play() == first


async def test_faults_can_be_taken_back(client: httpx.AsyncClient) -> None:
    await arm(client, kind="status", status=501)
    second = await arm(client, kind="status", status=502)
    assert (await client.get("/things")).status_code == 501
    assert (await client.delete("/_control/faults")).status_code == 204
    assert (await client.get("/things")).status_code == 200
    assert (await client.delete(f"/_control/faults/{second}")).status_code == 404


async def test_one_fault_of_two_can_be_taken_back(client: httpx.AsyncClient) -> None:
    first = await arm(client, kind="status", status=501)
    await arm(client, kind="status", status=502)
    assert (await client.delete(f"/_control/faults/{first}")).status_code == 204
    assert (await client.get("/things")).status_code == 502


@pytest.mark.parametrize(
    "fault",
    [{}, {"kind": "odd"}, {"kind": "cut", "path": "("}, {"kind": "status", "status": 42}, {"oops": 1}],
)
async def test_a_malformed_fault_is_refused(client: httpx.AsyncClient, fault: dict[str, object]) -> None:
    assert (await client.post("/_control/faults", json=fault)).status_code == 422
    assert await fired(client) == []


async def test_the_state_is_reset_on_demand(client: httpx.AsyncClient, ledger: Ledger) -> None:
    await arm(client, kind="cut")
    assert (await client.delete("/_control/state")).status_code == 204
    assert ledger.resets == 1


async def test_requests_are_remembered_without_keys_even_when_spoilt(client: httpx.AsyncClient) -> None:
    await arm(client, kind="cut", times=1)
    headers = {"authorization": "Bearer canary", "x-api-key": "canary"}
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/things?app_key=canary&q=1", json=BODY, headers=headers)
    await client.get("/things")
    answer = await client.get("/_control/requests")
    spoilt, served = answer.json()
    assert (spoilt["method"], spoilt["path"], spoilt["query"], spoilt["body"]) == (
        "POST",
        "/things",
        {"q": "1"},
        BODY,
    )
    assert (spoilt["status"], served["status"]) == (None, 200)
    assert "canary" not in answer.text
    await client.delete("/_control/requests")
    assert (await client.get("/_control/requests")).json() == []


async def test_a_taken_port_is_an_error(client: httpx.AsyncClient) -> None:
    with pytest.raises(OSError, match="in use"):
        async with serve(FastAPI(), port=client.base_url.port or 0):
            pass


async def test_serving_ends_within_seconds_under_a_request_that_never_ends() -> None:
    app = FastAPI()
    begun = asyncio.Event()

    @app.get("/")
    async def wait() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with http_client(timeout=10) as client:
        async with serve(app) as address:
            request = asyncio.create_task(client.get(address))
            await begun.wait()
            started = time.monotonic()
        assert time.monotonic() - started < 2
        with pytest.raises(httpx.HTTPError):
            (await request).raise_for_status()
