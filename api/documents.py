"""Documents of one application, changed by their person while it awaits approval."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, ParamSpec, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.applications import changed, own, own_locked
from models.answering_enums import AnswerSource, DocumentKind, LogKind, QuestionKind, Topic
from models.application import Application
from models.base import Body
from models.database import Database, seal_of
from models.document_rows import Made, document_name, fill_document, new_document
from models.enums import Actor, ApplicationState
from models.errors import ConflictError, IncompleteError, UnprocessableError
from models.evidence import Document, documents_of
from models.fitting import length_of
from models.job import Job
from models.json_resume import JsonResume
from models.profile import Identity, Resume, profile_of, resumes_of
from models.question import Question, questions_of
from models.resume_rows import read_structured
from models.sealed import KeyRing, Seal, place_of
from models.text import SEVERAL_LINES
from models.typesetting.pdf import MEDIA_TYPE, UnprintableError, letter_pdf, resume_pdf

P = ParamSpec("P")

LETTER_MAX = 10_000
NOT_WAITING = "Documents can be changed only while the application awaits approval."
NO_LETTER = "This form asks for no letter."
UNPRINTABLE = "Some letters of the text are in no font that we have; write it in another script."


class LetterGiven(Body):
    """A letter in its person's own words; an empty line ends a paragraph."""

    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LETTER_MAX), SEVERAL_LINES
    ]


class ResumeGiven(Body):
    """Either `tailored: false`, for the résumé as it is, or a résumé of the person's own for this job."""

    tailored: Literal[False] | None = None
    resume: JsonResume | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.tailored is None) == (self.resume is None):
            raise ValueError("give either `tailored: false` or `resume`")
        if self.resume is not None and self.resume.is_empty:
            raise ValueError("resume must tell something")
        return self


@dataclass(frozen=True)
class _Owner:
    """Whose application it is and for which job, with what opens the person's values."""

    identity: Identity
    seal: Seal
    job: Job


async def change_letter(
    database: Database, keys: KeyRing, user_id: UUID, application_id: UUID, text: str
) -> Application:
    """Put the person's letter in the place of ours, as text and as a file, as the form has it.

    Raises NotFoundError, ConflictError unless it awaits approval and asks for a letter, UnprocessableError
    where a field takes no text of this length or no font can show it.
    """
    async with database.begin() as session:
        owner = await _owner(session, keys, user_id, application_id)
    content = await _set(letter_pdf, text, owner.identity, owner.job.title, owner.job.country)
    name = document_name(owner.identity, DocumentKind.COVER_LETTER, "pdf")
    made = Made(DocumentKind.COVER_LETTER, MEDIA_TYPE, name, content, text)
    async with database.begin() as session:
        application = await _waiting(session, user_id, application_id)
        letters = [
            each
            for each in await session.exec(questions_of(application.id))
            if each.topic is Topic.COVER_LETTER and each.kind in {QuestionKind.TEXTAREA, QuestionKind.FILE}
        ]
        if not letters:
            raise ConflictError(NO_LETTER)
        for question in letters:
            _answer(question, text, owner.seal)
        if any(each.kind is QuestionKind.FILE for each in letters):
            await _put(session, application, made, owner.seal)
        await announce(session, changed(application))
        return application


async def change_resume(
    database: Database, keys: KeyRing, user_id: UUID, application_id: UUID, given: JsonResume | None
) -> Application:
    """Send this résumé, or where none is given the person's own as it is; raises as `change_letter`."""
    async with database.begin() as session:
        owner = await _owner(session, keys, user_id, application_id)
        newest = (await session.exec(resumes_of(user_id).limit(1))).first()
    made = await _resume(owner, newest, given)
    async with database.begin() as session:
        application = await _waiting(session, user_id, application_id)
        await _put(session, application, made, owner.seal)
        await announce(session, changed(application))
        return application


async def _owner(session: AsyncSession, keys: KeyRing, user_id: UUID, application_id: UUID) -> _Owner:
    application = (await own(session, user_id, application_id)).application
    if application.state is not ApplicationState.AWAITING_APPROVAL:
        raise ConflictError(NOT_WAITING, state=application.state.value)
    profile = (await session.exec(profile_of(user_id))).first()
    if profile is None or profile.identity_sealed is None:
        raise IncompleteError("Fill in first: identity.", missing=["identity"])
    seal = await seal_of(session, keys, user_id)
    opened = seal.open(profile.identity_sealed, place_of("profile", "identity_sealed", profile.id))
    job = await session.get_one(Job, application.job_id)
    return _Owner(Identity.stored_json(opened), seal, job)


async def _waiting(session: AsyncSession, user_id: UUID, application_id: UUID) -> Application:
    """Lock an application that awaits approval."""
    application = await own_locked(session, user_id, application_id)
    if application.state is not ApplicationState.AWAITING_APPROVAL:
        raise ConflictError(NOT_WAITING, state=application.state.value)
    return application


async def _resume(owner: _Owner, newest: Resume | None, given: JsonResume | None) -> Made:
    chosen = given
    if newest is not None and chosen is None:
        chosen = read_structured(newest, owner.seal)
    kind = DocumentKind.RESUME
    if chosen is not None:
        content = await _set(resume_pdf, chosen, owner.identity, owner.job.country)
        return Made(kind, MEDIA_TYPE, document_name(owner.identity, kind, "pdf"), content, chosen.to_json())
    if newest is None:
        raise IncompleteError("Fill in first: resume.", missing=["resume"])
    name = document_name(owner.identity, kind, newest.format.value)
    original = owner.seal.open(newest.original_sealed, place_of("resume", "original_sealed", newest.id))
    return Made(kind, newest.format.media_type, name, original)


async def _set(typeset: Callable[P, bytes], *told: P.args, **more: P.kwargs) -> bytes:
    try:
        return await asyncio.to_thread(typeset, *told, **more)
    except UnprintableError:
        raise UnprocessableError(UNPRINTABLE) from None


def _answer(question: Question, text: str, seal: Seal) -> None:
    """Enter a letter's text, or say which document is uploaded."""
    if question.kind is QuestionKind.FILE:
        question.answer(DocumentKind.COVER_LETTER.value, AnswerSource.DOCUMENT, seal)
        return
    if question.max_length is not None and length_of(text) > question.max_length:
        raise UnprocessableError(f"The form takes at most {question.max_length} characters of a letter.")
    question.answer(text, AnswerSource.PERSON, seal)


async def _put(session: AsyncSession, application: Application, made: Made, seal: Seal) -> None:
    """Put a document in the place of the one of its kind, and log it."""
    query = documents_of(application.id).where(col(Document.kind) == made.kind)
    document = (await session.exec(query)).first()
    if document is None:
        document = new_document(application.id, application.user_id, made, seal)
        session.add(document)
    else:
        fill_document(document, made, seal)
    session.add(
        application.log(
            LogKind.DOCUMENT_MADE,
            document=made.kind.value,
            sha256=document.sha256,
            tailored=made.tailored,
            refused=len(made.refused),
            actor=Actor.USER.value,
        )
    )
