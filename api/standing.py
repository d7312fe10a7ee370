"""Whether a login or an API key still holds, asked of the database and remembered while changes are heard.

What was read is remembered for at most 30 seconds, and only while this process hears of changes; a process
that does not hear asks each time. The epoch grows with each change that is heard of, and what was read in an
earlier one is not remembered: it may be from before the change. To begin to hear counts as a change of all.
"""

import time
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, update
from sqlmodel import col, or_
from sqlmodel.ext.asyncio.session import AsyncSession

from api.announcing import announce
from api.events import Hub
from api.security import REFUSED, Claims, digest_of
from models.api_key import ApiKey
from models.base import now
from models.database import Database
from models.enums import Role
from models.errors import UnauthenticatedError
from models.standing import announce_standing

REMEMBERED_SECONDS = 30.0
REMEMBERED_MAX = 50_000
TOUCH_SECONDS = 60.0
"""How often at most it is noted when a key was last used."""

LOGIN_SQL = (
    "SELECT account.id AS user_id, account.role, account.totp_confirmed_at IS NOT NULL AS second_factor"
    " FROM login_session JOIN account ON account.id = login_session.user_id"
    " WHERE login_session.id = %(id)s AND login_session.ended_at IS NULL"
    " AND account.locked_at IS NULL AND account.erasing_at IS NULL"
)
KEY_SQL = (
    "SELECT account.id AS user_id, 'user' AS role, false AS second_factor, api_key.id AS key_id,"
    " api_key.scopes, api_key.expires_at,"
    " coalesce(extract(epoch FROM now() - api_key.last_used_at), 'infinity')::float AS unused_seconds"
    " FROM api_key JOIN account ON account.id = api_key.user_id"
    " WHERE (api_key.key_hash = %(digest)s OR api_key.id = %(id)s) AND api_key.revoked_at IS NULL"
    " AND account.locked_at IS NULL AND account.erasing_at IS NULL"
)


@dataclass(slots=True)
class Known:
    """What the database said of a login or key. Moments in seconds of the monotonic clock."""

    user_id: UUID
    role: Role
    second_factor: bool
    read_at: float
    key_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    touched_at: float = 0.0

    @classmethod
    def of(cls, row: dict[str, Any], moment: float) -> "Known":
        """Return what a row says that was read just now."""
        known = cls(row["user_id"], Role(row["role"]), row["second_factor"], moment)
        if "key_id" in row:
            known.key_id, known.expires_at = row["key_id"], row["expires_at"]
            known.scopes = frozenset(row["scopes"])
            known.touched_at = moment - row["unused_seconds"]
        return known


class Standing:
    """Knows who is let in now. One a process."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._known: dict[Hashable, Known] = {}
        self._of_person: dict[UUID, set[Hashable]] = {}
        self._epoch = 0
        hub.on_standing = self.forget

    async def of_login(self, claims: Claims) -> Claims:
        """Return the claims of an access token with the role as it is now.

        UnauthenticatedError where the login has ended, or its account is locked, being erased or gone.
        """
        known = await self._find(claims.session_id, LOGIN_SQL, id=claims.session_id)
        if known is None or known.user_id != claims.id:
            raise UnauthenticatedError(REFUSED)
        return replace(claims, role=known.role, second_factor=known.second_factor)

    async def of_key(self, key: str) -> tuple[Claims, frozenset[str]]:
        """Return who an API key stands for, and its scopes; UnauthenticatedError where it does not hold."""
        digest = digest_of(key)
        known = await self._find(digest, KEY_SQL, digest=digest, id=None)
        if known is None or known.expires_at is None or known.expires_at <= now():
            raise UnauthenticatedError(REFUSED)
        await self._touch(known)
        expires_at = int(known.expires_at.timestamp())
        return Claims(known.user_id, Role.USER, None, expires_at, api_key_id=known.key_id), known.scopes

    async def holds(self, claims: Claims) -> bool:
        """Tell whether claims that were let in earlier would be let in now."""
        if claims.session_id is None:
            return await self._find(claims.api_key_id, KEY_SQL, digest=None, id=claims.api_key_id) is not None
        known = await self._find(claims.session_id, LOGIN_SQL, id=claims.session_id)
        return known is not None and (claims.actor_id is None or known.role is Role.ADMIN)

    async def changed(self, session: AsyncSession, user_id: UUID) -> None:
        """Have every process ask anew about a person, as soon as the transaction commits.

        This process forgets in the very commit, so that nothing it answers afterwards is from before.
        """
        await announce(session, announce_standing(user_id))
        event.listen(session.sync_session, "after_commit", lambda _: self.forget(user_id), once=True)

    def forget(self, user_id: UUID | None) -> None:
        """Ask anew about a person, None for everybody, and have their streams do so at once."""
        self._epoch += 1
        if user_id is None:
            self._known.clear()
            self._of_person.clear()
        else:
            for credential in self._of_person.pop(user_id, ()):
                self._known.pop(credential, None)
        self._hub.wake(user_id)

    async def _find(self, credential: Hashable, sql: str, **parameters: UUID | str | None) -> Known | None:
        moment, epoch = time.monotonic(), self._epoch
        if self._hub.listening.is_set():
            known = self._known.get(credential)
            if known is not None and moment - known.read_at < REMEMBERED_SECONDS:
                return known
        rows = await self._database.rows(sql, parameters)
        known = Known.of(rows[0], moment) if rows else None
        if known is not None and epoch == self._epoch and self._hub.listening.is_set():
            self._remember(credential, known)
        return known

    def _remember(self, credential: Hashable, known: Known) -> None:
        if len(self._known) >= REMEMBERED_MAX:
            self._known.clear()
            self._of_person.clear()
        self._known[credential] = known
        self._of_person.setdefault(known.user_id, set()).add(credential)

    async def _touch(self, known: Known) -> None:
        """Note that a key was used, unless that was noted a moment ago."""
        moment = time.monotonic()
        if moment - known.touched_at < TOUCH_SECONDS:
            return
        known.touched_at = moment
        last_used_at, used_at = col(ApiKey.last_used_at), now()
        async with self._database.begin() as session:
            # another process may have noted it meanwhile
            is_old = or_(last_used_at.is_(None), last_used_at < used_at - timedelta(seconds=TOUCH_SECONDS))
            touched = update(ApiKey).where(col(ApiKey.id) == known.key_id, is_old)
            await session.exec(touched.values(last_used_at=used_at))
