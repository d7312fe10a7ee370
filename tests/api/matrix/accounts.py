"""Making what requests about accounts name: tokens of mails, logins, keys, second factors, erasures."""

from datetime import timedelta
from uuid import uuid4

import pyotp

from api.second_factor import new_recovery_codes, new_secret
from models.account import Account
from models.account_enums import ConsentKind, ExportState, TokenPurpose
from models.account_export import AccountExport, ExportPart
from models.base import new_id, now
from models.login_session import LoginSession
from models.one_time_token import OneTimeToken
from models.sealed import place_of
from tests.api.application_scene import seal_of
from tests.api.client import PASSWORD, Api, Person, store
from tests.api.matrix.expected import Ids, Maker


async def a_stranger(_: Api, __: Person) -> Ids:
    """Make up an e-mail that nobody has."""
    return {"email": f"{uuid4().hex}@example.org"}


async def a_login(_: Api, person: Person) -> Ids:
    """Return what the person logs in by, and the refresh token of the present login."""
    return {"email": person.email, "refresh_token": person.tokens.get("refresh_token", "")}


def a_token(purpose: TokenPurpose) -> Maker:
    """Return what makes a token as a mail holds it."""

    async def make(api: Api, person: Person) -> Ids:
        seal = await seal_of(api, person.id)
        token = OneTimeToken(user_id=person.id, purpose=purpose, expires_at=now() + timedelta(hours=1))
        token.address_to(f"{uuid4().hex}@example.org", seal)
        await store(api.database, token)
        return {"token": token.token(seal)}

    return make


async def a_confirmation(api: Api, person: Person) -> Ids:
    """Make the token by which somebody who has just registered confirms their e-mail."""
    await person.change(email_confirmed_at=None)
    return await a_token(TokenPurpose.CONFIRM_EMAIL)(api, person)


async def another_login(api: Api, person: Person) -> Ids:
    """Make another login of the person."""
    at = now()
    login = LoginSession(id=new_id(), user_id=person.id, last_used_at=at, expires_at=at + timedelta(days=1))
    await store(api.database, login)
    return {"session_id": str(login.id)}


async def an_api_key(api: Api, person: Person) -> Ids:
    """Make an API key."""
    answer = await person.post("/api/auth/api-keys", json={"name": "script", "scopes": ["jobs:read"]})
    assert answer.status_code == 201, answer.text
    return {"key_id": answer.json()["id"]}


async def a_secret(api: Api, person: Person) -> Ids:
    """Make a second factor that waits for its first code."""
    seal = await seal_of(api, person.id)
    async with api.database.begin() as session:
        account = await session.get_one(Account, person.id)
        return {"code": pyotp.TOTP(new_secret(account, seal)).now()}


async def a_second_factor(api: Api, person: Person) -> Ids:
    """Make a second factor; the code is one for whoever has lost the device."""
    await a_secret(api, person)
    seal = await seal_of(api, person.id)
    async with api.database.begin() as session:
        account = await session.get_one(Account, person.id)
        account.totp_confirmed_at = now()
        codes, rows = new_recovery_codes(account, seal)
        session.add_all(rows)
    return {"code": codes[0]}


async def an_erasure_asked_for(_: Api, person: Person) -> Ids:
    """Ask for an erasure the first time."""
    answer = await person.post("/api/privacy/erasure", json={"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return {"token": answer.json()["token"]}


async def an_erasure(api: Api, person: Person) -> Ids:
    """Make an erasure that can be undone."""
    body = {"password": PASSWORD, **await an_erasure_asked_for(api, person)}
    answer = await person.post("/api/privacy/erasure/confirm", json=body)
    assert answer.status_code == 202, answer.text
    return {"erasure_id": answer.json()["id"]}


async def an_export(api: Api, person: Person) -> Ids:
    """Make an export that can be fetched."""
    export = AccountExport(
        user_id=person.id,
        state=ExportState.READY,
        size=2,
        sha256="0" * 64,
        ended_at=now(),
        expires_at=now() + timedelta(hours=1),
    )
    seal = await seal_of(api, person.id)
    sealed = seal.seal(b"PK", place_of("export_part", "content_sealed", export.id))
    part = ExportPart(export_id=export.id, number=0, user_id=person.id, content_sealed=sealed)
    await store(api.database, export, part)
    return {"export_id": str(export.id)}


async def a_link(api: Api, person: Person) -> Ids:
    """Make a link that fetches an export."""
    made = await an_export(api, person)
    answer = await person.post(f"/api/privacy/exports/{made['export_id']}/link")
    assert answer.status_code == 201, answer.text
    return {"token": answer.json()["url"].partition("token=")[2]}


async def the_account(_: Api, person: Person) -> Ids:
    """Name the person's account, as administrators do."""
    return {"user_id": str(person.id), "email": person.email}


async def the_terms(api: Api, _: Person) -> Ids:
    """Name what people agree to, as it is now."""
    return {"kind": ConsentKind.TERMS.value, "version": api.context.terms_version}
