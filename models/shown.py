"""What a person is shown before anything is sent, and the hash by which they approve exactly that."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models.answering_enums import AnswerSource, DocumentKind, QuestionKind
from models.application import Application
from models.evidence import Document, documents_of
from models.question import Question, Value, questions_of
from models.sealed import Seal


class ShownAnswer(BaseModel):
    """A question in the employer's words, with what will be entered; None leaves it empty."""

    field: str
    label: str
    kind: QuestionKind
    required: bool
    answer: Value | None
    source: AnswerSource | None


class ShownDocument(BaseModel):
    """A document by its hash."""

    kind: DocumentKind
    sha256: str


class Shown(BaseModel):
    """Everything that an employer would get: what is shown is what is sent."""

    job_url: str
    answers: list[ShownAnswer]
    documents: list[ShownDocument]

    def hash(self, seal: Seal) -> str:
        """Return what names this content for its person, and tells nothing about it to anybody else."""
        parts: dict[str, Any] = self.model_dump(mode="json")
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return seal.fingerprint(text.encode())


def shown_of(job_url: str, questions: Sequence[Question], documents: Sequence[Document], seal: Seal) -> Shown:
    """Return what is shown of an application, its questions in the form's order, its documents by kind."""
    return Shown(
        job_url=job_url,
        answers=[
            ShownAnswer(
                field=each.field,
                label=each.label,
                kind=each.kind,
                required=each.required,
                answer=each.read_answer(seal),
                source=each.source,
            )
            for each in questions
        ],
        documents=[
            ShownDocument(kind=each.kind, sha256=each.sha256)
            for each in sorted(documents, key=lambda one: one.kind)
        ],
    )


async def load_shown(session: AsyncSession, application: Application, seal: Seal) -> Shown:
    """Return what is shown of an application; who decides by it holds the application's row."""
    questions = (await session.exec(questions_of(application.id))).all()
    documents = (await session.exec(documents_of(application.id))).all()
    return shown_of(application.apply_url, questions, documents, seal)
