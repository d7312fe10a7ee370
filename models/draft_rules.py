"""Which questions the model may draft an answer to, and which of its answers may be used."""

import re
import unicodedata

from models.answering_enums import QuestionKind
from models.fitting import fit
from models.question import Question
from models.sensitive import has_contact, is_sensitive
from models.topics.sets import DRAFTABLE
from models.topics.signs import COMPOUND, CONDITIONAL
from models.yes_no import normal, says

K = QuestionKind

LABEL_MAX = 600
WORDS_MIN = 4
DRAFT_MAX = 2_000
LEAK_WORDS = 6

_OPEN = re.compile(
    r"(?:(?:please|in your own words|briefly|bitte|kurz|merci de|veuillez|por favor|prosze|opcional) )*"
    r"(?:what (?!is your\b|are your (?!strength|goal|biggest|main|key|proudest|career)|s your\b|time\b"
    r"|date\b|days\b)"
    r"|how (?:do|would|did|have|has|might|can|could) (?:you|your)\b|why\b"
    r"|describe\b|tell (?:us|me)\b|share\b|explain\b|walk (?:us|me)\b|give (?:us )?an example\b|outline\b"
    r"|summari[sz]e\b"
    r"|beschreib\w*|erzahl\w*|was (?:motiviert|reizt|begeistert)\b|welche erfahrung\w*|warum\b|erlauter\w*"
    r"|decri\w+|parlez\b|qu est ce qui\b|pourquoi\b|racontez\b|describ\w+|cuentan\w*|cuentenos\b|por que\b"
    r"|que te motiva\b|descriv\w+|raccont\w+|perche\b|beschrijf\b|vertel\b|waarom\b|wat motiveert\b"
    r"|opisz\b|opowiedz\b|dlaczego\b|descreva\b|conte\b)"
)
_COMMITS = re.compile(
    r"\b(?:availab\w*|schedule\w*|shifts?|weekends?|overtime|travel\w*|relocat\w*|notice|start(?:ing)? date"
    r"|rates?|references?|referees?|names?|e ?mail|phone|address|contact|links?|url|upload|attach\w*|gpa"
    r"|grades?|how many|how much|password|(?:pass|zip|post|promo) ?code|number)\b"
)
_MARKUP = re.compile(r"[<>{}\[\]|`]|javascript:", re.IGNORECASE)
_MACHINE = re.compile(
    r"\b(?:as an ai|language model|ai (?:assistant|model|language)|chatgpt|openai|prompt|my instructions"
    r"|(?:ignore|disregard) (?:all|any|the|previous|prior)|previous instructions|json"
    r"|i (?:cannot|can t|am unable to) (?:answer|help|assist|comply)"
    r"|als ki\b|sprachmodell|modele de langage|modelo de lenguaje)\b"
)


def is_draftable(question: Question) -> bool:
    """Tell whether the model may draft an answer: an open question, and not the person's alone."""
    if question.kind not in {K.TEXT, K.TEXTAREA} or question.options:
        return False
    asked = f"{question.label} {question.hint or ''}"
    if len(asked) > LABEL_MAX or is_sensitive(asked) or not _is_latin(asked):
        return False
    if question.topic is not None:
        return question.topic in DRAFTABLE
    words = normal(question.label)
    is_odd = COMPOUND.search(words) or CONDITIONAL.match(words) or _COMMITS.search(normal(asked))
    return bool(_OPEN.match(words)) and len(words.split()) >= WORDS_MIN and not is_odd


def usable(question: Question, text: str, prompt: str) -> str | None:
    """Return a drafted text as it may be entered, None where it may not; `prompt` is what it must not tell.

    Facts are checked by models.fact_check.
    """
    text = text.strip()
    if len(text) > DRAFT_MAX or is_sensitive(text) or has_contact(text) or not _is_plain(text):
        return None
    words = normal(text)
    if says(text) is not None:
        # no open question is answered by yes or no, whatever its words make the model say
        return None
    if _MARKUP.search(text) or _MACHINE.search(words) or quotes(text, prompt):
        return None
    fitted = fit(question, text)
    return fitted if isinstance(fitted, str) else None


def _is_latin(text: str) -> bool:
    """Tell whether all letters are Latin: what is in another script our rules cannot read."""
    return all(
        "LATIN" in unicodedata.name(char, "") for char in text if char.isalpha() and not char.isascii()
    )


def _is_plain(text: str) -> bool:
    """Tell whether a text has no picture, and no character that is invisible or turns the writing around."""
    return all(
        char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cn", "Cs", "So"}
        for char in text
    )


def quotes(text: str, prompt: str) -> bool:
    """Tell whether a text repeats so many words of the prompt in a row."""
    said = normal(text).split()
    parts = (" ".join(said[at : at + LEAK_WORDS]) for at in range(len(said) - LEAK_WORDS + 1))
    padded = f" {normal(prompt)} "
    return any(f" {part} " in padded for part in parts)
