"""The generated ads have the statistics of the measured ones, and depend on seed and time alone."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from local.adzuna.countries import COUNTRIES
from local.adzuna.generator import MAXIMUM_AGE, ads
from local.adzuna.model import Ad, Document
from local.adzuna.places import europe, world
from local.adzuna.source import GeneratedAds

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
COUNT = 2000


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Ads of four countries in three languages."""
    return [ad.document for country in ("gb", "us", "de", "fr") for ad in ads(country, 3, COUNT, NOW)]


def share(documents: list[Document], test: Callable[[Document], bool]) -> float:
    return sum(test(document) for document in documents) / len(documents)


@pytest.mark.parametrize(
    ("expected", "test"),
    [
        (0.868, lambda ad: "latitude" in ad and "longitude" in ad),
        (0.250, lambda ad: "salary_min" in ad),
        (0.248, lambda ad: "salary_max" in ad),
        (0.277, lambda ad: "contract_type" in ad),
        (0.214, lambda ad: "contract_time" in ad),
        (0.907, lambda ad: len(ad["description"]) == 500 and ad["description"].endswith("…")),
        (0.010, lambda ad: "display_name" not in ad["company"]),
        (0.091, lambda ad: ad["salary_is_predicted"] == "1"),
        (0.006, lambda ad: "&quot;" in ad["description"]),
        (0.071, lambda ad: " ...  " in ad["description"]),
    ],
)
def test_fields_are_present_as_often_as_measured(
    documents: list[Document], expected: float, test: Callable[[Document], bool]
) -> None:
    assert share(documents, test) == pytest.approx(expected, rel=0.08, abs=0.004)


def test_places_have_levels_as_often_as_measured(documents: list[Document]) -> None:
    levels = Counter(len(ad["location"]["area"]) for ad in documents)
    expected = {1: 0.109, 2: 0.054, 3: 0.244, 4: 0.288, 5: 0.286, 6: 0.019}
    assert {level: count / len(documents) for level, count in levels.items()} == pytest.approx(
        expected, abs=0.012
    )
    assert all(
        ad["location"]["display_name"] == ", ".join(reversed(ad["location"]["area"][-2:])) for ad in documents
    )


def test_the_same_job_appears_in_several_towns_as_often_as_measured(documents: list[Document]) -> None:
    groups = Counter(
        (ad["title"], ad["company"].get("display_name"), ad["description"][:200]) for ad in documents
    )
    repeated = [count for count in groups.values() if count > 1]
    assert sum(repeated) / len(documents) == pytest.approx(0.115, abs=0.015)
    assert len(repeated) / len(documents) == pytest.approx(0.050, abs=0.008)


def test_half_of_the_french_ads_have_no_known_category(documents: list[Document]) -> None:
    french = [ad for ad in documents if ad["location"]["area"][0] == "France"]
    others = [ad for ad in documents if ad["location"]["area"][0] != "France"]
    assert share(french, lambda ad: ad["category"]["tag"] == "unknown") == pytest.approx(0.5, abs=0.03)
    assert share(others, lambda ad: ad["category"]["tag"] == "unknown") < 0.05


def test_predicted_pay_is_one_broken_number_and_offered_pay_is_whole(documents: list[Document]) -> None:
    predicted = [ad for ad in documents if ad["salary_is_predicted"] == "1"]
    assert all(ad["salary_min"] == ad["salary_max"] for ad in predicted)
    assert share(predicted, lambda ad: isinstance(ad["salary_min"], float)) > 0.97
    offered = [ad for ad in documents if ad["salary_is_predicted"] == "0" and "salary_max" in ad]
    assert all(isinstance(ad["salary_min"], int) and ad["salary_min"] <= ad["salary_max"] for ad in offered)
    assert 0 < share(offered, lambda ad: ad["salary_min"] < 100) < 0.1


def test_absent_fields_are_absent_and_never_null(documents: list[Document]) -> None:
    assert not [ad for ad in documents if None in ad.values()]


def test_ids_are_text_and_unique_over_all_countries(documents: list[Document]) -> None:
    ids = [ad["id"] for ad in documents]
    assert all(isinstance(one, str) and one.isdigit() and len(one) == 10 for one in ids)
    assert len(set(ids)) == len(ids)


def test_ads_are_spread_over_the_last_thirty_days() -> None:
    found = ads("nl", 1, COUNT, NOW)
    days = Counter((NOW - ad.created).days for ad in found)
    assert set(days) == set(range(30))
    assert min(days.values()) > COUNT / 30 * 0.7
    assert [ad.created for ad in found] == sorted((ad.created for ad in found), reverse=True)


def test_every_country_is_advertised_in_its_own_words() -> None:
    assert {*europe.TOWNS, *world.TOWNS} == set(COUNTRIES)
    for code, country in COUNTRIES.items():
        found = ads(code, 1, 60, NOW)
        assert len(found) == pytest.approx(60, abs=2)
        assert {ad.document["location"]["area"][0] for ad in found} == {country.name}
    assert any("(m/w/d)" in ad.document["title"] for ad in ads("de", 1, 60, NOW))
    assert any("H/F" in ad.document["title"] for ad in ads("fr", 1, 60, NOW))


def test_the_same_seed_and_time_give_the_same_ads() -> None:
    assert ads("gb", 5, 300, NOW) == ads("gb", 5, 300, NOW)
    titles = [[ad.document["title"] for ad in ads("gb", seed, 300, NOW)] for seed in (5, 6)]
    assert titles[0] != titles[1]


def test_a_few_ads_come_and_go_as_the_clock_moves_and_the_others_stay() -> None:
    later = NOW + timedelta(hours=6)
    before, after = ({ad.document["id"]: ad for ad in ads("gb", 5, 1200, moment)} for moment in (NOW, later))
    new = [ad for key, ad in after.items() if key not in before]
    gone = [ad for key, ad in before.items() if key not in after]
    assert 5 <= len(new) <= 15
    assert 5 <= len(gone) <= 15
    assert all(NOW < ad.created <= later for ad in new)
    assert all(later - ad.created >= MAXIMUM_AGE for ad in gone)
    assert all(after[key] == ad for key, ad in before.items() if key in after)


class _Clock:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


def test_a_source_that_ran_on_shows_what_a_new_one_shows() -> None:
    clock = _Clock()
    source = GeneratedAds(5, 300, clock)
    shown: list[list[Ad]] = []
    for minutes in (0, 1, 45, 200, 60 * 24 * 3, 60 * 24 * 40):
        clock.time = NOW + timedelta(minutes=minutes)
        shown.append([*source.current("pl")])
        assert shown[-1] == ads("pl", 5, 300, clock.time)
    assert shown[1] != shown[3]


def test_nothing_is_made_anew_until_the_next_ad_is_due() -> None:
    clock = _Clock()
    source = GeneratedAds(5, 300, clock)
    first = source.current("pl")
    clock.time += timedelta(milliseconds=1)
    assert source.current("pl") is first
