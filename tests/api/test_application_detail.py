"""One application opened for its owner: questions, documents, what was sent, its proof."""

from typing import Any

import pytest

from models.answering_enums import AnswerSource, DocumentKind, QuestionKind, Topic
from models.application import Application, application_locked
from models.base import now
from models.enums import Actor, ApplicationState, EndReason, Outcome, Stage
from models.evidence import Evidence
from tests.api.application_scene import (
    PNG,
    add_attempt,
    add_document,
    add_question,
    add_screenshot,
    confirmed,
    shown_hash,
)
from tests.api.applied import put
from tests.api.client import Api, Person, assert_problem

S = ApplicationState


async def detail_of(person: Person, application: Application) -> dict[str, Any]:
    """Look at an application."""
    answer = await person.get(f"/api/applications/{application.id}")
    assert answer.status_code == 200, answer.text
    detail: dict[str, Any] = answer.json()
    return detail


async def test_questions_are_shown_in_the_forms_order_with_answers_and_sources(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.NEEDS_INPUT)
    await add_question(api, application, 2, kind=QuestionKind.SINGLE, options=["Yes", "No"], required=True)
    await add_question(
        api, application, 1, answer="GB only", topic=Topic.WORK_AUTHORISATION, scope="gb", max_length=20
    )
    languages = ["English", "Français"]
    await add_question(api, application, 3, languages, AnswerSource.BANK, kind=QuestionKind.MULTI)
    first, second, third = (await detail_of(person, application))["questions"]
    assert (first["answer"], first["source"]) == ("GB only", "profile")
    assert (first["topic"], first["scope"], first["max_length"]) == ("work_authorisation", "gb", 20)
    assert (second["answer"], second["source"]) == (None, None)
    assert (second["kind"], second["options"], second["required"]) == ("single", ["Yes", "No"], True)
    assert (third["answer"], third["source"]) == (languages, "bank")


async def test_documents_are_shown_with_their_hashes_and_a_letter_with_its_text(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.AWAITING_APPROVAL)
    resume = await add_document(api, application, DocumentKind.RESUME, text='{"basics": {}}')
    await add_document(api, application, DocumentKind.COVER_LETTER, b"%PDF letter", text="Dear all")
    letter, shown = (await detail_of(person, application))["documents"]
    assert (letter["kind"], letter["text"]) == ("cover_letter", "Dear all")
    assert (shown["kind"], shown["text"], shown["sha256"]) == ("resume", None, resume.sha256)
    assert (shown["tailored"], shown["refused"]) == (True, ["a degree of <b>MIT</b>"])


@pytest.mark.parametrize("state", list(S))
async def test_the_hash_names_what_is_shown_while_it_may_be_approved_or_taken_back(
    api: Api, state: S
) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, state)
    await add_question(api, application, 1, answer="x")
    expected = await shown_hash(api, application) if state in {S.AWAITING_APPROVAL, S.APPROVED} else None
    assert (await detail_of(person, application))["shown_hash"] == expected


async def test_another_answer_or_document_has_another_hash(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.AWAITING_APPROVAL)
    hashes = [(await detail_of(person, application))["shown_hash"]]
    await add_question(api, application, 1, answer="x")
    hashes.append((await detail_of(person, application))["shown_hash"])
    await add_document(api, application, DocumentKind.RESUME)
    hashes.append((await detail_of(person, application))["shown_hash"])
    assert len(set(hashes)) == 3


async def test_an_application_is_shown_with_its_proof(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED)
    attempt = await add_attempt(api, application)
    evidence = await add_screenshot(api, application)
    await confirmed(api, application, "CONF-123")
    detail = await detail_of(person, application)
    assert detail["confirmation"] == "CONF-123"
    assert detail["run_id"] == attempt.run_id
    assert detail["sent"] == {"applicant": {"name": "Ada"}}
    (shown,) = detail["evidence"]
    assert (shown["id"], shown["size"], shown["sha256"]) == (str(evidence.id), len(PNG), evidence.sha256)
    image = await person.get(shown["url"])
    assert (image.status_code, image.content) == (200, PNG)
    assert image.headers["content-type"] == "image/png"
    assert image.headers["cache-control"].startswith("private")


async def test_a_picture_that_claims_to_be_a_page_is_not_served_as_one(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED)
    evidence = await add_screenshot(api, application)
    async with api.database.begin() as session:
        (await session.get_one(Evidence, evidence.id)).media_type = "text/html"
    image = await person.get(f"/api/applications/{application.id}/evidence/{evidence.id}")
    assert image.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in image.headers["content-security-policy"]


async def test_an_own_application_does_not_open_a_foreign_picture(api: Api) -> None:
    owner, other = await api.applicant(), await api.applicant()
    evidence = await add_screenshot(api, await put(api.database, owner.id, S.SUBMITTED))
    mine = await put(api.database, other.id, S.SUBMITTED)
    foreign = await other.get(f"/api/applications/{mine.id}/evidence/{evidence.id}")
    assert_problem(foreign, 404, "not-found")


async def test_a_failure_says_why(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id)
    async with api.database.begin() as session:
        row = (await session.exec(application_locked(application.id))).one()
        session.add(row.move(S.FAILED, Actor.SYSTEM, EndReason.PROVIDER_ERROR, retryable=True))
    detail = await detail_of(person, application)
    assert (detail["state"], detail["reason"], detail["retryable"]) == ("failed", "provider_error", True)
    assert (detail["sent"], detail["confirmation"], detail["evidence"]) == (None, None, [])
    assert [each["to_state"] for each in detail["transitions"]] == ["queued", "failed"]


async def test_a_run_that_waits_for_help_is_told_until_it_has_ended(api: Api) -> None:
    person = await api.applicant()
    held = await put(api.database, person.id, S.CONFIRMING)
    ended = await put(api.database, person.id, S.SUBMITTED)
    going = await put(api.database, person.id, S.CONFIRMING)
    await add_attempt(api, held, paused_at=now())
    await add_attempt(api, ended, paused_at=now())
    await add_attempt(api, going)
    told = [(await detail_of(person, each))["held_by_vendor"] for each in (held, ended, going)]
    assert told == [True, False, False]


async def test_the_proposal_to_note_it_as_ghosted_stands_until_it_is_answered(api: Api) -> None:
    person = await api.applicant()
    told = []
    for stage, outcome in ((Stage.APPLIED, None), (Stage.APPLIED, Outcome.REJECTED), (Stage.ONSITE, None)):
        application = await put(api.database, person.id, S.SUBMITTED, stage=stage, outcome=outcome)
        async with api.database.begin() as session:
            (await session.get_one(Application, application.id)).ghosted_proposed_at = now()
        told.append((await detail_of(person, application))["ghosted_proposed"])
    assert told == [True, False, False]
