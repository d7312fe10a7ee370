"""Skyvern's stand-in answers in the shapes of the OpenAPI file and of the recorded bodies."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from activities.vendors.skyvern_scout import SCOUT
from local.skyvern.errors import BUSY
from local.skyvern.services import tls
from tests.local.skyvern_stage import APPLY_WORKFLOW, KEY, Json, Stage, open_stage, recorded
from tests.local.specs import SKYVERN, spec

RUN = "/v1/runs/{run_id}"
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as opened:
        yield opened


def differences(ours: object, theirs: object, at: str = "") -> list[str]:
    """Return where two bodies differ in their keys or, unless one is null, in their types."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            *(f"{at}.{key} is in one only" for key in sorted(set(ours) ^ set(theirs))),
            *(
                d
                for key in ours.keys() & theirs.keys()
                for d in differences(ours[key], theirs[key], f"{at}.{key}")
            ),
        ]
    if isinstance(ours, list) and isinstance(theirs, list):
        return differences(ours[0], theirs[0], f"{at}[0]") if ours and theirs else []
    if ours is None or theirs is None or type(ours) is type(theirs):
        return []
    return [f"{at} is {type(ours).__name__}, recorded as {type(theirs).__name__}"]


def nulls(body: Json) -> set[str]:
    return {key for key, value in body.items() if value is None}


def only_recorded_parameters(body: Json) -> Json:
    """Give the run the recorded applicant, so that only what the server adds is compared."""
    return {**body, "parameters": {**body["parameters"], "applicant": {"name": "Ada Lovelace"}}}


async def test_a_created_workflow_has_the_recorded_shape(stage: Stage) -> None:
    spec(SKYVERN).validate_request(APPLY_WORKFLOW, "/v1/agents")
    body = (await stage.skyvern.post("/v1/workflows", json=APPLY_WORKFLOW)).json()

    theirs = recorded("create_workflow")
    for document in (body, theirs):
        document["workflow_definition"]["blocks"][0]["error_code_mapping"] = None
    assert differences(body, theirs) == []
    assert nulls(body) == nulls(theirs)
    spec(SKYVERN).validate(body, "/v1/agents", "post")


async def test_a_workflow_with_a_loop_is_kept_and_run_as_specified(stage: Stage) -> None:
    answer = await stage.skyvern.post("/v1/workflows", json=SCOUT.creation_body())
    assert answer.status_code == 200, answer.text
    spec(SKYVERN).validate(answer.json(), "/v1/agents", "post")
    parameters = {
        "application_id": "scout-1",
        "job_url": "https://www.adzuna.co.uk/jobs/land/ad/multipage-1",
    }
    request = {"workflow_id": answer.json()["workflow_permanent_id"], "parameters": parameters}
    final = await stage.reach((await stage.start(request))["run_id"])
    assert final["status"] == "completed"
    assert len(final["output"]["pages_output"]) == 2
    spec(SKYVERN).validate(final, RUN)


async def test_workflows_are_listed_searched_and_read(stage: Stage) -> None:
    first = await stage.workflow()
    second = await stage.workflow(
        {"json_definition": {**APPLY_WORKFLOW["json_definition"], "title": "Scout 2"}}
    )

    rows = (await stage.skyvern.get("/v1/workflows")).json()
    assert [row["workflow_permanent_id"] for row in rows] == [second, first]
    spec(SKYVERN).validate(rows, "/v1/agents")
    by_key = (await stage.skyvern.get("/v1/agents", params={"search_key": "scout 2"})).json()
    by_title = (await stage.skyvern.get("/v1/workflows", params={"title": "jobraker"})).json()
    by_parameter = (await stage.skyvern.get("/v1/workflows", params={"search_key": "job_url"})).json()
    assert [row["workflow_permanent_id"] for row in by_key] == [second]
    assert [row["workflow_permanent_id"] for row in by_title] == [first]
    assert len(by_parameter) == 2
    assert (await stage.skyvern.get("/v1/workflows", params={"page": 2, "page_size": 1})).json() == rows[1:]
    assert (await stage.skyvern.get(f"/v1/workflows/{first}")).json() == rows[1]
    unknown = await stage.skyvern.get("/v1/workflows/wpid_1")
    assert unknown.status_code == 404


