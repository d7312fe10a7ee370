"""Fetching jobs as the administrator, and searching them as the applicant."""

from typing import Any

from local.careers_address import careers_address
from local.demo.acts.untrue import insist
from local.demo.api import Api
from local.demo.screen import Act
from local.demo.waiting import until
from local.form_kinds import FormKind, kind_of

WANTED = "engineer"
JOBS_SHOWN = 5
JOBS_MAX = 100
ASKING = frozenset({FormKind.LONG, FormKind.MULTIPAGE})

Json = dict[str, Any]


async def fetch(act: Act, admin: Api) -> None:
    """Start a run of the job fetch and wait for its end."""
    known = {run["id"] for run in await _ended_runs(admin)}
    await admin.call("POST", "/api/admin/job-fetch")
    act.show("waiting for Adzuna's pages")

    async def ended_since() -> Json | None:
        return next((run for run in await _ended_runs(admin) if run["id"] not in known), None)

    run = await until(ended_since)
    insist(run["errors"] == 0, f"{run['errors']} searches could not be brought")
    act.outcome = f"{run['ads_new']} new jobs, {run['ads_changed'] + run['ads_unchanged']} known ones"


async def _ended_runs(admin: Api) -> list[Json]:
    return [run for run in await admin.call("GET", "/api/admin/job-fetch") if run["ended_at"]]


async def search(act: Act, applicant: Api) -> list[Json]:
    """Return the newest jobs for the applicant's title."""
    asked = {"title": WANTED, "limit": JOBS_MAX}
    jobs: list[Json] = (await applicant.call("GET", "/api/jobs/", params=asked))["items"]
    insist(jobs, f"no job has “{WANTED}” in its title")
    act.outcome = f"“{WANTED}”, the newest of {len(jobs)}:"
    for job in jobs[:JOBS_SHOWN]:
        act.detail(f"{name_of(job)}, {job['location']}")
    return jobs


def with_questions(jobs: list[Json]) -> list[Json]:
    """Return a job of each employer whose form asks for more than name and résumé: the stage knows which."""
    asking = {job["company"]: job for job in jobs if kind_of(slug_of(job)) in ASKING}
    insist(asking, "no employer asks anything")
    return list(asking.values())


def slug_of(job: Json) -> str:
    """Return the name by which the careers site knows a job."""
    return careers_address(job["url"], "http://careers").rpartition("/")[2]


def name_of(job: Json) -> str:
    """Return what a person calls a job."""
    return f"{job['title']} at {job['company'] or 'an unnamed company'}"
