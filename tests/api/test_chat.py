"""The chat: a question is stored with its answer to come, which is streamed, kept and cancelled."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from api.announcing import announce
from models import event
from models.account import Account
from models.base import now
from models.chat import ChatDelta, ChatMessage, place_of_delta, place_of_text
from models.enums import ChatState, DeltaKind
from models.event import Event
from models.sealed import Seal
from tests.api.client import Api, Person, assert_problem
from tests.api.sse import following

QUESTION = "Where have I applied?"


async def asked(person: Person, text: str = QUESTION) -> dict[str, Any]:
    """Ask a question that is taken, and return the turn."""
    answer = await person.post("/api/chat/", json={"text": text})
    assert answer.status_code == 202, answer.text
    turn: dict[str, Any] = answer.json()
    return turn


async def seal_of(api: Api, person: Person) -> Seal:
    """Return the person's seal."""
    async with api.database.begin() as session:
        return (await session.get_one(Account, person.id)).seal(api.context.keys)


class Assistant:
    """Writes an answer as the activity does: a piece and its announcement in one transaction."""

    def __init__(self, api: Api, seal: Seal, message_id: str) -> None:
        self.api = api
        self.seal = seal
        self.message_id = UUID(message_id)
        self.number = 0

    async def says(self, kind: DeltaKind, text: str | None = None) -> None:
        """Store a piece."""
        self.number += 1
        delta = ChatDelta(message_id=self.message_id, number=self.number, kind=kind)
        if text is not None:
            delta.text_sealed = self.seal.seal_text(text, place_of_delta(self.message_id, self.number))
        async with self.api.database.begin() as session:
            (await session.get_one(ChatMessage, self.message_id)).state = ChatState.STREAMING
            session.add(delta)
            await announce(session, event.announce_delta(self.message_id, self.number))

    async def ends(self, state: ChatState, text: str) -> None:
        """Store the last piece and the whole text."""
        self.number += 1
        async with self.api.database.begin() as session:
            message = await session.get_one(ChatMessage, self.message_id)
            message.state, message.ended_at = state, now()
            message.error = "unavailable" if state is ChatState.FAILED else None
            message.text_sealed = self.seal.seal_text(text, place_of_text(self.message_id))
            session.add(ChatDelta(message_id=self.message_id, number=self.number, kind=DeltaKind.END))
            await announce(session, event.announce_delta(self.message_id, self.number))


async def assistant_for(person: Person, turn: dict[str, Any]) -> Assistant:
    """Return who writes the answer of a turn."""
    return Assistant(person.api, await seal_of(person.api, person), turn["answer"]["id"])


async def test_a_question_is_stored_with_the_answer_to_come(api: Api) -> None:
    person = await api.person()
    turn = await asked(person, "  Where\nhave I applied?  ")
    assert turn["question"]["text"] == "Where\nhave I applied?"
    assert (turn["question"]["role"], turn["question"]["state"]) == ("user", "done")
    assert (turn["answer"]["role"], turn["answer"]["state"]) == ("assistant", "queued")
    assert turn["stream_url"] == f"/api/chat/{turn['answer']['id']}/stream"
    async with api.database.begin() as session:
        stored = (await session.exec(select(Event))).one()
    assert (stored.kind, str(stored.subject_id)) == ("chat.changed", turn["answer"]["id"])


async def test_what_is_said_does_not_lie_open_in_the_database(api: Api) -> None:
    person = await api.person()
    await asked(person, "canary-text")
    rows = await api.database.rows("SELECT chat_message::text AS row FROM chat_message", {})
    for row in rows:
        assert "canary" not in row["row"]
        assert b"canary".hex() not in row["row"]


