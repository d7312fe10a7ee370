"""A search that is kept fresh, and the jobs that fit best, with the reasons."""

from typing import Any

from local.demo.acts.finding import WANTED, name_of
from local.demo.acts.untrue import insist
from local.demo.api import Api
from local.demo.screen import Act
from local.demo.waiting import until

SEARCH = {"country": "gb", "what": WANTED, "where": "Leeds", "distance_km": 30}
WISHES = {
    "countries": ["gb"],
    "skills": ["Python", "SQL", "PostgreSQL", "Kubernetes"],
    "years_of_experience": 9,
    "currency": "GBP",
    "salary_target": 60_000,
}
OTHERS_SHOWN = 3
NO_DATA = "-"

Json = dict[str, Any]


async def save_search(act: Act, applicant: Api) -> str:
    """Save a search, to be fetched from now on, and return its id."""
    saved = await applicant.call("POST", "/api/searches/", json=SEARCH)
    act.outcome = f"“{saved['name']}”, kept fresh from now on"
    search_id: str = saved["id"]
    return search_id


async def show_brought(act: Act, applicant: Api, search_id: str) -> None:
    """Show what a fetch has brought for the saved search."""
    saved = await applicant.call("GET", f"/api/searches/{search_id}")
    insist(saved["last_refreshed_at"] and not saved["last_error"], "the saved search was not brought")
    found = await applicant.call("GET", f"{saved['jobs_url']}&count=true")
    act.detail(f"“{saved['name']}”: {saved['ads_last']} ads came, the list has {found['total']['count']}")


async def match(act: Act, applicant: Api) -> None:
    """Tell of skills, and show the jobs that are recommended then: the best one part by part."""
    await applicant.call("PATCH", "/api/profile/", json={"preferences": WISHES})
    act.show("waiting for the jobs to be matched")

    async def matched() -> Json | None:
        page: Json = await applicant.call("GET", "/api/jobs/recommended")
        return None if page["recomputing"] else page

    best, *others = (await until(matched))["items"] or [None]
    insist(best, f"no job is recommended to who looks for “{WANTED}”")
    found = await applicant.call("GET", f"/api/jobs/{best['id']}/match")
    insist(found["eligible"], f"what is recommended does not fit at all: {found['gate_text']}")
    act.outcome = f"{name_of(best)} fits best: {found['score']} of 100"
    for sentence in found["why"]:
        act.detail(sentence)
    for part in found["components"]:
        score = NO_DATA if part["score"] is None else part["score"]
        act.detail(f"{part['name']:<13} {score:>3}  counts {part['weight']} of 100")
    for job in others[:OTHERS_SHOWN]:
        act.detail(f"then {job['score']:>11}  {name_of(job)}")
