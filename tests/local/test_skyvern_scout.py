"""A workflow that only extracts reads what a form asks, and sends the employer nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from local.careers.forms import pages_of
from tests.local.skyvern_stage import Json, Stage, definition, open_stage

ITEM = {
    "type": "object",
    "properties": {
        "label": {"type": "string"},
        "name": {"type": "string"},
        "kind": {"type": "string"},
        "options": {"type": "array", "items": {"type": "string"}},
        "required": {"type": "boolean"},
        "max_length": {"type": "integer"},
        "page": {"type": "integer"},
    },
}
SCOUT_BLOCK = {
    "block_type": "extraction",
    "label": "questions",
    "url": "{{ job_url }}",
    "data_extraction_goal": "Read every question of the application form",
    "data_schema": {
        "type": "object",
        "properties": {
            "questions": {"type": "array", "items": ITEM},
            "closed": {"type": "boolean"},
            "login_required": {"type": "boolean"},
        },
    },
}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as opened:
        yield opened


async def scout(stage: Stage, slug: str, **content: object) -> Json:
    workflow_id = await stage.workflow(definition(SCOUT_BLOCK, title="Scout", **content))
    request = await stage.request(slug, workflow_id)
    run = await stage.reach((await stage.start(request))["run_id"])
    assert await stage.ledger() == []
    return run


async def questions(stage: Stage, slug: str) -> list[Json]:
    run = await scout(stage, slug)
    assert run["status"] == "completed"
    found: list[Json] = run["output"]["questions_output"]["extracted_information"]["questions"]
    return found


@pytest.mark.parametrize("slug", ["short-1", "long-gb-1", "multipage-1", "5657394379"])
async def test_a_scout_reads_every_question_as_the_form_asks_it(stage: Stage, slug: str) -> None:
    asked: list[Any] = [(field, page) for page, fields in enumerate(pages_of(slug), 1) for field in fields]
    read = await questions(stage, slug)

    assert [q["name"] for q in read] == [field.name for field, _ in asked]
    assert [q["label"] for q in read] == [field.label for field, _ in asked]
    assert [q["page"] for q in read] == [page for _, page in asked]
    assert [q["max_length"] for q in read] == [field.max_length for field, _ in asked]
    for question, (field, _) in zip(read, asked, strict=True):
        if field.control not in {"checkboxes", "tick"}:
            assert question["options"] == list(field.options)
            assert question["required"] == field.required


async def test_the_kinds_of_a_long_form_are_told(stage: Stage) -> None:
    kinds = {q["name"]: q["kind"] for q in await questions(stage, "long-gb-1")}
    assert kinds["email"] == "email"
    assert kinds["resume"] == "file"
    assert kinds["cover_letter"] == "textarea"
    assert kinds["work_authorisation"] == "single"
    assert kinds["notice_period"] == "single"
    assert kinds["languages"] == "multi"
    assert kinds["consent"] == "boolean"
    assert kinds["salary_expectation"] == "number"
    assert kinds["start_date"] == "date"


@pytest.mark.parametrize(("slug", "flag"), [("closed-1", "closed"), ("login-1", "login_required")])
async def test_an_obstacle_is_told_in_the_schema(stage: Stage, slug: str, flag: str) -> None:
    run = await scout(stage, slug)
    read = run["output"]["questions_output"]["extracted_information"]
    assert run["status"] == "completed"
    assert read["questions"] == []
    assert read[flag] is True
    assert sum(read[other] for other in ("closed", "login_required")) == 1


async def test_an_obstacle_ends_the_scout_where_the_workflow_has_its_code(stage: Stage) -> None:
    run = await scout(stage, "captcha-1", error_code_mapping={"captcha": "a captcha"})
    assert run["status"] == "terminated"
    assert run["errors"][0]["error_code"] == "captcha"


async def test_a_scout_of_a_broken_site_fails(stage: Stage) -> None:
    assert (await scout(stage, "broken-1"))["status"] == "failed"
