"""Live events: each arrives once, in its order, through lost connections, and for its person alone."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import fastapi.routing
import pytest

from api.announcing import announce
from api.events import STREAMS_PER_PERSON
from api.security import Tokens
from models import event
from models.enums import EventKind, Role
from tests.api.client import Api, Person, assert_problem
from tests.api.configured import JWT_SECRET
from tests.api.files import pdf_of
from tests.api.sse import PATIENCE, following, until


async def happen(api: Api, person: Person, *states: str) -> UUID:
    """Record an event for each state, about one made-up application."""
    subject = uuid4()
    for state in states:
        async with api.database.begin() as session:
            await announce(
                session, event.record(person.id, EventKind.APPLICATION_CHANGED, subject, state=state)
            )
    return subject


async def test_an_event_arrives_as_it_happens(served: Api) -> None:
    person = await served.person()
    async with following(person, "/api/events/") as events:
        subject = await happen(served, person, "queued")
        received = await events.next()
        assert (received.kind, received.id) == ("application.changed", "1")
        assert received.data == {"subject_id": str(subject), "state": "queued"}
        await person.post("/api/resumes/", files={"file": ("cv.pdf", pdf_of("Ada"), "x/y")})
        assert ((await events.next()).kind, events.answer.headers["cache-control"]) == (
            "resume.added",
            "no-cache",
        )


async def test_a_stream_goes_on_behind_the_last_event_that_was_seen(served: Api) -> None:
    person = await served.person()
    await happen(served, person, "a", "b", "c")
    async with following(person, "/api/events/", last="1") as events:
        assert [each.data["state"] for each in await events.take(2)] == ["b", "c"]
        await happen(served, person, "d")
        assert (await events.next()).id == "4"


async def test_a_stream_begins_now_unless_it_is_asked_for_the_beginning(served: Api) -> None:
    person = await served.person()
    await happen(served, person, "past")
    async with following(person, "/api/events/") as now, following(person, "/api/events/?after=0") as all_of:
        assert (await all_of.next()).data["state"] == "past"
        await happen(served, person, "present")
        for events in (now, all_of):
            assert (await events.next()).data["state"] == "present"


async def test_a_number_that_was_never_given_hides_nothing(served: Api) -> None:
    person = await served.person()
    async with following(person, "/api/events/", last="9000000000000000000") as events:
        await happen(served, person, "a")
        assert (await events.next()).id == "1"


async def test_many_events_all_arrive_once_and_in_order(served: Api) -> None:
    person = await served.person()
    states = [str(number) for number in range(450)]
    async with served.database.begin() as session:
        statements = [
            event.record(person.id, EventKind.APPLICATION_CHANGED, uuid4(), state=state) for state in states
        ]
        await announce(session, *statements)
    async with following(person, "/api/events/?after=0") as events:
        assert [each.data["state"] for each in await events.take(450)] == states


async def test_nobody_hears_of_another_person(served: Api) -> None:
    person, other = await served.person(), await served.person()
    async with following(person, "/api/events/?after=0") as events:
        await happen(served, other, "theirs")
        await happen(served, person, "mine")
        assert (await events.next()).data["state"] == "mine"


async def test_events_are_heard_after_the_listening_connection_was_lost(served: Api) -> None:
    person = await served.person()
    hub = served.context.hub
    async with following(person, "/api/events/") as events:
        await hub.listening.wait()
        async with served.database.reader() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'jobraker events' AND datname = current_database()"
            )
        # this one is announced while nobody listens
        await until(lambda: not hub.listening.is_set())
        await happen(served, person, "unheard")
        assert (await events.next()).data["state"] == "unheard"
        await asyncio.wait_for(hub.listening.wait(), PATIENCE)
        await happen(served, person, "heard")
        assert (await events.next()).data["state"] == "heard"


async def test_a_stream_survives_that_all_connections_are_cut(served: Api) -> None:
    person = await served.person()
    async with following(person, "/api/events/") as events:
        async with served.database.begin() as session:
            connection = await session.connection()
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            await connection.exec_driver_sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"  # noqa: S608
            )
        await happen(served, person, "after all")
        assert (await events.next()).data["state"] == "after all"


async def test_a_stream_ends_with_the_token_that_opened_it(served: Api) -> None:
    person = await served.person()
    tokens = Tokens({"test": JWT_SECRET}, "test", timedelta(seconds=2), timedelta(days=1))
    person.tokens["access_token"] = tokens.issue(person.id, Role.USER, person.session_id)
    async with following(person, "/api/events/?after=0") as events:
        await happen(served, person, "a")
        assert [each.data["state"] for each in await events.rest()] == ["a"]
    await until(lambda: served.context.hub.streams == 0)


async def test_an_idle_stream_is_kept_alive(served: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastapi.routing, "_PING_INTERVAL", 0.05)
    person = await served.person()
    async with following(person, "/api/events/") as events:
        assert await events.comment() == "ping"


async def test_a_person_has_a_share_of_streams_which_closing_frees(served: Api) -> None:
    person, other = await served.person(), await served.person()
    opened = [following(person, "/api/events/") for _ in range(STREAMS_PER_PERSON)]
    for stream in opened:
        await stream.__aenter__()
    refused = await person.get("/api/events/")
    assert_problem(refused, 429, "too-many")
    assert refused.headers["retry-after"]
    async with following(other, "/api/events/"):
        assert served.context.hub.streams == STREAMS_PER_PERSON + 1
    for stream in opened:
        await stream.__aexit__(None, None, None)
    await until(lambda: served.context.hub.streams == 0)
    async with following(person, "/api/events/") as events:
        await happen(served, person, "again")
        assert (await events.next()).data["state"] == "again"


async def test_streams_end_when_the_process_is_about_to_stop(served: Api) -> None:
    person = await served.person()
    async with following(person, "/api/events/") as events:
        served.context.hub.close()
        assert await events.rest() == []
    async with following(person, "/api/events/") as events:
        assert await events.rest() == []


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 30, ""])
async def test_a_last_event_that_is_no_number_is_refused(served: Api, last: str) -> None:
    person = await served.person()
    answer = await person.get("/api/events/", headers={"Last-Event-ID": last})
    assert_problem(answer, 422, "invalid")


async def test_without_a_token_there_is_no_stream(served: Api) -> None:
    assert_problem(await served.http.get("/api/events/"), 401, "unauthenticated")
    assert served.context.hub.streams == 0
