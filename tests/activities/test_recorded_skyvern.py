"""What a real Skyvern server said, read by our client over a real socket."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from activities.auto_apply.judging import judge
from activities.auto_apply.submitting import submission_of
from activities.vendors.client import new_client
from activities.vendors.skyvern import RunOrder, Skyvern, Upload
from activities.vendors.skyvern_apply import APPLY
from activities.vendors.skyvern_runs import read_run
from local.serving import serve
from models.enums import ApplicationState, EndReason
from workflows.messages import Submission, SubmissionKind

RECORDED = Path(__file__).parents[3] / "shared" / "vendors" / "recorded" / "skyvern"
KEY = "a-key"
ORDER = RunOrder("wpid_1", {"application_id": "a"}, "NONE", {}, ("file_1",), "https://example.org/hook")

pytestmark = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded answers are not beside this checkout"
)


def recorded(name: str) -> tuple[int, Any]:
    """Return a recorded answer's status and body."""
    document = json.loads((RECORDED / f"{name}.json").read_text())
    if isinstance(document, dict) and "request" in document:
        return document["status"], document["body"]
    return 200, document


@asynccontextmanager
async def answering(name: str) -> AsyncIterator[Skyvern]:
    """Serve one recorded answer to every request."""
    status, body = recorded(name)

    async def answer(_: Request) -> Response:
        return JSONResponse(body, status)

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    async with serve(app) as url, new_client(url, 5.0) as client:
        yield Skyvern(client)


async def test_the_created_workflow() -> None:
    async with answering("create_workflow") as skyvern:
        assert await skyvern.create_workflow(KEY, APPLY) == "wpid_599958741973526386"


async def test_the_uploaded_file() -> None:
    async with answering("upload_file") as skyvern:
        upload = Upload("resume.pdf", "application/pdf", b"%PDF-")
        assert await skyvern.upload_file(KEY, upload) == "file_599957775605884200"


async def test_the_created_run() -> None:
    async with answering("run_workflow") as skyvern:
        submission = submission_of(await skyvern.run_workflow(KEY, ORDER))
    assert submission == Submission(kind=SubmissionKind.ACCEPTED, run_id="wr_599958741973526402")


async def test_a_file_that_is_bound_already_proves_nothing() -> None:
    async with answering("run_task_duplicate_file_id_422") as skyvern:
        submission = submission_of(await skyvern.run_workflow(KEY, ORDER))
    assert submission.kind is SubmissionKind.AMBIGUOUS


async def test_the_list_of_runs() -> None:
    async with answering("list_runs_search") as skyvern:
        [row] = await skyvern.find_runs(KEY, "app-0009-attempt-1")
    assert (row.run_id, row.status) == ("wr_599958741973526402", "completed")


async def test_the_completed_run_of_a_workflow() -> None:
    async with answering("get_run_workflow_final") as skyvern:
        run = await skyvern.get_run(KEY, "wr_599958741973526402")
    assert run.is_final
    assert run.attempt_key == "app-0009-attempt-1"
    verdict = judge(run)
    assert (verdict.state, verdict.confirmation) == (ApplicationState.SUBMITTED, "CONF-123")


async def test_a_running_run_goes_on() -> None:
    _, body = recorded("get_run_running")
    assert not read_run(body).is_final


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("get_run_terminated", ApplicationState.FAILED, EndReason.JOB_CLOSED),
        ("get_run_max_steps", ApplicationState.UNKNOWN_OUTCOME, EndReason.STUCK),
        ("get_run_canceled", ApplicationState.UNKNOWN_OUTCOME, EndReason.PROVIDER_ERROR),
        ("get_run_final", ApplicationState.UNKNOWN_OUTCOME, EndReason.NO_CONFIRMATION),
        ("get_run_with_file_final", ApplicationState.UNKNOWN_OUTCOME, EndReason.NO_CONFIRMATION),
    ],
)
def test_every_recorded_ending(name: str, state: ApplicationState, reason: EndReason) -> None:
    _, body = recorded(name)
    run = read_run(body)
    assert run.is_final
    verdict = judge(run)
    assert (verdict.state, verdict.reason) == (state, reason)


def test_the_links_of_a_server_of_ones_own_are_files_and_never_fetched() -> None:
    _, body = recorded("get_run_workflow_final")
    links = body["screenshot_urls"]
    assert links
    skyvern = Skyvern(new_client("http://127.0.0.1:9", 1.0))
    assert [link for link in links if skyvern.may_fetch(link)] == []
