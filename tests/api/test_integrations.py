"""Integrations are written and never read back; notifications say what happened in words."""

import json
from asyncio import create_task
from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import TypeAdapter
from sqlmodel import select

from models.account import Account
from models.application import Application
from models.base import now
from models.enums import NotificationKind, Origin, Vendor
from models.integration import Credentials, Integration
from models.job_search import FetchRun
from models.notification import Notification
from models.sealed import place_of
from tests.api.client import Api, Person, assert_problem, job_with, somebody_waits, store

KEY = "sk-canary-0123456789"
ADZUNA = {"vendor": "adzuna", "app_id": "my-id", "app_key": KEY}
CREDENTIALS: TypeAdapter[Credentials] = TypeAdapter(Credentials)


async def notified(api: Api, person: Person, count: int = 1) -> list[Notification]:
    """Tell a person of applications that were submitted."""
    told = []
    for number in range(count):
        job = job_with(title=f"Job {number}")
        application, _ = Application.queue(person.id, job, Origin.PERSON)
        notification = Notification(
            user_id=person.id,
            application_id=application.id,
            kind=NotificationKind.APPLICATION_SUBMITTED,
        )
        await store(api.database, job, application, notification)
        told.append(notification)
    return told


async def test_credentials_are_listed_without_what_they_are(api: Api) -> None:
    person = await api.person()
    for body in (ADZUNA, {"vendor": "openai", "api_key": KEY}, {"vendor": "skyvern", "api_key": KEY}):
        answer = await person.request("PUT", "/api/integrations/", json=body)
        assert answer.status_code == 200
        assert answer.json()["vendor"] == body["vendor"]
        assert KEY not in answer.text
    listed = await person.get("/api/integrations/")
    assert [each["vendor"] for each in listed.json()] == ["adzuna", "openai", "skyvern"]
    assert KEY not in listed.text
    for row in await api.database.rows("SELECT integration::text AS row FROM integration", {}):
        assert "canary" not in row["row"]
        assert b"canary".hex() not in row["row"]


async def test_credentials_are_sealed_as_whole_as_they_came(api: Api) -> None:
    person = await api.person()
    await person.request("PUT", "/api/integrations/", json={**ADZUNA, "app_key": "an-older-key"})
    await person.request("PUT", "/api/integrations/", json=ADZUNA)
    async with api.database.begin() as session:
        integration = (await session.exec(select(Integration))).one()
        seal = (await session.get_one(Account, person.id)).seal(api.context.keys)
    place = place_of("integration", "credentials_sealed", integration.id)
    opened = seal.open(integration.credentials_sealed, place)
    assert json.loads(opened) == ADZUNA
    assert CREDENTIALS.validate_json(opened).vendor is Vendor.ADZUNA


async def test_credentials_are_deleted_by_their_owner(api: Api) -> None:
    person, other = await api.person(), await api.person()
    await person.request("PUT", "/api/integrations/", json=ADZUNA)
    assert (await other.get("/api/integrations/")).json() == []
    assert_problem(await other.request("DELETE", "/api/integrations/adzuna"), 404, "not-found")
    assert (await person.request("DELETE", "/api/integrations/adzuna")).status_code == 204
    assert (await person.get("/api/integrations/")).json() == []
    assert_problem(await person.request("DELETE", "/api/integrations/adzuna"), 404, "not-found")


@pytest.mark.parametrize(
    "body",
    [
        {"vendor": "openai"},
        {"vendor": "openai", "api_key": "short"},
        {"vendor": "openai", "api_key": KEY + "\r\nX-Evil: 1"},
        {"vendor": "openai", "api_key": KEY + "é"},
        {"vendor": "openai", "api_key": "x" * 501},
        {"vendor": "openai", "api_key": {"canary": KEY}},
        {"vendor": f"canary-{KEY}", "api_key": KEY},
        {"api_key": KEY},
        {"vendor": "adzuna", "app_id": " ", "app_key": KEY},
    ],
    ids=range(9),
)
async def test_bad_credentials_are_refused_and_never_repeated(api: Api, body: dict[str, object]) -> None:
    person = await api.person()
    answer = await person.request("PUT", "/api/integrations/", json=body)
    assert_problem(answer, 422, "invalid")
    assert "canary" not in answer.text


async def test_an_unknown_vendor_is_told_the_known_ones(api: Api) -> None:
    person = await api.person()
    body = {"vendor": "canary", "api_key": "x" * 20}
    problem = assert_problem(await person.request("PUT", "/api/integrations/", json=body), 422, "invalid")
    assert problem["errors"][0]["msg"] == "Must be one of adzuna, skyvern, openai"


async def test_credentials_that_are_just_being_deleted_are_not_deleted_twice(api: Api) -> None:
    person = await api.person()
    body = {"vendor": "openai", "api_key": "x" * 20}
    assert (await person.request("PUT", "/api/integrations/", json=body)).status_code == 200
    async with api.database.begin() as session:
        await session.delete((await session.exec(select(Integration))).one())
        await session.flush()
        late = create_task(person.request("DELETE", "/api/integrations/openai"))
        await somebody_waits(api.database)
    assert_problem(await late, 404, "not-found")


async def test_notifications_are_listed_in_words_and_pages(api: Api) -> None:
    person, other = await api.person(), await api.person()
    told = await notified(api, person, 3)
    first = (await person.get("/api/notifications/", params={"limit": 2})).json()
    assert [each["id"] for each in first["items"]] == [str(told[2].id), str(told[1].id)]
    assert first["items"][0]["text"] == "Your application for Job 2 at Acme Ltd was submitted."
    assert first["items"][0]["read_at"] is None
    rest = (await person.get("/api/notifications/", params={"cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in rest["items"]] == [str(told[0].id)]
    assert (await other.get("/api/notifications/")).json()["items"] == []


async def test_a_notification_is_read_once_by_its_person(api: Api) -> None:
    person, other = await api.person(), await api.person()
    (told,) = await notified(api, person)
    path = f"/api/notifications/{told.id}/read"
    assert_problem(await other.post(path), 404, "not-found")
    first = (await person.post(path)).json()
    assert first["read_at"] is not None
    assert (await person.post(path)).json()["read_at"] == first["read_at"]
    assert_problem(await person.post(f"/api/notifications/{uuid4()}/read"), 404, "not-found")


async def test_fetch_runs_are_shown_to_administrators_the_newest_first(api: Api) -> None:
    person = await api.person()
    runs = [FetchRun(workflow_run_id=f"{n}", pages=n, created_at=now() + timedelta(n)) for n in range(22)]
    await store(api.database, *runs)
    assert_problem(await person.get("/api/admin/job-fetch"), 403, "forbidden")
    assert_problem(await api.http.get("/api/admin/job-fetch"), 401, "unauthenticated")
    shown = (await (await api.administrator()).get("/api/admin/job-fetch")).json()
    assert [run["pages"] for run in shown] == list(range(21, 1, -1))
    assert "workflow_run_id" not in shown[0]
