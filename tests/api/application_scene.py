"""What an application gathers on its way, put into the database: questions, documents, attempts, pictures."""

import hashlib
import json
from typing import Any
from uuid import UUID

from models.account import Account
from models.answering_enums import AnswerSource, DocumentKind, QuestionKind
from models.application import Application, Attempt, application_locked
from models.evidence import Document, Evidence
from models.question import Question, Value
from models.sealed import Seal, place_of
from models.shown import load_shown
from tests.api.client import Api

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
PDF = b"%PDF-1.7 not quite"


async def seal_of(api: Api, user_id: UUID) -> Seal:
    """Return a person's seal."""
    async with api.database.begin() as session:
        return (await session.get_one(Account, user_id)).seal(api.context.keys)


async def add_question(
    api: Api,
    application: Application,
    position: int,
    answer: Value | None = None,
    source: AnswerSource = AnswerSource.PROFILE,
    **values: Any,  # noqa: ANN401 -- columns
) -> Question:
    """Store a question of the form; one that is not told otherwise is an optional text."""
    ordinary: dict[str, Any] = {
        "label": f"Question {position}",
        "kind": QuestionKind.TEXT,
        "field": f"f{position}",
    }
    question = Question(
        application_id=application.id,
        user_id=application.user_id,
        position=position,
        **{**ordinary, **values},
    )
    if answer is not None:
        question.answer(answer, source, await seal_of(api, application.user_id))
    async with api.database.begin() as session:
        session.add(question)
    return question


async def add_document(
    api: Api, application: Application, kind: DocumentKind, content: bytes = PDF, text: str | None = None
) -> Document:
    """Store a document that is handed to the employer."""
    seal = await seal_of(api, application.user_id)
    document = Document(
        application_id=application.id,
        user_id=application.user_id,
        kind=kind,
        media_type="application/pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        tailored=True,
        file_name_sealed=b"",
        content_sealed=b"",
    )

    def sealed(value: str | bytes, column: str) -> bytes:
        plain = value.encode() if isinstance(value, str) else value
        return seal.seal(plain, place_of("application_document", column, document.id))

    document.file_name_sealed = sealed("../../Ada's <CV>.pdf", "file_name_sealed")
    document.content_sealed = sealed(content, "content_sealed")
    document.refused_sealed = sealed(json.dumps(["a degree of <b>MIT</b>"]), "refused_sealed")
    document.source_sealed = sealed(text, "source_sealed") if text is not None else None
    async with api.database.begin() as session:
        session.add(document)
    return document


async def add_attempt(api: Api, application: Application, **values: Any) -> Attempt:  # noqa: ANN401 -- columns
    """Store a crossing of the fence with a run."""
    seal = await seal_of(api, application.user_id)
    ordinary: dict[str, Any] = {"number": 1, "run_id": f"wr_{application.id.hex}"}
    attempt = Attempt(
        application_id=application.id,
        user_id=application.user_id,
        attempt_key=f"{application.id}-{values.get('number', 1)}",
        account_hash="h",
        vendor_workflow_id="wpid_1",
        file_id="file_1",
        payload_sealed=b"",
        **{**ordinary, **values},
    )
    place = place_of("submit_attempt", "payload_sealed", attempt.id)
    attempt.payload_sealed = seal.seal_text(json.dumps({"applicant": {"name": "Ada"}}), place)
    async with api.database.begin() as session:
        session.add(attempt)
    return attempt


async def add_screenshot(
    api: Api, application: Application, content: bytes = PNG, number: int = 1
) -> Evidence:
    """Store a screenshot."""
    seal = await seal_of(api, application.user_id)
    evidence = Evidence(
        application_id=application.id,
        user_id=application.user_id,
        artifact_id=f"a_{number}",
        media_type="image/png",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_sealed=b"",
    )
    evidence.content_sealed = seal.seal(content, place_of("evidence", "content_sealed", evidence.id))
    async with api.database.begin() as session:
        session.add(evidence)
    return evidence


async def confirmed(api: Api, application: Application, words: str) -> None:
    """Have the careers site confirm an application in these words."""
    seal = await seal_of(api, application.user_id)
    async with api.database.begin() as session:
        row = (await session.exec(application_locked(application.id))).one()
        place = place_of("application", "confirmation_sealed", row.id)
        row.confirmation_sealed = seal.seal_text(words, place)


async def shown_hash(api: Api, application: Application) -> str:
    """Return what names the present content of an application."""
    seal = await seal_of(api, application.user_id)
    async with api.database.begin() as session:
        row = await session.get_one(Application, application.id)
        return (await load_shown(session, row, seal)).hash(seal)
