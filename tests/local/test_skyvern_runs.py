"""What becomes of runs: each kind of form, the modes a run can be told, cancelling, evidence."""

import asyncio
import hashlib
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from local.skyvern.services import tls
from tests.local.skyvern_stage import (
    APPLY_BLOCK,
    CODES,
    CONFIRM_BLOCK,
    RESUME,
    RIGHT_TO_WORK,
    Stage,
    definition,
    open_stage,
    until,
)

FULL = {
    "answers": [
        *RIGHT_TO_WORK,
        {"topic": "salary_expectation", "answer": 60000.0},
        {"topic": "notice_period", "answer": "1 month"},
        {"topic": "start_date", "answer": "2027-01-04"},
        *({"topic": "years_with", "skill": s, "answer": 4} for s in ("Python", "SQL", "Java", "Kubernetes")),
        {"topic": "years_with{Excel}", "answer": 4},
        {"question": "Which of these languages do you speak?", "answer": ["English", "Klingon"]},
    ],
    "consent": True,
}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as opened:
        yield opened


async def test_a_completed_application_is_in_the_employers_ledger(stage: Stage) -> None:
    run = await stage.apply("short-1")

    (row,) = await stage.ledger()
    assert run["status"] == "completed"
    assert run["output"]["confirm_output"]["extracted_information"] == {
        "submitted": True,
        "confirmation_id": row["confirmation_id"],
    }
    assert run["output"]["extracted_information"] == [
        run["output"]["confirm_output"]["extracted_information"]
    ]
    assert row["slug"] == "short-1"
    assert row["file_sha256"] == hashlib.sha256(RESUME).hexdigest()
    assert row["file_name"] == f"{run['run_request']['parameters']['resume']}_resume.pdf"


async def test_a_long_form_gets_what_was_given_and_nothing_else(stage: Stage) -> None:
    run = await stage.apply("long-gb-1", **FULL)
    assert run["failure_reason"] is None

    (row,) = await stage.ledger()
    fields = row["fields"]
    assert fields["work_authorisation"] == "Yes"
    assert fields["sponsorship"] == "No"
    assert fields["salary_expectation"] == "60000"
    assert fields["start_date"] == "2027-01-04"
    assert fields["languages"] == ["English"]
    assert fields["linkedin"] == "https://www.linkedin.com/in/ada"
    for left_blank in ("gender", "disability", "veteran", "why_company", "how_heard", "website"):
        assert left_blank not in fields


async def test_a_multipage_form_is_walked_and_submitted_once(stage: Stage) -> None:
    run = await stage.apply("multipage-1", answers=RIGHT_TO_WORK)
    (row,) = await stage.ledger()
    assert run["status"] == "completed"
    assert row["file_size"] == len(RESUME)
    assert row["fields"]["location"] == "London, United Kingdom"


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("closed-1", "job_closed"),
        ("login-1", "login_required"),
        ("captcha-1", "captcha"),
        ("unsafe-1", "unsafe_request"),
        ("long-gb-1", "missing_answer"),
    ],
)
async def test_an_obstacle_terminates_the_run_with_its_code(stage: Stage, slug: str, code: str) -> None:
    run = await stage.apply(slug)

    assert run["status"] == "terminated"
    (error,) = run["errors"]
    assert error["error_code"] == code
    assert error["error_type"] == "USER_DEFINED_ERROR"
    assert run["output"]["apply_output"]["errors"] == [error]
    assert "confirm_output" not in run["output"]
    assert await stage.ledger() == []


async def test_missing_answers_are_named_and_the_form_is_not_posted(stage: Stage) -> None:
    fault = {"kind": "status", "method": "POST", "status": 500}
    await stage.careers.post("/_control/faults", json=fault)
    run = await stage.apply("long-gb-1", answers=RIGHT_TO_WORK)
    (error,) = run["errors"]
    assert "Notice period" in error["reasoning"]
    assert "visa sponsorship" not in error["reasoning"]
    (armed,) = (await stage.careers.get("/_control/faults")).json()
    assert armed["fired"] == 0


async def test_a_code_that_nobody_defined_is_not_told(stage: Stage) -> None:
    workflow_id = await stage.workflow(definition({**APPLY_BLOCK, "error_code_mapping": None}, CONFIRM_BLOCK))
    created = await stage.start(await stage.request("closed-1", workflow_id))
    run = await stage.reach(created["run_id"])
    assert run["status"] == "terminated"
    assert run["errors"] == []
    assert run["failure_reason"]


async def test_a_code_may_be_defined_for_the_whole_workflow(stage: Stage) -> None:
    block = {**APPLY_BLOCK, "error_code_mapping": None}
    workflow_id = await stage.workflow(definition(block, error_code_mapping=CODES))
    created = await stage.start(await stage.request("closed-1", workflow_id))
    run = await stage.reach(created["run_id"])
    assert run["errors"][0]["error_code"] == "job_closed"


async def test_a_broken_site_fails_the_run(stage: Stage) -> None:
    run = await stage.apply("broken-1")
    assert run["status"] == "failed"
    assert [e["error_code"] for e in run["errors"]] == ["REACH_MAX_RETRIES"]
    assert run["errors"][0]["error_type"] == "SYSTEM_DEFINED_ERROR"


