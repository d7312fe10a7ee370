"""The world of the matrix: one app, an owner with at least one of everything, and everybody who may ask."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from urllib.parse import quote

from sqlmodel import select

from api.security import digest_of, new_api_key
from models.account_enums import ConsentKind, Scope
from models.api_key import ApiKey
from models.audit import AuditEntry
from models.base import new_id, now
from models.consent import consent_given
from models.enums import ApplicationState, ChatState, Role
from models.login_session import LoginSession
from settings import LimitSettings
from tests.api.application_scene import seal_of
from tests.api.client import IDENTITY, Api, Person, served_app, store
from tests.api.configured import settings_for
from tests.api.matrix.accounts import an_api_key, an_export, another_login
from tests.api.matrix.belongings import (
    a_message,
    a_notification,
    a_resume,
    a_search,
    an_answer,
    an_approved_topic,
    credentials,
)
from tests.api.matrix.expected import Access, Expected, Ids, Maker
from tests.api.matrix.makers import a_job, an_application, asked, interviewed, proven, shown, unknown

S = ApplicationState
REASON = "to see that the matrix holds"
UNLIMITED = "1000000/1s"

EVERYTHING: tuple[Maker, ...] = (
    *(an_application(state) for state in S if state is not S.SUBMITTED),
    *(asked, shown, unknown, proven, interviewed),
    *(an_answer, an_approved_topic, a_message(ChatState.DONE), a_search, a_resume),
    *(credentials, a_notification, another_login, an_api_key, an_export),
)


class Asker(StrEnum):
    """Who asks."""

    ANONYMOUS = "nobody who says who they are"
    OWNER = "the owner"
    OTHER = "another user"
    ADMIN = "an administrator"
    ACTING = "an administrator who acts for the owner"
    LOCKED = "somebody who is locked"
    ERASING = "somebody who is being erased"
    EXPIRED = "the owner by an access token that has expired"
    ENDED = "the owner by a login that has ended"
    FORGED = "the owner by a token that somebody else has signed"
    KEY = "an API key with the scope"
    OTHER_KEY = "an API key with every scope but the one"


OUT = (Asker.ANONYMOUS, Asker.LOCKED, Asker.ERASING, Asker.EXPIRED, Asker.ENDED, Asker.FORGED)
"""Who is nobody to the app."""


def refusals(expected: Expected) -> dict[str, int]:
    """Return who is not let in, and how they are told."""
    refused: dict[str, int] = {**dict.fromkeys(OUT, 401), Asker.OTHER_KEY: 403}
    if expected.access is not Access.ME:
        refused[Asker.ACTING] = 403
    if expected.access is Access.ADMIN:
        refused |= {Asker.OWNER: 403, Asker.OTHER: 403}
    return refused


@dataclass
class World:
    """Everybody who may ask, by what they send to say who they are."""

    api: Api
    owner: Person
    other: Person
    admin: Person
    headers: dict[Asker, dict[str, str]]
    foreign: Ids
    """Of several things of the owner one each, by the name that paths give them."""

    async def made(self, expected: Expected) -> tuple[Person, Ids]:
        """Make what is asked for; of the owner's, or of somebody's whose account may be changed by it."""
        person = self.owner if expected.access is Access.ME else await self.api.person()
        return person, await expected.make(self.api, person)

    async def others(self, access: Access) -> list[Person]:
        """Return a user and an administrator who have nothing to do with the person."""
        if access is Access.ME:
            return [self.other, self.admin]
        return [await self.api.person(), await self.api.administrator()]

    async def kept_out(self, expected: Expected) -> dict[str, dict[str, str]]:
        """Return what those send who are not let in."""
        keeper = self.admin if expected.access is Access.ADMIN else self.owner
        scopes = [scope for scope in Scope if scope is not expected.scope]
        known = {**self.headers, Asker.OTHER_KEY: await self.key(keeper, *scopes)}
        return {asker: known[Asker(asker)] for asker in refusals(expected)}

    async def let_in(self, expected: Expected, person: Person) -> dict[str, dict[str, str]]:
        """Return what those send who are let in to what is a person's."""
        if expected.access is Access.PUBLIC:
            return {each: self.headers[each] for each in (Asker.ACTING, Asker.EXPIRED, Asker.ANONYMOUS)}
        if expected.access is Access.ADMIN:
            return {Asker.ADMIN: self.admin.headers}
        if expected.access is Access.IN_PERSON:
            return {Asker.OWNER: person.headers}
        asking = {Asker.OWNER.value: person.headers, Asker.ACTING.value: self.headers[Asker.ACTING]}
        keys = {Asker.KEY.value: await self.key(person, expected.scope)} if expected.scope else {}
        return {**asking, **keys}

    async def key(self, person: Person, *scopes: Scope) -> dict[str, str]:
        """Return the header of a new API key of a person."""
        key, seal = new_api_key(), await seal_of(self.api, person.id)
        row = ApiKey(
            user_id=person.id,
            name_sealed=b"",
            prefix=key[:8],
            key_hash=digest_of(key),
            scopes=[scope.value for scope in scopes],
            expires_at=now() + timedelta(days=1),
            last_used_at=now(),
        )
        row.call("script", seal)
        await store(self.api.database, row)
        return {"Authorization": f"Bearer {key}"}

    async def entries(self) -> list[AuditEntry]:
        """Return what was done in the owner's stead, the oldest first."""
        query = select(AuditEntry).where(
            AuditEntry.subject_id == self.owner.id, AuditEntry.actor_id == self.admin.id
        )
        async with self.api.database.begin() as session:
            return sorted(await session.exec(query), key=lambda entry: entry.id)


