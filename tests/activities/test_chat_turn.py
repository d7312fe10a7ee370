"""One answer of the assistant, over the OpenAI stand-in and a real database: streaming, ends and faults."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from sqlmodel import col, select
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.chat_turn import ChatTurnActivities
from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from activities.vendors.openai import OpenAI, new_openai_client
from local.keys import OPENAI_API_KEY
from local.openai.app import create_app
from local.openai.config import OpenAIConfig
from local.serving import serve
from models.account import Account
from models.chat import ChatDelta, ChatMessage, joined, place_of_text
from models.database import Database
from models.enums import ChatRole, ChatState, DeltaKind, EventKind
from models.event import CHAT_CHANNEL, Event
from models.sealed import KeyRing, Seal
from tests.local.skyvern_stage import until
from workflows.messages import ChatTurnRef

TIMEOUT = 10.0
HASTE = 0.3


@dataclass
class Talk:
    """A person who talks with the assistant, and the stand-in that answers."""

    database: Database
    seal: Seal
    user_id: UUID
    vendor: httpx.AsyncClient
    activities: ChatTurnActivities
    environment: ActivityEnvironment = field(default_factory=ActivityEnvironment)

    async def say(self, role: ChatRole, text: str, state: ChatState = ChatState.DONE) -> None:
        """Store a message of the past."""
        message = ChatMessage(user_id=self.user_id, role=role, state=state)
        message.text_sealed = self.seal.seal_text(text, place_of_text(message.id))
        async with self.database.begin() as session:
            session.add(message)

    async def ask(self, text: str = "How do I prepare?") -> ChatTurnRef:
        """Store a question with the row of its answer."""
        await self.say(ChatRole.USER, text)
        answer = ChatMessage(user_id=self.user_id, role=ChatRole.ASSISTANT, state=ChatState.QUEUED)
        async with self.database.begin() as session:
            session.add(answer)
        return ChatTurnRef(message_id=answer.id, user_id=self.user_id)

    async def answer(self, turn: ChatTurnRef) -> None:
        await self.environment.run(self.activities.answer, turn)

    async def fail(self, turn: ChatTurnRef) -> None:
        await self.environment.run(self.activities.fail, turn)

    async def script(self, **script: object) -> None:
        """Prescribe the next answer."""
        answer = await self.vendor.post("/_control/script", json=script)
        assert answer.status_code == 201, answer.text

    async def fault(self, **fault: object) -> None:
        answer = await self.vendor.post("/_control/faults", json=fault)
        assert answer.status_code == 201, answer.text

    async def requests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.vendor.get("/_control/requests")).json()
        return found

    async def message(self, turn: ChatTurnRef) -> ChatMessage:
        async with self.database.begin() as session:
            return await session.get_one(ChatMessage, turn.message_id)

    async def text(self, turn: ChatTurnRef) -> str | None:
        message = await self.message(turn)
        if message.text_sealed is None:
            return None
        return self.seal.open_text(message.text_sealed, place_of_text(message.id))

    async def deltas(self, turn: ChatTurnRef) -> list[ChatDelta]:
        query = select(ChatDelta).where(ChatDelta.message_id == turn.message_id)
        async with self.database.begin() as session:
            return list((await session.exec(query.order_by(col(ChatDelta.number)))).all())

    async def has_begun(self, turn: ChatTurnRef) -> bool:
        return bool(await self.deltas(turn))

    async def kinds(self, turn: ChatTurnRef) -> list[DeltaKind]:
        return [delta.kind for delta in await self.deltas(turn)]

    async def events(self) -> list[Event]:
        async with self.database.begin() as session:
            return list((await session.exec(select(Event).order_by(col(Event.number)))).all())


@asynccontextmanager
async def open_talk(database_url: str, key: str = OPENAI_API_KEY) -> AsyncIterator[Talk]:
    keys = KeyRing({"k1": os.urandom(32)}, "k1")
    account = Account.register("ada@example.org", "no-hash", keys)
    database = Database(database_url)
    config = OpenAIConfig(piece_seconds=0)
    async with serve(create_app(config)) as url, httpx.AsyncClient(base_url=url) as vendor:
        installation = InstallationKeys(AdzunaKeys("", ""), ApiKey(""), ApiKey(key))
        client = new_openai_client(f"{url}/v1", TIMEOUT)
        activities = ChatTurnActivities(
            database=database,
            keys=keys,
            credentials=CredentialStore(database, keys, installation),
            model=OpenAI(client, "gpt-4.1-mini", 1500),
            history_messages=4,
        )
        async with database.begin() as session:
            session.add(account)
        try:
            yield Talk(database, account.seal(keys), account.id, vendor, activities)
        finally:
            await client.close()
            await database.close()


@pytest.fixture
async def talk(database_url: str) -> AsyncIterator[Talk]:
    async with open_talk(database_url) as talk:
        yield talk


async def test_an_answer_is_stored_as_it_streamed(talk: Talk) -> None:
    await talk.script(pieces=[{"text": "Read "}, {"text": "the advert.", "delay": 0.15}])
    turn = await talk.ask()
    await talk.answer(turn)
    message = await talk.message(turn)
    assert (message.state, message.error) == (ChatState.DONE, None)
    assert message.ended_at is not None
    assert await talk.text(turn) == "Read the advert."
    deltas = await talk.deltas(turn)
    assert [delta.number for delta in deltas] == [1, 2, 3]
    assert [delta.kind for delta in deltas] == [DeltaKind.TEXT, DeltaKind.TEXT, DeltaKind.END]
    assert joined(deltas[:1], talk.seal) == "Read "
    assert joined(deltas, talk.seal) == "Read the advert."
    [event] = await talk.events()
    assert (event.kind, event.subject_id, event.data) == (
        EventKind.CHAT_CHANGED,
        turn.message_id,
        {"state": "done"},
    )


async def test_no_words_of_an_answer_lie_open(talk: Talk) -> None:
    await talk.script(text="unmistakable")
    turn = await talk.ask("peculiar")
    await talk.answer(turn)
    async with talk.database.reader() as connection:
        for query in (
            b"SELECT string_agg(t::text, '') AS dump FROM chat_message t",
            b"SELECT string_agg(t::text, '') AS dump FROM chat_delta t",
            b"SELECT string_agg(t::text, '') AS dump FROM event t",
        ):
            row = await (await connection.execute(query)).fetchone()
            assert row is not None
            for word in ("unmistakable", "peculiar"):
                assert word not in row["dump"]
                assert word.encode().hex() not in row["dump"]


async def test_every_piece_is_announced_once_it_can_be_read(talk: Talk, database_url: str) -> None:
    await talk.script(pieces=[{"text": "one "}, {"text": "two", "delay": 0.1}])
    turn = await talk.ask()
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as listening:
        await listening.execute(f"LISTEN {CHAT_CHANNEL}".encode())
        answering = asyncio.create_task(talk.answer(turn))
        heard = []
        async for notice in listening.notifies(timeout=10):
            heard.append(notice.payload)
            read = await talk.deltas(turn)
            assert f"{turn.message_id}:{read[-1].number}" >= notice.payload
            if read[-1].kind is DeltaKind.END and len(heard) == len(read):
                break
        await answering
    assert heard == [f"{turn.message_id}:{number}" for number in (1, 2, 3)]


async def test_the_first_piece_does_not_wait_for_more(talk: Talk) -> None:
    await talk.script(pieces=[{"text": "At once, "}, {"text": "and then.", "delay": 0.4}])
    turn = await talk.ask()
    answering = asyncio.create_task(talk.answer(turn))
    await until(lambda: talk.has_begun(turn))
    assert not answering.done()
    assert (await talk.message(turn)).state is ChatState.STREAMING
    await answering


async def test_a_fast_answer_makes_few_rows(talk: Talk) -> None:
    await talk.script(pieces=[{"text": "word "}] * 400)
    turn = await talk.ask()
    await talk.answer(turn)
    assert await talk.text(turn) == "word " * 400
    assert len(await talk.deltas(turn)) < 40


async def test_the_model_is_told_the_conversation_and_no_more_than_it_may(talk: Talk) -> None:
    for number in range(4):
        await talk.say(ChatRole.USER, f"question {number}")
        await talk.say(ChatRole.ASSISTANT, f"answer {number}")
    await talk.say(ChatRole.ASSISTANT, "half an ans", ChatState.FAILED)
    turn = await talk.ask("And now?")
    await talk.answer(turn)
    [request] = await talk.requests()
    messages = request["body"]["messages"]
    assert [message["role"] for message in messages[:2]] == ["system", "user"]
    assert [message["content"] for message in messages[2:]] == [
        "answer 2",
        "question 3",
        "answer 3",
        "And now?",
    ]
    assert request["body"]["max_completion_tokens"] == 1500


@pytest.mark.parametrize(
    ("script", "state", "error", "text"),
    [
        ({"text": "half", "finish_reason": "length"}, ChatState.DONE, "cut_short", "half"),
        ({"text": "half", "finish_reason": "content_filter"}, ChatState.DONE, "content_filter", "half"),
        ({"text": "", "finish_reason": "content_filter"}, ChatState.FAILED, "content_filter", ""),
        ({"refusal": "I cannot help."}, ChatState.DONE, "refused", "I cannot help."),
        ({"text": ""}, ChatState.FAILED, "empty", ""),
        ({"tool_calls": [{"name": "anything"}]}, ChatState.FAILED, "empty", ""),
    ],
    ids=["length", "filtered", "filtered whole", "refused", "empty", "tool"],
)
async def test_an_answer_that_falls_short_says_so(
    talk: Talk, script: dict[str, object], state: ChatState, error: str, text: str
) -> None:
    await talk.script(**script)
    turn = await talk.ask()
    await talk.answer(turn)
    message = await talk.message(turn)
    assert (message.state, message.error, await talk.text(turn)) == (state, error, text)
    assert (await talk.kinds(turn))[-1] is DeltaKind.END


@pytest.mark.parametrize(
    ("error", "word", "final"),
    [
        ("insufficient_quota", "quota_exhausted", True),
        ("context_length_exceeded", "too_long", True),
        ("invalid_api_key", "credentials_refused", True),
        ("model_not_found", "model_not_found", True),
        ("unsupported_country_region_territory", "credentials_refused", True),
        ("server_error", "unavailable", False),
        ("rate_limit_exceeded", "rate_limited", False),
    ],
)
async def test_a_refusal_is_repeated_only_where_that_can_help(
    talk: Talk, error: str, word: str, *, final: bool
) -> None:
    await talk.script(error=error)
    turn = await talk.ask()
    with pytest.raises(ApplicationError) as caught:
        await talk.answer(turn)
    assert (caught.value.type, caught.value.non_retryable) == (word, final)
    assert len(await talk.requests()) == 1, "the SDK repeats nothing"
    await talk.fail(turn)
    message = await talk.message(turn)
    assert (message.state, message.error) == (ChatState.FAILED, word)
    assert await talk.kinds(turn) == [DeltaKind.END]


async def test_the_vendors_wait_is_kept(talk: Talk) -> None:
    await talk.script(error="rate_limit_exceeded", retry_after=1.5)
    with pytest.raises(ApplicationError) as caught:
        await talk.answer(await talk.ask())
    assert caught.value.next_retry_delay == timedelta(seconds=1.5)


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({"kind": "cut"}, "unreachable"),
        ({"kind": "html"}, "unavailable"),
        ({"kind": "html", "status": 200}, "broken_stream"),
        ({"kind": "garbage"}, "broken_stream"),
        ({"kind": "status", "status": 422}, "bad_request"),
        ({"kind": "status", "status": 400, "body": {"error": {"message": "no"}}}, "bad_request"),
        ({"kind": "status", "status": 500}, "unavailable"),
    ],
    ids=["cut", "html", "html 200", "garbage", "422", "400", "500"],
)
async def test_what_cannot_be_read_is_a_fault_with_a_name(
    talk: Talk, fault: dict[str, object], word: str
) -> None:
    await talk.fault(path="/v1/chat", **fault)
    turn = await talk.ask()
    with pytest.raises(ApplicationError) as caught:
        await talk.answer(turn)
    assert caught.value.type == word
    assert (await talk.message(turn)).error == word
    assert caught.value.non_retryable is (word == "bad_request")


async def test_a_model_that_stays_silent_is_not_waited_for(talk: Talk) -> None:
    await talk.fault(path="/v1/chat", kind="slow", seconds=1.0)
    turn = await talk.ask()
    client = new_openai_client(f"{talk.vendor.base_url}/v1", HASTE)
    hasty = replace(talk.activities, model=replace(talk.activities.model, client=client))
    with pytest.raises(ApplicationError) as caught:
        await talk.environment.run(hasty.answer, turn)
    assert (caught.value.type, caught.value.non_retryable) == ("timeout", False)
    await client.close()


async def test_a_missing_key_is_refused_without_asking(database_url: str) -> None:
    async with open_talk(database_url, key="") as talk:
        with pytest.raises(ApplicationError) as caught:
            await talk.answer(await talk.ask())
        assert (caught.value.type, caught.value.non_retryable) == ("credentials_refused", True)
        assert await talk.requests() == []


async def test_a_repeated_try_begins_with_a_reset_and_its_numbers_go_on(talk: Talk) -> None:
    await talk.script(pieces=[{"text": "broken"}], stream_error="server_error")
    await talk.script(text="whole")
    turn = await talk.ask()
    with pytest.raises(ApplicationError):
        await talk.answer(turn)
    assert (await talk.message(turn)).error == "unavailable"
    await talk.answer(turn)
    deltas = await talk.deltas(turn)
    assert [(delta.number, delta.kind) for delta in deltas] == [
        (1, DeltaKind.TEXT),
        (2, DeltaKind.RESET),
        (3, DeltaKind.TEXT),
        (4, DeltaKind.END),
    ]
    assert await talk.text(turn) == joined(deltas, talk.seal) == "whole"
    assert (await talk.message(turn)).error is None


async def test_a_failed_answer_keeps_what_came_of_it(talk: Talk) -> None:
    await talk.script(pieces=[{"text": "half an answer"}], stream_error="server_error")
    turn = await talk.ask()
    with pytest.raises(ApplicationError):
        await talk.answer(turn)
    for _ in range(2):
        await talk.fail(turn)
    assert await talk.text(turn) == "half an answer"
    assert await talk.kinds(turn) == [DeltaKind.TEXT, DeltaKind.END]
    assert [event.data for event in await talk.events()] == [{"state": "failed"}]


async def test_an_answer_that_has_ended_is_not_asked_for_again(talk: Talk) -> None:
    turn = await talk.ask()
    await talk.answer(turn)
    before = await talk.deltas(turn)
    await talk.answer(turn)
    await talk.fail(turn)
    assert await talk.deltas(turn) == before
    assert len(await talk.requests()) == 1


async def test_a_cancelled_answer_stops_and_nothing_is_added(talk: Talk) -> None:
    await talk.script(pieces=[{"text": "one "}, *[{"text": "more ", "delay": 0.1}] * 50])
    turn = await talk.ask()
    answering = asyncio.create_task(talk.answer(turn))
    await until(lambda: talk.has_begun(turn))
    async with talk.database.begin() as session:
        message = await session.get_one(ChatMessage, turn.message_id, with_for_update=True)
        message.state = ChatState.CANCELLED
        query = select(ChatDelta).where(ChatDelta.message_id == turn.message_id)
        stood = (await session.exec(query)).all()
        end = ChatDelta(message_id=message.id, number=len(stood) + 1, kind=DeltaKind.END)
        session.add(end)
    async with asyncio.timeout(2):
        await answering
    assert len(await talk.deltas(turn)) == len(stood) + 1
    assert (await talk.message(turn)).state is ChatState.CANCELLED


async def test_the_step_beats_while_the_model_is_silent(talk: Talk) -> None:
    beats: list[object] = []
    talk.environment.on_heartbeat = lambda *details: beats.append(details)
    await talk.script(text="late", delay=0.2)
    await talk.answer(await talk.ask())
    assert beats
