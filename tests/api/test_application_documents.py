"""Documents of an application: handed out to their owner, changed while the application awaits approval."""

import hashlib
import io
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlmodel import select

from models.answering_enums import AnswerSource, DocumentKind, LogKind, QuestionKind, Topic
from models.application import Application
from models.application_log import broken_at, log_of
from models.enums import ApplicationState, Origin
from models.evidence import documents_of
from models.question import questions_of
from tests.api.application_scene import PDF, add_document, add_question, seal_of
from tests.api.client import Api, Person, assert_problem, job_with, store
from tests.models.resumes import ADA

S = ApplicationState
LETTER = "Dear team,\n\nI like *engines*.\n\nAda"


class Case:
    """One application that awaits approval."""

    def __init__(self, api: Api, person: Person, application: Application) -> None:
        self.api, self.person, self.application = api, person, application

    @property
    def path(self) -> str:
        return f"/api/applications/{self.application.id}"

    async def file(self, kind: str) -> bytes:
        answer = await self.person.get(f"{self.path}/documents/{kind}")
        assert answer.status_code == 200, answer.text
        return answer.content

    async def text(self, kind: str) -> str:
        """Return what a PDF shows."""
        pages = PdfReader(io.BytesIO(await self.file(kind))).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    async def move(self, state: ApplicationState) -> None:
        async with self.api.database.begin() as session:
            (await session.get_one(Application, self.application.id)).state = state


@pytest.fixture
async def case(api: Api) -> Case:
    person = await api.applicant()
    job = job_with(title="Engineer", company="Example Ltd")
    application, entry = Application.queue(person.id, job, Origin.PERSON)
    application.state = S.AWAITING_APPROVAL
    await store(api.database, job, application, entry)
    await add_document(api, application, DocumentKind.RESUME)
    return Case(api, person, application)


async def with_letter(case: Case, *kinds: QuestionKind, limit: int | None = None) -> None:
    """Have the form ask for a letter."""
    for position, kind in enumerate(kinds, start=1):
        await add_question(
            case.api, case.application, position, kind=kind, topic=Topic.COVER_LETTER, max_length=limit
        )


async def test_a_document_is_handed_out_by_id_and_by_kind(case: Case) -> None:
    document = (await case.person.get(case.path)).json()["documents"][0]
    for name in (document["id"], "resume"):
        answer = await case.person.get(f"{case.path}/documents/{name}")
        assert answer.content == PDF
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert (await case.person.get(document["url"])).content == PDF


async def test_another_persons_documents_are_not_there(case: Case) -> None:
    other = await case.api.applicant()
    document = (await case.person.get(case.path)).json()["documents"][0]
    for path in (f"{case.path}/documents/resume", f"{case.path}/documents/{document['id']}"):
        assert_problem(await other.get(path), 404, "not-found")
    assert_problem(await other.put(f"{case.path}/letter", json={"text": LETTER}), 404, "not-found")
    assert_problem(await other.put(f"{case.path}/resume", json={"tailored": False}), 404, "not-found")
    assert await case.file("resume") == PDF


@pytest.mark.parametrize("name", ["cover_letter", "0190a1b2-0000-7000-8000-000000000000"])
async def test_a_document_that_is_not_there_is_not_found(case: Case, name: str) -> None:
    assert_problem(await case.person.get(f"{case.path}/documents/{name}"), 404, "not-found")


async def test_a_letter_in_a_field_becomes_the_persons(case: Case) -> None:
    await with_letter(case, QuestionKind.TEXTAREA)
    before = (await case.person.get(case.path)).json()["shown_hash"]
    answer = await case.person.put(f"{case.path}/letter", json={"text": f"  {LETTER}\n"})
    assert answer.status_code == 200, answer.text
    question = answer.json()["questions"][0]
    assert (question["answer"], question["source"]) == (LETTER, AnswerSource.PERSON)
    assert answer.json()["shown_hash"] != before
    assert [each["kind"] for each in answer.json()["documents"]] == ["resume"]
    assert case.api.context.flows.pending > 0


async def test_a_letter_to_upload_is_set_anew(case: Case) -> None:
    await with_letter(case, QuestionKind.FILE, QuestionKind.TEXTAREA)
    await add_document(case.api, case.application, DocumentKind.COVER_LETTER, text="old")
    answer = await case.person.put(f"{case.path}/letter", json={"text": LETTER})
    letter = answer.json()["documents"][0]
    assert (letter["kind"], letter["text"], letter["tailored"], letter["refused"]) == (
        "cover_letter",
        LETTER,
        False,
        [],
    )
    assert letter["sha256"] == hashlib.sha256(await case.file("cover_letter")).hexdigest()
    assert "I like *engines*." in await case.text("cover_letter")
    assert [each["answer"] for each in answer.json()["questions"]] == ["cover_letter", LETTER]