async def test_a_site_that_recovers_is_tried_again(stage: Stage) -> None:
    await stage.careers.post("/_control/faults", json={"kind": "cut", "method": "GET", "times": 2})
    assert (await stage.apply("short-1"))["status"] == "completed"


async def test_a_lost_answer_to_the_submission_is_not_sent_again(stage: Stage) -> None:
    fault = {"kind": "cut", "method": "POST", "after_effect": True, "times": 1}
    await stage.careers.post("/_control/faults", json=fault)
    run = await stage.apply("short-1")
    assert run["status"] == "failed"
    assert len(await stage.ledger()) == 1


async def test_no_confirmation_is_told_as_unknown(stage: Stage) -> None:
    run = await stage.apply("noconfirm-1")
    assert run["status"] == "completed"
    assert run["output"]["extracted_information"] == [{"submitted": None, "confirmation_id": None}]
    assert len(await stage.ledger()) == 1


async def test_the_same_advert_without_a_slug_is_the_same_form(stage: Stage) -> None:
    request = await stage.request("short-7")
    url = f"{stage.careers.base_url}/jobs/short-7"
    created = await stage.start(request, parameters={**request["parameters"], "job_url": url})
    await stage.reach(created["run_id"])
    assert [row["slug"] for row in await stage.ledger()] == ["short-7"]


async def test_a_file_that_is_not_bound_to_the_run_is_not_used_and_a_link_is(stage: Stage) -> None:
    request = await stage.request("short-1")
    run = await stage.reach((await stage.start(request, file_ids=None))["run_id"])
    assert run["errors"][0]["error_code"] == "missing_answer"

    upload = (await stage.skyvern.post("/v1/upload_file", files={"file": ("cv.pdf", RESUME)})).json()
    parameters = {**request["parameters"], "resume": upload["presigned_url"]}
    run = await stage.reach((await stage.start(request, file_ids=None, parameters=parameters))["run_id"])
    assert run["status"] == "completed"
    assert (await stage.ledger())[0]["file_name"] == f"{upload['file_id']}_cv.pdf"


async def test_a_runs_file_is_deleted_when_it_ends(stage: Stage) -> None:
    run = await stage.apply("short-1")
    file_id = run["run_request"]["parameters"]["resume"]
    assert (await stage.skyvern.delete(f"/v1/files/{file_id}")).status_code == 404


