"""Composes titles and descriptions of ads from a language's words."""

from dataclasses import dataclass
from random import Random

from local.adzuna.words.model import Language, Trade

LONGEST = 500
MINIMUM_TO_CUT = 520
DIGEST_LENGTH = 405
SHARE_OF_DIGESTS = 0.0713
SHARE_OF_SHORT_TEXTS = 0.023
SHARE_WITH_ENTITIES = 0.0064
SHARE_OF_REMOTE = 0.025


@dataclass(frozen=True, slots=True)
class Prose:
    """What an ad says; a digest is the older kind of description, with gaps and marked search terms."""

    title: str
    description: str
    is_digest: bool


def compose(rng: Random, language: Language, trade: Trade, company: str, town: str) -> Prose:
    """Write one ad for a role of the trade."""
    role = rng.choice(trade.roles)
    skill, other, third = rng.sample(trade.skills, 3)
    slots = {
        "role": role,
        "company": company,
        "town": town,
        "skill": skill,
        "other": other,
        "third": third,
        "years": rng.randint(2, 8),
    }
    title = rng.choice(language.titles).format_map(slots)
    parts = [rng.choice(language.openings), *rng.sample(language.sentences, len(language.sentences))]
    if rng.random() < SHARE_OF_REMOTE:
        parts.insert(1, language.remote)
    if rng.random() < SHARE_WITH_ENTITIES:
        parts[0] = parts[0].replace("{role}", "&quot;{role}&quot;").replace("{company}", "{company} &amp;")
    sentences = [part.format_map(slots) for part in parts]
    draw = rng.random()
    if draw < SHARE_OF_DIGESTS:
        return Prose(title, _digest(rng, sentences), is_digest=True)
    if draw < SHARE_OF_DIGESTS + SHARE_OF_SHORT_TEXTS:
        return Prose(title, _up_to(sentences, rng.randint(150, 420)), is_digest=False)
    full = _up_to(sentences, MINIMUM_TO_CUT, is_over=True)
    return Prose(title, f"{full[: LONGEST - 1]}…", is_digest=False)


def _up_to(sentences: list[str], length: int, *, is_over: bool = False) -> str:
    """Join sentences from the first on, to just below the length or, if `is_over`, to just beyond it."""
    text = sentences[0]
    for sentence in sentences[1:]:
        longer = f"{text} {sentence}"
        if not is_over and len(longer) > length:
            break
        text = longer
        if len(text) > length:
            break
    return text


def _digest(rng: Random, sentences: list[str]) -> str:
    """Keep the beginning and a later part with a gap between, as Adzuna did in 2020."""
    text = _up_to(sentences, MINIMUM_TO_CUT, is_over=True)
    length = DIGEST_LENGTH + rng.randint(-60, 40)
    first = rng.randint(length // 3, length // 2)
    skipped = rng.randint(20, 60)
    return f"{text[:first]} ...  {text[first + skipped : length + skipped]} ..."
