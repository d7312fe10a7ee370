"""The people and searches that a month of fetching is simulated with: few have many, many have few."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

import psycopg

from models.base import new_id
from models.database import Database
from models.job_search import JobSearch, SavedSearch, SearchTerms

SEED = 4


@dataclass(frozen=True)
class FetchCrowd:
    """So many searches, of which some are shared, some default ones, and some of people with own keys."""

    searches: int
    hoarders: tuple[int, ...]
    shared: int
    defaults: int
    own_keys: int


def searches_of(crowd: FetchCrowd, at: datetime) -> list[JobSearch]:
    """Return the searches as of a time; the first ones are the default ones."""
    terms = [SearchTerms(country="gb", what=f"trade {number}") for number in range(crowd.searches)]
    searches = [JobSearch.of(each, is_default=number < crowd.defaults) for number, each in enumerate(terms)]
    for search in searches:
        search.created_at = at
    return searches


def wishes_of(crowd: FetchCrowd, ids: list[UUID]) -> Iterator[tuple[int, UUID]]:
    """Yield pairs of a person's number and a search that they want.

    Hoarders have so many each; of the others everybody has one to three, and the shared ones besides have
    three to thirty people each.
    """
    rng, person = Random(SEED), 0
    left = list(ids[crowd.defaults :])
    for many in crowd.hoarders:
        for search_id in left[:many]:
            yield person, search_id
        left = left[many:]
        person += 1
    shared = ids[-crowd.shared :]
    while left:
        many = rng.randint(1, 3)
        for search_id in left[:many]:
            yield person, search_id
        left = left[many:]
        person += 1
    for search_id in shared:
        for _ in range(rng.randint(3, 30)):
            yield person, search_id
            person += 1


async def store(url: str, crowd: FetchCrowd, at: datetime) -> list[UUID]:
    """Store a crowd as of a time; return the ids of those who have a key of their own."""
    searches = searches_of(crowd, at)
    wishes = list(wishes_of(crowd, [search.id for search in searches]))
    people = {number: new_id() for number, _ in wishes}
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.cursor().executemany(
            "INSERT INTO account (id, created_at, email, password_hash, role, master_key_id, data_key)"
            " VALUES (%s, %s, %s, 'x', 'user', 'bench', 'x')",
            [(each, at, f"{number}@example.com") for number, each in people.items()],
        )
    database = Database(url)
    async with database.begin() as session:
        session.add_all(searches)
        await session.flush()
        session.add_all(SavedSearch(user_id=people[number], search_id=wanted) for number, wanted in wishes)
    await database.close()
    # the first of the hoarders, and some of those with few
    step = max(1, len(people) // crowd.own_keys)
    return [people[number] for number in range(0, len(people), step)][: crowd.own_keys]
