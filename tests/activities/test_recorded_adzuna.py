"""Every recorded page of Adzuna through the real fetch workflow: the table holds what the files hold."""

import html
import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities.adverts.reading import read_advert
from activities.adverts.remote import REASON_MAX
from activities.interceptors import ActivityTelemetry
from activities.job_fetch.options import FetchOptions
from activities.vendors.adzuna import SearchQuery
from local.adzuna.app import create_app
from local.adzuna.config import AdzunaConfig
from models.base import now
from models.job import Job
from models.job_search import FetchRun
from tests.activities.fetch_scene import PLENTY, FetchScene, fetch_scene
from tests.workflows.scripted import implementations
from workflows.ids import TASK_QUEUE
from workflows.job_fetch import JobFetch
from workflows.wire import connect

RECORDED = Path("../shared/vendors/recorded/adzuna")
CURRENCY = {"de": "EUR", "fr": "EUR", "gb": "GBP", "us": "USD"}
PER_EURO = {"EUR": 1.0, "GBP": 0.82918, "USD": 1.0389}
LEAST_YEAR = 10_000

# by hand: every recorded ad whose text offers work from home, wholly or in part, in so many words. Those that
# only call themselves hybrid say where one is to be, not that it may be at home
OFFERS = {
    *("5763515299", "5762413183", "5757058066", "5689024248", "5759796076", "5737475709"),
    *("1577105267", "1572699814", "1578611122", "1579304205", "1578896086", "1578612801", "1300284134"),
    *("1300285110", "1300283736", "1300284513", "1581016327", "1580055453", "1580822889", "1538894234"),
    *("1538894748", "5344632317", "5341421595", "5340738563", "5340722971", "5340722921", "5340709930"),
    *("5340558792", "5340549632", "5340549538", "5340549430", "5336643649", "5329394007", "5328529582"),
    "5626634209",
}
Ads = dict[tuple[str, str], list[dict[str, Any]]]

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded pages are not beside the project")


@pytest.fixture(scope="module")
def ads() -> Ads:
    """Every recorded version of every ad, by country and id."""
    found: Ads = defaultdict(list)
    for file in sorted(RECORDED.glob("??-*.json")):
        for ad in json.loads(file.read_text())["results"]:
            found[file.name[:2], str(ad["id"])].append(ad)
    return found


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[FetchScene]:
    """The stand-in serves the recorded ads of each country, whatever is searched."""
    app = create_app(AdzunaConfig(recorded_dir=RECORDED))
    options = FetchOptions([SearchQuery(country) for country in CURRENCY], pages_per_search=20, attempts=1)
    async with fetch_scene(database_url, app=app, options=options) as scene:
        await scene.vendor.put("/_control/limits", json=PLENTY)
        yield scene


async def fetch(temporal_server: str, scene: FetchScene) -> FetchRun:
    """Run the workflow on a real server and return its run's row."""
    client = await connect(temporal_server, "jobraker")
    async with Worker(
        client,
        task_queue=TASK_QUEUE,
        activities=implementations(scene.activities),
        interceptors=[ActivityTelemetry()],
    ):
        run_id: UUID = await client.execute_workflow(
            JobFetch.run, id=f"job-fetch-{uuid4()}", task_queue=TASK_QUEUE
        )
    async with scene.database.begin() as session:
        return await session.get_one(FetchRun, run_id)


def text_of(raw: str) -> str:
    """Return a recorded text as a reader would see it."""
    return html.unescape(re.sub(r"</?strong>", "", raw)).replace("\xa0", " ").strip()


def expected(country: str, ad: dict[str, Any]) -> dict[str, Any]:
    """Say what a job's row must hold, straight from the recorded ad."""
    salary = [ad.get(name) for name in ("salary_min", "salary_max")]
    return {
        "source": "adzuna",
        "source_id": str(ad["id"]),
        "country": country,
        "title": text_of(ad["title"]),
        "company": text_of(ad["company"].get("display_name", "")) or None,
        "location": text_of(ad["location"]["display_name"]),
        "area": [text_of(level) for level in ad["location"]["area"]],
        "latitude": ad.get("latitude"),
        "longitude": ad.get("longitude"),
        "salary_min": salary[0],
        "salary_max": salary[1],
        "salary_predicted": ad["salary_is_predicted"] == "1",
        "currency": CURRENCY[country],
        "contract_type": ad.get("contract_type"),
        "contract_time": ad.get("contract_time"),
        "category": ad["category"]["tag"],
        "category_label": text_of(ad["category"]["label"]),
        "posted_at": datetime.fromisoformat(ad["created"]),
        "expired_at": None,
    }


