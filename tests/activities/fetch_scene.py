"""A scene for the job fetch: a database, the Adzuna stand-in over HTTP, and the real steps between them."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlmodel import col, select, update
from starlette.types import ASGIApp
from temporalio.testing import ActivityEnvironment

from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from activities.job_fetch.activities import JobFetchActivities
from activities.job_fetch.options import FetchOptions
from activities.vendors.adzuna import AdzunaClient, SearchQuery
from local import keys
from local.adzuna.app import create_app
from local.adzuna.config import AdzunaConfig
from local.serving import serve
from models.base import now
from models.database import Database, seal_of
from models.enums import CallState, Vendor
from models.fetch_key import FetchCall, FetchKey
from models.integration import Integration, integrations_of
from models.job import Job
from models.job_search import FetchRun, JobSearch, SavedSearch, SearchTerms
from models.sealed import place_of
from tests.activities.people import KEYS
from workflows.job_messages import FetchPlan, FetchRunRef, FetchWindow, PageRef, PageResult, PlanFetch

OTHERS = {"own-app-id": "own-app-key"}
PLENTY = {"per_minute": 10_000, "per_day": 10_000, "per_week": 10_000, "per_month": 10_000}
Counts = tuple[int, int, int, int, int, int]


@dataclass
class FetchScene:
    """Runs the steps as Temporal would, and reads what they left."""

    database: Database
    activities: JobFetchActivities
    vendor: httpx.AsyncClient
    environment: ActivityEnvironment = field(default_factory=ActivityEnvironment)

    async def plan(self, *, paced: bool = False) -> FetchPlan:
        """Begin a new run, by default one that somebody asked for."""
        request = PlanFetch(workflow_run_id=str(uuid4()), paced=paced)
        return await self.environment.run(self.activities.plan, request)

    async def page(
        self, plan: FetchPlan, page: int = 1, search: int = 0, window: FetchWindow | None = None
    ) -> PageResult:
        """Fetch one page of one search."""
        ref = PageRef(
            fetch_run_id=plan.fetch_run_id,
            search_id=plan.search_ids[search],
            page=page,
            key_id=plan.key_ids[search],
            window=window,
        )
        return await self.environment.run(self.activities.fetch_page, ref)

    async def fetch(self, *, whole: bool = False) -> FetchPlan:
        """Fetch the first page of every search, in a run of its own; `whole`: not only what is new."""
        plan = await self.plan()
        for number in range(len(plan.search_ids)):
            await self.page(plan, search=number, window=FetchWindow() if whole else None)
        await self.environment.run(self.activities.finish, FetchRunRef(fetch_run_id=plan.fetch_run_id))
        return plan

    async def arm(self, **fault: object) -> None:
        """Tell the stand-in to fail."""
        answer = await self.vendor.post("/_control/faults", json=fault)
        assert answer.status_code == 201, answer.text

    async def forgive(self) -> None:
        """Forget that Adzuna refused the key, or wanted to be left alone."""
        async with self.database.begin() as session:
            await session.exec(update(FetchKey).values(blocked_until=None, refused_at=None))

    async def calls(self) -> Counter[CallState]:
        """Count the calls of the ledger by their state."""
        async with self.database.begin() as session:
            return Counter(CallState(state) for state in await session.exec(select(FetchCall.state)))

    async def requests(self) -> list[dict[str, Any]]:
        """Return what the stand-in was asked."""
        records: list[dict[str, Any]] = (await self.vendor.get("/_control/requests")).json()
        return records

    async def jobs(self) -> Sequence[Job]:
        """Return all jobs by source id."""
        async with self.database.begin() as session:
            return (await session.exec(select(Job).order_by(col(Job.source_id)))).all()

    async def searches(self) -> Sequence[JobSearch]:
        """Return all searches."""
        async with self.database.begin() as session:
            return (await session.exec(select(JobSearch).order_by(col(JobSearch.country)))).all()

    async def counts(self, plan: FetchPlan) -> Counts:
        """Return pages, then new, changed, unchanged and unreadable ads, then errors of a run."""
        async with self.database.begin() as session:
            run = await session.get_one(FetchRun, plan.fetch_run_id)
        return run.pages, run.ads_new, run.ads_changed, run.ads_unchanged, run.ads_unreadable, run.errors


@asynccontextmanager
async def fetch_scene(
    database_url: str, *, app: ASGIApp | None = None, options: FetchOptions | None = None
) -> AsyncIterator[FetchScene]:
    """Open the scene; without an `app` the stand-in serves its generated ads."""
    database = Database(database_url)
    moment = now()
    # its clock stands still, so that no ad appears between two pages
    standing = AdzunaConfig(ads_per_country=120, now=lambda: moment, others=OTHERS)
    stand_in = create_app(standing) if app is None else app
    async with serve(stand_in) as url, httpx.AsyncClient(base_url=url) as vendor:
        if app is None:
            await vendor.put("/_control/limits", json=PLENTY)
        async with AdzunaClient(f"{url}/v1/api", 60.0) as adzuna:
            yield FetchScene(
                database,
                JobFetchActivities(
                    database,
                    adzuna,
                    credentials(database),
                    options or FetchOptions([SearchQuery("gb")], attempts=1),
                ),
                vendor,
            )
    await database.close()


def credentials(database: Database, app_key: str = keys.ADZUNA_APP_KEY) -> CredentialStore:
    """Return a store with the stand-in's keys."""
    adzuna = AdzunaKeys(keys.ADZUNA_APP_ID, app_key)
    return CredentialStore(database, KEYS, InstallationKeys(adzuna, ApiKey(""), ApiKey("")))


async def bring_key(database: Database, user_id: UUID, app_key: str = OTHERS["own-app-id"]) -> None:
    """Store a person's own Adzuna key in place of an earlier one, as the API does."""
    given = {"vendor": Vendor.ADZUNA.value, "app_id": "own-app-id", "app_key": app_key}
    async with database.begin() as session:
        query = integrations_of(user_id).where(Integration.vendor == Vendor.ADZUNA)
        row = (await session.exec(query)).one_or_none() or Integration(
            user_id=user_id, vendor=Vendor.ADZUNA, credentials_sealed=b""
        )
        seal = await seal_of(session, KEYS, user_id)
        place = place_of("integration", "credentials_sealed", row.id)
        row.credentials_sealed = seal.seal_text(json.dumps(given), place)
        session.add(row)


async def save_search(database: Database, terms: SearchTerms, *user_ids: UUID) -> JobSearch:
    """Store a search that these people want."""
    search = JobSearch.of(terms)
    async with database.begin() as session:
        session.add(search)
        await session.flush()
        session.add_all(SavedSearch(user_id=user_id, search_id=search.id) for user_id in user_ids)
    return search


def raw_ad(**changes: object) -> dict[str, Any]:
    """Return an ad as Adzuna sends it; a change to None leaves the key out."""
    ad = {
        "__CLASS__": "Adzuna::API::Response::Job",
        "id": "4711",
        "title": "Data Engineer",
        "description": "We build pipelines.",
        "created": "2026-01-02T03:04:05Z",
        "category": {"tag": "it-jobs", "label": "IT Jobs"},
        "company": {"display_name": "Example Ltd"},
        "location": {"area": ["UK", "London", "Camden"], "display_name": "Camden, London"},
        "redirect_url": "https://www.adzuna.co.uk/jobs/details/4711?utm_medium=api&utm_source=abc",
        "adref": "x.y.z",
        "salary_is_predicted": "0",
    }
    return {name: value for name, value in {**ad, **changes}.items() if value is not None}
