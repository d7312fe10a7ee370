"""Answers as a careful model gives them for an application: drafts, letters, résumés, of the data sent.

The schema's name says what is asked; the last message of the user holds the data as JSON.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from local.openai.resume_text import entries_of, sentences_of
from local.openai.strict import empty_instance

Document = dict[str, Any]

DRAFT_SENTENCES = 2
LETTER_SENTENCES = 3
PERSONAL = re.compile(
    r"salar|pay|visa|sponsor|authori[sz]ed|disab|gender|race|ethnic|veteran|religio|birth|criminal|convict|clearance"
    r"|licen[cs]e|health|passport|security number|iban",
    re.IGNORECASE,
)
GREETING = "Dear Hiring Manager,"
CLOSING = "Kind regards,"
THANKS = "Thank you for your time. I look forward to hearing from you."


def compose_for_applicant(name: str, schema: Document, said: str) -> Document | None:
    """Return the document that a schema of this name asks for, None where it is none of these."""
    composer = _COMPOSERS.get(name)
    if composer is None:
        return None
    try:
        return composer(schema, json.loads(said))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _drafts(_: Document, data: Document) -> Document:
    sentences = sentences_of(data["resume"])
    return {"answers": [_draft(each, sentences) for each in data["questions"]]}


def _draft(question: Document, sentences: list[str]) -> Document:
    text = _within(sentences[:DRAFT_SENTENCES], question["max_characters"])
    can = bool(text) and PERSONAL.search(question["label"]) is None
    return {"question": question["question"], "can_answer": can, "text": text if can else ""}


def _within(sentences: list[str], limit: int) -> str:
    """Return as many whole sentences as there is room for."""
    text = ""
    for sentence in sentences:
        longer = f"{text} {sentence}".strip()
        if len(longer) > limit:
            break
        text = longer
    return text


def _letter(_: Document, data: Document) -> Document:
    advert, limit = data["advert"], data["max_characters"]
    company = f" at {advert['company']}" if advert["company"] else ""
    first = f"I am applying for the position of {advert['title']}{company}."
    room = limit - len(GREETING) - len(first) - len(THANKS) - len(CLOSING) - len("\n\n") * 4
    told = _within(sentences_of(data["resume"])[:LETTER_SENTENCES], max(room, 0))
    parts = [GREETING, first, *([told] if told else []), THANKS, CLOSING]
    return {"text": "\n\n".join(parts)}


def _structured(schema: Document, data: Document) -> Document:
    blank: Document = empty_instance(schema)
    return blank | {
        name: [_entry(schema, name, each) for each in entries]
        for name, entries in entries_of(data["resume"]).items()
    }


def _entry(schema: Document, name: str, told: Document) -> Document:
    """Return an entry with all that the schema wants, most of it empty."""
    items = schema["properties"][name]["items"]
    blank: Document = empty_instance(items, schema)
    return blank | {key: value for key, value in told.items() if key in blank}


def _tailored(_: Document, data: Document) -> Document:
    """Return the résumé with what the advert speaks of first, and not a word changed."""
    wanted = set(_words(f"{data['advert']['title']} {data['advert']['text']}"))

    def weight(part: object) -> int:
        return -len(wanted & set(_words(json.dumps(part, ensure_ascii=False))))

    resume: Document = dict(data["resume"])
    resume["skills"] = sorted(resume.get("skills", []), key=weight)
    resume["work"] = [
        each | {"highlights": sorted(each.get("highlights", []), key=weight)}
        for each in resume.get("work", [])
    ]
    return resume


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9+#]+", text.casefold())


_COMPOSERS: dict[str, Callable[[Document, Document], Document]] = {
    "draft_answers": _drafts,
    "cover_letter": _letter,
    "resume": _structured,
    "tailored_resume": _tailored,
}
