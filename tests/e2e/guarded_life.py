"""What people do to guard their account and their data, each with canaries, and how they leave."""

from typing import Any
from urllib.parse import quote

import httpx
import pyotp

from local.demo.api import Api, open_api
from local.demo.mailbox import token_mailed
from local.demo.person import DOCX
from local.throwaway import LocalStack
from tests.e2e.canaries import Canaries
from tests.e2e.people import Applicant, found

Json = dict[str, Any]
SCOPES = ["jobs:read", "applications:read"]


async def guard(person: Applicant, canaries: Canaries) -> None:
    """Search, be helped by an administrator, bring keys, change the e-mail, and take everything along."""
    await _wish(person, canaries)
    await _be_helped(person, canaries)
    await _log_in_elsewhere(person, canaries)
    key = {"name": canaries.key_name, "scopes": SCOPES}
    canaries.learn("api_key", (await person.api.call("POST", "/api/auth/api-keys", json=key))["key"])
    await _change_email(person, canaries)
    await _switch_factor_on(person.api, canaries)
    await _export(person, canaries)


async def leave(person: Applicant, canaries: Canaries) -> Json:
    """Ask for the erasure twice, and wait for its end; return the receipt."""
    asked = {"password": canaries.password, "code": canaries.learned["recovery_code"]}
    plan = await person.api.call("POST", "/api/privacy/erasure", json=asked)
    canaries.learn("erasure_token", plan["token"])
    confirmed = {**asked, "code": canaries.learned["second_recovery_code"], "token": plan["token"]}
    erasure = await person.api.call("POST", "/api/privacy/erasure/confirm", json=confirmed)

    async def receipt() -> Json | None:
        async with open_api(person.stack.api) as nobody:
            shown: Json = await nobody.call("GET", f"/api/privacy/receipts/{erasure['id']}")
        return shown if shown["state"] == "erased" else None

    return await found(receipt, "the end of the erasure")


async def _wish(person: Applicant, canaries: Canaries) -> None:
    preferences = {
        "titles": [canaries.title],
        "excluded_words": [canaries.excluded],
        "blocked_companies": [canaries.blocked],
        "skills": [canaries.skill],
        "industries": [canaries.industry],
        "locations": [canaries.wished_place],
    }
    await person.api.call("PATCH", "/api/profile/", json={"preferences": preferences})
    search = {"country": "gb", "what": canaries.search_words, "name": canaries.search_name}
    await person.api.call("POST", "/api/searches/", json=search)
    file = {"file": (f"{canaries.file_name}.docx", person.person.resume(), DOCX)}
    await person.api.call("POST", "/api/resumes/", files=file)


async def _be_helped(person: Applicant, canaries: Canaries) -> None:
    """Have an administrator look the person up and at what they have, and say why."""
    stack, me = person.stack, await person.api.call("GET", "/api/auth/me")
    async with open_api(stack.api) as admin:
        await admin.login(stack.secrets.admin_email, stack.secrets.admin_password)
        await admin.call(
            "POST", "/api/admin/users/find", json={"email": canaries.email, "reason": canaries.reason}
        )
        acting = {"x-act-for": me["id"], "x-reason": quote(f"{canaries.reason} — they asked")}
        await admin.call("GET", "/api/profile/", headers=acting)
        await admin.call("GET", "/api/applications/", headers=acting)
    entries = (await person.api.call("GET", "/api/privacy/audit"))["items"]
    assert any(canaries.reason in (each["reason"] or "") for each in entries)


async def _log_in_elsewhere(person: Applicant, canaries: Canaries) -> None:
    credentials = {"email": canaries.email, "password": canaries.password}
    device = {"user-agent": canaries.device}
    async with httpx.AsyncClient(base_url=person.stack.api, headers=device, trust_env=False) as client:
        tokens = (await client.post("/api/auth/login", json=credentials)).raise_for_status().json()
    canaries.learn("refresh_token", tokens["refresh_token"])
    sessions = (await person.api.call("GET", "/api/auth/sessions"))["items"]
    assert canaries.device in [each["device"] for each in sessions]


async def _change_email(person: Applicant, canaries: Canaries) -> None:
    """Ask for another e-mail, and leave it at that."""
    body = {"email": canaries.new_email, "password": canaries.password}
    await person.api.call("POST", "/api/auth/email", json=body)
    token = await token_mailed(person.stack.stand_in("mail"), canaries.new_email)
    canaries.learn("email_token", token)


async def _switch_factor_on(api: Api, canaries: Canaries) -> None:
    factor = await api.call("POST", "/api/auth/totp", json={"password": canaries.password})
    canaries.learn("totp_secret", factor["secret"])
    code = pyotp.TOTP(factor["secret"]).now()
    codes = (await api.call("POST", "/api/auth/totp/confirm", json={"code": code}))["codes"]
    canaries.learn("recovery_code", codes[0])
    canaries.learn("second_recovery_code", codes[1])


async def _export(person: Applicant, canaries: Canaries) -> None:
    """Take everything along, by a link that is good once."""
    api = person.api
    export = await api.call("POST", "/api/privacy/exports/")

    async def ready() -> bool:
        state = (await api.call("GET", f"/api/privacy/exports/{export['id']}"))["state"]
        assert state != "failed"
        return bool(state == "ready")

    await found(ready, "the export")
    link = (await api.call("POST", f"/api/privacy/exports/{export['id']}/link"))["url"]
    canaries.learn("export_token", link.partition("token=")[2])
    path = f"/api/privacy/exports/download?token={canaries.learned['export_token']}"
    assert (await api.download(path)).startswith(b"PK")


async def mails_to(stack: LocalStack, address: str) -> list[Json]:
    """Return what was mailed to an address."""
    async with httpx.AsyncClient(base_url=stack.stand_in("mail"), trust_env=False) as client:
        answer = await client.get("/_control/messages", params={"to": address})
    mails: list[Json] = answer.raise_for_status().json()
    return mails