async def test_a_workflow_run_has_the_recorded_shapes_from_its_start_to_its_end(stage: Stage) -> None:
    request = only_recorded_parameters(await stage.request("short-1"))
    request |= {"webhook_url": stage.hook_url, "run_metadata": {"application_id": "app-1"}}
    spec(SKYVERN).validate_request({**request, "agent_id": request["workflow_id"]}, "/v1/run/agents")

    created = await stage.start(request)
    assert differences(created, recorded("run_workflow")) == []
    assert nulls(created) == nulls(recorded("run_workflow"))
    spec(SKYVERN).validate(created, "/v1/run/agents", "post")
    final = await stage.reach(created["run_id"])

    # This applicant gives no e-mail and no phone.
    assert final["status"] == "terminated"
    assert "E-mail address" in final["failure_reason"]
    spec(SKYVERN).validate(final, RUN)
    assert final["run_request"]["run_metadata"] is None
    assert final["run_request"]["file_ids"] is None


async def test_a_completed_workflow_run_has_the_recorded_shape(stage: Stage) -> None:
    final = await stage.apply("short-1")
    final["run_request"]["parameters"]["applicant"] = {"name": "Ada Lovelace"}
    theirs = recorded("get_run_workflow_final")

    assert differences(final, theirs) == []
    assert nulls(final) - {"run_request"} == nulls(theirs)
    assert nulls(final["run_request"]) - {"webhook_url"} == nulls(theirs["run_request"])
    spec(SKYVERN).validate(final, RUN)
    for key in ("created_at", "modified_at", "queued_at", "started_at", "finished_at"):
        assert re.fullmatch(TIMESTAMP, final[key])
    assert final["app_url"].endswith(f"/runs/{final['run_id']}")


async def test_the_list_finds_runs_by_their_parameters_and_webhook(stage: Stage) -> None:
    workflow_id = await stage.workflow()
    first = await stage.start(await stage.request("short-1", workflow_id), webhook_url=stage.hook_url)
    second = await stage.start(await stage.request("short-2", workflow_id), run_metadata={"k": "only-a-tag"})
    for run in (first, second):
        await stage.reach(run["run_id"])

    async def found(**wanted: str | int | list[str]) -> list[str]:
        rows = (await stage.skyvern.get("/v1/runs", params=wanted)).json()
        spec(SKYVERN).validate(rows, "/v1/runs")
        return [row["run_id"] for row in rows]

    newest_first = [second["run_id"], first["run_id"]]
    assert await found() == newest_first
    assert await found(search_key="ATTEMPT-OF-short-1") == [first["run_id"]]
    assert await found(search_key=stage.hook_url) == [first["run_id"]]
    assert await found(search_key="lovelace") == newest_first
    assert await found(search_key="only-a-tag") == []
    assert await found(search_key="%%%") == []
    assert await found(status=["completed"]) == newest_first
    assert await found(status=["failed", "canceled"]) == []
    assert await found(run_type="task_v1") == []
    assert await found(workflow_permanent_id=[workflow_id], page_size=1, page=2) == [first["run_id"]]
    (row,) = (await stage.skyvern.get("/v1/runs", params={"search_key": "attempt-of-short-2"})).json()
    theirs = recorded("list_runs_search")
    assert differences(row, theirs) == []
    assert nulls(row) == nulls(theirs)


