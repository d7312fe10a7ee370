"""The codec's cookie: good at the codec alone, for a while, from few origins, while its login holds."""

import base64
import json
from http.cookies import SimpleCookie

import httpx
import pytest
from sqlmodel import select

from api import codec_cookie
from api.codec_cookie import COOKIE
from models.account import Account
from models.audit import AuditEntry
from models.base import now
from models.enums import Role
from settings import ApiSettings
from tests.api.client import Api, ApiAt, Person, assert_problem

UI = "http://localhost:8233"
REASON = "why was nothing sent — ticket 7"
DECODE = "/api/codec/decode"
NOTHING = {"payloads": [{"data": base64.b64encode(b"x").decode()}]}


async def cookie_of(admin: Person) -> str:
    """Return a new cookie."""
    answer = await admin.post("/api/codec/session", json={"reason": REASON})
    assert answer.status_code == 201, answer.text
    return SimpleCookie(answer.headers["set-cookie"])[COOKIE].value


async def opened(api: Api, cookie: str, origin: str | None = None) -> httpx.Response:
    """Return the answer to one who comes with a cookie."""
    headers = {"Cookie": f"{COOKIE}={cookie}", **({"Origin": origin} if origin else {})}
    return await api.http.post(DECODE, json=NOTHING, headers=headers)


async def test_the_cookie_is_kept_from_scripts_other_sites_plain_http_and_other_paths(api: Api) -> None:
    admin = await api.administrator()
    answer = await admin.post("/api/codec/session", json={"reason": REASON})
    cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (cookie["httponly"], cookie["secure"]) == (True, True)
    assert cookie["samesite"].lower() == "strict"
    assert (cookie["path"], cookie["max-age"], cookie["domain"]) == ("/api/codec", "900", "")
    assert answer.json()["expires_at"]
    assert REASON not in answer.text


@pytest.mark.parametrize(("public", "origin", "same_site"), [
    ("https://jobs.example.com", "http://127.0.0.1:8233", "none"),
    ("https://jobs.example.com", "http://jobs.example.com:8233", "none"),
    ("https://jobs.example.com", "https://jobs.example.com:8233", "strict"),
    ("http://127.0.0.1:8000", "http://127.0.0.1:8233", "strict"),
])  # fmt: skip
async def test_browsers_take_the_cookie_to_the_api_from_where_the_ui_is(
    public: str, origin: str, same_site: str, api_at: ApiAt
) -> None:
    async with api_at(api=ApiSettings(public_url=public, codec_origins=[origin])) as api:
        admin = await api.administrator()
        answer = await admin.post("/api/codec/session", json={"reason": REASON})
        cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
        assert (cookie["samesite"].lower(), cookie["secure"]) == (same_site, True)


