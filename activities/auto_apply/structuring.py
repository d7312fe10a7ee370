"""A structured résumé out of an upload's text, by the model, believed only where the text bears it out."""

import asyncio

from pydantic import ValidationError

from activities.auto_apply.context import Context
from activities.auto_apply.document_material import Material
from activities.auto_apply.document_model import ask
from activities.auto_apply.document_prompts import RESUME_SCHEMA, STRUCTURE
from models.json_resume import JsonResume
from models.profile import Resume
from models.resume_found import found_in
from models.resume_rows import read_structured, store_structured

SCHEMA_NAME = "resume"


async def structured_resume(context: Context, material: Material) -> JsonResume | None:
    """Return the newest résumé's structured form, read once and stored; None where there is none.

    Where the model is away it is asked again for the next application.
    """
    if material.resume.structured_sealed is not None:
        return material.structured
    data = {"resume": await asyncio.to_thread(material.redacted_text)}
    document = await ask(context, material.application.user_id, SCHEMA_NAME, RESUME_SCHEMA, (STRUCTURE, data))
    if document is None:
        return None
    structured = await asyncio.to_thread(_checked, document, material.text)
    return await _store(context, material, structured)


def _checked(document: dict[str, object], text: str) -> JsonResume | None:
    try:
        read = JsonResume.model_validate(document)
    except ValidationError:
        return None
    found = found_in(read, text)
    return None if found is None or found.is_empty else found


async def _store(context: Context, material: Material, structured: JsonResume | None) -> JsonResume | None:
    """Store what was read, unless the person or another application was first; return what counts."""
    async with context.database.begin() as session:
        resume = await session.get(Resume, material.resume.id, with_for_update=True)
        if resume is None:
            return structured
        if resume.structured_sealed is not None:
            return read_structured(resume, material.seal)
        store_structured(resume, structured, material.seal)
        return structured