async def test_a_task_has_the_recorded_shapes(stage: Stage) -> None:
    request = {
        "prompt": "Apply. name Ada Lovelace, email ada@example.org, phone +15555550100. The resume: ",
        "url": "https://jobs.example.com/short-1/apply",
        "title": "jobraker:1",
        "max_steps": 9,
        "proxy_location": "NONE",
        "error_code_mapping": {"job_closed": "The posting is closed"},
        "data_extraction_schema": recorded("run_task_200")["run_request"]["data_extraction_schema"],
        "webhook_url": stage.hook_url,
    }
    file_id = await stage.upload()
    request |= {"prompt": request["prompt"] + file_id, "file_ids": [file_id]}
    spec(SKYVERN).validate_request(request, "/v1/run/tasks")

    created = (await stage.skyvern.post("/v1/run/tasks", json=request)).json()
    assert differences(created, recorded("run_task_with_file")) == []
    assert nulls(created["run_request"]) >= {"title", "max_steps"}
    final = await stage.reach(created["run_id"])

    assert final["status"] == "completed"
    assert final["output"] is None
    assert differences(final, recorded("get_run_final")) == []
    assert final["run_request"]["max_steps"] == 9
    spec(SKYVERN).validate(final, RUN)
    (row,) = await stage.ledger()
    assert row["fields"]["email"] == "ada@example.org"
    assert row["file_name"] == f"{file_id}_resume.pdf"
    (found,) = (await stage.skyvern.get("/v1/runs", params={"search_key": "jobraker:1"})).json()
    assert found["title"] == "jobraker:1"
    ((body, _),) = await stage.webhooks(1)
    assert differences(httpx.Response(200, content=body).json(), recorded("webhook_completed")) == []


async def test_a_terminated_task_tells_its_code_outside_its_output(stage: Stage) -> None:
    request = {
        "prompt": "Apply.",
        "url": "https://x.example/closed-1",
        "error_code_mapping": {"job_closed": "x"},
    }
    created = (await stage.skyvern.post("/v1/run/tasks", json=request)).json()
    final = await stage.reach(created["run_id"])

    assert final["status"] == "terminated"
    assert final["output"] is None
    assert differences(final, recorded("get_run_terminated")) == []
    assert final["errors"][0]["error_code"] == "job_closed"
    assert final["errors"][0]["error_type"] == "USER_DEFINED_ERROR"


async def test_an_upload_has_the_recorded_shape_and_its_link_serves_the_bytes(stage: Stage) -> None:
    answer = await stage.skyvern.post("/v1/upload_file", files={"file": ("résumé.pdf", b"%PDF")})
    body = answer.json()
    assert differences(body, recorded("upload_file")) == []
    spec(SKYVERN).validate(body, "/v1/upload_file", "post")
    async with httpx.AsyncClient(verify=tls()) as anybody:
        assert (await anybody.get(body["presigned_url"])).content == b"%PDF"
        assert (await anybody.get(body["presigned_url"].replace("sig=", "sig=0"))).status_code == 403

    assert (await stage.skyvern.delete(f"/v1/files/{body['file_id']}")).status_code == 204
    assert (await stage.skyvern.delete(f"/v1/files/{body['file_id']}")).status_code == 404


async def test_a_file_id_can_be_used_by_one_run_only(stage: Stage) -> None:
    request = await stage.request("short-1")
    created = await stage.start(request)
    while_running = await stage.skyvern.post("/v1/run/workflows", json=request)
    await stage.reach(created["run_id"])
    after = await stage.skyvern.post("/v1/run/workflows", json=request)

    theirs = recorded("run_task_duplicate_file_id_422")["detail"].rpartition(":")[0]
    for answer in (while_running, after):
        assert answer.status_code == 422
        assert answer.json() == {"detail": f"{theirs}: {request['file_ids'][0]}"}
    assert len(await stage.ledger()) == 1
    assert len((await stage.skyvern.get("/v1/runs")).json()) == 1


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "detail"),
    [
        ("GET", "/v1/runs/wr_1", None, 404, "Task run not found wr_1"),
        ("POST", "/v1/runs/wr_1/cancel", None, 404, "Run not found wr_1"),
        ("POST", "/v1/runs/wr_1/retry_webhook", None, 404, "Run wr_1 not found"),
        ("GET", "/v1/nothing", None, 404, "Not Found"),
        ("PUT", "/v1/runs", None, 405, "Method Not Allowed"),
        ("POST", "/v1/run/tasks", {"prompt": "x", "url": "http://"}, 400, "Invalid url: malformed."),
        ("POST", "/v1/run/workflows", {"workflow_id": "wpid_1"}, 404, "Workflow not found"),
    ],
)
async def test_refusals_have_the_contracts_words(
    stage: Stage, method: str, path: str, content: Json | None, status: int, detail: str
) -> None:
    answer = await stage.skyvern.request(method, path, json=content)
    assert answer.status_code == status
    assert answer.json()["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("headers", "detail"),
    [({}, "Invalid credentials"), ({"x-api-key": f"Bearer {KEY}"}, "Could not validate credentials")],
)
async def test_a_missing_or_wrong_key_is_a_403(stage: Stage, headers: dict[str, str], detail: str) -> None:
    async with httpx.AsyncClient(base_url=stage.skyvern.base_url, headers=headers, verify=tls()) as stranger:
        for path in ("/v1/runs", "/v1/runs/wr_1/artifacts", "/v1/workflows"):
            answer = await stranger.get(path)
            assert (answer.status_code, answer.json()) == (403, {"detail": detail})
        refused = await stranger.post("/v1/run/workflows", json={"nonsense": True})
        assert refused.status_code == 403


