"""Yes, no, "I agree" and "I would rather not say", in the languages of the forms."""

import re
from collections.abc import Sequence

from models.fingerprint import words_of

YES = frozenset({"yes", "y", "ja", "oui", "si", "sim", "tak", "true"})
NO = frozenset({"no", "n", "nein", "non", "nee", "nie", "nao", "false"})

_DECLINE_ONLY = frozenset(
    {"decline", "declined", "no answer", "not specified", "not declared", "undisclosed"}
)
_DECLINES = re.compile(
    r"\b(?:prefer not to|decline to|(?:do not|don t) (?:wish|want) to|rather not|choose not to|wish not to"
    r"|not to (?:disclose|say|answer|self identify)|i decline"
    r"|mochte (?:ich )?(?:\w+ ){0,3}nicht (?:angeben|beantworten|sagen|mitteilen)|keine (?:angabe|antwort)"
    r"|lieber nicht|prefere (?:ne )?pas|(?:ne )?souhaite pas|ne pas (?:repondre|preciser)|ne se prononce pas"
    r"|prefiero no|no deseo|no contestar|preferisco non|non desidero|liever niet|zeg ik liever"
    r"|wil (?:ik|dit) (?:\w+ )?niet|wole nie|nie chce|odmawiam|prefiro nao|nao (?:desejo|quero))\b"
)
_AGREES = re.compile(
    r"\b(?:agree\w*|accept\w*|acknowledge\w*|consent|confirm|understood|einverstanden|akzeptier\w*|zustimm\w*"
    r"|j accepte|acepto|accetto|acconsento|akkoord|zgadzam|wyrazam|aceito|concordo)\b"
)
_DENIES = re.compile(r"\b(?:not|no|don t|disagree|decline|nicht|pas|non|niet|nie|nao|refuse|reject)\b")
_CONDITIONS = re.compile(
    r"\b(?:but|only|if|with|without|except|unless|expired|pending|until|aber|nur|wenn|mit|ohne|mais"
    r"|seulement|avec"
    r"|sans|pero|solo|con|sin|ma|senza|maar|alleen|met|zonder|ale|tylko|bez|mas|apenas|com|sem)\b"
)


def words_in(text: str) -> frozenset[str]:
    """Return the words of a list that is written with spaces between."""
    return frozenset(text.split())


def normal(text: str) -> str:
    """Return a text's words in lower case, without accents and punctuation, one space between."""
    return " ".join(words_of(text)).translate(_UNSTROKED)


_UNSTROKED = str.maketrans("łøđı", "lodi")


def says(option: str) -> bool | None:
    """Return what an option that begins with yes or no says, None for any other."""
    words = normal(option).split()
    if not words or is_decline(option):
        return None
    if words[0] in YES:
        return True
    return False if words[0] in NO else None


def says_plainly(option: str) -> bool | None:
    """Return what an option says that attaches no condition to its yes or no, None for any other."""
    said = says(option)
    tail = normal(option).split()[1:]
    return None if said is None or (tail and _CONDITIONS.search(" ".join(tail))) else said


def is_yes_no(options: Sequence[str]) -> bool:
    """Tell whether a choice is between yes and no, with at most ways of not answering beside them."""
    said = [says(option) for option in options if not is_decline(option)]
    return bool(said) and None not in said


def is_decline(option: str) -> bool:
    """Tell whether an option is a way of not answering."""
    text = normal(option)
    return text in _DECLINE_ONLY or _DECLINES.search(text) is not None


def decline_option(options: Sequence[str]) -> str | None:
    """Return the one option that is a way of not answering; None where there is none, or more."""
    found = [option for option in options if is_decline(option)]
    return found[0] if len(found) == 1 else None


def agreement(options: Sequence[str]) -> str | None:
    """Return the one option that agrees; None where there is none, or more."""
    found = [each for each in options if _AGREES.search(normal(each)) and not _DENIES.search(normal(each))]
    return found[0] if len(found) == 1 else None
