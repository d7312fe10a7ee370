"""Changing and resetting the password: who is let in afterwards, what is void, and who is told."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from psycopg import sql
from sqlmodel import col, select, update

from models.account import Account
from models.account_enums import SessionEnd
from models.audit import AuditEntry, Deed
from models.base import now
from models.enums import NotificationKind
from models.login_session import LoginSession
from models.notification import Notification
from models.one_time_token import OneTimeToken
from settings import LimitSettings
from tests.api.client import PASSWORD, Api, ApiAt, Person, assert_problem
from tests.api.post import Post, post_of

NEW = "an entirely new password"
ADA = "ada@example.org"


async def logged_in(api: Api, password: str = PASSWORD) -> Person:
    """Log in once more as Ada."""
    answer = await api.http.post("/api/auth/login", json={"email": ADA, "password": password})
    assert answer.status_code == 200, answer.text
    async with api.database.begin() as session:
        account = (await session.exec(select(Account).where(Account.email == ADA))).one()
    return Person(api, account.id, ADA, answer.json())


async def is_in(person: Person) -> bool:
    """Tell whether somebody's access token still lets them in."""
    return (await person.get("/api/auth/me")).status_code == 200


async def can_refresh(person: Person) -> bool:
    """Tell whether somebody's login goes on."""
    body = {"refresh_token": person.tokens["refresh_token"]}
    return (await person.api.http.post("/api/auth/refresh", json=body)).status_code == 200


async def change(person: Person, current: str, new: str) -> httpx.Response:
    """Change the password."""
    return await person.post("/api/auth/password", json={"current": current, "new": new})


async def forget(post: Post, email: str = ADA) -> str:
    """Ask for a reset, and return the token that comes."""
    answer = await post.api.http.post("/api/auth/password/forgot", json={"email": email})
    assert answer.status_code == 202
    return await post.token_to(email)


async def reset(post: Post, token: str, password: str = NEW) -> httpx.Response:
    """Reset a password."""
    return await post.api.http.post("/api/auth/password/reset", json={"token": token, "password": password})


async def told_and_written(api: Api) -> tuple[list[NotificationKind], list[str]]:
    """Return what people were told, and what was written down of them."""
    async with api.database.begin() as session:
        told = (await session.exec(select(Notification.kind).order_by(col(Notification.id)))).all()
        written = (await session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id)))).all()
    return [NotificationKind(kind) for kind in told], list(written)


