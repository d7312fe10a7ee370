"""Standing: who loses access at once, in every process, and who is asked after how often."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, update

from api import standing
from api.announcing import announce
from models.account import Account
from models.account_enums import Scope, SessionEnd
from models.base import now
from models.enums import Role
from models.standing import announce_standing
from tests.api.client import PASSWORD, Api, ApiAt, Person, assert_problem, somebody_waits
from tests.api.sse import PATIENCE, following, until

BECAUSE = {"reason": "it was asked for"}
NEW_PASSWORD = "another horse battery"
LOCK = 4711


async def quietly(person: Person, **columns: object) -> None:
    """Change an account without telling anybody, which nothing of ours does."""
    async with person.api.database.begin() as session:
        await session.exec(update(Account).where(col(Account.id) == person.id).values(**columns))


async def heard(api: Api) -> None:
    """Wait until the process has heard of all that was announced until now: it hears in that order."""
    marker = await api.person()
    assert (await marker.get("/api/jobs/")).status_code == 200
    async with api.database.begin() as session:
        await session.exec(update(Account).where(col(Account.id) == marker.id).values(locked_at=now()))
        await announce(session, announce_standing(marker.id))
    async with asyncio.timeout(PATIENCE):
        while (await marker.get("/api/jobs/")).status_code == 200:  # noqa: ASYNC110 -- as below
            await asyncio.sleep(0.001)


async def again(person: Person) -> Person:
    """Log in anew."""
    answer = await person.api.http.post("/api/auth/login", json={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return Person(person.api, person.id, person.email, answer.json())


def at(api: Api, person: Person) -> Person:
    """Return the same person as they ask another process."""
    return Person(api, person.id, person.email, person.tokens)


async def test_who_is_locked_loses_access_at_once_and_their_logins_for_good(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    assert (await person.get("/api/jobs/")).status_code == 200
    locked = await admin.post(f"/api/admin/users/{person.id}/lock", json=BECAUSE)
    assert locked.status_code == 200
    assert_problem(await person.get("/api/jobs/"), 401, "unauthenticated")
    assert (await admin.post(f"/api/admin/users/{person.id}/unlock", json=BECAUSE)).status_code == 200
    assert_problem(await person.get("/api/jobs/"), 401, "unauthenticated")
    assert (await (await again(person)).get("/api/jobs/")).status_code == 200


async def test_a_role_counts_as_it_is_now_and_not_as_the_token_says(api: Api) -> None:
    person = await api.person()
    assert_problem(await person.get("/api/admin/job-fetch"), 403, "forbidden")
    await person.change(role=Role.ADMIN)
    assert (await person.get("/api/admin/job-fetch")).status_code == 200
    await person.change(role=Role.USER)
    assert_problem(await person.get("/api/admin/job-fetch"), 403, "forbidden")
    admin = await api.administrator()
    await admin.change(role=Role.USER)
    assert_problem(await admin.get("/api/admin/job-fetch"), 403, "forbidden")
    acting = {"X-Act-For": str(person.id), "X-Reason": "as before"}
    assert_problem(await admin.get("/api/profile/", headers=acting), 403, "forbidden")


async def test_a_change_of_role_by_an_administrator_ends_the_logins(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    body = {**BECAUSE, "role": "admin"}
    assert (await admin.put(f"/api/admin/users/{person.id}/role", json=body)).status_code == 200
    assert_problem(await person.get("/api/jobs/"), 401, "unauthenticated")


async def test_a_change_of_password_ends_the_other_logins(api: Api) -> None:
    person = await api.person()
    here = await again(person)
    body = {"current": PASSWORD, "new": NEW_PASSWORD}
    assert (await here.post("/api/auth/password", json=body)).status_code < 300
    assert_problem(await person.get("/api/jobs/"), 401, "unauthenticated")
    assert (await here.get("/api/jobs/")).status_code == 200


async def test_administrators_need_a_second_factor_where_the_settings_say_so(api_at: ApiAt) -> None:
    async with api_at(security={"admin_totp": True}) as api:
        admin, person = await api.administrator(), await api.person()
        acting = {"X-Act-For": str(person.id), "X-Reason": "to see what happens"}
        assert_problem(await admin.get("/api/admin/job-fetch"), 403, "second-factor-unset")
        assert_problem(await admin.get("/api/profile/", headers=acting), 403, "second-factor-unset")
        assert (await admin.get("/api/profile/")).status_code == 200
        assert_problem(await person.get("/api/admin/job-fetch"), 403, "forbidden")
        await admin.change(totp_confirmed_at=now())
        assert (await admin.get("/api/admin/job-fetch")).status_code == 200
        assert (await admin.get("/api/profile/", headers=acting)).status_code == 200


async def test_what_was_read_is_remembered_for_so_long(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await api.person()
    script = await person.with_key(Scope.JOBS_READ)
    await api.context.hub.listening.wait()
    await heard(api)
    for each in (person, script):
        assert (await each.get("/api/jobs/")).status_code == 200
    await quietly(person, locked_at=now())
    for each in (person, script):
        assert (await each.get("/api/jobs/")).status_code == 200
    monkeypatch.setattr(standing, "REMEMBERED_SECONDS", 0.0)
    for each in (person, script):
        assert_problem(await each.get("/api/jobs/"), 401, "unauthenticated")


async def test_who_is_refused_is_asked_after_each_time(api: Api) -> None:
    person = await api.person()
    await api.context.hub.listening.wait()
    await quietly(person, locked_at=now())
    assert_problem(await person.get("/api/jobs/"), 401, "unauthenticated")
    await quietly(person, locked_at=None)
    assert (await person.get("/api/jobs/")).status_code == 200


async def test_remembering_has_an_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "REMEMBERED_MAX", 2)
    await api.context.hub.listening.wait()
    people = [await api.person() for _ in range(3)]
    for person in people:
        assert (await person.get("/api/jobs/")).status_code == 200
        await quietly(person, locked_at=now())
    assert_problem(await people[0].get("/api/jobs/"), 401, "unauthenticated")
    assert (await people[2].get("/api/jobs/")).status_code == 200


async def test_another_process_hears_of_a_change(api_at: ApiAt) -> None:
    async with api_at() as api, api_at() as other:
        person = await api.person()
        elsewhere = at(other, person)
        await other.context.hub.listening.wait()
        assert (await elsewhere.get("/api/jobs/")).status_code == 200
        await person.end_login()
        assert_problem(await person.get("/api/jobs/"), 401, "unauthenticated")
        async with asyncio.timeout(PATIENCE):
            began = now()
            while (await elsewhere.get("/api/jobs/")).status_code == 200:  # noqa: ASYNC110 -- it is to be asked
                await asyncio.sleep(0.001)
        # far sooner than it would have forgotten by itself
        assert (now() - began).total_seconds() < standing.REMEMBERED_SECONDS / 2


async def test_a_process_that_does_not_hear_asks_each_time(api: Api) -> None:
    person, other = await api.person(), await api.person()
    hub = api.context.hub
    await hub.listening.wait()
    for each in (person, other):
        assert (await each.get("/api/jobs/")).status_code == 200
    async with api.database.reader() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'jobraker events' AND datname = current_database()"
        )
    await until(lambda: not hub.listening.is_set())
    await quietly(person, locked_at=now())
    assert_problem(await person.get("/api/jobs/"), 401, "unauthenticated")
    # what was remembered before is not believed after: nobody knows what went unheard
    await quietly(other, locked_at=now())
    await asyncio.wait_for(hub.listening.wait(), PATIENCE)
    assert_problem(await other.get("/api/jobs/"), 401, "unauthenticated")


async def test_what_was_read_before_a_change_is_not_remembered_after_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await api.person()
    await api.context.hub.listening.wait()
    # the database has read the login, and answers when the test lets it
    slowly = f"SELECT found.*, pg_advisory_lock_shared({LOCK}) FROM ({standing.LOGIN_SQL}) AS found"  # noqa: S608
    async with api.database.reader() as connection:
        await connection.execute(f"SELECT pg_advisory_lock({LOCK})".encode())
        with monkeypatch.context() as patch:
            patch.setattr(standing, "LOGIN_SQL", slowly)
            asking = asyncio.create_task(person.get("/api/jobs/"))
            await somebody_waits(api.database)
        await person.change(locked_at=now())
        await connection.execute(f"SELECT pg_advisory_unlock({LOCK})".encode())
    assert (await asking).status_code == 200
    assert_problem(await person.get("/api/jobs/"), 401, "unauthenticated")


async def test_no_request_that_begins_after_a_lock_was_answered_gets_in(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    script = await person.with_key(Scope.JOBS_READ)
    await api.context.hub.listening.wait()
    locked = asyncio.Event()
    wrong: list[str] = []

    async def ask(who: Person) -> None:
        """Ask again and again, until every request has been refused for a while."""
        refused = 0
        while refused < 10:
            was_locked = locked.is_set()
            status = (await who.get("/api/jobs/")).status_code
            refused = refused + 1 if was_locked else 0
            if (was_locked and status != 401) or status not in {200, 401}:
                wrong.append(f"{status} when locked: {was_locked}")

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for who in (person, script) * 4:
            group.create_task(ask(who))
        assert (await admin.post(f"/api/admin/users/{person.id}/lock", json=BECAUSE)).status_code == 200
        locked.set()
    assert wrong == []


async def test_a_change_that_was_rolled_back_changes_nothing(api: Api) -> None:
    person = await api.person()
    await api.context.hub.listening.wait()
    assert (await person.get("/api/jobs/")).status_code == 200
    async with api.database.begin() as session:
        await session.exec(update(Account).where(col(Account.id) == person.id).values(locked_at=now()))
        await api.context.standing.changed(session, person.id)
        await session.rollback()
    assert (await person.get("/api/jobs/")).status_code == 200


ENDS: dict[str, Callable[[Person], Awaitable[None]]] = {
    "login": lambda person: person.end_login(SessionEnd.LOGOUT),
    "lock": lambda person: person.change(locked_at=now()),
    "erasure": lambda person: person.change(erasing_at=now()),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
async def test_an_open_stream_ends_with_its_login_and_no_other_does(
    served: Api, end: Callable[[Person], Awaitable[None]]
) -> None:
    person, other = await served.person(), await served.person()
    async with following(other, "/api/events/"):
        async with following(person, "/api/events/") as events:
            await end(person)
            assert await events.rest() == []
        await until(lambda: served.context.hub.streams == 1)


async def test_a_stream_of_an_answer_ends_with_its_login(served: Api) -> None:
    person = await served.person()
    turn = (await person.post("/api/chat/", json={"text": "What shall I do?"})).json()
    async with following(person, turn["stream_url"]) as events:
        await person.end_login()
        assert await events.rest() == []


async def test_a_stream_of_another_process_ends_as_well(served: Api, api_at: ApiAt) -> None:
    person = await served.person()
    async with api_at() as elsewhere, following(person, "/api/events/") as events:
        await served.context.hub.listening.wait()
        await at(elsewhere, person).end_login()
        assert await events.rest() == []


async def test_the_stream_of_a_script_ends_when_its_key_is_revoked(served: Api) -> None:
    person = await served.person()
    script = await person.with_key(Scope.NOTIFICATIONS_READ)
    (key,) = (await person.get("/api/auth/api-keys")).json()
    async with following(script, "/api/events/") as events:
        await person.delete(f"/api/auth/api-keys/{key['id']}")
        assert await events.rest() == []


@pytest.mark.parametrize("change", [{"role": Role.USER}, {"locked_at": now()}], ids=["role", "lock"])
async def test_what_an_administrator_follows_for_a_person_ends_with_their_own_rights(
    served: Api, change: dict[str, object]
) -> None:
    admin, person = await served.administrator(), await served.person()
    acting = {"X-Act-For": str(person.id), "X-Reason": "she hears nothing"}
    headers = {**admin.headers, **acting}
    async with served.http.stream("GET", "/api/events/", headers=headers, timeout=PATIENCE) as answer:
        assert answer.status_code == 200
        # that the person logs out elsewhere is nothing to it
        await person.end_login()
        await admin.change(**change)
        assert [line async for line in answer.aiter_lines() if line.startswith("data")] == []
