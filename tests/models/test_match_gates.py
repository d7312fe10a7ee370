"""Gates that need more than a word: other currencies, distances, sponsors, and terms in titles."""

from typing import Any

import pytest

from models.answering_enums import SkipReason
from models.automation import Automation
from models.enums import PayPeriod
from models.match.pay import ceiling_in
from models.match.places import distance_km, names_of
from models.match.score import Match, match
from models.profile import Preferences
from tests.models.test_match import AT, found, job_of

RATES = {"EUR": 1.0, "GBP": 0.8, "PLN": 4.0}
PLACES = {"leeds": (53.8, -1.55), "munchen": (48.14, 11.58)}
BRADFORD = {
    "location": "Bradford, West Yorkshire",
    "area": ["UK", "West Yorkshire", "Bradford"],
    "latitude": 53.795,
    "longitude": -1.759,
}


def among(wanted: dict[str, Any], job: dict[str, Any]) -> Match:
    """Match with the rates and places above."""
    preferences = Preferences.model_validate({"titles": ["Data Engineer"], **wanted})
    return match(preferences, Automation(), job_of(**job), AT, RATES, PLACES)


@pytest.mark.parametrize(
    ("job", "currency", "ceiling"),
    [
        ({"salary_max": 40_000}, None, 40_000),
        ({"salary_max": 40_000}, "GBP", 40_000),
        ({"salary_max": 40_000}, "EUR", 50_000),
        ({"salary_max": 40_000}, "PLN", 200_000),
        ({"salary_max": 40_000}, "USD", None),
        ({"salary_max": 40_000, "salary_eur": 49_000}, "EUR", 49_000),
        ({"salary_max": 20, "salary_period": PayPeriod.HOUR}, None, None),
        ({"salary_max": 20, "salary_period": PayPeriod.HOUR, "salary_eur": 45_000}, None, 36_000),
        ({"salary_max": 20, "salary_period": PayPeriod.HOUR, "salary_eur": 45_000}, "EUR", 45_000),
        ({"salary_max": 5_000, "salary_period": PayPeriod.YEAR}, None, 5_000),
        ({"salary_max": 40_000, "salary_eur": 50_000, "salary_predicted": True}, "EUR", None),
        ({}, "EUR", None),
    ],
)
def test_pay_is_compared_by_the_year_and_in_the_persons_currency(
    job: dict[str, Any], currency: str | None, ceiling: float | None
) -> None:
    assert ceiling_in(job_of(**job), currency, RATES) == ceiling


def test_without_rates_pay_in_another_currency_says_nothing() -> None:
    floor = {"salary_floor": 60_000, "currency": "EUR"}
    job = {"salary_max": 40_000}
    assert found(floor, job).gate is None
    assert among(floor, job).gate is SkipReason.PAY_TOO_LOW
    assert among({"salary_floor": 45_000, "currency": "EUR"}, job).gate is None


def test_a_radius_reaches_towns_of_other_names() -> None:
    leeds = {"locations": ["Leeds"], "radius_km": 20}
    assert found({"locations": ["Leeds"]}, BRADFORD).gate is SkipReason.WRONG_PLACE
    assert found(leeds, BRADFORD).gate is SkipReason.WRONG_PLACE
    near = among(leeds, BRADFORD)
    assert near.gate is None
    [place] = [part for part in near.components if part.name == "location"]
    assert place.score is not None
    assert 70 < place.score < 100
    assert place.evidence[1] == "14 km from leeds"
    assert among({"locations": ["Leeds"], "radius_km": 10}, BRADFORD).gate is SkipReason.WRONG_PLACE
    # who names no radius means the town itself
    assert among({"locations": ["Leeds"]}, BRADFORD).gate is SkipReason.WRONG_PLACE


def test_a_job_without_coordinates_is_found_by_its_name() -> None:
    assert among({"locations": ["Leeds"], "radius_km": 5}, {}).gate is None


@pytest.mark.parametrize(
    ("location", "names"),
    [
        ("Munich, Germany", ("munich", "munchen", "monaco di baviera")),
        ("Sydney NSW", ("sydney",)),
        ("Frankfurt am Main", ("frankfurt", "frankfurt am main", "francfort")),
        ("Saint-Étienne", ("saint etienne",)),
        ("Germany", ()),
        ("remote", ()),
        ("", ()),
    ],
)
def test_places_have_names_in_several_languages(location: str, names: tuple[str, ...]) -> None:
    assert names_of(location) == names


def test_a_town_under_its_foreign_name_is_the_same_town() -> None:
    job = {"location": "München", "area": ["Deutschland", "Bayern", "München"], "country": "de"}
    assert found({"locations": ["Munich"]}, job).gate is None
    york = {"location": "New York City, New York", "area": ["US", "New York"], "country": "us"}
    assert found({"locations": ["York"]}, york).gate is SkipReason.WRONG_PLACE
    assert found({"locations": ["New York"]}, york).gate is None


def test_distances_are_those_on_the_earth() -> None:
    assert distance_km((52.52, 13.405), (48.137, 11.575)) == pytest.approx(504, abs=3)
    assert distance_km((10.0, 179.9), (10.0, -179.9)) == pytest.approx(21.9, abs=0.2)
    assert distance_km((53.8, -1.5), (53.8, -1.5)) == 0


@pytest.mark.parametrize(
    ("says", "needs", "gate"),
    [
        ("We are unable to offer visa sponsorship.", True, SkipReason.NOT_AUTHORISED),
        ("We do not sponsor visas.", True, SkipReason.NOT_AUTHORISED),
        ("We are unable to offer visa sponsorship.", False, None),
        ("Visa sponsorship is available.", True, None),
        ("The club thanks its sponsors.", True, None),
    ],
)
def test_who_needs_a_sponsor_does_not_see_who_sponsors_nobody(
    says: str, needs: bool, gate: SkipReason | None
) -> None:
    here = {"work_authorisations": [{"country": "gb", "authorised": True, "needs_sponsorship": needs}]}
    assert found(here, {"description": says}).gate is gate


@pytest.mark.parametrize(
    ("title", "gate"),
    [
        ("Data Engineer", None),
        ("Data Engineer (Teilzeit)", SkipReason.EMPLOYMENT_TYPE),
        ("Data Engineer, part-time", SkipReason.EMPLOYMENT_TYPE),
        ("Data Engineer (Voll- oder Teilzeit)", SkipReason.EMPLOYMENT_TYPE),
        ("Data Engineer (Vollzeit / Teilzeit)", None),
    ],
)
def test_terms_are_read_from_a_title_where_the_advert_states_none(
    title: str, gate: SkipReason | None
) -> None:
    assert found({"contract_times": ["full_time"]}, {"title": title}).gate is gate
    # what the advert states itself counts alone
    assert (
        found({"contract_times": ["full_time"]}, {"title": title, "contract_time": "full_time"}).gate is None
    )
