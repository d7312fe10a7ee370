"""A scene for the step that makes documents: a person with a résumé, and a model that is told what to say."""

import io
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from temporalio.testing import ActivityEnvironment

from activities.auto_apply.documents import make_documents
from models.answering_enums import DocumentKind, LogKind
from models.application_log import LogEntry, broken_at, log_of
from models.document_rows import read_content, read_refused, read_source
from models.evidence import Document, documents_of
from models.json_resume import JsonResume
from models.profile import Resume, resumes_of
from models.resume_rows import store_structured
from models.sealed import place_of
from tests.activities.answer_scene import Scene, open_scene
from tests.models.resumes import ADA, ADA_TEXT
from workflows.messages import ApplicationRef

ORIGINAL = b"%PDF-1.7 the original"


@dataclass
class Desk:
    """The scene, with what is read of documents."""

    scene: Scene

    async def make(self, ref: ApplicationRef) -> None:
        """Run the step."""
        await ActivityEnvironment().run(make_documents, self.scene.context, ref)

    async def documents(self, ref: ApplicationRef) -> dict[DocumentKind, Document]:
        async with self.scene.database.begin() as session:
            return {each.kind: each for each in await session.exec(documents_of(ref.application_id))}

    async def resume(self, ref: ApplicationRef) -> Document:
        return (await self.documents(ref))[DocumentKind.RESUME]

    def text(self, document: Document) -> str:
        """Return what a PDF shows, its lines joined."""
        reader = PdfReader(io.BytesIO(read_content(document, self.scene.seal)))
        return " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    def content(self, document: Document) -> bytes:
        return read_content(document, self.scene.seal)

    def refused(self, document: Document) -> list[str]:
        return read_refused(document, self.scene.seal)

    def source(self, document: Document) -> str | None:
        return read_source(document, self.scene.seal)

    async def structure(self, structured: JsonResume | None = ADA) -> None:
        """Store a structured résumé."""
        async with self.scene.database.begin() as session:
            resume = (await session.exec(resumes_of(self.scene.user_id))).one()
            store_structured(resume, structured, self.scene.seal)

    async def stored(self) -> Resume:
        async with self.scene.database.begin() as session:
            return (await session.exec(resumes_of(self.scene.user_id))).one()

    async def say(self, *documents: JsonResume | dict[str, Any]) -> None:
        """Prescribe what the model returns next."""
        for each in documents:
            document = each.model_dump(mode="json", by_alias=True) if isinstance(each, JsonResume) else each
            await self.scene.script(text=json.dumps(document))

    async def prompts(self) -> list[str]:
        """Return all that the model was told, by request."""
        return [json.dumps(each["body"], ensure_ascii=False) for each in await self.scene.asked_of_model()]

    async def log(self, ref: ApplicationRef) -> Sequence[LogEntry]:
        async with self.scene.database.begin() as session:
            entries = (await session.exec(log_of(ref.application_id))).all()
        assert broken_at(entries) is None
        return [each for each in entries if each.kind is LogKind.DOCUMENT_MADE]


@asynccontextmanager
async def open_desk(database_url: str, text: str = ADA_TEXT) -> AsyncIterator[Desk]:
    """Open the scene with an upload of this text."""
    async with open_scene(database_url, text) as scene:
        async with scene.database.begin() as session:
            resume = (await session.exec(resumes_of(scene.user_id))).one()
            place = place_of("resume", "original_sealed", resume.id)
            resume.original_sealed = scene.seal.seal(ORIGINAL, place)
        yield Desk(scene)