async def able(person: Person) -> Person:
    """Give a person what applying needs."""
    profile = {"identity": IDENTITY, "daily_cap": 50, "automation": {"company_cap": 50, "host_cap": 50}}
    assert (await person.patch("/api/profile/", json=profile)).status_code == 200
    await a_resume(person.api, person)
    return person


@asynccontextmanager
async def world_at(database_url: str, temporal: str) -> AsyncIterator[World]:
    """Serve the app until the block ends, with everybody in it."""
    limits = LimitSettings(**dict.fromkeys(LimitSettings.model_fields, UNLIMITED))
    async with served_app(settings_for(database_url, temporal=temporal, limits=limits)) as api:
        owner, other = await able(await api.person()), await able(await api.person())
        admin = await able(await api.administrator())
        for make in EVERYTHING:
            await make(api, owner)
        await store(api.database, consent_given(owner.id, ConsentKind.TERMS, "1"))
        foreign = {**await a_job(api, owner), **await interviewed(api, owner), **await a_search(api, owner)}
        yield World(api, owner, other, admin, await _headers(api, owner, other, admin), foreign)


async def _headers(api: Api, owner: Person, other: Person, admin: Person) -> dict[Asker, dict[str, str]]:
    locked, erasing = await api.person(), await api.person()
    await locked.change(locked_at=now())
    await erasing.change(erasing_at=now())
    ended = replace(owner, tokens={"access_token": await _another_token(api, owner)})
    await ended.end_login()
    tokens = api.context.tokens
    expired = replace(tokens, access=timedelta(minutes=-1))
    forged = replace(tokens, keys=dict.fromkeys(tokens.keys, hashlib.sha256(b"another").hexdigest()))

    def bearer(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    return {
        Asker.ANONYMOUS: {},
        Asker.OWNER: owner.headers,
        Asker.OTHER: other.headers,
        Asker.ADMIN: admin.headers,
        Asker.ACTING: {**admin.headers, "X-Act-For": str(owner.id), "X-Reason": quote(REASON)},
        Asker.LOCKED: locked.headers,
        Asker.ERASING: erasing.headers,
        Asker.EXPIRED: bearer(expired.issue(owner.id, Role.USER, owner.session_id)),
        Asker.ENDED: ended.headers,
        Asker.FORGED: bearer(forged.issue(owner.id, Role.USER, owner.session_id)),
    }


async def _another_token(api: Api, person: Person) -> str:
    """Return the access token of another login of a person."""
    at, session_id = now(), new_id()
    login = LoginSession(id=session_id, user_id=person.id, last_used_at=at, expires_at=at + timedelta(days=1))
    await store(api.database, login)
    return api.context.tokens.issue(person.id, Role.USER, session_id)
