"""One advert as Adzuna sends it becomes one row, whatever the world wrote into it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.adverts.reading import JobRow, read_advert, read_page
from models.countries import COUNTRIES
from tests.activities.fetch_scene import raw_ad

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def read(country: str = "gb", **changes: object) -> JobRow:
    """Read an advert that can be read."""
    row = read_advert(raw_ad(**changes), country, NOW)
    assert row is not None
    return row


def test_a_plain_advert_is_read_field_by_field() -> None:
    row = read(latitude=51.5, longitude=-0.1, salary_min=40000, salary_max=55000.5)
    assert (row.source, row.source_id, row.country, row.currency) == ("adzuna", "4711", "gb", "GBP")
    assert (row.title, row.company, row.description) == (
        "Data Engineer",
        "Example Ltd",
        "We build pipelines.",
    )
    assert (row.location, row.area) == ("Camden, London", ["UK", "London", "Camden"])
    assert (row.latitude, row.longitude, row.salary_min, row.salary_max) == (51.5, -0.1, 40000.0, 55000.5)
    assert (row.category, row.category_label) == ("it-jobs", "IT Jobs")
    assert row.posted_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (row.remote, row.remote_reason, row.salary_predicted, row.salary_period) == (
        False,
        None,
        False,
        "year",
    )
    assert (row.contract_type, row.contract_time) == (None, None)


def test_what_offers_work_from_home_is_remote_and_says_why() -> None:
    row = read(title="Data Engineer (3 days remote)", description="We build.")
    assert (row.remote, row.remote_reason) == (True, "3 days remote")


def test_a_place_that_is_a_whole_country_is_no_offer_of_work_from_home() -> None:
    row = read(location={"area": ["UK"], "display_name": "UK"})
    assert (row.remote, row.remote_reason) == (False, None)


def test_a_salary_is_put_in_order_and_never_made_up() -> None:
    row = read(salary_min=45000, salary_max=45)
    assert (row.salary_min, row.salary_max, row.salary_period) == (45000.0, 45000.0, "year")
    contract = read(salary_min=400, salary_max=400, contract_type="contract")
    assert (contract.salary_min, contract.salary_period, contract.contract_type) == (400.0, "day", "contract")
    nothing = read(salary_min=0, salary_max=float("nan"))
    assert (nothing.salary_min, nothing.salary_max, nothing.salary_period) == (None, None, None)


@pytest.mark.parametrize(("given", "kept"), [("5657394378", "5657394378"), (123456789, "123456789")])
def test_an_id_may_be_a_string_or_a_number(given: object, kept: str) -> None:
    assert read(id=given).source_id == kept


def test_what_is_too_long_is_cut() -> None:
    row = read(title="t" * 10_000, description="d" * 200_000, company={"display_name": "c" * 5000})
    assert (len(row.title), len(row.description), len(row.company or "")) == (300, 5000, 200)


@pytest.mark.parametrize("company", [{}, None, {"display_name": "  "}, {"display_name": 7}, "Example", []])
def test_an_absent_company_is_null(company: object) -> None:
    assert read(company=company).company is None


@pytest.mark.parametrize(("country", "currency"), COUNTRIES.items())
def test_the_currency_is_that_of_the_country(country: str, currency: str) -> None:
    assert read(country).currency == currency


@pytest.mark.parametrize(
    ("given", "predicted"),
    [("1", True), ("0", False), (1, False), (True, False), ("true", False), (None, False)],
)
def test_only_the_word_1_marks_a_predicted_salary(given: object, predicted: bool) -> None:
    assert read(salary_is_predicted=given).salary_predicted is predicted


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "https://www.adzuna.co.uk/jobs/land/ad/1?se=abc&utm_medium=api&utm_source=7c9d&v=99AA",
            "https://www.adzuna.co.uk/jobs/land/ad/1?v=99AA",
        ),
        ("https://www.adzuna.fr/details/1?utm_medium=api&utm_source=7c9d", "https://www.adzuna.fr/details/1"),
        ("https://www.adzuna.fr/details/1?UTM_SOURCE=7c9d&x=1#top", "https://www.adzuna.fr/details/1?x=1"),
        ("https://www.adzuna.fr/details/1", "https://www.adzuna.fr/details/1"),
        (
            "https://www.adzuna.fr/details/1?x=1&amp;se=abc&amp;utm_source=7c9d;utm_medium=api",
            "https://www.adzuna.fr/details/1?x=1",
        ),
    ],
)
def test_a_link_is_kept_without_what_tells_who_asked(given: str, kept: str) -> None:
    assert read(redirect_url=given).url == kept


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": ""},
        {"id": True},
        {"id": "../../etc"},
        {"id": 1.5},
        {"title": None},
        {"title": "<b></b>"},
        {"title": ["a"]},
        {"created": None},
        {"created": "yesterday"},
        {"created": "2026-01-02T03:04:05"},
        {"created": 1767323045},
        {"created": "9999-01-01T00:00:00Z"},
        {"created": "0001-01-01T00:00:00+14:00"},
        {"redirect_url": None},
        {"redirect_url": "javascript:alert(1)"},
        {"redirect_url": "https://adzuna.co.uk@evil.example/"},
        {"redirect_url": "https://www.adzuna.co.uk/a b"},
        {"redirect_url": "https://www.adzuna.co.uk/\x00"},
        {"redirect_url": "https://www.adzuna.co.uk/" + "a" * 3000},
    ],
)
def test_what_lacks_id_title_time_or_link_cannot_be_read(changes: dict[str, Any]) -> None:
    assert read_advert(raw_ad(**changes), "gb", NOW) is None


@pytest.mark.parametrize("advert", [None, [], "text", 7, {}])
def test_what_is_no_advert_cannot_be_read(advert: object) -> None:
    assert read_advert(advert, "gb", NOW) is None


def test_a_time_a_little_ahead_is_a_wrong_clock_and_no_lie() -> None:
    assert read(created=(NOW + timedelta(hours=2)).isoformat()).posted_at > NOW


def test_a_time_is_kept_in_utc_whatever_its_offset() -> None:
    assert str(read(created="2026-01-02T03:04:05+05:30:15").posted_at) == "2026-01-01 21:33:50+00:00"


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"contract_type": "permanent", "contract_time": "part_time"}, ("permanent", "part_time")),
        ({"contract_type": "gig", "contract_time": 5}, (None, None)),
        ({"contract_type": ["permanent"], "contract_time": "full_time"}, (None, "full_time")),
    ],
)
def test_unknown_kinds_of_contract_are_null(changes: dict[str, Any], kept: object) -> None:
    row = read(**changes)
    assert (row.contract_type, row.contract_time) == kept


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        (
            {"area": ["UK", "Kent", "Dover"], "display_name": "Dover, Kent"},
            (["UK", "Kent", "Dover"], "Dover, Kent"),
        ),
        ({"area": ["UK", "Kent"]}, (["UK", "Kent"], "Kent, UK")),
        ({"area": ["UK"], "display_name": "UK"}, (["UK"], "UK")),
        ({"area": "UK", "display_name": 5}, ([], "")),
        ({"area": [None, {}, "UK", ""]}, (["UK"], "UK")),
        (None, ([], "")),
    ],
)
def test_a_place_keeps_its_levels(location: object, kept: object) -> None:
    row = read(location=location)
    assert (row.area, row.location) == kept


@pytest.mark.parametrize(
    "changes",
    [
        {"latitude": 51.5},
        {"latitude": 91, "longitude": 0},
        {"latitude": "51.5", "longitude": "0"},
        {"latitude": float("nan"), "longitude": 1},
    ],
)
def test_half_or_wrong_coordinates_are_null(changes: dict[str, Any]) -> None:
    row = read(**changes)
    assert (row.latitude, row.longitude) == (None, None)


def test_of_the_same_id_in_one_page_the_last_counts_and_the_unreadable_are_counted() -> None:
    page = read_page([raw_ad(title="One"), None, raw_ad(title="Two"), raw_ad(id="5"), {}], "gb", NOW)
    assert [(row.source_id, row.title) for row in page.rows] == [("4711", "Two"), ("5", "Data Engineer")]
    assert page.unreadable == 2
