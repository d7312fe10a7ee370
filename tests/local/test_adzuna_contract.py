"""Adzuna's refusals, its limits, its faults and its endpoints about many ads."""

import json
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import keys
from local.adzuna.app import create_app
from local.adzuna.config import AdzunaConfig
from local.serving import serve
from tests.local.clients import http_client
from tests.local.specs import ADZUNA, spec

KEYS = {"app_id": keys.ADZUNA_APP_ID, "app_key": keys.ADZUNA_APP_KEY}
SEARCH = "/jobs/gb/search/1"
ENDPOINTS = ["search/1", "categories", "histogram", "top_companies", "geodata", "history"]
START = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
RECORDED = Path(__file__).parents[3] / "shared" / "vendors" / "recorded" / "adzuna"


class _Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def config(clock: _Clock, tmp_path: Path) -> AdzunaConfig:
    return AdzunaConfig(database=tmp_path / "adzuna.sqlite3", seed=11, ads_per_country=120, now=clock)


@pytest.fixture
async def client(config: AdzunaConfig) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serve(create_app(config)) as address,
        http_client(base_url=f"{address}/v1/api", params=KEYS) as client,
    ):
        yield client


def is_exception(answer: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    spec(ADZUNA).validate_component(body, "Exception")
    assert set(body) == {"__CLASS__", "exception", "display", "doc"}
    assert body["__CLASS__"] == "Adzuna::API::Response::Exception"
    return body


@pytest.mark.parametrize("path", [*(f"jobs/gb/{name}" for name in ENDPOINTS), "version"])
@pytest.mark.parametrize("sent", [{}, {"app_id": "local"}, {"app_id": "local", "app_key": "wrong"}])
async def test_a_wrong_or_missing_key_is_401_everywhere(
    client: httpx.AsyncClient, path: str, sent: dict[str, str]
) -> None:
    client.params = httpx.QueryParams()
    answer = await client.get(path, params=sent)
    assert answer.status_code == 401
    body = is_exception(answer)
    assert (body["exception"], body["display"]) == ("AUTH_FAIL", "Authorisation failed")


@pytest.mark.parametrize("name", ENDPOINTS)
async def test_an_unknown_country_is_404_everywhere(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"jobs/ru/{name}")
    assert answer.status_code == 404
    assert is_exception(answer)["exception"] == "UNSUPPORTED_COUNTRY"


async def test_an_unknown_country_is_told_the_known_ones(client: httpx.AsyncClient) -> None:
    display = is_exception(await client.get("jobs/ru/categories"))["display"]
    listed = display.rsplit(" are ", 1)[1].split(", ")
    assert len(listed) == 19
    for country in listed:
        assert (await client.get(f"jobs/{country}/search/1")).status_code == 200


@pytest.mark.parametrize("name", ["id", "full_description", "page"])
async def test_an_unknown_parameter_is_an_html_page(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(SEARCH, params={name: "1"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "sent",
    [
        {"results_per_page": "0"},
        {"results_per_page": "many"},
        {"max_days_old": "-1"},
        {"sort_by": "mood"},
        {"sort_dir": "sideways"},
        {"full_time": "yes"},
        {"salary_min": "a lot"},
    ],
)
async def test_an_impossible_value_is_400(client: httpx.AsyncClient, sent: dict[str, str]) -> None:
    answer = await client.get(SEARCH, params=sent)
    assert answer.status_code == 400
    is_exception(answer)


@pytest.mark.parametrize("page", ["0", "-1", "first"])
async def test_an_impossible_page_is_400(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(f"/jobs/gb/search/{page}")
    assert answer.status_code == 400
    is_exception(answer)


async def test_unknown_endpoints_and_methods_are_refused(client: httpx.AsyncClient) -> None:
    assert is_exception(await client.get("/jobs/gb/ad/abc"))["exception"] == "NOT_FOUND"
    answer = await client.post(SEARCH)
    assert answer.status_code == 405
    is_exception(answer)


async def test_the_content_type_parameter_is_accepted(client: httpx.AsyncClient) -> None:
    answer = await client.get(SEARCH, params={"content-type": "application/json"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("name", ENDPOINTS[1:])
async def test_statistics_are_as_specified(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/jobs/fr/{name}")
    assert answer.status_code == 200
    spec(ADZUNA).validate(answer.json(), f"/jobs/{{country}}/{name}")


async def test_statistics_are_true_to_the_ads(client: httpx.AsyncClient) -> None:
    found = []
    for page in range(1, 5):
        found += (await client.get(f"/jobs/fr/search/{page}", params={"results_per_page": 50})).json()[
            "results"
        ]
    categories = (await client.get("/jobs/fr/categories")).json()["results"]
    assert {entry["tag"] for entry in categories} == {ad["category"]["tag"] for ad in found}
    best = (await client.get("/jobs/fr/top_companies")).json()["leaderboard"][0]
    names = [ad["company"].get("display_name") for ad in found]
    assert best["count"] == names.count(best["display_name"]) == max(map(names.count, set(names) - {None}))
    steps = (await client.get("/jobs/fr/histogram")).json()["histogram"]
    assert steps["0"] == sum("salary_min" in ad for ad in found)
    regions = (await client.get("/jobs/fr/geodata")).json()["locations"]
    assert sum(region["count"] for region in regions) == sum(len(ad["location"]["area"]) > 1 for ad in found)
    months = (await client.get("/jobs/fr/history", params={"months": 1})).json()["month"]
    assert set(months) == {"2026-05"}


async def test_the_version_is_as_specified(client: httpx.AsyncClient) -> None:
    answer = await client.get("/version")
    spec(ADZUNA).validate(answer.json(), "/version")


async def test_limits_hold_only_once_they_are_set_and_until_their_time_is_over(
    client: httpx.AsyncClient, clock: _Clock
) -> None:
    control = f"{str(client.base_url).removesuffix('/v1/api/')}/_control"
    assert {(await client.get("/version")).status_code for _ in range(30)} == {200}
    assert (await client.put(f"{control}/limits", json={"per_minute": 2, "per_day": 3})).status_code == 200
    assert [(await client.get("/version")).status_code for _ in range(3)] == [200, 200, 429]
    clock.time += timedelta(seconds=61)
    assert [(await client.get("/version")).status_code for _ in range(2)] == [200, 429]
    clock.time += timedelta(days=1)
    assert (await client.get("/version")).status_code == 200
    await client.put(f"{control}/limits", json={})
    assert {(await client.get("/version")).status_code for _ in range(5)} == {200}


async def test_limits_and_what_is_used_of_them_outlive_a_restart(
    client: httpx.AsyncClient, config: AdzunaConfig
) -> None:
    control = f"{str(client.base_url).removesuffix('/v1/api/')}/_control"
    await client.put(f"{control}/limits", json={"per_month": 1})
    assert (await client.get("/version")).status_code == 200
    async with serve(create_app(config)) as address:
        again = await client.get(f"{address}/v1/api/version")
        assert again.status_code == 429
        assert again.headers["content-type"].startswith("text/html")
        await client.delete(f"{address}/_control/state")
        assert (await client.get(f"{address}/v1/api/version")).status_code == 200
    with sqlite3.connect(config.database or "") as database:
        assert database.execute("SELECT count(*) FROM allowed").fetchone() == (0,)
    database.close()


async def test_faults_speak_adzunas_language(client: httpx.AsyncClient) -> None:
    control = f"{str(client.base_url).removesuffix('/v1/api/')}/_control"
    await client.post(f"{control}/faults", json={"kind": "status", "status": 500, "times": 1})
    await client.post(f"{control}/faults", json={"kind": "html", "times": 1})
    failed, burst = await client.get(SEARCH), await client.get(SEARCH)
    assert failed.status_code == 500
    is_exception(failed)
    assert (burst.status_code, burst.headers["content-type"]) == (503, "text/html; charset=utf-8")
    received = (await client.get(f"{control}/requests")).json()
    assert [request["status"] for request in received] == [500, 503]
    assert received[0]["query"] == {"app_id": "local"}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded ads are not beside this checkout")
async def test_recorded_pages_are_served_word_for_word() -> None:
    async with (
        serve(create_app(AdzunaConfig(recorded_dir=RECORDED))) as address,
        http_client(base_url=f"{address}/v1/api", params=KEYS) as client,
    ):
        for country in ("de", "fr", "gb", "us", "nl"):
            files = sorted(RECORDED.glob(f"{country}-*.json"))
            expected = [ad for file in files for ad in json.loads(file.read_text())["results"]]
            served: list[dict[str, Any]] = []
            for page in range(1, 9):
                params: dict[str, str | int] = {
                    "results_per_page": 50,
                    "max_days_old": 30,
                    "sort_by": "default",
                }
                answer = (await client.get(f"/jobs/{country}/search/{page}", params=params)).json()
                served += answer["results"]
            assert answer["count"] == len(expected)
            assert served == expected
