"""What a run was told about the applicant, gathered from its parameters into facts and given answers."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from local.skyvern.browser.topics import country_code, normal, topic_of

_QUALIFIED = re.compile(r"(\w+)\{([^}]*)\}")
_QUESTION_KEYS = ("question", "label", "title")
_NAME_KEYS = ("field", "name", "id", "key")
_ANSWER_KEYS = ("answer", "value", "text", "response")
_RESUME, _LETTER = "resume", "letter"
_LINK_HOSTS = {"linkedin.com": "linkedin", "github.com": "github"}
_SAME = {
    "full_name": "name",
    "given_name": "first_name",
    "family_name": "last_name",
    "surname": "last_name",
    "email_address": "email",
    "phone_number": "phone",
    "mobile": "phone",
    "letter": "cover_letter",
    "portfolio": "website",
    "url": "website",
    "address": "location",
    "location_current": "location",
    "authorised_to_work": "work_authorisation",
    "needs_sponsorship": "sponsorship",
    "salary": "salary_expectation",
    "privacy_consent": "consent",
}


@dataclass(frozen=True)
class Given:
    """One answer that was given: to a field by name, to a question by its words, or to a topic."""

    answer: Any
    name: str = ""
    question: str = ""
    topic: str = ""
    qualifier: str = ""

    @property
    def country(self) -> str:
        """Return the ISO code of the country the answer holds for, or nothing."""
        return country_code(self.qualifier) if self.qualifier else ""


@dataclass
class Facts:
    """All that may be entered: `about` by topic or key, `given` in order."""

    about: dict[str, Any] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)


def file_key(name: str) -> str:
    """Return `resume` or `letter` for a file by the name of a parameter or by the answer to an upload."""
    return _LETTER if _LETTER in name.lower() else _RESUME


def gather(parameters: dict[str, Any]) -> Facts:
    """Read the parameters of a run; values that are JSON in a string are read as JSON."""
    facts = Facts()
    for key, raw in parameters.items():
        value = _from_json(raw)
        if key in {"answers", "questions"}:
            facts.given += _answers(value)
        elif key == "applicant" and isinstance(value, dict):
            _learn(facts, value)
        elif not isinstance(value, (dict, list)):
            facts.about.setdefault(_key(key), value)
    _complete_names(facts.about)
    return facts


def _from_json(value: object) -> object:
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _key(key: str) -> str:
    plain = normal(key.replace("_", " ")).replace(" ", "_")
    return _SAME.get(plain, plain)


def _learn(facts: Facts, applicant: dict[str, Any]) -> None:
    for key, raw in applicant.items():
        value = _from_json(raw)
        if key in {"answers", "questions"}:
            facts.given += _answers(value)
        elif key == "links":
            _learn_links(facts, value)
        elif _key(key) == "work_authorisation" and isinstance(value, (dict, list)):
            facts.given += _work_authorisations(value)
        elif _key(key) == "location" and isinstance(value, dict):
            facts.about["location"] = ", ".join(str(part) for part in value.values() if part)
        elif isinstance(value, dict):
            _learn(facts, value)
        elif value is not None:
            facts.about[_key(key)] = value


def _learn_links(facts: Facts, links: object) -> None:
    found = links.values() if isinstance(links, dict) else links if isinstance(links, list) else [links]
    for link in found:
        url = link.get("url") if isinstance(link, dict) else link
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            continue
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        facts.about.setdefault(_LINK_HOSTS.get(host, "website"), url)


def _work_authorisations(value: object) -> list[Given]:
    """Read `{"GB": {...}}` or `[{"country": "GB", ...}]`: each holds for its own country only."""
    entries = value
    if isinstance(value, dict):
        entries = [
            {"country": country, **(entry if isinstance(entry, dict) else {"authorised": entry})}
            for country, entry in value.items()
        ]
    given: list[Given] = []
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or not entry.get("country"):
            continue
        country = str(entry["country"])
        for key, topic in (("authorised", "work_authorisation"), ("needs_sponsorship", "sponsorship")):
            if entry.get(key) is not None:
                given.append(Given(entry[key], topic=topic, qualifier=country))
    return given


def _answers(value: object) -> list[Given]:
    """Read a list of `{question | topic | field, answer}`, or a mapping of either to the answer.

    What names its field is for that field only; its words are not read for a topic.
    """
    if isinstance(value, dict):
        value = [
            {"question": key, "topic": key, "field": key, "answer": found} for key, found in value.items()
        ]
    if not isinstance(value, list):
        return []
    return [_answer(entry) for entry in value if isinstance(entry, dict)]


def _answer(entry: dict[str, Any]) -> Given:
    topic, qualifier = str(entry.get("topic") or ""), str(entry.get("country") or entry.get("skill") or "")
    if qualified := _QUALIFIED.fullmatch(topic.strip()):
        topic, qualifier = qualified[1], qualifier or qualified[2]
    question, name = _first(entry, _QUESTION_KEYS), _first(entry, _NAME_KEYS)
    read = "" if name else topic_of(question)
    return Given(
        answer=next((entry[key] for key in _ANSWER_KEYS if entry.get(key) is not None), None),
        name=name,
        question=question,
        topic=_key(topic) if topic else read,
        qualifier=qualifier,
    )


def _first(entry: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((str(entry[key]) for key in keys if entry.get(key)), "")


def _complete_names(about: dict[str, Any]) -> None:
    """Join or split the name: the same name in another shape, nothing new."""
    if "name" not in about and about.get("first_name") and about.get("last_name"):
        about["name"] = f"{about['first_name']} {about['last_name']}"
    first, _, last = str(about.get("name") or "").strip().rpartition(" ")
    if first and last:
        about.setdefault("first_name", first)
        about.setdefault("last_name", last)
