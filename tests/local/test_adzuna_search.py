"""The search endpoint: each parameter finds what it says, page by page, in the shape of the specification."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from local import keys
from local.adzuna.app import create_app
from local.adzuna.config import AdzunaConfig
from local.adzuna.model import words
from local.adzuna.wire import REFERENCE_KEY
from local.serving import serve
from tests.local.clients import http_client
from tests.local.specs import ADZUNA, spec

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
KEYS = {"app_id": keys.ADZUNA_APP_ID, "app_key": keys.ADZUNA_APP_KEY}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(AdzunaConfig(seed=11, ads_per_country=500, now=lambda: NOW))
    async with (
        serve(app) as address,
        http_client(base_url=f"{address}/v1/api", params=KEYS) as client,
    ):
        yield client


async def search(
    client: httpx.AsyncClient, country: str = "gb", page: int = 1, **asked: str | int
) -> dict[str, Any]:
    answer = await client.get(f"/jobs/{country}/search/{page}", params={"results_per_page": 50, **asked})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def everything(
    client: httpx.AsyncClient, country: str = "gb", **asked: str | int
) -> list[dict[str, Any]]:
    """Read all pages, as a client does."""
    found: list[dict[str, Any]] = []
    page = 1
    while results := (await search(client, country, page, **asked))["results"]:
        found.extend(results)
        page += 1
    return found


def text_of(ad: dict[str, Any]) -> list[str]:
    return words(f"{ad['title']} {ad['description']}")


@pytest.mark.parametrize("country", ["gb", "fr", "sg"])
async def test_pages_are_as_specified_and_lose_nothing(client: httpx.AsyncClient, country: str) -> None:
    first = await search(client, country)
    spec(ADZUNA).validate(first, "/jobs/{country}/search/{page}")
    assert first["__CLASS__"] == "Adzuna::API::Response::JobSearchResults"
    found = await everything(client, country)
    assert len(found) == len({ad["id"] for ad in found}) == first["count"]
    assert first["mean"] > 0
    for ad in found:
        assert {"id", "title", "description", "created", "category", "company", "location"} < set(ad)
        assert ad["__CLASS__"] == "Adzuna::API::Response::Job"
        assert len(ad["created"]) == 20
    assert len({tuple(ad) for ad in found}) > len(found) / 2, "the order of keys is random"


async def test_a_page_past_the_end_is_empty_and_not_an_error(client: httpx.AsyncClient) -> None:
    answer = await search(client, page=10_000)
    assert answer["results"] == []
    assert answer["count"] > 0


@pytest.mark.parametrize(
    ("asked", "given"), [({}, 10), ({"results_per_page": 7}, 7), ({"results_per_page": 99}, 50)]
)
async def test_a_page_has_ten_results_or_as_many_as_asked_up_to_fifty(
    client: httpx.AsyncClient, asked: dict[str, int], given: int
) -> None:
    answer = await client.get("/jobs/gb/search/1", params=asked)
    assert len(answer.json()["results"]) == given


async def test_what_finds_ads_with_all_words(client: httpx.AsyncClient) -> None:
    found = await everything(client, what="Engineer python")
    assert found
    assert all({"engineer", "python"} <= set(text_of(ad)) for ad in found)
    assert len(found) == len(await everything(client, what="engineer", what_and="PYTHON"))
    assert len(found) < len(await everything(client, what="engineer"))


async def test_the_other_ways_to_ask_for_words(client: httpx.AsyncClient) -> None:
    phrase = await everything(client, what_phrase="Data Engineer")
    assert phrase
    assert all("data engineer" in " ".join(text_of(ad)) for ad in phrase)
    some = await everything(client, what_or="nurse barista")
    assert {"nurse", "barista"} == {
        word for ad in some for word in text_of(ad) if word in {"nurse", "barista"}
    }
    assert all({"nurse", "barista"} & set(text_of(ad)) for ad in some)
    title = await everything(client, title_only="senior")
    assert title
    assert all("senior" in words(ad["title"]) for ad in title)
    without = await everything(client, what="engineer", what_exclude="senior lead")
    assert without
    assert not [ad for ad in without if {"senior", "lead"} & set(text_of(ad))]


async def test_accents_and_case_do_not_matter(client: httpx.AsyncClient) -> None:
    found = await everything(client, "fr", what="DEVELOPPEUR")
    assert found
    assert any("Développeur" in f"{ad['title']} {ad['description']}" for ad in found)


async def test_where_finds_a_place_and_what_is_near(client: httpx.AsyncClient) -> None:
    near = await everything(client, where="Guildford")
    named = [ad for ad in near if "Guildford" in ad["location"]["area"]]
    regional = [ad for ad in near if ad["location"]["area"] == ["UK", "South East England"]]
    assert named
    assert len(named) + len(regional) == len(near)
    assert all(abs(ad["latitude"] - 51.24) < 0.06 for ad in regional)
    wide = await everything(client, where="Guildford, Surrey", distance=60)
    assert {"Guildford", "Reading", "Greenwich"} <= {area for ad in wide for area in ad["location"]["area"]}
    assert "Edgbaston" not in {area for ad in wide for area in ad["location"]["area"]}
    region = await everything(client, where="scotland")
    assert {"Edinburgh", "Glasgow"} <= {area for ad in region for area in ad["location"]["area"]}
    code = await everything(client, where="GU1 3AA")
    assert {ad["id"] for ad in code} == {ad["id"] for ad in near}


@pytest.mark.parametrize("where", ["UK", "United Kingdom", "Atlantis", "ZZ9 9ZZ"])
async def test_a_country_or_an_unknown_place_finds_nothing_without_an_error(
    client: httpx.AsyncClient, where: str
) -> None:
    answer = await search(client, where=where)
    assert (answer["count"], answer["results"]) == (0, [])
    spec(ADZUNA).validate(answer, "/jobs/{country}/search/{page}")


async def test_locations_narrow_level_by_level(client: httpx.AsyncClient) -> None:
    found = await everything(client, location0="UK", location1="London")
    assert found
    assert all(ad["location"]["area"][:2] == ["UK", "London"] for ad in found)


async def test_only_young_enough_ads_are_found(client: httpx.AsyncClient) -> None:
    found = await everything(client, max_days_old=2)
    oldest = f"{NOW - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    assert 20 < len(found) < 50
    assert all(ad["created"] >= oldest for ad in found)


async def test_order_by_date_and_by_pay(client: httpx.AsyncClient) -> None:
    dates = [ad["created"] for ad in await everything(client, sort_by="date")]
    assert dates == sorted(dates, reverse=True)
    dates = [ad["created"] for ad in await everything(client, sort_by="date", sort_dir="up")]
    assert dates == sorted(dates)
    found = await everything(client, sort_by="salary")
    paid = [
        (ad["salary_min"] + ad.get("salary_max", ad["salary_min"])) / 2 for ad in found if "salary_min" in ad
    ]
    assert paid == sorted(paid, reverse=True)
    assert "salary_min" not in found[-1]


async def test_what_is_found_in_titles_comes_first(client: httpx.AsyncClient) -> None:
    found = await everything(client, what="python")
    in_title = ["python" in words(ad["title"]) for ad in found]
    assert in_title == sorted(in_title, reverse=True)
    assert set(in_title) == {True, False}


async def test_pay_is_compared_with_the_ends_of_its_range(client: httpx.AsyncClient) -> None:
    found = await everything(client, salary_min=50_000, salary_max=60_000)
    assert found
    assert all(ad.get("salary_max", ad["salary_min"]) >= 50_000 for ad in found)
    assert all(ad["salary_min"] <= 60_000 for ad in found)
    unknown = await everything(client, salary_min=50_000, salary_include_unknown=1)
    assert any("salary_min" not in ad for ad in unknown)


@pytest.mark.parametrize(
    ("flag", "key"),
    [
        ("full_time", "contract_time"),
        ("part_time", "contract_time"),
        ("contract", "contract_type"),
        ("permanent", "contract_type"),
    ],
)
async def test_flags_choose_the_kind_of_contract(client: httpx.AsyncClient, flag: str, key: str) -> None:
    found = [ad for page in (1, 2, 3) for ad in (await search(client, "gb", page, **{flag: 1}))["results"]]
    assert found
    assert {ad[key] for ad in found} == {flag}


async def test_category_and_company_are_exact(client: httpx.AsyncClient) -> None:
    nursing = await everything(client, category="healthcare-nursing-jobs")
    assert {ad["category"]["tag"] for ad in nursing} == {"healthcare-nursing-jobs"}
    name = next(ad["company"]["display_name"] for ad in nursing if "display_name" in ad["company"])
    found = await everything(client, company=name)
    assert {ad["company"]["display_name"] for ad in found} == {name}


async def test_links_have_both_forms_on_a_page_and_carry_the_application_id(
    client: httpx.AsyncClient,
) -> None:
    forms = set()
    for ad in (await search(client))["results"]:
        address = urlsplit(ad["redirect_url"])
        query = parse_qs(address.query)
        assert address.netloc == "www.adzuna.co.uk"
        assert query["utm_source"] == [KEYS["app_id"]]
        assert address.path in {f"/jobs/land/ad/{ad['id']}", f"/jobs/details/{ad['id']}"}
        forms.add((address.path.split("/")[2], frozenset(query)))
    assert forms == {
        ("land", frozenset({"se", "utm_medium", "utm_source", "v"})),
        ("details", frozenset({"utm_medium", "utm_source"})),
    }


async def test_references_are_signed_and_differ_with_each_request(client: httpx.AsyncClient) -> None:
    first, second = [(await search(client))["results"][0] for _ in range(2)]
    assert first["id"] == second["id"]
    assert first["adref"] != second["adref"]
    claims = jwt.decode(first["adref"], REFERENCE_KEY, algorithms=["HS256"])
    assert claims["i"] == first["id"]
    assert len(claims["s"]) == 22


async def test_some_ads_mark_the_words_searched_for(client: httpx.AsyncClient) -> None:
    found = await everything(client, what="engineer")
    marked = [ad for ad in found if "<strong>" in ad["title"] + ad["description"]]
    assert 0 < len(marked) < len(found) / 4
    assert all("<strong>engineer</strong>" in f"{ad['title']} {ad['description']}".lower() for ad in marked)
