"""How well a job fits a person: gates first, then a weighted score that explains itself. Pure functions.

The score is the weighted mean of the components. One that either side has no data for counts as a middling
one of less weight, so that an advert rises little by saying nothing. The confidence is the share of the
weights that has data; what was read from a text that was cut short counts less for it.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from models.answering_enums import SkipReason
from models.automation import Automation
from models.job import Job
from models.match.components import Read, components_of
from models.match.gates import gate
from models.match.places import Point
from models.match.sides import Advert, Wanted, advert_of, wanted_of
from models.profile import Preferences

SCORER_VERSION = 2
"""Goes up whenever a job may get another score than before."""

SNIPPET_TRUST = 0.7
"""What a component is worth for the confidence that was read from the beginning of a text only."""

UNKNOWN, UNKNOWN_WEIGHT = 0.5, 0.4
"""As what a component without data counts, and with which share of its weight."""

HUNDRED = 100


class Component(BaseModel):
    """One part of a score, 0 to 100 or null without data: what speaks for it and what is missing."""

    model_config = ConfigDict(frozen=True)

    name: str
    weight: int
    score: int | None
    evidence: list[str] = []
    missing: list[str] = []


class Match(BaseModel):
    """A score of 0 to 100 with its confidence of 0 to 1. Behind a gate there is no score, but its reason."""

    model_config = ConfigDict(frozen=True)

    eligible: bool
    gate: SkipReason | None = None
    score: int | None = None
    confidence: float | None = None
    components: list[Component] = []
    version: int = SCORER_VERSION


def match(
    preferences: Preferences,
    rules: Automation,
    job: Job,
    at: datetime,
    rates: Mapping[str, float] | None = None,
    places: Mapping[str, Point] | None = None,
) -> Match:
    """Match one person with one job, as of a moment; rates and places as `wanted_of` takes them."""
    return score(wanted_of(preferences, rules, rates, places), advert_of(job), at)


def score(wanted: Wanted, advert: Advert, at: datetime) -> Match:
    """Match a person with an advert, both read before, as of a moment."""
    closed = gate(wanted, advert, at)
    if closed is not None:
        return Match(eligible=False, gate=closed)
    read = components_of(wanted, advert, at)
    trusted = sum(part.weight * _trust(part, advert) for part in read if part.score is not None)
    return Match(
        eligible=True,
        score=round(HUNDRED * _mean(read)),
        confidence=round(trusted / sum(part.weight for part in read), 3),
        components=[_shown(part) for part in read],
    )


def _mean(read: list[Read]) -> float:
    if all(part.score is None for part in read):
        return 0.0
    weight = total = 0.0
    for part in read:
        counts = part.weight * (UNKNOWN_WEIGHT if part.score is None else 1.0)
        weight += counts
        total += counts * (UNKNOWN if part.score is None else part.score)
    return total / weight


def _trust(part: Read, advert: Advert) -> float:
    return SNIPPET_TRUST if part.is_from_text and advert.is_snippet else 1.0


def _shown(part: Read) -> Component:
    return Component(
        name=part.name,
        weight=part.weight,
        score=None if part.score is None else round(HUNDRED * part.score),
        evidence=part.evidence,
        missing=part.missing,
    )


def below_threshold(found: Match, rules: Automation) -> SkipReason | None:
    """Return which of the person's thresholds a match without a gate does not reach."""
    if (found.score or 0) < rules.min_score:
        return SkipReason.SCORE_TOO_LOW
    if (found.confidence or 0.0) < rules.min_confidence:
        return SkipReason.CONFIDENCE_TOO_LOW
    return None
