"""Webhooks of Skyvern's stand-in: signed as recorded, retried in identical bytes, spoilt on demand."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.skyvern.webhooks import encode, sign
from tests.local.skyvern_stage import KEY, Json, Stage, open_stage, recorded, until


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as opened:
        yield opened


def is_signed(body: bytes, headers: dict[str, str]) -> bool:
    """Check a signature as a receiver would, without the stand-in's own code."""
    expected = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, headers["x-skyvern-signature"])


async def start(stage: Stage, slug: str = "short-1") -> Json:
    return await stage.start(await stage.request(slug), webhook_url=stage.hook_url)


async def attempts(stage: Stage, count: int) -> list[Json]:
    """Wait for so many tried deliveries and return them."""

    async def tried() -> bool:
        return len((await stage.skyvern.get("/_control/webhooks")).json()) >= count

    await until(tried)
    rows: list[Json] = (await stage.skyvern.get("/_control/webhooks")).json()
    return rows


def test_the_signature_is_the_recorded_one() -> None:
    vector = recorded("webhook_signature_vector")
    assert sign(vector["api_key"], vector["raw_body"].encode()) == vector["headers"]["x-skyvern-signature"]


def test_the_body_is_compact_unescaped_and_has_whole_numbers() -> None:
    assert (
        encode({"a": [3.0, 0.5, True, None], "b": {"ü": 2.0}})
        == '{"a":[3,0.5,true,null],"b":{"ü":2}}'.encode()
    )


async def test_an_ended_run_rings_once_with_the_recorded_keys(stage: Stage) -> None:
    created = await start(stage)
    ((body, headers),) = await stage.webhooks(1)

    told = json.loads(body)
    assert is_signed(body, headers)
    assert abs(int(headers["x-skyvern-timestamp"]) - time.time()) < 10
    assert headers["content-type"] == "application/json"
    assert told["run_id"] == created["run_id"]
    assert told["status"] == "completed"
    theirs = recorded("webhook_workflow_completed")
    assert set(told) == set(theirs)
    assert set(told["run_request"]) == set(theirs["run_request"])
    assert {k for k, v in told.items() if v is None} == {k for k, v in theirs.items() if v is None}
    assert {k for k in told if type(told[k]) is not type(theirs[k])} == set()
    (row,) = await attempts(stage, 1)
    assert row["status_code"] == 200


async def test_retries_carry_the_same_bytes_and_end_after_three(stage: Stage) -> None:
    stage.receiver.statuses = [500, 429, 403]
    created = await start(stage)
    received = await stage.webhooks(3)
    rows = await attempts(stage, 3)

    assert [row["status_code"] for row in rows] == [500, 429, 403]
    assert len({body for body, _ in received}) == 1
    assert len({(h["x-skyvern-signature"], h["x-skyvern-timestamp"]) for _, h in received}) == 1
    assert (await stage.run(created["run_id"]))["status"] == "completed"


async def test_a_refusal_is_not_retried(stage: Stage) -> None:
    stage.receiver.statuses = [404]
    await start(stage)
    await attempts(stage, 1)
    stage.receiver.statuses = [200]
    second = await start(stage, "short-2")
    rows = await attempts(stage, 2)
    assert [row["status_code"] for row in rows] == [404, 200]
    assert rows[1]["run_id"] == second["run_id"]


async def test_retry_after_is_obeyed(stage: Stage) -> None:
    stage.receiver.statuses, stage.receiver.headers = [503, 200], {"retry-after": "1"}
    began = time.monotonic()
    await start(stage)
    await stage.webhooks(2)
    assert time.monotonic() - began >= 1


async def test_a_receiver_that_cannot_be_reached_is_tried_three_times(stage: Stage) -> None:
    await stage.start(await stage.request("short-1"), webhook_url="http://127.0.0.1:9/hook")
    rows = await attempts(stage, 3)
    assert [row["status_code"] for row in rows] == [None, None, None]


async def test_a_lost_webhook_never_comes(stage: Stage) -> None:
    await stage.order("webhooks", mode="lost", times=1)
    lost = await start(stage)
    await stage.reach(lost["run_id"])
    rung = await start(stage, "short-2")
    ((body, _),) = await stage.webhooks(1)
    assert json.loads(body)["run_id"] == rung["run_id"]


async def test_a_doubled_webhook_comes_twice(stage: Stage) -> None:
    await stage.order("webhooks", mode="doubled", times=1)
    await start(stage)
    first, second = await stage.webhooks(2)
    assert first[0] == second[0]


async def test_a_forged_webhook_has_a_wrong_signature(stage: Stage) -> None:
    await stage.order("webhooks", mode="forged", times=1)
    await start(stage)
    ((body, headers),) = await stage.webhooks(1)
    assert not is_signed(body, headers)


async def test_a_late_webhook_comes_after_the_run_can_be_read(stage: Stage) -> None:
    await stage.order("webhooks", mode="late", seconds=0.3, times=1)
    created = await start(stage)
    await stage.reach(created["run_id"])
    assert stage.receiver.received == []
    await stage.webhooks(1)


async def test_an_early_webhook_comes_before_the_post_is_answered(stage: Stage) -> None:
    await stage.order("webhooks", mode="early", times=1)
    created = await start(stage)
    assert len(stage.receiver.received) == 1
    assert created["status"] == "created"
    assert json.loads(stage.receiver.received[0][0])["run_id"] == created["run_id"]


async def test_canceling_a_running_run_rings_twice(stage: Stage) -> None:
    await stage.order("runs", mode="paused", times=1)
    created = await start(stage)
    await stage.reach(created["run_id"], "paused")
    await stage.skyvern.post(f"/v1/runs/{created['run_id']}/cancel")
    told = [json.loads(body) for body, _ in await stage.webhooks(2)]
    assert [(t["run_id"], t["status"]) for t in told] == [(created["run_id"], "canceled")] * 2


async def test_a_webhook_can_be_sent_again(stage: Stage) -> None:
    created = await start(stage)
    await stage.webhooks(1)
    path = f"/v1/runs/{created['run_id']}/retry_webhook"

    answer = (await stage.skyvern.post(path)).json()
    assert answer["status_code"] == 200
    assert answer["response_body"] == "thanks"
    assert answer["target_webhook_url"] == stage.hook_url
    body, headers = stage.receiver.received[1]
    assert answer["payload"].encode() == body
    assert is_signed(body, headers)
    elsewhere = (await stage.skyvern.post(path, json={"webhook_url": "http://127.0.0.1:9/"})).json()
    assert elsewhere["error"]
    assert elsewhere["status_code"] is None


async def test_nothing_is_sent_again_for_a_run_without_an_end_or_an_address(stage: Stage) -> None:
    silent = await stage.apply("short-1")
    await stage.order("runs", mode="stuck_queued", times=1)
    stuck = await start(stage, "short-2")
    for run in (silent, stuck):
        answer = await stage.skyvern.post(f"/v1/runs/{run['run_id']}/retry_webhook")
        assert answer.status_code == 400
    assert stage.receiver.received == []
