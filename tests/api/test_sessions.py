"""Logins: their list, and how one and all are ended."""

from uuid import uuid4

from sqlmodel import col, select

from models.account_enums import Scope, SessionEnd
from models.audit import AuditEntry
from models.login_session import LoginSession
from tests.api.client import PASSWORD, Api, Person, assert_problem
from tests.api.sse import following


async def another_login(person: Person, device: str) -> Person:
    """Log the same person in at another device."""
    body = {"email": person.email, "password": PASSWORD}
    answer = await person.api.http.post("/api/auth/login", json=body, headers={"User-Agent": device})
    assert answer.status_code == 200, answer.text
    return Person(person.api, person.id, person.email, answer.json())


async def ends_of(person: Person) -> list[str | None]:
    """Return why each login of a person was ended, in their order."""
    query = select(LoginSession.ended_by).where(LoginSession.user_id == person.id)
    async with person.api.database.begin() as session:
        return list(await session.exec(query.order_by(col(LoginSession.id))))


async def deeds_of(person: Person) -> list[str]:
    """Return what the log says that a person did."""
    query = select(AuditEntry.action).where(AuditEntry.actor_id == person.id).order_by(col(AuditEntry.id))
    async with person.api.database.begin() as session:
        return list(await session.exec(query))


async def test_logins_are_listed_with_device_and_place_the_newest_first(api: Api) -> None:
    person, other = await api.person(), await api.person()
    phone = await another_login(person, "Phone/1.0")
    items = (await phone.get("/api/auth/sessions")).json()["items"]
    assert [each["device"] for each in items] == ["Phone/1.0", None]
    assert [each["address"] for each in items] == ["127.0.0.1", None]
    assert [each["current"] for each in items] == [True, False]
    assert [each["current"] for each in (await person.get("/api/auth/sessions")).json()["items"]] == [
        False,
        True,
    ]
    assert items[0]["id"] == str(phone.session_id)
    assert items[0]["created_at"] <= items[0]["last_used_at"] < items[0]["expires_at"]
    (theirs,) = (await other.get("/api/auth/sessions")).json()["items"]
    assert theirs["id"] == str(other.session_id)


async def test_the_list_of_logins_goes_on_behind_its_cursor(api: Api) -> None:
    person = await api.person()
    for number in range(3):
        await another_login(person, f"Device/{number}")
    first = (await person.get("/api/auth/sessions", params={"limit": 2})).json()
    rest = await person.get("/api/auth/sessions", params={"limit": 2, "cursor": first["next_cursor"]})
    devices = [each["device"] for page in (first, rest.json()) for each in page["items"]]
    assert devices == ["Device/2", "Device/1", "Device/0", None]
    assert rest.json()["next_cursor"] is None


async def test_a_login_that_is_ended_elsewhere_lets_nobody_in_any_more(api: Api) -> None:
    person = await api.person()
    phone = await another_login(person, "Phone/1.0")
    assert (await phone.get("/api/auth/me")).status_code == 200
    ended = await person.delete(f"/api/auth/sessions/{phone.session_id}")
    assert (ended.status_code, ended.content) == (204, b"")
    assert_problem(await phone.get("/api/auth/me"), 401, "unauthenticated")
    refresh = {"refresh_token": phone.tokens["refresh_token"]}
    assert_problem(await api.http.post("/api/auth/refresh", json=refresh), 401, "unauthenticated")
    assert len((await person.get("/api/auth/sessions")).json()["items"]) == 1
    assert_problem(await person.delete(f"/api/auth/sessions/{phone.session_id}"), 404, "not-found")
    assert await deeds_of(person) == ["session.ended"]


async def test_nobody_ends_anothers_login(api: Api) -> None:
    person, other = await api.person(), await api.person()
    for session_id in (other.session_id, uuid4()):
        assert_problem(await person.delete(f"/api/auth/sessions/{session_id}"), 404, "not-found")
    assert (await other.get("/api/auth/me")).status_code == 200
    assert await deeds_of(person) == []


async def test_logging_out_everywhere_ends_every_login_and_no_others(api: Api) -> None:
    person, other = await api.person(), await api.person()
    phone = await another_login(person, "Phone/1.0")
    assert (await person.post("/api/auth/logout-all")).status_code == 204
    for each in (person, phone):
        assert_problem(await each.get("/api/auth/me"), 401, "unauthenticated")
    assert (await other.get("/api/auth/me")).status_code == 200
    assert await ends_of(person) == [SessionEnd.LOGOUT_OF_ALL, SessionEnd.LOGOUT_OF_ALL]
    assert await deeds_of(person) == ["sessions.ended"]
    again = await another_login(person, "Phone/1.0")
    assert (await again.get("/api/auth/me")).status_code == 200


async def test_logging_out_ends_access_at_once(api: Api) -> None:
    person = await api.person()
    body = {"refresh_token": person.tokens["refresh_token"]}
    assert (await person.get("/api/auth/me")).status_code == 200
    assert (await api.http.post("/api/auth/logout", json=body)).status_code == 204
    assert_problem(await person.get("/api/auth/me"), 401, "unauthenticated")
    assert await ends_of(person) == [SessionEnd.LOGOUT]


async def test_the_end_of_a_login_is_a_live_event_at_the_others(served: Api) -> None:
    person = await served.person()
    phone = await another_login(person, "Phone/1.0")
    async with following(phone, "/api/events/") as of_phone, following(person, "/api/events/") as events:
        await person.delete(f"/api/auth/sessions/{phone.session_id}")
        received = await events.next()
        assert (received.kind, received.data["subject_id"]) == ("session.changed", str(phone.session_id))
        await of_phone.rest()


async def test_what_is_about_logins_is_the_persons_alone(api: Api) -> None:
    person, admin = await api.person(), await api.administrator()
    script = await person.with_key(Scope.NOTIFICATIONS_READ)
    acting = {"X-Act-For": str(person.id), "X-Reason": "to see what happens"}
    for method, path in (
        ("GET", "/api/auth/sessions"),
        ("DELETE", f"/api/auth/sessions/{person.session_id}"),
        ("POST", "/api/auth/logout-all"),
    ):
        assert_problem(await script.request(method, path), 403, "forbidden")
        assert_problem(await admin.request(method, path, headers=acting), 403, "forbidden")
        assert_problem(await api.http.request(method, path), 401, "unauthenticated")
    assert (await person.get("/api/auth/me")).status_code == 200
