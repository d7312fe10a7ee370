"""Changing the e-mail: only its owner's mail makes it the account's, and the one that is left is told."""

import asyncio

import httpx
from sqlmodel import col, select, update

from models.account import Account
from models.account_enums import SessionEnd, TokenPurpose
from models.audit import AuditEntry, Deed
from models.base import now
from models.enums import NotificationKind
from models.login_session import LoginSession
from models.notification import Notification
from models.one_time_token import OneTimeToken
from tests.api.client import PASSWORD, Api, Person, assert_problem
from tests.api.post import Post

ADA, NEW, BOB = "ada@example.org", "ada@elsewhere.example.org", "bob@example.org"


async def ask(person: Person, email: str, password: str = PASSWORD) -> httpx.Response:
    """Ask for another e-mail."""
    return await person.post("/api/auth/email", json={"email": email, "password": password})


async def take(post: Post, token: str) -> httpx.Response:
    """Show the token of a mail."""
    return await post.api.http.post("/api/auth/email/confirm", json={"token": token})


async def log_in(api: Api, email: str) -> httpx.Response:
    """Log in."""
    return await api.http.post("/api/auth/login", json={"email": email, "password": PASSWORD})


async def test_the_new_e_mail_counts_once_its_owner_shows_the_token(post: Post) -> None:
    ada = await post.api.person(ADA)
    other = await log_in(post.api, ADA)
    answer = await ask(ada, NEW.upper())
    assert answer.status_code == 202
    assert (await log_in(post.api, NEW)).status_code == 401
    assert await post.to(ADA) == []
    assert (await take(post, await post.token_to(NEW))).status_code == 204
    assert (await ada.get("/api/auth/me")).json()["email"] == NEW
    assert [(await log_in(post.api, email)).status_code for email in (ADA, NEW)] == [401, 200]
    # the login that asked goes on, the others are over
    ended = Person(post.api, ada.id, ADA, other.json())
    assert_problem(await ended.get("/api/auth/me"), 401, "unauthenticated")
    async with post.api.database.begin() as session:
        reasons = (await session.exec(select(LoginSession.ended_by))).all()
        told = (await session.exec(select(Notification.kind))).all()
        written = (await session.exec(select(AuditEntry.action))).all()
    assert reasons.count(SessionEnd.EMAIL_CHANGED) == 1
    assert NotificationKind.EMAIL_CHANGED in told
    assert written == [Deed.EMAIL_CHANGED]


async def test_the_e_mail_that_is_left_is_told_whatever_happens_next(post: Post) -> None:
    """Whoever took the account over changes the password at once, which makes void what was mailed."""
    ada = await post.api.person(ADA)
    await ask(ada, NEW)
    await take(post, await post.token_to(NEW))
    body = {"current": PASSWORD, "new": "the thief's password"}
    assert (await ada.post("/api/auth/password", json=body)).status_code == 204
    [mail] = await post.to(ADA)
    assert mail["subject"] == "Your e-mail was changed"
    assert NEW not in mail["body"]


async def test_it_needs_the_password(post: Post) -> None:
    ada = await post.api.person(ADA)
    assert_problem(await ask(ada, NEW, "a wrong password"), 403, "forbidden")
    assert await post.to(NEW) == []


async def test_an_e_mail_that_has_an_account_is_answered_alike_and_its_owner_is_told(post: Post) -> None:
    ada, bob = await post.api.person(ADA), await post.api.person(BOB)
    answers = [await ask(ada, email) for email in (BOB, NEW, ADA)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    [mail] = await post.to(BOB)
    assert mail["subject"] == "You have an account already"
    assert len(await post.to(NEW)) == 1
    assert await post.to(ADA) == []
    assert (await bob.get("/api/auth/me")).json()["email"] == BOB


async def test_only_the_newest_token_is_good_and_only_once(post: Post) -> None:
    ada = await post.api.person(ADA)
    await ask(ada, NEW)
    first = await post.token_to(NEW)
    await ask(ada, "third@example.org")
    token = await post.token_to("third@example.org")
    assert_problem(await take(post, first), 422, "unprocessable")
    answers = await asyncio.gather(*(take(post, token) for _ in range(25)))
    assert sorted(answer.status_code for answer in answers) == [204] + [422] * 24


async def test_an_e_mail_that_was_taken_meanwhile_is_refused(post: Post) -> None:
    ada = await post.api.person(ADA)
    await ask(ada, NEW)
    token = await post.token_to(NEW)
    await post.api.person(NEW)
    assert_problem(await take(post, token), 409, "already-exists")
    assert (await ada.get("/api/auth/me")).json()["email"] == ADA


async def test_a_registration_that_was_never_confirmed_keeps_nobody_from_their_e_mail(post: Post) -> None:
    ada = await post.api.person(ADA)
    await post.register(NEW, "the squatter's password")
    confirm = await post.token_to(NEW)
    await ask(ada, NEW)
    assert (await take(post, await post.token_to(NEW))).status_code == 204
    assert_problem(await post.confirm(confirm, "the squatter's password"), 422, "unprocessable")
    async with post.api.database.begin() as session:
        assert (await session.exec(select(Account.id).where(Account.email == NEW))).all() == [ada.id]


async def test_a_reset_that_was_asked_for_by_the_old_e_mail_is_void(post: Post) -> None:
    ada = await post.api.person(ADA)
    await post.api.http.post("/api/auth/password/forgot", json={"email": ADA})
    reset = await post.token_to(ADA)
    await ask(ada, NEW)
    await take(post, await post.token_to(NEW))
    body = {"token": reset, "password": "whoever reads the old mail"}
    answer = await post.api.http.post("/api/auth/password/reset", json=body)
    assert_problem(answer, 422, "unprocessable")


async def test_the_new_e_mail_is_sealed_and_does_not_open_elsewhere(post: Post) -> None:
    ada, bob = await post.api.person(ADA), await post.api.person(BOB)
    await ask(ada, NEW)
    await ask(bob, "bob@elsewhere.example.org")
    token = await post.token_to(NEW)
    async with post.api.database.begin() as session:
        [mine] = (await session.exec(select(OneTimeToken).where(OneTimeToken.user_id == ada.id))).all()
        [other] = (await session.exec(select(OneTimeToken).where(OneTimeToken.user_id == bob.id))).all()
        assert mine.purpose is TokenPurpose.CHANGE_EMAIL
        assert mine.email_sealed is not None
        assert NEW.encode() not in mine.email_sealed
        changed = update(OneTimeToken).where(col(OneTimeToken.id) == mine.id)
        await session.exec(changed.values(email_sealed=other.email_sealed))
    assert_problem(await take(post, token), 500, "internal-error")
    assert (await ada.get("/api/auth/me")).json()["email"] == ADA


async def test_nothing_is_begun_for_who_is_being_erased(post: Post) -> None:
    ada, bob = await post.api.person(ADA), await post.api.person(BOB)
    async with post.api.database.begin() as session:
        await session.exec(update(Account).where(col(Account.id) == bob.id).values(erasing_at=now()))
    assert (await ask(ada, BOB)).status_code == 202
    async with post.api.database.begin() as session:
        begun = await session.exec(select(OneTimeToken).where(OneTimeToken.user_id == bob.id))
        assert begun.all() == []
