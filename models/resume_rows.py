"""The structured form of a stored résumé: a JSON Resume document, or a note that none can be had."""

from models.json_resume import JsonResume
from models.profile import Resume
from models.sealed import Seal, place_of

NONE = "null"
"""Kept in the place of a document: its text was read, and gives no structured résumé that can be trusted."""


def _place(resume: Resume) -> str:
    return place_of("resume", "structured_sealed", resume.id)


def read_structured(resume: Resume, seal: Seal) -> JsonResume | None:
    """Return a résumé's structured form, None where there is none."""
    if resume.structured_sealed is None:
        return None
    text = seal.open_text(resume.structured_sealed, _place(resume))
    return None if text == NONE else JsonResume.model_validate_json(text)


def store_structured(resume: Resume, structured: JsonResume | None, seal: Seal) -> None:
    """Keep a résumé's structured form; None notes that its text gives none."""
    text = NONE if structured is None else structured.to_json()
    resume.structured_sealed = seal.seal_text(text, _place(resume))


def has_structured(resume: Resume, seal: Seal) -> bool:
    """Tell whether a résumé has a structured form."""
    sealed = resume.structured_sealed
    return sealed is not None and seal.open_text(sealed, _place(resume)) != NONE
