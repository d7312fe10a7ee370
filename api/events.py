"""Live events: one LISTEN connection a process wakes every stream, and each stream reads its own rows.

A wake-up is a flag and carries nothing, so nothing can be lost, nothing can pile up, and a stream that
missed some simply reads further. After a new connection everybody is woken, since announcements in between
went unheard.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import psycopg
import structlog
from psycopg import AsyncConnection, sql

from models.errors import TooManyError, UnavailableError
from models.event import CHANNEL, CHAT_CHANNEL
from models.standing import STANDING_CHANNEL

STREAMS_MAX = 5_000
STREAMS_PER_PERSON = 20
BACKOFF_FIRST = 0.2
BACKOFF_MAX = 5.0
CONNECT_SECONDS = 5

log = structlog.get_logger()


class Subscription:
    """What one stream waits on."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self.closed = False

    def wake(self) -> None:
        """Have the stream read its rows again."""
        self._woken.set()

    def close(self) -> None:
        """Have the stream end."""
        self.closed = True
        self._woken.set()

    def listen(self) -> None:
        """Forget earlier wake-ups; call it before reading the rows, so that no later one is lost."""
        if not self.closed:
            self._woken.clear()

    async def wait(self, seconds: float) -> None:
        """Wait for a wake-up, but no longer than so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)


class Hub:
    """Every open stream of this process, by the id of the person or the message that it follows.

    `on_standing` is called with the id of whoever's standing has changed, and with None where anybody's may
    have changed unheard.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._streams: dict[str, set[Subscription]] = {}
        self._owners: dict[UUID, set[Subscription]] = {}
        self._count = 0
        self._closed = False
        self.listening = asyncio.Event()
        self.on_standing: Callable[[UUID | None], None] = self.wake

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return self._count

    @contextmanager
    def subscribe(self, key: UUID, owner: UUID) -> Iterator[Subscription]:
        """Register a stream that somebody's login holds open until the block ends.

        TooManyError beyond the owner's share.
        """
        if self.streams >= STREAMS_MAX:
            raise UnavailableError("Too many streams are open; try again in a minute.")
        if len(self._owners.get(owner, ())) >= STREAMS_PER_PERSON:
            raise TooManyError(f"At most {STREAMS_PER_PERSON} streams a person; close another first.")
        subscription = Subscription()
        if self._closed:
            subscription.close()
        self._count += 1
        self._owners.setdefault(owner, set()).add(subscription)
        self._streams.setdefault(str(key), set()).add(subscription)
        try:
            yield subscription
        finally:
            self._forget(str(key), owner, subscription)

    def _forget(self, key: str, owner: UUID, subscription: Subscription) -> None:
        self._count -= 1
        self._owners[owner].discard(subscription)
        if not self._owners[owner]:
            del self._owners[owner]
        self._streams[key].discard(subscription)
        if not self._streams[key]:
            del self._streams[key]

    def wake(self, owner: UUID | None) -> None:
        """Have all streams of a person's logins look again whether they may go on; with None, everybody's."""
        for subscription in self._all() if owner is None else self._owners.get(owner, ()):
            subscription.wake()

    def close(self) -> None:
        """Have every stream end, and the later ones at once: the process is about to stop."""
        self._closed = True
        for subscription in self._all():
            subscription.close()

    async def run(self) -> None:
        """Listen until cancelled, through every restart of PostgreSQL."""
        backoff = BACKOFF_FIRST
        while True:
            try:
                async with await self._connect() as connection:
                    backoff = BACKOFF_FIRST
                    await self._hear(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("events.not_listening", error=type(error).__name__, retry_seconds=backoff)
            finally:
                self.listening.clear()
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, BACKOFF_MAX)

    async def _connect(self) -> AsyncConnection:
        # TCP itself finds out when the server is gone without a word
        return await AsyncConnection.connect(
            self._url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            application_name="jobraker events",
        )

    async def _hear(self, connection: AsyncConnection) -> None:
        for channel in (CHANNEL, CHAT_CHANNEL, STANDING_CHANNEL):
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        self.on_standing(None)
        self.listening.set()
        self.wake(None)
        async for notification in connection.notifies():
            if notification.channel == STANDING_CHANNEL:
                self._doubt(notification.payload)
            key = notification.payload.partition(":")[0]
            for subscription in self._streams.get(key, ()):
                subscription.wake()

    def _doubt(self, payload: str) -> None:
        try:
            self.on_standing(UUID(payload))
        except ValueError:
            # not from us, and so perhaps about anybody
            self.on_standing(None)

    def _all(self) -> list[Subscription]:
        return [each for streams in self._streams.values() for each in streams]
