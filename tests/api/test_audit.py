"""The audit log: entries that nobody changes, read by whom they are about and by administrators."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select, update

from api.auditing import deed_of, record
from api.security import Claims
from models.account import Account
from models.account_enums import AuditActor
from models.audit import AuditEntry, Deed
from models.base import new_id
from models.enums import Role
from models.errors import SealError
from tests.api.application_scene import seal_of
from tests.api.client import Api, Person, assert_problem

REASON = "asked us to look, ticket 12 — née Ångström"
WHY = {"X-Reason": quote(REASON)}


async def entered(api: Api, admin: Person, subject: Person, reason: str | None = REASON) -> AuditEntry:
    """Store an entry of an administrator's deed."""
    entry = AuditEntry.by_admin(admin.id, Deed.ACCOUNT_SHOWN, subject.id)
    async with api.database.begin() as session:
        await record(session, api.context.keys, entry, reason)
    return entry


async def entries_of(person: Person, **params: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- query parameters
    """Return what a person reads about themselves."""
    answer = await person.get("/api/privacy/audit", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=1)},
        {"created_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"actor": AuditActor.SYSTEM},
        {"actor_id": UUID(int=1)},
        {"actor_id": None},
        {"subject_id": UUID(int=1)},
        {"subject_id": None},
        {"action": "account.unlocked"},
        {"object_id": UUID(int=1)},
        {"reason_sealed": b"another reason"},
        {"reason_sealed": None, "action": "account.unlocked"},
    ],
    ids=str,
)
async def test_no_column_of_an_entry_is_ever_changed(api: Api, change: dict[str, Any]) -> None:
    entry = await entered(api, await api.administrator(), await api.person())
    with pytest.raises(DBAPIError, match="an entry of the audit log is never changed"):
        async with api.database.begin() as session:
            await session.exec(update(AuditEntry).where(col(AuditEntry.id) == entry.id).values(**change))
    async with api.database.begin() as session:
        assert await session.get_one(AuditEntry, entry.id) == entry


async def test_the_reason_may_be_taken_away_and_nothing_put_in_its_place(api: Api) -> None:
    entry = await entered(api, await api.administrator(), person := await api.person())
    change = update(AuditEntry).where(col(AuditEntry.id) == entry.id)
    async with api.database.begin() as session:
        await session.exec(change.values(reason_sealed=None))
    (shown,) = await entries_of(person)
    assert shown["reason"] is None
    with pytest.raises(DBAPIError, match="never changed"):
        async with api.database.begin() as session:
            await session.exec(change.values(reason_sealed=b"made up afterwards"))


