"""Reads the applicant out of a task's prompt: a JSON object in it, or `name …, e-mail …, phone …`."""

import json
import re
from contextlib import suppress
from typing import Any

_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_WORDS = {
    "name": re.compile(r"\bname:? +([^,.;\n{]+)", re.IGNORECASE),
    "email": re.compile(r"\b([^\s@,;<>]+@[^\s@,;<>]+\.\w+)"),
    "phone": re.compile(r"\bphone:? +(\+?[\d(][\d ()-]{4,})", re.IGNORECASE),
}
_FILE = re.compile(r"\b(file_\d+)\b|(https?://\S+\.(?:pdf|docx?|txt))", re.IGNORECASE)


def read_prompt(prompt: str) -> dict[str, Any]:
    """Return the parameters `applicant` and `resume` as far as the prompt tells them."""
    applicant: dict[str, Any] = {}
    for key, pattern in _WORDS.items():
        if found := pattern.search(prompt):
            applicant[key] = found[1].strip()
    if found := _OBJECT.search(prompt):
        # Braces in plain words are no data.
        with suppress(ValueError):
            applicant |= json.loads(found[0])
    parameters: dict[str, Any] = {"applicant": applicant}
    if found := _FILE.search(prompt):
        parameters["resume"] = found[1] or found[2]
    return parameters