def png_size(content: bytes) -> tuple[int, int]:
    """Return the size of a PNG after checking every part of it."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, {}
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        assert struct.unpack(">I", content[place + 8 + length : place + 12 + length])[0] == zlib.crc32(
            kind + body
        )
        chunks[kind] = body
        place += 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    pixels = zlib.decompress(chunks[b"IDAT"])
    assert len(pixels) == height * (width + 1)
    assert len(set(pixels)) > 2
    return width, height


async def test_screenshots_are_images_behind_links_that_expire(stage: Stage) -> None:
    run = await stage.apply("short-1")
    artifacts = (await stage.skyvern.get(f"/v1/runs/{run['run_id']}/artifacts")).json()
    types = {artifact["artifact_type"] for artifact in artifacts}
    assert types == {"screenshot_action", "screenshot_final", "html_scrape"}

    async with httpx.AsyncClient(verify=tls()) as anybody:
        for url in run["screenshot_urls"]:
            image = await anybody.get(url)
            assert image.headers["content-type"] == "image/png"
            assert png_size(image.content) == (640, 400)
        page = next(a for a in artifacts if a["artifact_type"] == "html_scrape")
        html = await anybody.get(page["signed_url"])
        assert "Application received" in html.text
        assert html.headers["content-type"].startswith("text/plain")
        assert len(html.content) == page["file_size"]

        await stage.order("links", expires_in=-1)
        expired = (await stage.run(run["run_id"]))["screenshot_urls"][0]
        assert (await anybody.get(expired)).status_code == 403
        assert (await anybody.get(url)).status_code == 200
        await stage.order("links")
        again = (await stage.run(run["run_id"]))["screenshot_urls"][0]
        assert (await anybody.get(again)).status_code == 200


async def test_artifacts_are_filtered_by_type(stage: Stage) -> None:
    run = await stage.apply("short-1")
    path = f"/v1/runs/{run['run_id']}/artifacts"
    rows = (await stage.skyvern.get(path, params={"artifact_type": "screenshot_final"})).json()
    assert {row["artifact_type"] for row in rows} == {"screenshot_final"}
    assert (await stage.skyvern.get("/v1/runs/wr_1/artifacts")).json() == []


async def test_a_canceled_run_submits_nothing_and_stays_canceled(stage: Stage) -> None:
    fault = {"kind": "slow", "method": "GET", "seconds": 0.2, "times": 1}
    await stage.careers.post("/_control/faults", json=fault)
    created = await stage.start(await stage.request("short-1"))
    await stage.reach(created["run_id"], "running")
    answer = await stage.skyvern.post(f"/v1/runs/{created['run_id']}/cancel")
    assert (answer.status_code, answer.json()) == (200, None)
    again = await stage.skyvern.post(f"/v1/runs/{created['run_id']}/cancel")
    assert again.status_code == 400
    assert again.json()["detail"].startswith("Invalid task status transition")

    # When a run that began later and met a slower page has ended, the canceled one had its turn.
    await stage.careers.post("/_control/faults", json={**fault, "seconds": 0.4})
    await stage.apply("short-2")
    run = await stage.run(created["run_id"])
    assert run["status"] == "canceled"
    assert run["output"] is None
    assert [row["slug"] for row in await stage.ledger()] == ["short-2"]


async def test_a_cancel_during_the_submission_does_not_take_it_back(stage: Stage) -> None:
    fault = {"kind": "slow", "method": "POST", "seconds": 0.2, "times": 1}
    armed = (await stage.careers.post("/_control/faults", json=fault)).json()
    created = await stage.start(await stage.request("short-1"))

    async def submitting() -> bool:
        faults = (await stage.careers.get("/_control/faults")).json()
        return any(f["id"] == armed["id"] and f["fired"] for f in faults)

    await until(submitting)
    await stage.skyvern.post(f"/v1/runs/{created['run_id']}/cancel")

    async def landed() -> bool:
        return len(await stage.ledger()) == 1

    await until(landed)
    assert (await stage.run(created["run_id"]))["status"] == "canceled"


async def test_several_runs_are_canceled_at_once(stage: Stage) -> None:
    await stage.order("runs", mode="stuck_queued", times=1)
    stuck = (await stage.start(await stage.request("short-1")))["run_id"]
    done = (await stage.apply("short-2"))["run_id"]
    answer = await stage.skyvern.post("/v1/runs/cancel", json={"run_ids": [stuck, done, "wr_1"]})
    assert answer.json() == {"cancelled": [stuck], "failed": [done, "wr_1"]}
    assert (await stage.run(stuck))["status"] == "canceled"


async def test_a_stuck_run_stays_queued_and_the_next_one_runs(stage: Stage) -> None:
    await stage.order("runs", mode="stuck_queued", times=1)
    stuck = await stage.start(await stage.request("short-1"))
    assert (await stage.apply("short-2"))["status"] == "completed"
    run = await stage.reach(stuck["run_id"], "queued")
    assert run["started_at"] is None


async def test_a_paused_run_waits_for_a_person(stage: Stage) -> None:
    await stage.order("runs", mode="paused", times=1)
    created = await stage.start(await stage.request("short-1"))
    await stage.reach(created["run_id"], "paused")
    assert await stage.ledger() == []
    await stage.skyvern.post(f"/_control/runs/{created['run_id']}/resume")
    assert (await stage.reach(created["run_id"]))["status"] == "completed"


@pytest.mark.parametrize(
    ("order", "status", "code", "submitted"),
    [
        ({"mode": "max_steps"}, "failed", ["REACH_MAX_STEPS"], 0),
        ({"mode": "max_steps", "after_submit": True}, "failed", ["REACH_MAX_STEPS"], 1),
        ({"mode": "timed_out"}, "timed_out", [], 0),
        ({"mode": "timed_out", "after_submit": True}, "timed_out", [], 1),
        ({"mode": "null_output"}, "completed", [], 1),
    ],
)
async def test_a_run_ends_as_it_was_told(
    stage: Stage, order: dict[str, object], status: str, code: list[str], submitted: int
) -> None:
    await stage.order("runs", **order, times=1)
    run = await stage.apply("short-1")
    assert run["status"] == status
    assert [error["error_code"] for error in run["errors"]] == code
    assert len(await stage.ledger()) == submitted
    assert (run["output"] is None) == (order["mode"] == "null_output")


async def test_steps_are_limited_by_the_header(stage: Stage) -> None:
    request = await stage.request("short-1")
    answer = await stage.skyvern.post("/v1/run/agents", json=request, headers={"x-max-steps-override": "2"})
    run = await stage.reach(answer.json()["run_id"])
    assert run["status"] == "failed"
    assert run["errors"][0]["error_code"] == "REACH_MAX_STEPS"
    assert await stage.ledger() == []


async def test_many_runs_go_side_by_side(tmp_path: Path) -> None:
    async with open_stage(tmp_path, step_seconds=0.1) as stage:
        workflow_id = await stage.workflow()
        requests = [await stage.request(f"short-{n}", workflow_id) for n in range(10)]
        began = asyncio.get_running_loop().time()
        created = [await stage.start(request) for request in requests]
        for run in created:
            assert (await stage.reach(run["run_id"]))["status"] == "completed"
        assert asyncio.get_running_loop().time() - began < 3
        assert len(await stage.ledger()) == 10


async def test_the_state_can_be_cleared(stage: Stage) -> None:
    await stage.apply("short-1")
    assert (await stage.skyvern.delete("/_control/state")).status_code == 204
    assert (await stage.skyvern.get("/v1/runs")).json() == []
    assert (await stage.skyvern.get("/v1/workflows")).json() == []
    assert (await stage.apply("short-2"))["status"] == "completed"
