"""API keys: shown once, scoped, expiring, revocable, and beyond accounts, privacy and administration."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select, update

from api.scopes import AREAS, scope_of
from api.security import digest_of
from models.account_enums import Scope
from models.api_key import KEYS_MAX, ApiKey
from models.audit import AuditEntry
from models.base import now
from models.enums import NotificationKind, Role
from models.notification import Notification
from tests.api.client import Api, Person, assert_problem, store

BODY: dict[str, Any] = {"name": "Backup script", "scopes": ["jobs:read", "chat:write"]}
READABLE = {
    Scope.JOBS_READ: "/api/jobs/",
    Scope.APPLICATIONS_READ: "/api/applications/",
    Scope.PROFILE_READ: "/api/profile/",
    Scope.CHAT_READ: "/api/chat/",
    Scope.NOTIFICATIONS_READ: "/api/notifications/",
    Scope.INTEGRATIONS_READ: "/api/integrations/",
}


async def made(person: Person, **changed: object) -> dict[str, Any]:
    """Make a key."""
    answer = await person.post("/api/auth/api-keys", json={**BODY, **changed})
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def script_of(person: Person, key: str) -> Person:
    """Return the person as a script with a key."""
    return Person(person.api, person.id, person.email, {"access_token": key})


async def test_a_key_is_shown_once_and_kept_as_a_digest(api: Api) -> None:
    person = await api.person()
    shown = await made(person, days=30)
    key = shown.pop("key")
    assert key.startswith("jbk_")
    assert shown["prefix"] == key[:12]
    assert (shown["name"], shown["scopes"]) == ("Backup script", ["chat:write", "jobs:read"])
    assert shown["last_used_at"] is None
    lasts = datetime.fromisoformat(shown["expires_at"]) - datetime.fromisoformat(shown["created_at"])
    assert timedelta(days=29, hours=23) < lasts <= timedelta(days=30)
    listed = await person.get("/api/auth/api-keys")
    assert listed.json() == [shown]
    assert key not in listed.text
    async with api.database.begin() as session:
        row = (await session.exec(select(ApiKey))).one()
        notified = (await session.exec(select(Notification.kind))).all()
        deeds = (await session.exec(select(AuditEntry.action, AuditEntry.object_id))).all()
    assert row.key_hash == digest_of(key)
    assert b"Backup" not in row.name_sealed
    assert list(notified) == [NotificationKind.API_KEY_CREATED]
    assert list(deeds) == [("api_key.created", row.id)]


@pytest.mark.parametrize(
    "body",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["admin:read"]},
        {"scopes": "jobs:read"},
        {"name": ""},
        {"name": "  "},
        {"name": "a\nb"},
        {"name": "x" * 101},
        {"days": 0},
        {"days": 366},
        {"expires_at": "2099-01-01T00:00:00Z"},
        {"key": "jbk_mine"},
        {"user_id": str(UUID(int=1))},
    ],
    ids=str,
)
async def test_a_key_that_makes_no_sense_is_refused(api: Api, body: dict[str, Any]) -> None:
    person = await api.person()
    assert_problem(await person.post("/api/auth/api-keys", json={**BODY, **body}), 422, "invalid")


async def test_a_key_lets_in_where_its_scope_is_and_nowhere_else(api: Api) -> None:
    person = await api.person()
    for scope in READABLE:
        script = await person.with_key(scope)
        for other, path in READABLE.items():
            answer = await script.get(path)
            if other is scope:
                assert answer.status_code == 200, answer.text
            else:
                assert_problem(answer, 403, "forbidden")


async def test_reading_is_one_scope_and_changing_another(api: Api) -> None:
    person = await api.person()
    reader, writer = await person.with_key(Scope.PROFILE_READ), await person.with_key(Scope.PROFILE_WRITE)
    assert_problem(await reader.patch("/api/profile/", json={"daily_cap": 3}), 403, "forbidden")
    assert_problem(await writer.get("/api/profile/"), 403, "forbidden")
    assert (await writer.patch("/api/profile/", json={"daily_cap": 3})).status_code == 200
    assert (await reader.get("/api/profile/")).json()["daily_cap"] == 3


async def test_no_key_reaches_accounts_privacy_or_administration(api: Api) -> None:
    admin = await api.administrator()
    script = await admin.with_key(*Scope)
    assert (await script.get("/api/jobs/")).status_code == 200
    for method, path in (
        ("GET", "/api/auth/me"),
        ("GET", "/api/auth/sessions"),
        ("GET", "/api/auth/api-keys"),
        ("POST", "/api/auth/api-keys"),
        ("DELETE", f"/api/auth/api-keys/{uuid4()}"),
        ("POST", "/api/auth/logout-all"),
        ("GET", "/api/admin/job-fetch"),
        ("GET", "/api/privacy/audit"),
    ):
        assert_problem(await script.request(method, path), 403, "forbidden")
    acting = {"X-Act-For": str((await api.person()).id), "X-Reason": "because it can"}
    assert_problem(await script.get("/api/profile/", headers=acting), 403, "forbidden")


def test_every_area_has_both_scopes_and_every_scope_an_area() -> None:
    found = {scope_of(tag, method) for tag in AREAS for method in ("GET", "POST")}
    assert found == set(Scope)
    assert scope_of("accounts", "GET") is scope_of("admin", "GET") is scope_of(None, "GET") is None


async def test_a_revoked_key_lets_nobody_in_from_then_on(api: Api) -> None:
    person, other = await api.person(), await api.person()
    shown = await made(person)
    script, path = script_of(person, shown["key"]), f"/api/auth/api-keys/{shown['id']}"
    assert (await script.get("/api/jobs/")).status_code == 200
    assert_problem(await other.delete(path), 404, "not-found")
    assert (await person.delete(path)).status_code == 204
    assert_problem(await script.get("/api/jobs/"), 401, "unauthenticated")
    assert (await person.get("/api/auth/api-keys")).json() == []
    assert_problem(await person.delete(path), 404, "not-found")


async def test_an_expired_key_lets_nobody_in_even_if_it_is_remembered(api: Api) -> None:
    person = await api.person()
    script = await person.with_key(Scope.JOBS_READ)
    soon = now() + timedelta(seconds=3)
    async with api.database.begin() as session:
        await session.exec(update(ApiKey).values(expires_at=soon))
    assert (await script.get("/api/jobs/")).status_code == 200
    async with asyncio.timeout(30):
        while (answer := await script.get("/api/jobs/")).status_code == 200:
            assert now() < soon + timedelta(seconds=10)
            await asyncio.sleep(0.05)
    assert_problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize("change", ["locked_at", "erasing_at"])
async def test_the_keys_of_who_is_locked_or_being_erased_let_nobody_in(api: Api, change: str) -> None:
    person = await api.person()
    script = await person.with_key(Scope.JOBS_READ)
    assert (await script.get("/api/jobs/")).status_code == 200
    await person.change(**{change: now()})
    assert_problem(await script.get("/api/jobs/"), 401, "unauthenticated")


async def test_logging_out_everywhere_leaves_keys_alone(api: Api) -> None:
    person = await api.person()
    script = await person.with_key(Scope.JOBS_READ)
    assert (await person.post("/api/auth/logout-all")).status_code == 204
    assert (await script.get("/api/jobs/")).status_code == 200


async def test_it_is_noted_when_a_key_was_last_used_at_most_once_a_minute(api: Api) -> None:
    person = await api.person()
    script = await person.with_key(Scope.JOBS_READ)

    async def last_used_at() -> datetime | None:
        async with api.database.begin() as session:
            return (await session.exec(select(ApiKey.last_used_at))).one()

    await script.get("/api/jobs/")
    first = await last_used_at()
    assert first is not None
    await script.get("/api/jobs/")
    # another process, which knows nothing of it yet
    api.context.standing.forget(person.id)
    await script.get("/api/jobs/")
    assert await last_used_at() == first
    async with api.database.begin() as session:
        await session.exec(update(ApiKey).values(last_used_at=first - timedelta(minutes=1)))
    api.context.standing.forget(person.id)
    await script.get("/api/jobs/")
    assert (await last_used_at() or first) > first


async def test_a_key_of_an_administrator_has_no_rights_of_one(api: Api) -> None:
    person = await api.person()
    script = await person.with_key(*Scope)
    await person.change(role=Role.ADMIN)
    assert_problem(await script.get("/api/admin/job-fetch"), 403, "forbidden")


async def test_a_person_has_so_many_keys_and_no_more_also_when_asked_at_once(api: Api) -> None:
    person = await api.person()
    for number in range(KEYS_MAX - 2):
        key = ApiKey(
            user_id=person.id,
            name_sealed=b"",
            prefix="jbk_",
            key_hash=str(number),
            scopes=["jobs:read"],
            expires_at=now(),
        )
        await store(api.database, key)
    asked = (person.post("/api/auth/api-keys", json=BODY) for _ in range(5))
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]


@pytest.mark.parametrize(
    "key", ["jbk_", "jbk_unknown", "JBK_unknown", "jbk_" + "é" * 43, "jbk_" + "x" * 6000]
)
async def test_what_is_no_key_lets_nobody_in(api: Api, key: str) -> None:
    headers = [(b"Authorization", f"Bearer {key}".encode("latin-1"))]
    assert_problem(await api.http.get("/api/jobs/", headers=headers), 401, "unauthenticated")


async def test_a_digest_is_no_key(api: Api) -> None:
    person = await api.person()
    shown = await made(person)
    for found in (digest_of(shown["key"]), f"jbk_{digest_of(shown['key'])}", f"jbk_{shown['id']}"):
        answer = await script_of(person, found).get("/api/jobs/")
        assert_problem(answer, 401, "unauthenticated")
