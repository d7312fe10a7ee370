"""From a saved search to its jobs: the list's filters that stand for its terms, which the list takes."""

from typing import Any

import pytest

from models.base import now
from models.enums import TermKind
from models.term import Term
from tests.api.client import Api, job_with, store
from tests.api.test_searches import save

FITS: dict[str, Any] = {
    "salary_period": "year",
    "contract_type": "permanent",
    "remote": True,
    "latitude": 51.5,
    "longitude": -0.12,
}


def london() -> Term:
    """Return a place of which it is known where it is."""
    return Term(
        kind=TermKind.PLACE,
        country="gb",
        normal="london",
        shown="London",
        jobs=1,
        latitude=51.5,
        longitude=-0.1,
        seen_at=now(),
    )


async def test_the_jobs_of_a_search_are_one_link_away(api: Api) -> None:
    person = await api.person()
    await store(api.database, london())
    terms = {"distance_km": 10, "salary_min": 40_000, "contract_type": "permanent", "category": "it-jobs"}
    saved = await save(person, **terms, remote=True)
    assert saved["jobs_url"] == (
        "/api/jobs/?q=python+engineer&location=london&country=gb&radius_km=10&salary=40000&currency=GBP"
        "&employment_type=permanent&category=it-jobs&remote=true&sort=newest"
    )
    jobs = [
        job_with(title="Python engineer", salary_min=50_000.0, salary_eur=60_000.0, **FITS),
        job_with(title="Cook", salary_min=50_000.0, salary_eur=60_000.0, **FITS),
        job_with(title="Poor python engineer", salary_min=20_000.0, salary_eur=24_000.0, **FITS),
        job_with(title="Python engineer on site", salary_min=50_000.0, salary_eur=60_000.0),
    ]
    await store(api.database, *jobs)
    answer = await person.get(saved["jobs_url"])
    assert answer.status_code == 200, answer.text
    assert [each["title"] for each in answer.json()["items"]] == ["Python engineer"]


@pytest.mark.parametrize(
    "terms",
    [
        {"what": "a b c d e f g h", "where": "1 2 3 4 5 6 7 8"},
        {"what": "x" * 100, "where": "y" * 100},
        {"what": '"senior -junior" c++ OR', "where": "St. John's | Wood"},
        {"what": "", "where": "", "category": "it-jobs"},
        {"what": "\u0645\u0647\u0646\u062f\u0633", "where": "", "salary_min": 100_000_000, "country": "pl"},
        {"contract_type": "contract", "contract_time": "part_time"},
    ],
    ids=range(6),
)
async def test_whatever_is_searched_the_list_takes_it(api: Api, terms: dict[str, object]) -> None:
    person = await api.person()
    answer = await person.get((await save(person, **terms))["jobs_url"])
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("terms", "filters"),
    [
        ({"where": "Nowhere", "distance_km": 10}, "location=nowhere"),
        ({"where": "London, Ontario", "distance_km": 10, "country": "ca"}, "location=london%2C+ontario"),
        ({"where": "SW1A 1AA", "distance_km": 10}, ""),
        ({"where": "London, SW1A", "distance_km": 10}, "location=london%2C+sw1a radius_km=10"),
    ],
)
async def test_around_a_place_is_looked_where_the_list_knows_it(
    api: Api, terms: dict[str, object], filters: str
) -> None:
    person = await api.person()
    await store(api.database, london())
    saved = await save(person, **terms)
    asked = saved["jobs_url"].partition("?")[2].split("&")
    assert [each for each in asked if each.startswith(("location", "radius"))] == filters.split()
    assert (await person.get(saved["jobs_url"])).status_code == 200
