"""Yes, no and "I would rather not say", in the languages of the forms."""

from collections.abc import Sequence

from models.fingerprint import words_of

YES = frozenset("yes y ja oui si sim tak true".split())
NO = frozenset("no n nein non nee nie nao false".split())

_DECLINES = (
    "prefer not to",
    "decline to",
    "do not wish to",
    "don t wish to",
    "don t want to",
    "do not want to",
    "rather not",
    "choose not to",
    "not to disclose",
    "not to say",
    "not to answer",
    "not to self identify",
    "wish not to",
    "i decline",
    "undisclosed",
    "mochte ich nicht",
    "mochte nicht",
    "keine angabe",
    "keine antwort",
    "lieber nicht",
    "prefere ne pas",
    "prefere pas",
    "ne souhaite pas",
    "ne pas repondre",
    "ne se prononce pas",
    "prefiero no",
    "no deseo",
    "no contestar",
    "preferisco non",
    "non desidero",
    "liever niet",
    "zeg ik liever",
    "wil ik niet",
    "wole nie",
    "nie chce",
    "odmawiam",
    "prefiro nao",
    "nao desejo",
    "nao quero",
)
_DECLINE_ONLY = frozenset(
    {"decline", "declined", "no answer", "n a prefer not", "not specified", "not declared"}
)


def _normal(text: str) -> str:
    return " ".join(words_of(text)).replace("ł", "l")


def says(option: str) -> bool | None:
    """Return what an option that begins with yes or no says, None for any other."""
    words = _normal(option).split()
    if not words or is_decline(option):
        return None
    if words[0] in YES:
        return True
    return False if words[0] in NO else None


def is_yes_no(options: Sequence[str]) -> bool:
    """Tell whether a choice is between yes and no, with at most ways of not answering beside them."""
    said = [says(option) for option in options if not is_decline(option)]
    return bool(said) and None not in said and len(set(said)) <= len(said)


def is_decline(option: str) -> bool:
    """Tell whether an option is a way of not answering."""
    text = _normal(option)
    return text in _DECLINE_ONLY or any(phrase in text for phrase in _DECLINES)


def decline_option(options: Sequence[str]) -> str | None:
    """Return the one option that is a way of not answering; None where there is none, or more."""
    found = [option for option in options if is_decline(option)]
    return found[0] if len(found) == 1 else None
