"""How well the scorer ranks the jobs of the labelled set, beside plain full-text rankings of the same jobs.

Both halves are measured: the one that the scorer was tuned by, and the one that was held out. Full text ranks
by `ts_rank`, in PostgreSQL, with the person's titles and skills as the query: over all jobs, over those of
the person's countries, which anybody would filter by, and over those that our gates let through, so that
nothing but the order is compared. The set and the vocabulary were written by the same hands: on adverts of
the world expect less of both.
"""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import NamedTuple

from psycopg import AsyncConnection
from rich.console import Console
from rich.table import Table
from sqlmodel.ext.asyncio.session import AsyncSession

from bench.figures import Figure
from bench.labelled_set import AT, HELD_OUT, RULES, TUNE, Person, jobs_of, people
from bench.ranking import Quality, mean_of, ndcg, precision
from bench.servers import a_database
from models.database import Database
from models.job import Job
from models.match.score import score
from models.match.sides import advert_of, wanted_of

RATES = {"EUR": 1.0, "GBP": 0.85, "USD": 1.08, "CAD": 1.47, "AUD": 1.63, "PLN": 4.3, "ZAR": 20.0, "CHF": 0.95}
GOAL = 1.0
"""Ours is to be at least as good an order as full text's of the same jobs, those behind no gate."""

_RANKED = b"""
    WITH wanted AS (
        SELECT string_agg('(' || words || ')', ' | ')::tsquery AS query
        FROM unnest(%(terms)s::text[]) AS term,
             LATERAL (
                 SELECT plainto_tsquery(job_language(%(country)s), job_text(term))::text AS words
             ) AS read
        WHERE words <> ''
    )
    SELECT source_id FROM job, wanted WHERE source_id = ANY(%(jobs)s) AND search @@ query
    ORDER BY ts_rank(search, query) DESC, source_id
"""

Ranking = list[str]


class Judged(NamedTuple):
    """The qualities of one ranking, by half and person."""

    name: str
    by_person: dict[str, dict[str, Quality]]

    @property
    def by_half(self) -> dict[str, Quality]:
        """The means over the people."""
        return {half: mean_of(list(found.values())) for half, found in self.by_person.items()}


def judged(person: Person, half: str, ranked: Ranking) -> Quality:
    """Judge what is shown to a person, in its order."""
    pairs = [pair for pair in person.pairs if pair.half == half]
    good = {pair.job for pair in pairs if pair.good}
    kept_away = [pair.job for pair in pairs if pair.gate is not None]
    shown = sum(job in ranked for job in kept_away)
    return Quality(precision(ranked, good), ndcg(ranked, good), shown / len(kept_away) if kept_away else 0.0)


def scored(person: Person, jobs: dict[str, Job]) -> Ranking:
    """Return the jobs that no gate keeps from a person, the best first."""
    wanted = wanted_of(person.preferences, RULES, RATES, person.places)
    found = {name: score(wanted, advert_of(job), AT) for name, job in jobs.items()}
    shown = {name: match.score for name, match in found.items() if match.score is not None}
    return sorted(shown, key=lambda name: (-shown[name], name))


def _in_country(person: Person, jobs: dict[str, Job]) -> Ranking:
    return [name for name, job in jobs.items() if job.country in person.preferences.countries]


BASELINES: dict[str, Callable[[Person, dict[str, Job]], Ranking]] = {
    "full text": lambda _, jobs: list(jobs),
    "full text in the country": _in_country,
    "full text behind our gates": scored,
}


def judge(name: str, rank: Callable[[Person, str], Ranking]) -> Judged:
    """Judge a ranking of each half for each person."""
    return Judged(
        name,
        {
            half: {person.profile: judged(person, half, rank(person, half)) for person in people()}
            for half in (TUNE, HELD_OUT)
        },
    )


def ours() -> Judged:
    """Judge our scorer."""
    return judge("ours", lambda person, half: scored(person, jobs_of(half)))


async def _full_text(url: str) -> list[Judged]:
    ranked: dict[tuple[str, str], Ranking] = {}
    async with await AsyncConnection.connect(url) as connection:
        for person, half in product(people(), (TUNE, HELD_OUT)):
            wishes = person.preferences
            asked = {
                "terms": [*wishes.titles, *wishes.skills],
                "country": wishes.countries[0],
                "jobs": list(jobs_of(half)),
            }
            rows = await (await connection.execute(_RANKED, asked)).fetchall()
            ranked[person.profile, half] = [name for (name,) in rows]

    def within(allowed: Callable[[Person, dict[str, Job]], Ranking], person: Person, half: str) -> Ranking:
        names = set(allowed(person, jobs_of(half)))
        return [name for name in ranked[person.profile, half] if name in names]

    return [judge(name, partial(within, allowed)) for name, allowed in BASELINES.items()]


async def _fill(url: str) -> None:
    database = Database(url)
    try:
        async with database.begin() as session:
            _add_all(session)
    finally:
        await database.close()


def _add_all(session: AsyncSession) -> None:
    session.add_all([job for half in (TUNE, HELD_OUT) for job in jobs_of(half).values()])


async def match_quality() -> list[Figure]:
    """Judge the scorer and full text, print all of it, and return what stands beside what."""
    with a_database() as url:
        await _fill(url)
        mine = ours()
        others = await _full_text(url)
    _show([mine, *others])
    figures = []
    for half in (TUNE, HELD_OUT):
        found, beside = mine.by_half[half], others[-1].by_half[half]
        figures += [
            _figure(f"precision_{half}", found.precision, beside.precision),
            _figure(f"ndcg_{half}", found.ndcg, beside.ndcg),
            # of what a gate must keep away: all of it, or the goal is missed
            _figure(f"kept_away_{half}", 1.0 - found.violations, 1.0),
        ]
    return figures


def _figure(name: str, value: float, limit: float) -> Figure:
    return Figure(
        name=f"match_quality_{name}", ours=value, limit=limit, unit="share", ratio=value / limit, goal=GOAL
    )


def _show(all_judged: list[Judged]) -> None:
    best = max(sum(pair.good for pair in person.pairs if pair.half == HELD_OUT) for person in people())
    table = Table("ranking", "half", f"precision at 5 (at most {best / 5})", "NDCG at 10", "gate violations")
    for each in all_judged:
        for half, quality in each.by_half.items():
            table.add_row(each.name, half, *(f"{value:.3f}" for value in quality))
    console = Console()
    console.print(table)
    mine = all_judged[0].by_person
    for name, by_person in all_judged[1:]:
        better = [
            f"{profile} ({half})"
            for half, found in by_person.items()
            for profile, quality in found.items()
            if quality.ndcg > mine[half][profile].ndcg
        ]
        console.print(f"{name} has the better NDCG for {len(better)} of {2 * len(people())}:", *better)