async def test_wrong_payloads_are_lists_of_errors(stage: Stage) -> None:
    for method, path, content in (
        ("POST", "/v1/run/workflows", {"parameters": {}}),
        ("POST", "/v1/run/tasks", {"prompt": "x", "engine": "skyvern-9"}),
        ("POST", "/v1/workflows", {"json_definition": {"title": "x"}}),
        ("GET", "/v1/runs?search_key=ab", None),
        ("GET", "/v1/runs?page_size=101", None),
    ):
        answer = await stage.skyvern.request(method, path, json=content)
        assert answer.status_code == 422
        (error, *_) = answer.json()["detail"]
        assert {"type", "loc", "msg", "input"} <= set(error)


async def test_a_file_over_30_mb_is_refused(stage: Stage) -> None:
    content = b"x" * (30 * 1024 * 1024 + 1)
    answer = await stage.skyvern.post("/v1/upload_file", files={"file": ("big.pdf", content)})
    assert answer.status_code == 413
    assert answer.json() == {"detail": "File size exceeds the maximum allowed size (30.0 MB)"}


async def test_every_path_has_a_twin_with_a_slash(stage: Stage) -> None:
    assert (await stage.skyvern.get("/v1/runs/")).json() == []
    assert (await stage.skyvern.get("/v1/workflows/")).status_code == 200
    created = await stage.skyvern.post("/v1/agents/", json=APPLY_WORKFLOW)
    assert created.status_code == 200


async def test_a_parameter_without_a_value_is_refused_before_there_is_a_run(stage: Stage) -> None:
    request = await stage.request("short-1")
    del request["parameters"]["job_url"]
    assert (await stage.skyvern.post("/v1/run/workflows", json=request)).status_code == 400
    assert (await stage.skyvern.get("/v1/runs")).json() == []


async def test_a_fault_answers_with_the_vendors_bodies(stage: Stage) -> None:
    await stage.order("faults", kind="status", status=503, path="/v1/run", times=1)
    await stage.order("faults", kind="status", status=500, path="/v1/run", times=1)
    await stage.order("faults", kind="status", status=429, path="/v1/run", times=1)
    busy = {"body": {"detail": BUSY}, "headers": {"Retry-After": "5"}}
    await stage.order("faults", kind="status", status=503, path="/v1/run", times=1, **busy)
    bodies = [(await stage.skyvern.post("/v1/run/workflows", json={})).json() for _ in range(3)]
    assert bodies[0] == {"error": "Database temporarily unavailable"}
    assert bodies[1]["error"].startswith("Unexpected error: ")
    assert bodies[2]["detail"].startswith("Rate limit exceeded for organization")
    answer = await stage.skyvern.post("/v1/run/workflows", json={})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["detail"].endswith("No run was created; retry this request.")


async def test_an_answer_can_be_lost_after_the_run_was_made(stage: Stage) -> None:
    request = await stage.request("short-1")
    await stage.order("faults", kind="cut", path="/v1/run/workflows", after_effect=True, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await stage.skyvern.post("/v1/run/workflows", json=request)

    (row,) = (await stage.skyvern.get("/v1/runs", params={"search_key": "attempt-of-short-1"})).json()
    assert (await stage.reach(row["run_id"]))["status"] == "completed"
    assert len(await stage.ledger()) == 1
