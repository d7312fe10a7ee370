"""People whose data an export is measured with: somebody with a long history, and somebody with none."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlmodel import SQLModel

from models.account import Account
from models.account_export import AccountExport
from models.answering_enums import AnswerSource, DocumentKind, QuestionKind
from models.application import Application, Attempt
from models.base import new_id, now
from models.chat import ChatMessage, place_of_text
from models.database import Database
from models.document_rows import Made, new_document
from models.enums import ApplicationState, AttemptState, ChatRole, ChatState, Origin
from models.evidence import Evidence
from models.job import Job
from models.question import Question
from models.sealed import KeyRing, Seal, place_of
from workflows.account_messages import ExportRef

QUESTIONS = 20
SCREENSHOTS = 3
MESSAGES = 3_000
PICTURE_BYTES = 120_000
PDF_BYTES = 60_000
"""A screenshot and a document are of this size, and can be packed no smaller."""

PAYLOAD = '{"answers": "' + "what was entered " * 300 + '"}'
ANSWER = "An answer of a sentence or two, as people write them on forms."
TEXT = "A message as people write them to an assistant. " * 8
DESCRIPTION = "We build things that people use. " * 15


async def add_export(database: Database, keys: KeyRing, applications: int) -> ExportRef:
    """Store somebody with so many applications, and their export that is queued."""
    account = Account.register(f"{applications}@example.com", "x", keys)
    seal = account.seal(keys)
    await _store(database, [account])
    for number in range(applications):
        job = _job(number)
        application, _ = Application.queue(account.id, job, Origin.PERSON)
        application.state, application.submitted_at = ApplicationState.SUBMITTED, now()
        await _store(database, [job, application, *_of_application(application, seal)])
    if applications:
        await _store(database, [_message(account.id, seal) for _ in range(MESSAGES)])
    export = AccountExport(user_id=account.id)
    await _store(database, [export])
    return ExportRef(export_id=export.id, user_id=account.id)


async def _store(database: Database, rows: Iterable[SQLModel]) -> None:
    async with database.begin() as session:
        for row in rows:
            session.add(row)
            if isinstance(row, Job | Application):
                await session.flush()


def _job(number: int) -> Job:
    return Job(
        source="bench",
        source_id=str(number),
        country="gb",
        title=f"Engineer {number}",
        company=f"Company {number}",
        description=DESCRIPTION,
        location="Leeds",
        area=["UK", "Leeds"],
        currency="GBP",
        category="it-jobs",
        category_label="IT Jobs",
        url=f"https://www.example.com/{number}",
        posted_at=now(),
        content_key=str(number),
        fingerprint=str(number),
        seen_at=now(),
    )


def _of_application(application: Application, seal: Seal) -> Iterator[SQLModel]:
    for position in range(QUESTIONS):
        question = Question(
            application_id=application.id,
            user_id=application.user_id,
            position=position,
            page=1,
            field=f"field_{position}",
            label=f"What do you say about subject {position}?",
            kind=QuestionKind.TEXTAREA,
        )
        yield question.answer(ANSWER, AnswerSource.PERSON, seal)
    for kind in (DocumentKind.RESUME, DocumentKind.COVER_LETTER):
        made = Made(kind, f"{kind}.pdf", "application/pdf", os.urandom(PDF_BYTES))
        yield new_document(application.id, application.user_id, made, seal)
    for number in range(SCREENSHOTS):
        yield _screenshot(application, number, seal)
    yield _attempt(application, seal)


def _screenshot(application: Application, number: int, seal: Seal) -> Evidence:
    evidence_id, picture = new_id(), os.urandom(PICTURE_BYTES)
    return Evidence(
        id=evidence_id,
        application_id=application.id,
        user_id=application.user_id,
        artifact_id=str(number),
        media_type="image/png",
        sha256=hashlib.sha256(picture).hexdigest(),
        size=len(picture),
        content_sealed=seal.seal(picture, place_of("evidence", "content_sealed", evidence_id)),
    )


def _attempt(application: Application, seal: Seal) -> Attempt:
    attempt_id = new_id()
    return Attempt(
        id=attempt_id,
        application_id=application.id,
        user_id=application.user_id,
        number=1,
        attempt_key=f"{application.id}-1",
        state=AttemptState.ENDED,
        account_hash="bench",
        vendor_workflow_id="bench",
        file_id="bench",
        payload_sealed=seal.seal_text(PAYLOAD, place_of("submit_attempt", "payload_sealed", attempt_id)),
    )


def _message(user_id: UUID, seal: Seal) -> ChatMessage:
    message = ChatMessage(user_id=user_id, role=ChatRole.USER, state=ChatState.DONE)
    message.text_sealed = seal.seal_text(TEXT, place_of_text(message.id))
    return message
