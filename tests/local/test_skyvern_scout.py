"""A workflow that walks to a form and reads it tells what it asks, and sends the employer nothing."""

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
REACH_BLOCK = {
    "block_type": "navigation",
    "label": "reach",
    "url": "{{ job_url }}",
    "navigation_goal": "Follow the Apply link. Never submit anything. COMPLETE when the form is visible.",
}
SCOUT_BLOCK = {
    "block_type": "extraction",
    "label": "questions",
    "url": "",
    "data_extraction_goal": "Read every question of the application form",
    "data_schema": {
        "type": "object",
        "properties": {
            "questions": {"type": "array", "items": ITEM},
            "closed": {"type": "boolean"},
            "login_required": {"type": "boolean"},
            "later_pages": {"type": "array", "items": {"type": "string"}},
        },
    },
}
PAGE_BLOCK = {
    **SCOUT_BLOCK,
    "label": "page",
    "url": "{{ current_value }}",
    "data_schema": {"type": "object", "properties": {"questions": {"type": "array", "items": ITEM}}},
}
LOOP_BLOCK = {
    "block_type": "for_loop",
    "label": "pages",
    "loop_variable_reference": "{{ questions_output.extracted_information.later_pages }}",
    "complete_if_empty": True,
    "loop_blocks": [PAGE_BLOCK],
}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as opened:
        yield opened


async def scout(stage: Stage, slug: str, *blocks: Json, **content: object) -> Json:
    blocks = blocks or (REACH_BLOCK, SCOUT_BLOCK, LOOP_BLOCK)
    workflow_id = await stage.workflow(definition(*blocks, title="Scout", **content))
    request = await stage.request(slug, workflow_id)
    run = await stage.reach((await stage.start(request))["run_id"])
    assert await stage.ledger() == []
    return run


async def questions(stage: Stage, slug: str) -> list[Json]:
    run = await scout(stage, slug)
    assert run["status"] == "completed"
    pages = run["output"]["extracted_information"]
    assert len(pages) == 1 + len(run["output"]["pages_output"])
    return [
        question | {"page": number} for number, page in enumerate(pages, 1) for question in page["questions"]
    ]


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


async def test_an_extraction_clicks_nothing(stage: Stage) -> None:
    run = await scout(stage, "short-1", {**SCOUT_BLOCK, "url": "{{ job_url }}"})
    assert run["status"] == "completed"
    assert run["output"]["questions_output"]["extracted_information"]["questions"] == []


async def test_an_extraction_sees_the_page_that_is_open_and_no_further_one(stage: Stage) -> None:
    run = await scout(stage, "multipage-1", REACH_BLOCK, SCOUT_BLOCK)
    read = run["output"]["questions_output"]["extracted_information"]
    assert [q["name"] for q in read["questions"]] == [field.name for field in pages_of("multipage-1")[0]]
    assert len(read["later_pages"]) == 2


async def test_a_walk_to_a_form_submits_nothing_whatever_it_was_handed(stage: Stage) -> None:
    handed = {**REACH_BLOCK, "parameter_keys": ["resume", "applicant"]}
    run = await scout(stage, "short-1", handed)
    assert run["status"] == "completed"
    assert await stage.ledger() == []


async def test_a_walk_without_that_limit_and_without_details_cannot_fill_the_form_in(stage: Stage) -> None:
    unlimited = {**REACH_BLOCK, "navigation_goal": "Apply for the job.", "parameter_keys": []}
    run = await scout(stage, "short-1", unlimited, error_code_mapping={"missing_answer": "no answer"})
    assert run["status"] == "terminated"
    assert run["errors"][0]["error_code"] == "missing_answer"


async def test_a_loop_over_nothing_fails_unless_it_may_be_empty(stage: Stage) -> None:
    strict = {**LOOP_BLOCK, "complete_if_empty": False}
    assert (await scout(stage, "short-1", REACH_BLOCK, SCOUT_BLOCK, strict))["status"] == "failed"
    lenient = {**strict, "continue_on_failure": True}
    assert (await scout(stage, "short-1", REACH_BLOCK, SCOUT_BLOCK, lenient))["status"] == "completed"


async def test_a_page_that_cannot_be_read_ends_the_loop_unless_it_goes_on(stage: Stage) -> None:
    lost = {**PAGE_BLOCK, "url": "https://www.adzuna.co.uk/jobs/land/ad/lost-1"}
    await stage.careers.post(
        "/_control/faults", json={"kind": "status", "path": "/jobs/lost-1", "status": 500}
    )
    ended = await scout(stage, "multipage-1", REACH_BLOCK, SCOUT_BLOCK, {**LOOP_BLOCK, "loop_blocks": [lost]})
    assert ended["status"] == "failed"
    assert len(ended["output"]["pages_output"]) == 1
    lenient = {**LOOP_BLOCK, "loop_blocks": [lost], "next_loop_on_failure": True}
    run = await scout(stage, "multipage-1", REACH_BLOCK, SCOUT_BLOCK, lenient)
    assert run["status"] == "completed"
    assert len(run["output"]["pages_output"]) == 2


@pytest.mark.parametrize(("slug", "flag"), [("closed-1", "closed"), ("login-1", "login_required")])
async def test_an_obstacle_is_told_in_the_schema(stage: Stage, slug: str, flag: str) -> None:
    run = await scout(stage, slug, {**REACH_BLOCK, "continue_on_failure": True}, SCOUT_BLOCK)
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
