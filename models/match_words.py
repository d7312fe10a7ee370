"""Why a job fits a person, in short sentences made of a match's evidence, which say no more than it holds."""

from collections.abc import Callable, Sequence

from models.match.score import Component

SENTENCES_MAX = 5
WORDS_MAX = 5
GOOD = 50
"""From this score on a component speaks for the job."""


def why(components: Sequence[Component]) -> list[str]:
    """Return what speaks for the job, the weightiest first, and then what most speaks against it."""
    known = [part for part in components if part.score is not None]
    best = sorted(known, key=lambda part: -part.weight * (part.score or 0))
    said = [sentence for part in best if (sentence := _for(part))]
    worst = sorted(known, key=lambda part: -part.weight * (100 - (part.score or 0)))
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
    if maker is None or not part.evidence or not part.score:
        return None
    return maker(part)


def _against(part: Component) -> str | None:
    words = _AGAINST.get(part.name)
    return words.format(listed(part.missing)) if words and part.missing else None


def _location(part: Component) -> str:
    place = listed(part.evidence)
    if place == "remote":
        return "It can be done from home."
    if place == "willing to relocate":
        return "You are willing to move for it."
    return f"It is where you look for work: {place}."


def _pay(part: Component) -> str:
    enough = "at least what you aim at" if part.score == 100 else "at least the least that you ask for"  # noqa: PLR2004
    return f"The employer offers {enough}: {listed(part.evidence)}."


_FOR: dict[str, Callable[[Component], str]] = {
    "skills": lambda part: f"It asks for what you know: {listed(part.evidence)}.",
    "title": lambda part: f"Its title is one that you look for: {' '.join(part.evidence)}.",
    "experience": lambda part: f"Your experience fits: {listed(part.evidence)}.",
    "location": _location,
    "pay": _pay,
}
_AGAINST = {
    "skills": "It also asks for {}.",
    "experience": "It asks for another experience: {}.",
    "pay": "It does not say to pay {}.",
}