async def test_one_answer_at_a_time(api: Api) -> None:
    person = await api.person()
    answers = await asyncio.gather(*(person.post("/api/chat/", json={"text": "?"}) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 4
    assert_problem(await person.post("/api/chat/", json={"text": "?"}), 409, "under-way")
    assert len((await person.get("/api/chat/")).json()["items"]) == 2


async def test_the_history_is_read_page_by_page_the_newest_first(api: Api) -> None:
    person = await api.person()
    for number in range(3):
        turn = await asked(person, f"question {number}")
        assistant = await assistant_for(person, turn)
        await assistant.ends(ChatState.DONE, f"answer {number}")
    first = (await person.get("/api/chat/", params={"limit": 3})).json()
    assert [each["text"] for each in first["items"]] == ["answer 2", "question 2", "answer 1"]
    rest = (await person.get("/api/chat/", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [each["text"] for each in rest["items"]] == ["question 1", "answer 0", "question 0"]
    assert rest["next_cursor"] is None
    one = (await person.get(f"/api/chat/{first['items'][0]['id']}")).json()
    assert one == first["items"][0]


@pytest.mark.parametrize("text", ["", "   ", "x" * 8001, "a\0b", None, 5, ["x"]])
async def test_a_text_that_is_none_is_refused(api: Api, text: object) -> None:
    person = await api.person()
    assert_problem(await person.post("/api/chat/", json={"text": text}), 422, "invalid")


async def test_an_answer_streams_as_it_is_written(served: Api) -> None:
    person = await served.person()
    turn = await asked(person)
    assistant = await assistant_for(person, turn)
    async with following(person, f"/api/chat/{turn['answer']['id']}/stream") as events:
        await assistant.says(DeltaKind.TEXT, "You have ")
        piece = await events.next()
        assert (piece.kind, piece.id, piece.data) == ("text", "1", {"text": "You have "})
        await assistant.says(DeltaKind.RESET)
        await assistant.says(DeltaKind.TEXT, "Nowhere\n\nyet 🎉")
        await assistant.ends(ChatState.DONE, "Nowhere\n\nyet 🎉")
        rest = await events.rest()
    assert [(each.kind, each.id) for each in rest] == [("reset", "2"), ("text", "3"), ("end", "4")]
    assert rest[1].data == {"text": "Nowhere\n\nyet 🎉"}
    assert rest[2].data == {"state": "done", "error": None}


async def test_a_reload_goes_on_behind_the_last_piece(served: Api) -> None:
    person = await served.person()
    turn = await asked(person)
    assistant = await assistant_for(person, turn)
    for piece in ("a", "b", "c"):
        await assistant.says(DeltaKind.TEXT, piece)
    path = f"/api/chat/{turn['answer']['id']}/stream"
    async with following(person, path) as events:
        assert [each.data["text"] for each in await events.take(3)] == ["a", "b", "c"]
    async with following(person, path, last="2") as events:
        assert (await events.next()).data == {"text": "c"}
        await assistant.ends(ChatState.FAILED, "abc")
        (end,) = await events.rest()
    assert end.data == {"state": "failed", "error": "unavailable"}
    async with following(person, path) as events:
        assert [each.kind for each in await events.rest()] == ["text", "text", "text", "end"]


async def test_a_stream_asked_to_begin_behind_what_is_to_come_ends_all_the_same(served: Api) -> None:
    person = await served.person()
    turn = await asked(person)
    assistant = await assistant_for(person, turn)
    await assistant.says(DeltaKind.TEXT, "a")
    async with following(person, f"/api/chat/{turn['answer']['id']}/stream", last="9999") as events:
        await assistant.says(DeltaKind.TEXT, "b")
        await assistant.ends(ChatState.DONE, "ab")
        assert [each.kind for each in await events.rest()] == ["text", "end"]


async def test_an_answer_whose_pieces_are_gone_is_sent_whole(served: Api) -> None:
    person = await served.person()
    turn = await asked(person)
    assistant = await assistant_for(person, turn)
    await assistant.says(DeltaKind.TEXT, "all of it")
    await assistant.ends(ChatState.DONE, "all of it")
    async with served.database.begin() as session:
        for delta in await session.exec(select(ChatDelta)):
            await session.delete(delta)
    for last in (None, "1"):
        async with following(person, f"/api/chat/{turn['answer']['id']}/stream", last) as events:
            received = await events.rest()
        assert [each.kind for each in received] == ["reset", "text", "end"]
        assert received[1].data == {"text": "all of it"}
        assert received[2].data == {"state": "done", "error": None}


async def test_a_cancelled_answer_keeps_what_has_come_and_ends_its_stream(served: Api) -> None:
    person = await served.person()
    turn = await asked(person)
    assistant = await assistant_for(person, turn)
    path = f"/api/chat/{turn['answer']['id']}"
    await assistant.says(DeltaKind.TEXT, "void")
    await assistant.says(DeltaKind.RESET)
    async with following(person, f"{path}/stream") as events:
        await assistant.says(DeltaKind.TEXT, "You have")
        await events.take(3)
        cancelled = await person.post(f"{path}/cancel")
        assert cancelled.status_code == 200
        assert (cancelled.json()["state"], cancelled.json()["text"]) == ("cancelled", "You have")
        (end,) = await events.rest()
    assert (end.kind, end.data) == ("end", {"state": "cancelled", "error": None})
    assert_problem(await person.post(f"{path}/cancel"), 409, "conflict")
    await asked(person, "And now?")


async def test_an_answer_can_be_cancelled_before_it_began(api: Api) -> None:
    person = await api.person()
    turn = await asked(person)
    cancelled = await person.post(f"/api/chat/{turn['answer']['id']}/cancel")
    assert (cancelled.json()["state"], cancelled.json()["text"]) == ("cancelled", "")


async def test_another_persons_chat_is_not_there(api: Api) -> None:
    owner, other = await api.person(), await api.person()
    turn = await asked(owner)
    path = f"/api/chat/{turn['answer']['id']}"
    assert (await other.get("/api/chat/")).json()["items"] == []
    for answer in (
        await other.get(path),
        await other.get(f"{path}/stream"),
        await other.post(f"{path}/cancel"),
        await owner.get(f"/api/chat/{uuid4()}/stream"),
    ):
        assert_problem(answer, 404, "not-found")
    assert api.context.hub.streams == 0
    assert (await owner.get(path)).json()["state"] == "queued"