@pytest.mark.parametrize(("site", "status"), [
    ("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403), ("elsewhere", 403),
])  # fmt: skip
async def test_a_picture_or_link_of_another_site_reads_nothing(site: str, status: int, api: Api) -> None:
    cookie = await cookie_of(await api.administrator())
    headers = {"Cookie": f"{COOKIE}={cookie}", "Sec-Fetch-Site": site}
    answer = await api.http.get(DECODE, params={"payloads": json.dumps(NOTHING)}, headers=headers)
    assert answer.status_code == status, answer.text


async def test_the_cookie_opens_payloads_and_its_reason_is_told(api: Api) -> None:
    admin, ada = await api.administrator(), await api.person()
    cookie = await cookie_of(admin)
    sealed = await admin.post("/api/codec/encode", json=NOTHING)
    answer = await api.http.post(DECODE, json=sealed.json(), headers={"Cookie": f"{COOKIE}={cookie}"})
    assert answer.json()["payloads"][0]["data"] == NOTHING["payloads"][0]["data"]
    async with api.database.begin() as session:
        actions = [each.action for each in await session.exec(select(AuditEntry))]
    assert actions == ["payloads.encoded", "payloads.decoded"]
    assert (await ada.get("/api/privacy/audit")).json()["items"] == []


async def test_only_named_origins_our_own_and_none_may_come_with_it(api_at: ApiAt) -> None:
    async with api_at(api=ApiSettings(codec_origins=[UI], cors_origins=["https://app.example.org"])) as api:
        cookie = await cookie_of(await api.administrator())
        own = str(api.http.base_url).rstrip("/")
        for origin in (None, UI, own):
            answer = await opened(api, cookie, origin)
            assert answer.status_code == 200, (origin, answer.text)
        assert (await opened(api, cookie, UI)).headers["access-control-allow-credentials"] == "true"
        for origin in ("https://app.example.org", "https://evil.example", f"{UI}0", "null", own + "0"):
            assert_problem(await opened(api, cookie, origin), 403, "forbidden")


async def test_a_cookie_is_no_access_token_and_an_access_token_is_no_cookie(api: Api) -> None:
    admin = await api.administrator()
    cookie = await cookie_of(admin)
    for path in ("/api/auth/me", DECODE):
        headers = {"Authorization": f"Bearer {cookie}"}
        assert_problem(await api.http.get(path, headers=headers), 401, "unauthenticated")
    assert_problem(await opened(api, admin.tokens["access_token"]), 401, "unauthenticated")
    assert_problem(await opened(api, admin.tokens["refresh_token"]), 401, "unauthenticated")
    # it gets nobody in anywhere else
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    for path in ("/api/auth/me", "/api/admin/users/"):
        assert_problem(await api.http.get(path, headers=headers), 401, "unauthenticated")
    answer = await api.http.post("/api/codec/session", json={"reason": REASON}, headers=headers)
    assert_problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize("place", ["header", "claims", "signature"])
async def test_a_cookie_that_was_changed_is_refused(api: Api, place: str) -> None:
    cookie = await cookie_of(await api.administrator())
    parts = cookie.split(".")
    index = ["header", "claims", "signature"].index(place)
    middle = len(parts[index]) // 2
    swapped = "A" if parts[index][middle] != "A" else "B"
    parts[index] = parts[index][:middle] + swapped + parts[index][middle + 1 :]
    assert_problem(await opened(api, ".".join(parts)), 401, "unauthenticated")
    assert_problem(await opened(api, ""), 401, "unauthenticated")


async def test_a_cookie_expires(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = await api.administrator()
    monkeypatch.setattr(codec_cookie, "SECONDS", -60)
    assert_problem(await opened(api, await cookie_of(admin)), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("change", "status", "slug"),
    [("logout", 401, "unauthenticated"), ("locked", 401, "unauthenticated"), ("role", 403, "forbidden")],
)
async def test_a_cookie_is_worth_what_its_login_is_worth_now(
    api: Api, change: str, status: int, slug: str
) -> None:
    admin = await api.administrator()
    cookie = await cookie_of(admin)
    assert (await opened(api, cookie)).status_code == 200
    if change == "logout":
        body = {"refresh_token": admin.tokens["refresh_token"]}
        assert (await admin.post("/api/auth/logout", json=body)).status_code == 204
    else:
        async with api.database.begin() as session:
            account = await session.get_one(Account, admin.id)
            if change == "locked":
                account.locked_at = now()
            else:
                account.role = Role.USER
            await api.context.standing.changed(session, admin.id)
    assert_problem(await opened(api, cookie), status, slug)


async def test_ending_the_session_takes_the_cookie_back(api: Api) -> None:
    admin = await api.administrator()
    cookie = await cookie_of(admin)
    answer = await api.http.delete("/api/codec/session", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code == 204
    taken = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (taken.value, taken["max-age"], taken["path"]) == ("", "0", "/api/codec")
    assert_problem(await api.http.delete("/api/codec/session"), 401, "unauthenticated")