async def test_each_change_is_logged_and_told(case: Case) -> None:
    await case.person.put(f"{case.path}/resume", json={"tailored": False})
    async with case.api.database.begin() as session:
        entries = (await session.exec(log_of(case.application.id))).all()
        document = (await session.exec(documents_of(case.application.id))).one()
    assert broken_at(entries) is None
    made = [entry.data for entry in entries if entry.kind is LogKind.DOCUMENT_MADE]
    assert made == [
        {"document": "resume", "sha256": document.sha256, "tailored": False, "refused": 0, "actor": "user"}
    ]
    rows = await case.api.database.rows(
        "SELECT kind FROM event WHERE user_id = %(id)s ORDER BY number", {"id": case.person.id}
    )
    assert rows[-1]["kind"] == "application.changed"


async def test_without_tailoring_the_upload_or_its_structured_form_is_sent(case: Case) -> None:
    path = f"{case.path}/resume"
    first = await case.person.put(path, json={"tailored": False})
    assert first.json()["documents"][0]["tailored"] is False
    upload = (await case.person.get("/api/resumes/")).json()[0]
    assert first.json()["documents"][0]["sha256"] == upload["sha256"]
    structured = ADA.model_dump(mode="json", by_alias=True)
    await case.person.put(f"/api/resumes/{upload['id']}/structured", json=structured)
    await case.person.put(path, json={"tailored": False})
    assert "Analytical Engines Ltd" in await case.text("resume")


async def test_a_resume_of_the_persons_own_is_sent_as_they_wrote_it(case: Case) -> None:
    resume = {"basics": {"summary": 'I know #eval("1+1") and *typst*'}, "meta": {"theme": "x"}}
    answer = await case.person.put(f"{case.path}/resume", json={"resume": resume})
    assert answer.status_code == 200, answer.text
    assert '#eval("1+1") and *typst*' in await case.text("resume")
    assert "Ada Lovelace" in await case.text("resume")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"tailored": True},
        {"tailored": False, "resume": {"basics": {"label": "x"}}},
        {"resume": {}},
        {"resume": {"work": [{}]}},
        {"resume": {"work": [{"name": "a", "startDate": "last year"}]}},
    ],
)
async def test_an_odd_resume_is_refused(case: Case, body: dict[str, object]) -> None:
    answer = await case.person.put(f"{case.path}/resume", json=body)
    assert answer.status_code == 422, answer.text
    assert await case.file("resume") == PDF


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_001, "a\u0000b", "\u65e5\ue000"])
async def test_an_odd_letter_is_refused(case: Case, text: str) -> None:
    await with_letter(case, QuestionKind.FILE)
    answer = await case.person.put(f"{case.path}/letter", json={"text": text})
    assert answer.status_code == 422, answer.text


async def test_a_letter_that_is_too_long_for_its_field_changes_nothing(case: Case) -> None:
    await with_letter(case, QuestionKind.FILE, QuestionKind.TEXTAREA, limit=10)
    answer = await case.person.put(f"{case.path}/letter", json={"text": LETTER})
    assert_problem(answer, 422, "unprocessable")
    async with case.api.database.begin() as session:
        questions = (await session.exec(questions_of(case.application.id))).all()
        assert [each.answer_sealed for each in questions] == [None, None]
    assert_problem(await case.person.get(f"{case.path}/documents/cover_letter"), 404, "not-found")


async def test_a_form_without_a_letter_takes_none(case: Case) -> None:
    answer = await case.person.put(f"{case.path}/letter", json={"text": LETTER})
    assert_problem(answer, 409, "conflict")


@pytest.mark.parametrize("state", [S.PREPARING, S.NEEDS_INPUT, S.APPROVED, S.SUBMITTING, S.SUBMITTED])
async def test_documents_are_changed_only_while_approval_is_awaited(
    case: Case, state: ApplicationState
) -> None:
    await with_letter(case, QuestionKind.TEXTAREA)
    await case.move(state)
    letter = await case.person.put(f"{case.path}/letter", json={"text": LETTER})
    resume = await case.person.put(f"{case.path}/resume", json={"tailored": False})
    for answer in (letter, resume):
        assert assert_problem(answer, 409, "conflict")["state"] == state
    assert await case.file("resume") == PDF


async def test_nothing_of_a_letter_lies_open_in_the_database(case: Case) -> None:
    await with_letter(case, QuestionKind.FILE, QuestionKind.TEXTAREA)
    await case.person.put(f"{case.path}/letter", json={"text": LETTER})
    for table in ("application_document", "application_question", "application_log", "event"):
        rows = await case.api.database.rows(f"SELECT t::text AS row FROM {table} AS t", {})  # noqa: S608 -- our names
        assert rows
        assert not any("engines" in row["row"] or b"engines".hex() in row["row"] for row in rows)


async def test_an_unknown_application_is_not_found(api: Api) -> None:
    person = await api.applicant()
    path = f"/api/applications/{UUID(int=0)}"
    assert_problem(await person.get(f"{path}/documents/resume"), 404, "not-found")
    assert_problem(await person.put(f"{path}/letter", json={"text": LETTER}), 404, "not-found")
    async with api.database.begin() as session:
        assert (await session.exec(select(Application))).all() == []
    assert await seal_of(api, person.id)
