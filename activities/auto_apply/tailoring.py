"""The résumé for one job: tailored by the model, else as it is structured, else the uploaded file."""

import asyncio
from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from activities.auto_apply.context import Context
from activities.auto_apply.document_material import Material, facts_of, told_of
from activities.auto_apply.document_model import ask
from activities.auto_apply.document_prompts import RESUME_SCHEMA, TAILOR
from activities.auto_apply.drafting import SYSTEM
from activities.auto_apply.structuring import structured_resume
from models.answering_enums import DocumentKind
from models.document_rows import Made, document_name
from models.draft_rules import quotes
from models.fact_check.check import CLAIM_MAX, unsupported_claims
from models.json_resume import JsonResume, strings_of
from models.sealed import place_of
from models.sensitive import REDACTED, has_contact, is_sensitive
from models.typesetting.pdf import MEDIA_TYPE, UnprintableError, resume_pdf

KIND = DocumentKind.RESUME
SCHEMA_NAME = "tailored_resume"

log = structlog.get_logger()


@dataclass(frozen=True)
class Tailored:
    """A résumé to be set: the tailored one, or the untailored one with what was refused of the other."""

    resume: JsonResume
    tailored: bool = False
    refused: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show nothing that is told."""
        return f"Tailored(tailored={self.tailored}, refused={len(self.refused)})"


async def resume_for(context: Context, material: Material) -> Made:
    """Return the résumé as it is sent to this job's employer."""
    is_wished = material.background.rules.tailor_documents
    structured = await structured_resume(context, material) if is_wished else material.structured
    if structured is None:
        return _original(material)
    chosen = await _tailor(context, material, structured) if is_wished else Tailored(structured)
    try:
        content = await asyncio.to_thread(resume_pdf, chosen.resume, material.identity, material.job.country)
    except UnprintableError as error:
        log.warning("document.unprintable", document=KIND.value, error=type(error).__name__)
        return _original(material, chosen.refused)
    return Made(
        kind=KIND,
        media_type=MEDIA_TYPE,
        file_name=document_name(material.identity, KIND, "pdf"),
        content=content,
        source=chosen.resume.to_json(),
        tailored=chosen.tailored,
        refused=chosen.refused,
    )


def _original(material: Material, refused: tuple[str, ...] = ()) -> Made:
    resume = material.resume
    place = place_of("resume", "original_sealed", resume.id)
    return Made(
        kind=KIND,
        media_type=resume.format.media_type,
        file_name=document_name(material.identity, KIND, resume.format.value),
        content=material.seal.open(resume.original_sealed, place),
        refused=refused,
    )


async def _tailor(context: Context, material: Material, structured: JsonResume) -> Tailored:
    told = await asyncio.to_thread(told_of, structured, material.private)
    data = {
        "advert": material.advert(),
        "resume": told.document.model_dump(mode="json", by_alias=True),
        "facts": facts_of(material.background.known),
    }
    user_id = material.application.user_id
    document = await ask(context, user_id, SCHEMA_NAME, RESUME_SCHEMA, (TAILOR, data))
    if document is None:
        return Tailored(structured)
    try:
        tailored = told.restore(JsonResume.model_validate(document))
    except ValidationError:
        return Tailored(structured)
    sources = material.sources(structured)
    claims = await asyncio.to_thread(unsupported_claims, tailored, sources)
    claims += _personal(tailored, structured)
    if claims:
        return Tailored(structured, refused=tuple(claims))
    if tailored.is_empty or (not tailored.work and structured.work) or _has_gaps(tailored):
        return Tailored(structured)
    return Tailored(tailored, tailored=True)


def _personal(tailored: JsonResume, structured: JsonResume) -> list[str]:
    """Return what tailoring has put in that is the person's alone to say, or that is of our instructions."""
    own = frozenset(strings_of(structured))
    return [
        text[:CLAIM_MAX]
        for text in strings_of(tailored)
        if text not in own and (is_sensitive(text) or has_contact(text) or quotes(text, TAILOR + SYSTEM))
    ]


def _has_gaps(resume: JsonResume) -> bool:
    """Tell whether a text still has a place where something was left out for the model."""
    return any(REDACTED in text for text in strings_of(resume))
