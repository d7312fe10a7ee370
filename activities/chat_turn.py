"""One answer of the assistant: asked of the model, and stored piece by piece as it comes."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from openai.types.chat import ChatCompletionMessageParam
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.chat_prompt import CONTEXT_SQL, HISTORY_SQL, LATEST_APPLICATIONS, messages_to, situation_of
from activities.chat_stream import OpenAnswer, end_answer, fail_answer, note_fault, open_answer
from activities.credentials import ApiKey, CredentialStore
from activities.heartbeat import beating
from activities.vendors.openai import ModelError, OpenAI
from models.chat import place_of_text
from models.database import Database
from models.enums import ChatFault, ChatRole
from models.sealed import KeyRing
from workflows.messages import ChatTurnRef
from workflows.steps import ChatTurnSteps

FLUSH_SECONDS = 0.05
"""Between two rows of an answer; shorter makes more rows than anybody can read."""


class Outbox:
    """Text that waits to be stored; closed when no more comes."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._is_closed = False
        self._changed = asyncio.Event()

    def put(self, text: str) -> None:
        """Add some text."""
        if text:
            self._parts.append(text)
            self._changed.set()

    def close(self) -> None:
        """Say that no more comes."""
        self._is_closed = True
        self._changed.set()

    async def take(self) -> str:
        """Wait for text and return all that there is; nothing once closed and emptied."""
        while not self._parts and not self._is_closed:
            self._changed.clear()
            await self._changed.wait()
        text = "".join(self._parts)
        self._parts.clear()
        return text


@dataclass(frozen=True)
class ChatTurnActivities(ChatTurnSteps):
    """The steps of one answer. `history_messages` is how many messages the model is told."""

    database: Database
    keys: KeyRing
    credentials: CredentialStore
    model: OpenAI
    history_messages: int

    @activity.defn
    async def answer(self, turn: ChatTurnRef) -> None:
        """Stream the answer; a try that fails notes why, for the person to see if it was the last."""
        async with beating():
            try:
                await self._answer(turn)
            except ModelError as error:
                await note_fault(self.database, turn, error.fault)
                raise _failure_of(error) from None

    @activity.defn
    async def fail(self, turn: ChatTurnRef) -> None:
        """End the answer as failed."""
        await fail_answer(self.database, self.keys, turn)

    async def _answer(self, turn: ChatTurnRef) -> None:
        key, answer, situation, history = await asyncio.gather(
            self.credentials.openai(turn.user_id),
            open_answer(self.database, self.keys, turn),
            self.database.rows(CONTEXT_SQL, {"user_id": turn.user_id, "latest": LATEST_APPLICATIONS}),
            self.database.rows(
                HISTORY_SQL,
                {"user_id": turn.user_id, "before": turn.message_id, "limit": self.history_messages},
            ),
        )
        if answer is None:
            return
        if key is None:
            raise ModelError(ChatFault.NOT_ALLOWED)
        told = [
            (ChatRole(row["role"]), answer.seal.open_text(row["text_sealed"], place_of_text(row["id"])))
            for row in reversed(history)
        ]
        outbox = Outbox()
        messages = messages_to(situation_of(situation[0]), told)
        asking = asyncio.create_task(self._ask(key, messages, outbox))
        try:
            text = await _store(answer, outbox, asking)
            if text is not None:
                await end_answer(self.database, turn, answer, text, await asking)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _ask(
        self, key: ApiKey, messages: list[ChatCompletionMessageParam], outbox: Outbox
    ) -> ChatFault | None:
        """Put the answer into the outbox; return how it fell short, if it did."""
        fault = None
        try:
            async for piece in self.model.stream(key.key, messages):
                outbox.put(piece.text)
                fault = piece.fault
        finally:
            outbox.close()
        return fault


async def _store(answer: OpenAnswer, outbox: Outbox, asking: asyncio.Task[ChatFault | None]) -> str | None:
    """Store what comes, the first piece at once; return the text, None where the answer was cancelled."""
    whole: list[str] = []
    while text := await outbox.take():
        if not await answer.add(text):
            return None
        whole.append(text)
        await asyncio.wait([asking], timeout=FLUSH_SECONDS)
    return "".join(whole)


def _failure_of(error: ModelError) -> ApplicationError:
    wait = timedelta(seconds=error.retry_after) if error.retry_after is not None else None
    return ApplicationError(
        str(error), type=error.fault.value, non_retryable=error.is_final, next_retry_delay=wait
    )
