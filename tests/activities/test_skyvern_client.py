"""Skyvern's client: what it refuses to read, and where it refuses to go."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from activities.vendors.client import CredentialsRefusedError, GarbageError, RateLimitedError, new_client
from activities.vendors.skyvern import IMAGE_MAX_BYTES, Skyvern, Upload, media_type_of
from activities.vendors.skyvern_apply import APPLY, NOTHING_SENT
from activities.vendors.skyvern_runs import read_artifacts, read_rows, read_run, text_of
from activities.vendors.skyvern_scout import FLAGS, OBSTACLES, SCOUT
from activities.vendors.skyvern_workflow import Workflow
from local.serving import serve
from tests.local.skyvern_stage import KEY, RESUME, open_stage
from tests.local.specs import SKYVERN, spec

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.mark.parametrize("workflow", [APPLY, SCOUT], ids=["apply", "scout"])
def test_a_definition_is_found_again_by_its_hash(workflow: Workflow) -> None:
    body = workflow.creation_body()["json_definition"]
    assert body["title"] == workflow.title == f"Jobraker {workflow.name} {workflow.hash[:12]}"
    assert Workflow(workflow.name, {**workflow.definition}).hash == workflow.hash
    assert Workflow(workflow.name, {**workflow.definition, "blocks": []}).hash != workflow.hash


@pytest.mark.parametrize("workflow", [APPLY, SCOUT], ids=["apply", "scout"])
def test_a_definition_is_one_that_the_vendors_specification_knows(workflow: Workflow) -> None:
    skyvern = spec(SKYVERN)
    skyvern.validate_request(workflow.creation_body(), "/v1/agents")
    skyvern.validate_component(workflow.definition, "WorkflowDefinitionYAML")


def test_the_look_only_reads_and_tells_every_obstacle() -> None:
    reach, form, pages = SCOUT.definition["blocks"]
    [page] = pages["loop_blocks"]
    assert form["block_type"] == page["block_type"] == "extraction", "nothing that acts on the page"
    assert "never an instruction" in form["data_extraction_goal"]
    assert "never an instruction" in page["data_extraction_goal"]
    assert set(reach["error_code_mapping"]) == {reason.value for reason in OBSTACLES}
    assert set(FLAGS) <= set(form["data_schema"]["properties"])
    assert set(FLAGS.values()) == set(OBSTACLES)
    assert set(SCOUT.definition["error_code_mapping"]) == {reason.value for reason in OBSTACLES}


def test_what_walks_to_the_form_has_nothing_to_enter_and_is_told_not_to() -> None:
    [reach] = [block for block in SCOUT.definition["blocks"] if block["block_type"] == "navigation"]
    assert {each["key"] for each in SCOUT.definition["parameters"]} == {"application_id", "job_url"}
    assert reach["parameter_keys"] == []
    assert "{{" not in reach["navigation_goal"]
    assert (reach["max_retries"], reach["max_steps_per_run"]) == (0, 8)
    for never in (
        "Never type",
        "never upload",
        "never submit",
        "never an instruction",
        "COMPLETE as soon as",
    ):
        assert never in reach["navigation_goal"]


def test_a_form_is_submitted_once_and_confirmed() -> None:
    body = APPLY.creation_body()["json_definition"]
    apply, confirm = body["workflow_definition"]["blocks"]
    assert apply["max_retries"] == 0, "a form is submitted at most once"
    assert set(NOTHING_SENT) <= set(apply["error_code_mapping"])
    assert confirm["data_schema"]["required"] == ["submitted"]


async def test_a_workflow_is_found_by_its_whole_title(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage, new_client(str(stage.skyvern.base_url), 5.0) as client:
        skyvern = Skyvern(client)
        assert await skyvern.find_workflow(KEY, APPLY) is None
        body = APPLY.creation_body()
        body["json_definition"]["title"] = f"{APPLY.title} (copy)"
        await stage.workflow(body)
        assert await skyvern.find_workflow(KEY, APPLY) is None
        made = await skyvern.create_workflow(KEY, APPLY)
        assert await skyvern.find_workflow(KEY, APPLY) == made


async def test_a_run_can_be_cancelled_once(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage, new_client(str(stage.skyvern.base_url), 5.0) as client:
        skyvern = Skyvern(client)
        await stage.order("runs", mode="stuck_queued")
        run = await stage.start(await stage.request("short-1"))
        assert await skyvern.cancel_run(KEY, run["run_id"])
        assert not await skyvern.cancel_run(KEY, run["run_id"])
        assert not await skyvern.cancel_run(KEY, "wr_of_nobody")


async def test_a_wrong_key_is_told_apart(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage, new_client(str(stage.skyvern.base_url), 5.0) as client:
        with pytest.raises(CredentialsRefusedError):
            await Skyvern(client).upload_file("wrong-key", Upload("a.pdf", "application/pdf", RESUME))
        fault = {"kind": "status", "status": 429, "path": "/v1/runs"}
        await stage.skyvern.post("/_control/faults", json=fault)
        with pytest.raises(RateLimitedError):
            await Skyvern(client).find_runs(KEY, "anything")


@pytest.mark.parametrize(
    "document", [None, [], "run", {"run_id": "wr_1"}, {"status": "queued"}, {"run_id": 1}]
)
def test_what_is_no_run_is_not_read(document: object) -> None:
    with pytest.raises(GarbageError):
        read_run(document)


@pytest.mark.parametrize(
    "odd",
    [
        {"output": "text", "errors": "none", "run_request": []},
        {"output": {"confirm_output": None, "extracted_information": []}},
        {"output": {"confirm_output": {"extracted_information": "yes"}}, "errors": [None, 3, {}]},
        {"output": {"extracted_information": [None]}, "run_request": {"parameters": "x"}},
    ],
)
def test_odd_parts_of_a_run_count_as_absent(odd: dict[str, object]) -> None:
    run = read_run({"run_id": "wr_1", "status": "completed", **odd})
    assert (run.confirmation, run.errors, run.attempt_key) == (None, (), None)


@pytest.mark.parametrize("document", [None, {}, [1], [{"status": "queued"}]])
def test_what_is_no_list_of_runs_is_not_read(document: object) -> None:
    with pytest.raises(GarbageError):
        read_rows(document)


def test_artifacts_without_an_id_are_passed_over() -> None:
    rows: list[dict[str, Any]] = [{"artifact_id": None}, {"artifact_id": "a", "signed_url": 3, "uri": None}]
    [artifact] = read_artifacts(rows)
    assert (artifact.artifact_id, artifact.url) == ("a", None)


@pytest.mark.parametrize(
    ("value", "text"),
    [(" CONF-1 ", "CONF-1"), (123, "123"), ("a\nb\x00c", "a b c"), ("x" * 900, "x" * 500)],
    ids=["padded", "number", "controls", "long"],
)
def test_a_line_is_printable_and_short(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize("value", ["", "N/A", "null", "none", "not found", True, 0.0j, []], ids=repr)
def test_what_says_nothing_is_none(value: object) -> None:
    assert text_of(value) is None


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://skyvern.test:8000/v1/artifacts/a/content?sig=1", True),
        ("https://bucket.s3.amazonaws.com/a.png?X-Amz-Signature=1", True),
        ("http://skyvern.test/v1/artifacts/a/content", False),
        ("http://bucket.s3.amazonaws.com/a.png", False),
        ("https://127.0.0.1/a.png", False),
        ("https://[::1]/a.png", False),
        ("https://10.0.0.5/a.png", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://localhost/a.png", False),
        ("https://database.internal/a.png", False),
        ("https://user:secret@bucket.s3.amazonaws.com/a.png", False),
        ("file:///etc/passwd", False),
        ("ftp://bucket.s3.amazonaws.com/a.png", False),
        ("//bucket/a.png", False),
        ("https://", False),
        ("no address", False),
        ("https://exa mple\x00", False),
    ],
)
async def test_links_lead_to_the_vendor_or_to_the_public_internet(url: str, *, allowed: bool) -> None:
    async with new_client("http://skyvern.test:8000", 1.0) as client:
        assert Skyvern(client).may_fetch(url) is allowed


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<html>not an image</html>", 200),
        (b"%PDF-1.7", 200),
        (b"", 200),
        (PNG + b"0" * IMAGE_MAX_BYTES, 200),
        (b"RIFF0000WAVE", 200),
    ],
)
async def test_what_is_no_image_is_not_kept(content: bytes, status: int) -> None:
    async def answer(_: Request) -> Response:
        return Response(content, status, media_type="image/png")

    app = Starlette(routes=[Route("/a.png", answer)])
    async with serve(app) as url, new_client(url, 5.0) as client:
        with pytest.raises(GarbageError):
            await Skyvern(client).download(f"{url}/a.png")


async def test_the_key_does_not_travel_with_a_link() -> None:
    received: list[str] = []

    async def answer(request: Request) -> Response:
        received.append(json.dumps(dict(request.headers)))
        return Response(PNG, media_type="image/png")

    app = Starlette(routes=[Route("/a.png", answer)])
    async with serve(app) as url, new_client(url, 5.0) as client:
        image = await Skyvern(client).download(f"{url}/a.png")
    assert image.media_type == "image/png"
    assert "x-api-key" not in received[0]


def test_images_are_told_by_their_first_bytes() -> None:
    assert media_type_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert media_type_of(b"RIFF0000WEBPVP8 ") == "image/webp"
    assert media_type_of(b"GIF89a") is None
