"""No address that somebody gives leads the vendor's browser, or us, into a private network."""

from typing import Any

import pytest
from sqlmodel import select

from models.application import Application
from models.enums import EventKind
from models.event import Event
from settings import ApplySettings
from tests.api.client import Api, ApiAt, assert_problem, job_with, store

INSIDE = [
    "http://127.0.0.1:8080/apply",
    "http://169.254.169.254/latest/meta-data/",
    "http://2130706433/",
    "http://[::ffff:10.0.0.1]/",
    "http://jobs.internal/",
    "https://jobs.example.com:22/",
    "https://a:b@jobs.example.com/",
    "file:///etc/passwd",
]


async def stored(api: Api) -> list[Application]:
    async with api.database.begin() as session:
        return list((await session.exec(select(Application))).all())


@pytest.mark.parametrize("url", INSIDE)
async def test_an_advert_that_leads_inside_is_not_applied_to(api: Api, url: str) -> None:
    person, job = await api.applicant(), job_with(url=url)
    await store(api.database, job)
    answer = await person.post("/api/applications/", json={"job_id": str(job.id)})
    problem = assert_problem(answer, 409, "conflict")
    assert "cannot be followed safely" in problem["detail"]
    assert url not in answer.text
    many = await person.post("/api/applications/bulk", json={"job_ids": [str(job.id)]})
    assert [each["status"] for each in many.json()] == [409]
    assert await stored(api) == []
    async with api.database.begin() as session:
        events = (await session.exec(select(Event.kind).where(Event.user_id == person.id))).all()
    assert EventKind.APPLICATION_CHANGED not in events


async def test_the_same_advert_on_the_public_web_is_applied_to(api: Api) -> None:
    person, job = await api.applicant(), job_with(url="https://jobs.example.com/apply")
    await store(api.database, job)
    assert (await person.post("/api/applications/", json={"job_id": str(job.id)})).status_code == 202
    assert len(await stored(api)) == 1


async def test_stand_ins_are_applied_to_where_the_settings_allow_it(api_at: ApiAt) -> None:
    async with api_at(apply=ApplySettings(allow_private_urls=True)) as api:
        person, job = await api.applicant(), job_with(url=INSIDE[0])
        await store(api.database, job)
        assert (await person.post("/api/applications/", json={"job_id": str(job.id)})).status_code == 202


@pytest.mark.parametrize("field", ["linkedin", "github", "website"])
@pytest.mark.parametrize("url", INSIDE)
async def test_no_link_of_a_profile_leads_inside(api: Api, field: str, url: str) -> None:
    person = await api.person()
    identity = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org", field: url}
    answer = await person.patch("/api/profile/", json={"identity": identity})
    assert_problem(answer, 422, "invalid")
    assert (await person.get("/api/profile/")).json()["identity"] is None


def links_in(schema: dict[str, Any], schemas: dict[str, Any], path: str, seen: frozenset[str]) -> set[str]:
    """Return every place of a body whose schema says that it is an address."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return set() if name in seen else links_in(schemas[name], schemas, path, seen | {name})
    found = {path} if schema.get("format") in {"uri", "uri-reference", "iri"} else set()
    for name, each in schema.get("properties", {}).items():
        found |= links_in(each, schemas, f"{path}.{name}", seen)
    for each in (
        *schema.get("anyOf", ()),
        *schema.get("oneOf", ()),
        *([schema["items"]] if "items" in schema else ()),
    ):
        found |= links_in(each, schemas, path, seen)
    return found


async def test_there_is_no_other_place_where_a_person_gives_an_address(api: Api) -> None:
    document = api.app.openapi()
    schemas, found = document["components"]["schemas"], set()
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            for content in described.get("requestBody", {}).get("content", {}).values():
                where = links_in(content["schema"], schemas, f"{method} {path}", frozenset())
                found |= {each for each in where if not each.startswith("post /api/webhooks/")}
            found |= {
                f"{method} {path}?{parameter['name']}"
                for parameter in described.get("parameters", ())
                if "url" in parameter["name"].lower() or parameter["schema"].get("format") == "uri"
            }
    assert found == {f"patch /api/profile/.identity.{name}" for name in ("linkedin", "github", "website")}
