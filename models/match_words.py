"""Why a job fits a person, in short sentences made of a match's evidence, which say no more than it holds."""

from collections.abc import Callable, Sequence

from models.match.score import Component

SENTENCES_MAX = 5
WORDS_MAX = 5
GOOD = 50
"""From this score on a component speaks for the job without reservation."""

BEST = 100
COUNTRY_LENGTH = 2


def why(components: Sequence[Component]) -> list[str]:
    """Return what speaks for the job, the weightiest first, and then what most speaks against it."""
    known = [part for part in components if part.score is not None]
    best = sorted(known, key=lambda part: -part.weight * (part.score or 0))
    said = [sentence for part in best if (sentence := _for(part))]
    worst = sorted(known, key=lambda part: -part.weight * (BEST - (part.score or 0)))
    against = [sentence for part in worst if (sentence := _against(part))]
    return [*said[: SENTENCES_MAX - 1], *against[:1]]


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: the first few, and how many more there are."""
    shown, more = list(words[:WORDS_MAX]), len(words) - WORDS_MAX
    if more > 0:
        shown.append(f"{more} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _for(part: Component) -> str | None:
    maker = _FOR.get(part.name)
    return maker(part) if maker is not None and part.evidence and part.score else None


def _against(part: Component) -> str | None:
    words = _AGAINST.get(part.name)
    return words.format(listed(part.missing)) if words and part.missing else None


def _title(part: Component) -> str:
    # a family of titles is named by words with underscores
    words = " ".join(part.evidence).replace("_", " ")
    if (part.score or 0) < GOOD:
        return f"Its title has something of what you look for: {words}."
    return f"Its title is one that you look for: {words}."


def _experience(part: Component) -> str | None:
    return f"Your experience fits: {listed(part.evidence)}." if (part.score or 0) >= GOOD else None


def _location(part: Component) -> str:
    place = part.evidence[0]
    if place == "remote":
        return "It can be done from home."
    if place == "willing to relocate":
        return "You are willing to move for it."
    if len(place) == COUNTRY_LENGTH:
        return "It is in a country that you look for work in."
    return f"It is where you look for work: {', '.join(part.evidence)}."


def _pay(part: Component) -> str:
    enough = "what you aim at" if part.score == BEST else "the least that you ask for"
    return f"The employer offers at least {enough}: {listed(part.evidence)}."


_FOR: dict[str, Callable[[Component], str | None]] = {
    "skills": lambda part: f"It asks for what you know: {listed(part.evidence)}.",
    "title": _title,
    "experience": _experience,
    "location": _location,
    "pay": _pay,
}
_AGAINST = {
    "skills": "It also asks for {}.",
    "experience": "It asks for another experience: {}.",
    "pay": "It does not say to pay {}.",
}