async def test_a_reason_is_sealed_by_the_subjects_key_for_its_entry_alone(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    first, second = await entered(api, admin, person), await entered(api, admin, person, None)
    assert first.reason_sealed is not None
    assert REASON.encode() not in first.reason_sealed
    assert first.reason(await seal_of(api, person.id)) == REASON
    with pytest.raises(SealError):
        first.reason(await seal_of(api, admin.id))
    second.reason_sealed = first.reason_sealed
    with pytest.raises(SealError):
        second.reason(await seal_of(api, person.id))


async def test_people_read_who_did_what_with_their_data_and_why_and_nothing_about_others(api: Api) -> None:
    admin, person, other = await api.administrator(), await api.person(), await api.person()
    await entered(api, admin, other)
    entry = await entered(api, admin, person)
    assert await entries_of(person) == [
        {
            "id": str(entry.id),
            "at": entry.created_at.isoformat().replace("+00:00", "Z"),
            "actor": "admin",
            "actor_id": str(admin.id),
            "subject_id": str(person.id),
            "action": "account.shown",
            "object_id": None,
            "reason": REASON,
        }
    ]
    assert [each["subject_id"] for each in await entries_of(other)] == [str(other.id)]
    assert await entries_of(admin) == []


async def test_ones_own_log_is_read_page_by_page_the_newest_first(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    stored = [str((await entered(api, admin, person)).id) for _ in range(5)]
    read: list[str] = []
    cursor: str | None = None
    while not read or cursor:
        params: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await person.get("/api/privacy/audit", params=params)).json()
        read += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert read == stored[::-1]
    assert_problem(await person.get("/api/privacy/audit", params={"cursor": "x"}), 422, "invalid")


async def test_administrators_read_what_was_done_by_whom_and_with_whose_data(api: Api) -> None:
    admin, another, person = await api.administrator(), await api.administrator(), await api.person()
    mine, theirs = await entered(api, admin, person), await entered(api, another, person)
    about: dict[str, Any] = {"subject_id": str(person.id)}
    page = (await admin.get("/api/admin/audit", params=about, headers=WHY)).json()
    assert [(each["id"], each["reason"]) for each in page["items"]] == [
        (str(theirs.id), REASON),
        (str(mine.id), REASON),
    ]
    page = (await admin.get("/api/admin/audit", params={"actor_id": str(another.id)})).json()
    assert [(each["id"], each["reason"]) for each in page["items"]] == [(str(theirs.id), None)]


async def test_reading_the_log_is_told_in_it(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    unsaid = await admin.get("/api/admin/audit", params={"subject_id": str(person.id)})
    assert_problem(unsaid, 422, "unprocessable")
    await admin.get("/api/admin/audit", params={"subject_id": str(person.id)}, headers=WHY)
    await admin.get("/api/admin/audit")
    (told,) = await entries_of(person)
    assert (told["action"], told["actor_id"], told["reason"]) == ("audit.read", str(admin.id), REASON)
    page = (await admin.get("/api/admin/audit", params={"limit": 2})).json()
    assert [(each["action"], each["subject_id"]) for each in page["items"]] == [
        ("audit.read", None),
        ("audit.read", str(person.id)),
    ]


async def test_entries_outlive_the_account_and_their_reasons_do_not(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    entry = await entered(api, admin, person)
    async with api.database.begin() as session:
        await session.delete(await session.get_one(Account, person.id))
    page = (await admin.get("/api/admin/audit", params={"subject_id": str(person.id)})).json()
    assert [(each["id"], each["reason"]) for each in page["items"]] == [(str(entry.id), None)]


async def test_who_is_no_administrator_reads_no_log_but_their_own(api: Api) -> None:
    person = await api.person()
    assert_problem(await person.get("/api/admin/audit"), 403, "forbidden")
    assert_problem(await api.http.get("/api/privacy/audit"), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("method", "path", "body", "action"),
    [
        ("PUT", "/api/admin/applying", {"paused": True}, "applying.paused"),
        ("PUT", "/api/admin/applying", {"paused": False}, "applying.resumed"),
        ("GET", "/api/admin/fetch-budget", None, "budget.read"),
        (
            "PUT",
            "/api/admin/exchange-rates",
            {"as_of": "2026-01-02", "rates": [{"currency": "USD", "per_euro": "1.1"}]},
            "exchange_rates.stored",
        ),
        ("GET", "/api/admin/users/", None, "accounts.listed"),
    ],
)
async def test_deeds_of_administrators_that_concern_no_one_are_told(
    api: Api, method: str, path: str, body: object, action: str
) -> None:
    admin = await api.administrator()
    answer = await admin.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    async with api.database.begin() as session:
        (entry,) = (await session.exec(select(AuditEntry))).all()
    assert (entry.action, entry.actor_id, entry.subject_id) == (action, admin.id, None)


def test_a_deed_in_somebodys_stead_names_who_really_did_it() -> None:
    user_id, admin_id, object_id = new_id(), new_id(), new_id()
    acting = Claims(user_id, Role.USER, new_id(), 0, actor_id=admin_id)
    entry = deed_of(acting, Deed.CONSENT_GIVEN, object_id)
    assert (entry.actor, entry.actor_id) == (AuditActor.ADMIN, admin_id)
    assert (entry.subject_id, entry.object_id) == (user_id, object_id)
    own = deed_of(Claims(user_id, Role.USER, new_id(), 0), Deed.CONSENT_GIVEN)
    assert (own.actor, own.actor_id, own.subject_id) == (AuditActor.USER, user_id, user_id)
