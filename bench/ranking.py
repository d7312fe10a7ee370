"""How good a ranking is, by what is known of its jobs."""

import math
from collections.abc import Collection, Sequence
from statistics import fmean
from typing import NamedTuple

FIRST = 5
DEPTH = 10


class Quality(NamedTuple):
    """Precision at 5, NDCG at 10, and the share of the jobs behind a gate that were shown all the same."""

    precision: float
    ndcg: float
    violations: float


def precision(ranked: Sequence[str], good: Collection[str]) -> float:
    """Return the share of good ones among the first five places; an empty place is none."""
    return sum(job in good for job in ranked[:FIRST]) / FIRST


def ndcg(ranked: Sequence[str], good: Collection[str]) -> float:
    """Return how near the first ten places are to the best order, 0 to 1: a later place counts less."""
    gained = sum(_worth(place) for place, job in enumerate(ranked[:DEPTH]) if job in good)
    return gained / sum(_worth(place) for place in range(min(len(good), DEPTH)))


def _worth(place: int) -> float:
    return 1 / math.log2(place + 2)


def mean_of(qualities: Sequence[Quality]) -> Quality:
    """Return the mean over people."""
    return Quality(*(fmean(column) for column in zip(*qualities, strict=True)))