async def everything_in(api: Api) -> str:
    """Return every row of every table as text."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    lines: list[str] = []
    for table in await api.database.rows(tables, {}):
        every = sql.SQL("SELECT t::text AS line FROM {} AS t").format(sql.Identifier(table["tablename"]))
        lines += [row["line"] for row in await api.database.rows(every.as_string(), {})]
    return "\n".join(lines)


@pytest.fixture
async def ada(post: Post) -> Person:
    """Somebody who has an account."""
    return await post.api.person(ADA)


async def test_a_changed_password_ends_all_other_logins_at_once(post: Post, ada: Person) -> None:
    other = await logged_in(post.api)
    assert await is_in(other)
    assert (await change(ada, PASSWORD, NEW)).status_code == 204
    assert [await is_in(ada), await is_in(other)] == [True, False]
    assert [await can_refresh(ada), await can_refresh(other)] == [True, False]
    assert await is_in(await logged_in(post.api, NEW))
    old = await post.api.http.post("/api/auth/login", json={"email": ADA, "password": PASSWORD})
    assert_problem(old, 401, "unauthenticated")
    async with post.api.database.begin() as session:
        ended = (
            await session.exec(select(LoginSession).where(col(LoginSession.ended_at).is_not(None)))
        ).all()
    assert [login.ended_by for login in ended] == [SessionEnd.PASSWORD_CHANGED]
    told, written = await told_and_written(post.api)
    assert NotificationKind.PASSWORD_CHANGED in told
    assert Deed.PASSWORD_CHANGED in written


async def test_a_wrong_password_changes_nothing_and_is_guessed_ten_times(post: Post, ada: Person) -> None:
    answers = [await change(ada, f"a wrong guess {number}", NEW) for number in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert "retry-after" in answers[-1].headers
    # whoever stole a login cannot keep its person from logging in
    assert await is_in(await logged_in(post.api))
    told, written = await told_and_written(post.api)
    assert NotificationKind.PASSWORD_CHANGED not in told
    assert written == []


async def test_of_two_changes_at_once_one_wins(post: Post, ada: Person) -> None:
    answers = await asyncio.gather(*(change(ada, PASSWORD, f"{NEW} {number}") for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 403, 403, 403]


async def test_neither_a_key_nor_an_administrator_changes_a_password(post: Post, ada: Person) -> None:
    wanted = {"name": "script", "scopes": ["profile:write"]}
    made = await ada.post("/api/auth/api-keys", json=wanted)
    assert made.status_code == 201, made.text
    key = Person(post.api, ada.id, ADA, {"access_token": made.json()["key"]})
    assert_problem(await change(key, PASSWORD, NEW), 403, "forbidden")
    admin = await post.api.administrator()
    headers = {"X-Act-For": str(ada.id), "X-Reason": "they asked me to"}
    body = {"current": PASSWORD, "new": NEW}
    acting = await admin.post("/api/auth/password", json=body, headers=headers)
    assert_problem(acting, 403, "forbidden")


async def test_a_reset_password_ends_every_login_and_its_token_is_good_once(post: Post, ada: Person) -> None:
    first, token = await forget(post), await forget(post)
    assert (await reset(post, token)).status_code == 204
    assert not await is_in(ada)
    assert not await can_refresh(ada)
    assert await is_in(await logged_in(post.api, NEW))
    for used in (token, first):
        assert_problem(await reset(post, used, "yet another password"), 422, "unprocessable")
    told, written = await told_and_written(post.api)
    assert NotificationKind.PASSWORD_CHANGED in told
    assert Deed.PASSWORD_RESET in written


async def test_of_25_resets_at_once_by_one_token_one_wins(post: Post, ada: Person) -> None:
    token = await forget(post)
    passwords = [f"{NEW} {number}" for number in range(25)]
    answers = await asyncio.gather(*(reset(post, token, password) for password in passwords))
    assert sorted(answer.status_code for answer in answers) == [204] + [422] * 24
    [winner] = [password for password, answer in zip(passwords, answers, strict=True) if answer.is_success]
    assert await is_in(await logged_in(post.api, winner))


async def test_of_resets_by_several_tokens_at_once_one_wins(post: Post, ada: Person) -> None:
    tokens = [await forget(post) for _ in range(4)]
    answers = await asyncio.gather(*(reset(post, token, f"{NEW} {token[:40]}") for token in tokens))
    assert sorted(answer.status_code for answer in answers) == [204, 422, 422, 422]


async def test_a_changed_password_makes_the_tokens_void_that_were_mailed(post: Post, ada: Person) -> None:
    token = await forget(post)
    body = {"email": "ada@elsewhere.example.org", "password": PASSWORD}
    assert (await ada.post("/api/auth/email", json=body)).status_code == 202
    new_email = await post.token_to("ada@elsewhere.example.org")
    assert (await change(ada, PASSWORD, NEW)).status_code == 204
    assert_problem(await reset(post, token), 422, "unprocessable")
    taken = await post.api.http.post("/api/auth/email/confirm", json={"token": new_email})
    assert_problem(taken, 422, "unprocessable")


async def test_a_token_is_good_for_its_purpose_alone(post: Post, ada: Person) -> None:
    await post.register("bob@example.org")
    confirm, forgot = await post.token_to("bob@example.org"), await forget(post)
    assert_problem(await reset(post, confirm), 422, "unprocessable")
    assert_problem(await post.confirm(forgot), 422, "unprocessable")
    for token in (confirm, forgot):
        moved = await post.api.http.post("/api/auth/email/confirm", json={"token": token})
        assert_problem(moved, 422, "unprocessable")
    # and none of that used them up
    assert (await reset(post, forgot)).status_code == 204
    assert (await post.confirm(confirm)).status_code == 200


async def test_a_token_that_has_expired_resets_nothing(post: Post, ada: Person) -> None:
    token = await forget(post)
    async with post.api.database.begin() as session:
        row = (await session.exec(select(OneTimeToken))).one()
        assert timedelta(minutes=29) < row.expires_at - now() < timedelta(minutes=31)
        row.expires_at = now()
    assert_problem(await reset(post, token), 422, "unprocessable")


@pytest.mark.parametrize("values", [{"locked_at": now()}, {"erasing_at": now()}])
async def test_who_is_locked_out_resets_nothing_and_is_mailed_nothing(
    post: Post, ada: Person, values: dict[str, object]
) -> None:
    token = await forget(post)
    async with post.api.database.begin() as session:
        await session.exec(update(Account).values(**values))
    assert_problem(await reset(post, token), 422, "unprocessable")
    await post.api.http.post("/api/auth/password/forgot", json={"email": ADA})
    assert len(await post.to(ADA)) == 1


async def test_who_never_confirmed_their_e_mail_does_so_by_a_reset(post: Post) -> None:
    """A thief registered the owner's e-mail; the owner takes it for forgotten, and the thief gets nothing."""
    await post.register(ADA, "the thief's password")
    confirm = await post.token_to(ADA)
    assert (await reset(post, await forget(post))).status_code == 204
    assert await is_in(await logged_in(post.api, NEW))
    assert_problem(await post.confirm(confirm, "the thief's password"), 422, "unprocessable")
    thief = {"email": ADA, "password": "the thief's password"}
    assert_problem(await post.api.http.post("/api/auth/login", json=thief), 401, "unauthenticated")


async def test_a_token_is_found_neither_in_the_database_nor_in_logs(
    api_at: ApiAt, capsys: pytest.CaptureFixture[str]
) -> None:
    async with api_at(limits=LimitSettings()) as api, post_of(api) as post:
        await api.person(ADA)
        token = await forget(post)
        assert (await reset(post, token)).status_code == 204
        stored = await everything_in(api)
        assert token[:32] in stored.replace("-", "")
        assert token[32:] not in stored
    said = capsys.readouterr()
    assert token[32:] not in said.out + said.err


async def test_who_is_kept_out_by_the_guesses_of_others_gets_in_by_a_reset(post: Post, ada: Person) -> None:
    guess = {"email": ADA, "password": "a wrong guess"}
    guesses = [await post.api.http.post("/api/auth/login", json=guess) for _ in range(11)]
    assert_problem(guesses[-1], 429, "rate-limited")
    assert (await post.api.http.post("/api/auth/password/forgot", json={"email": ADA})).status_code == 202
    assert (await reset(post, await post.token_to(ADA))).status_code == 204
    assert await is_in(await logged_in(post.api, NEW))