def check_link(job: Job, ad: dict[str, Any]) -> None:
    """The link leads where the recorded one led, and says nothing of who asked."""
    stored, recorded = urlsplit(job.url), urlsplit(ad["redirect_url"])
    assert stored[:3] == recorded[:3]
    kept = dict(parse_qsl(stored.query))
    given = dict(parse_qsl(recorded.query))
    assert kept == {name: value for name, value in given.items() if name == "v"}
    assert given["utm_source"] not in kept.values()


def check_pay(job: Job, ad: dict[str, Any]) -> None:
    """Only what the employer says a year's pay is counts in euro."""
    pay = [ad[name] for name in ("salary_max", "salary_min") if name in ad]
    assert (job.salary_period is None) or pay
    if not pay or ad["salary_is_predicted"] == "1" or pay[0] < LEAST_YEAR:
        assert job.salary_eur is None
    else:
        assert job.salary_period == "year"
        assert job.salary_eur == pytest.approx(pay[0] / PER_EURO[job.currency])


async def test_the_table_holds_what_the_files_hold(temporal_server: str, scene: FetchScene, ads: Ads) -> None:
    run = await fetch(temporal_server, scene)
    jobs = await scene.jobs()

    assert {(job.country, job.source_id) for job in jobs} == set(ads)
    assert (len(jobs), run.ads_unreadable, run.errors) == (len(ads), 0, 0)
    versions = sum(len(each) for each in ads.values())
    assert run.ads_new + run.ads_changed + run.ads_unchanged == versions
    for job in jobs:
        recorded = ads[job.country, job.source_id]
        row = job.model_dump()
        for ad in recorded:
            wanted = expected(job.country, ad)
            assert {name: row[name] for name in wanted} == wanted
            check_link(job, ad)
        assert job.description in [text_of(ad["description"]) for ad in recorded]
        assert not re.search(r"<[a-z/]|&[a-z]+;", job.title + job.description)
        check_pay(job, recorded[0])
    check_duplicates(jobs, ads)

    again = await fetch(temporal_server, scene)
    assert (again.ads_new, again.ads_changed) == (0, 0)
    assert again.ads_unchanged > 0
    assert content(await scene.jobs()) == content(jobs)


def content(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Return jobs without the one column that every fetch moves."""
    return [job.model_dump(exclude={"seen_at"}) for job in jobs]


def check_duplicates(jobs: Sequence[Job], ads: Ads) -> None:
    """One ad in several towns has one content key, and different ads have different ones."""
    groups: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for job in jobs:
        ad = ads[job.country, job.source_id][0]
        said = text_of(ad["title"]), ad["company"].get("display_name", ""), job.description[:200]
        groups[said].add(job.content_key)
    assert all(len(keys) == 1 for keys in groups.values())
    assert Counter(len(group) for group in groups.values()) == {1: len(groups)}
    keys = Counter(job.content_key for job in jobs)
    doubled = [key for key, count in keys.items() if count > 1]
    assert len(doubled) > 10
    assert len(keys) <= len(groups)
    for key in doubled:
        same = [job for job in jobs if job.content_key == key]
        places = {"anywhere" if job.remote else job.location for job in same}
        assert len({job.fingerprint for job in same}) == len(places)


async def test_recorded_refusals_have_their_words(scene: FetchScene) -> None:
    recorded = json.loads((RECORDED / "errors.json").read_text())
    words = {"401_auth_fail": "credentials_refused", "404_unsupported_country": "unsupported_country"}
    assert set(recorded) == set(words)
    plan = await scene.plan()
    # the refused key last: nothing is asked with it any more
    for name, refusal in sorted(recorded.items(), reverse=True):
        await scene.arm(kind="status", status=refusal["status"], body=refusal["body"], times=1)
        with pytest.raises(ApplicationError) as raised:
            await scene.page(plan)
        assert raised.value.type == words[name]
        await scene.forgive()


def test_work_from_home_is_found_where_a_reader_finds_it_and_nowhere_else(ads: Ads) -> None:
    reasons: dict[str, str] = {}
    for (country, ad_id), versions in ads.items():
        row = read_advert(versions[0], country, now())
        assert row is not None
        if row.remote_reason is not None:
            assert row.remote_reason in f"{row.title}\n{row.description}"
            reasons[ad_id] = row.remote_reason
    assert set(reasons) == OFFERS
    assert all(0 < len(reason) <= REASON_MAX for reason in reasons.values())


def test_an_ad_placed_in_a_whole_country_is_seldom_an_offer_of_work_from_home(ads: Ads) -> None:
    wide = [ad_id for (_, ad_id), versions in ads.items() if len(versions[0]["location"]["area"]) == 1]
    assert len(wide) > 20
    assert len(OFFERS.intersection(wide)) / len(wide) < 0.1
