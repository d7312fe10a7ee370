"""The letter for one job, where its form asks for one: written by the model, checked, or a plain one."""

import asyncio
import hashlib
from dataclasses import dataclass

import structlog

from activities.auto_apply.context import Context
from activities.auto_apply.document_material import Material, facts_of
from activities.auto_apply.document_model import ask
from activities.auto_apply.document_prompts import LETTER, LETTER_SCHEMA, TAILOR
from activities.auto_apply.drafting import SYSTEM
from models.answering_enums import DocumentKind, QuestionKind, Topic
from models.document_rows import Made, document_name
from models.draft_rules import DRAFT_MAX, usable
from models.fact_check.check import unsupported_claims
from models.question import Question
from models.typesetting.pdf import MEDIA_TYPE, UnprintableError, letter_pdf

KIND = DocumentKind.COVER_LETTER
SCHEMA_NAME = "cover_letter"
LENGTH_MIN = 40
PLAIN = """\
Dear Hiring Manager,

I am applying for the position of {title}{company}. My resume is attached.

Thank you for your time. I look forward to hearing from you.

Kind regards,
{name}"""

log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """A letter as text and, where the form wants one, as a file; no text where it was refused or not had."""

    text: str | None
    file: Made | None = None
    refused: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show nothing that is told."""
        return f"Letter(has_text={self.text is not None}, refused={len(self.refused)})"

    @property
    def sha256(self) -> str | None:
        """The hash of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text is not None else None


def is_letter(question: Question) -> bool:
    """Tell whether a question wants a cover letter, as text or as a file."""
    kinds = {QuestionKind.TEXTAREA, QuestionKind.FILE}
    return question.topic is Topic.COVER_LETTER and question.kind in kinds


async def letter_for(context: Context, material: Material) -> Letter | None:
    """Return the letter; None where the form asks for none, or the person wants none and need not give one.

    A required upload gets a plain letter that claims nothing where the model's is refused or cannot be had,
    since a file cannot be asked for as an answer; a text is left to the person.
    """
    wanted = [each for each in material.questions if is_letter(each) and not _is_given(each)]
    is_wished = material.background.rules.write_letters
    if not is_wished:
        wanted = [each for each in wanted if each.required]
    if not wanted:
        return None
    text, refused = await _write(context, material, wanted) if is_wished else (None, ())
    files = [each for each in wanted if each.kind is QuestionKind.FILE]
    said = text or (_plain(material) if any(each.required for each in files) else None)
    file = None
    if files and said is not None:
        file = await _set(material, said, refused, tailored=text is not None)
    return Letter(text, file, refused)


def _is_given(question: Question) -> bool:
    return question.kind is not QuestionKind.FILE and question.answer_sealed is not None


async def _write(
    context: Context, material: Material, wanted: list[Question]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the model's letter and what was refused of it: then there is no letter."""
    limits = [each.max_length for each in wanted if each.max_length is not None]
    limit = min([DRAFT_MAX, *limits])
    if limit < LENGTH_MIN:
        return None, ()
    data = {
        "advert": material.advert(),
        "resume": await asyncio.to_thread(material.redacted_text),
        "facts": facts_of(material.background.known),
        "max_characters": limit,
    }
    document = await ask(context, material.application.user_id, SCHEMA_NAME, LETTER_SCHEMA, (LETTER, data))
    if document is None:
        return None, ()
    text = usable(_any_text(wanted[0], limit), document["text"], LETTER + TAILOR + SYSTEM)
    if text is None:
        return None, ()
    claims = await asyncio.to_thread(unsupported_claims, text, material.sources(material.structured))
    return (None, tuple(claims)) if claims else (text, ())


def _any_text(question: Question, limit: int) -> Question:
    """Return a question that takes any text of this length: a letter is one text for all of its fields."""
    return Question(
        application_id=question.application_id,
        user_id=question.user_id,
        position=question.position,
        label=question.label,
        kind=QuestionKind.TEXTAREA,
        max_length=limit,
        topic=Topic.COVER_LETTER,
    )


def _plain(material: Material) -> str:
    job, identity = material.job, material.identity
    company = f" at {job.company}" if job.company else ""
    name = f"{identity.first_name} {identity.last_name}"
    return PLAIN.format(title=job.title, company=company, name=name)


async def _set(material: Material, text: str, refused: tuple[str, ...], *, tailored: bool) -> Made | None:
    identity, job = material.identity, material.job
    try:
        content = await asyncio.to_thread(letter_pdf, text, identity, job.title, job.country)
    except UnprintableError as error:
        log.warning("document.unprintable", document=KIND.value, error=type(error).__name__)
        return None
    return Made(
        kind=KIND,
        media_type=MEDIA_TYPE,
        file_name=document_name(identity, KIND, "pdf"),
        content=content,
        source=text,
        tailored=tailored,
        refused=refused,
    )
