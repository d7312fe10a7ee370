"""What the OpenAI stand-in composes for an application: out of the data sent alone, and of the schema."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from activities.auto_apply.document_prompts import LETTER_SCHEMA, RESUME_SCHEMA
from activities.auto_apply.drafting import SCHEMA as DRAFTS_SCHEMA
from models.fact_check.check import Sources, unsupported_claims
from models.json_resume import JsonResume
from models.resume_found import found_in
from tests.local.openai_sdk import MODEL, StandIn, quick_config, running_stand_in, user

RESUME = """\
Data Engineer at Analytical Engines, 2019 - present
- Built batch pipelines in Python and SQL.
- Cut the nightly run from 6 hours to 40 minutes with Airflow.
Analyst, Babbage Ltd 2016 - 2019
- Reported sales with Excel.
BSc Mathematics, University of London, 2016
Skills: Python, SQL, Airflow
"""
ADVERT = {"title": "Data Engineer", "company": "Acme Ltd", "location": "Leeds", "text": "You know Airflow."}


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with running_stand_in(quick_config()) as running:
        yield running


async def compose(stand_in: StandIn, name: str, schema: dict[str, Any], data: dict[str, Any]) -> Any:  # noqa: ANN401 -- JSON
    """Return what the stand-in answers, having checked that it is of the schema."""
    answer = await stand_in.sdk.chat.completions.create(
        model=MODEL,
        messages=[user(json.dumps(data))],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": name, "strict": True, "schema": schema},
        },
    )
    document = json.loads(answer.choices[0].message.content or "")
    Draft202012Validator(schema).validate(document)
    return document


async def test_drafts_quote_the_resume_within_their_limits_and_leave_what_is_personal(
    stand_in: StandIn,
) -> None:
    questions = [
        {"question": 1, "label": "Why do you want to work for us?", "max_characters": 60},
        {"question": 2, "label": "What salary do you want?", "max_characters": 500},
        {"question": 3, "label": "Tell us about a project", "max_characters": 5},
    ]
    data = {"advert": ADVERT, "resume": RESUME, "profile": {}, "questions": questions}
    drafted = (await compose(stand_in, "draft_answers", DRAFTS_SCHEMA, data))["answers"]
    assert [each["can_answer"] for each in drafted] == [True, False, False]
    assert drafted[0]["text"] == "Data Engineer at Analytical Engines, 2019 - present."


async def test_a_letter_claims_nothing_that_the_resume_does_not_hold(stand_in: StandIn) -> None:
    data = {"advert": ADVERT, "resume": RESUME, "facts": {}, "max_characters": 400}
    text = (await compose(stand_in, "cover_letter", LETTER_SCHEMA, data))["text"]
    assert len(text) <= 400
    sources = Sources(texts=(RESUME,), names=("Data Engineer", "Acme Ltd"), advert=ADVERT["text"])
    assert unsupported_claims(text, sources) == []


async def test_a_resume_is_read_as_it_stands_and_tailored_by_order_alone(stand_in: StandIn) -> None:
    read = await compose(stand_in, "resume", RESUME_SCHEMA, {"resume": RESUME})
    structured = found_in(JsonResume.model_validate(read), RESUME)
    assert structured is not None
    assert [(each.name, each.start_date, each.end_date) for each in structured.work] == [
        ("Analytical Engines", "2019", None),
        ("Babbage Ltd", "2016", "2019"),
    ]
    data = {"advert": ADVERT, "facts": {}, "resume": structured.model_dump(mode="json", by_alias=True)}
    document = await compose(stand_in, "tailored_resume", RESUME_SCHEMA, data)
    tailored = JsonResume.model_validate(document)
    assert [each.name for each in tailored.skills] == ["Airflow", "Python", "SQL"]
    assert tailored.work[0].highlights[0] == structured.work[0].highlights[1]
    assert unsupported_claims(tailored, Sources(resume=structured, texts=(RESUME,))) == []


@pytest.mark.parametrize("said", ["no JSON", "[]", "{}", '{"resume": 3}'])
async def test_data_that_is_none_gets_an_answer_of_the_schema_all_the_same(
    stand_in: StandIn, said: str
) -> None:
    answer = await stand_in.sdk.chat.completions.create(
        model=MODEL,
        messages=[user(said)],
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "draft_answers", "strict": True, "schema": DRAFTS_SCHEMA},
        },
    )
    Draft202012Validator(DRAFTS_SCHEMA).validate(json.loads(answer.choices[0].message.content or ""))
