"""Who wants a search is told when it has been fetched, each of what they themselves have saved."""

from uuid import UUID

from activities.job_fetch.telling import tell_wanters
from tests.api.client import Api, Person

SEARCH = {"country": "gb", "what": "cook"}


async def events(api: Api, person: Person) -> list[tuple[str, UUID, object]]:
    """Return a person's events: kind, subject and data."""
    query = "SELECT kind, subject_id, data FROM event WHERE user_id = %(id)s ORDER BY number"
    rows = await api.database.rows(query, {"id": person.id})
    return [(row["kind"], row["subject_id"], row["data"]) for row in rows]


async def test_all_who_want_a_search_are_told_by_the_id_that_they_know(api: Api) -> None:
    first, second, other = await api.person(), await api.person(), await api.person()
    saved = [(await person.post("/api/searches/", json=SEARCH)).json() for person in (first, second)]
    await other.post("/api/searches/", json={**SEARCH, "country": "fr"})
    (search,) = await api.database.rows("SELECT id FROM job_search WHERE country = 'gb'", {})
    async with api.database.bulk() as connection:
        await tell_wanters(connection, search["id"], new=3)
    for person, theirs in zip((first, second), saved, strict=True):
        assert await events(api, person) == [("search.changed", UUID(theirs["id"]), {"new": 3})]
    assert await events(api, other) == []
