"""The keys of Temporal's payloads: a person's derived from their data key, the others from a master key.

They are the ports that `workflows.codec` asks for keys by.
"""

import asyncio
from collections import OrderedDict
from time import monotonic
from uuid import UUID

from psycopg import InterfaceError, OperationalError

from models.database import Database
from models.errors import NotFoundError, UnavailableError
from models.key_ids import installation_key_id, master_key_of, owner_of_key, user_key_id
from models.sealed import KeyRing, WrappedKey

FRESH_SECONDS = 300.0
"""How long a key is remembered: so long at most it is used after it was destroyed."""

REMEMBERED = 20_000
"""How many people's keys are remembered, a hundred bytes or so each."""

PATIENCE_SECONDS = 20.0
AGAIN_SECONDS = 0.25
AWAY = "the database with the keys is away"

DATA_KEY = "SELECT master_key_id, data_key FROM account WHERE id = %(id)s"


class InstallationPayloadKeys:
    """The keys that need no database: everything is sealed under the installation's."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    async def current(self, owner: UUID | None) -> tuple[str, bytes]:  # noqa: ARG002 -- as the port has it
        """Return the id and the key of the current master key, whoever the owner is."""
        return installation_key_id(self._ring.current), self._ring.payload_key(self._ring.current)

    async def by_id(self, key_id: str) -> bytes:
        """Return a key; NotFoundError for a person's, MissingKeyError where the ring lacks its master key."""
        master_key_id = master_key_of(key_id)
        if master_key_id is None:
            raise NotFoundError(f"there is no key {key_id!r}")
        return self._ring.payload_key(master_key_id)


class DatabasePayloadKeys(InstallationPayloadKeys):
    """The keys of people as well, remembered for `fresh` seconds; use it in one event loop.

    While the database is away it is asked again and again for `patience` seconds, since what waits here is
    done as soon as it is back, and what fails is tried by Temporal after longer and longer pauses.
    """

    def __init__(
        self,
        ring: KeyRing,
        database: Database,
        fresh: float = FRESH_SECONDS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        super().__init__(ring)
        self._database = database
        self._fresh = fresh
        self._patience = patience
        self._known: OrderedDict[UUID, tuple[float, bytes]] = OrderedDict()

    async def current(self, owner: UUID | None) -> tuple[str, bytes]:
        """Return the person's key, or the installation's for nobody and for a person who is no more.

        A workflow that outlives its person can then come to its end: a key that nobody has would have its
        task tried for ever. MissingKeyError where the ring lacks the master key, UnavailableError where the
        database is away for longer than the patience.
        """
        key = None if owner is None else await self._key_of(owner)
        if owner is None or key is None:
            return await super().current(None)
        return user_key_id(owner), key

    async def by_id(self, key_id: str) -> bytes:
        """Return a key; NotFoundError for one of nobody or of a person who is no more; and as `current`."""
        owner = owner_of_key(key_id)
        if owner is None:
            return await super().by_id(key_id)
        key = await self._key_of(owner)
        if key is None:
            raise NotFoundError(f"there is no key {key_id!r}")
        return key

    async def _key_of(self, user_id: UUID) -> bytes | None:
        until, key = self._known.get(user_id, (0.0, b""))
        if monotonic() < until:
            self._known.move_to_end(user_id)
            return key
        found = await self._ask(user_id)
        self._known.pop(user_id, None)
        if found is not None and self._fresh:
            self._known[user_id] = (monotonic() + self._fresh, found)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    async def _ask(self, user_id: UUID) -> bytes | None:
        deadline = monotonic() + self._patience
        while True:
            try:
                rows = await self._database.rows(DATA_KEY, {"id": user_id})
                break
            except (OperationalError, InterfaceError):
                if monotonic() >= deadline:
                    raise UnavailableError(AWAY) from None
            await asyncio.sleep(AGAIN_SECONDS)
        if not rows:
            return None
        wrapped = WrappedKey(rows[0]["master_key_id"], rows[0]["data_key"])
        return self._ring.seal_of(user_id, wrapped).payload_key()
