"""Registering by mail: nobody learns who has an account, and nobody takes another's address."""

import asyncio
import time
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select, update

from api.padding import BEAT_SECONDS
from models.account import Account
from models.account_enums import TokenPurpose
from models.base import now
from models.enums import Role
from models.one_time_token import OneTimeToken
from settings import LimitSettings
from tests.api.client import PASSWORD, Api, ApiAt, Person, assert_problem
from tests.api.post import Post, post_of, token_in

ADA = "ada@example.org"
OTHER = "another long password"
MANY = LimitSettings(register_address="1000/1s", mail_account="1000/1s", mail_address="1000/1s")


async def accounts(api: Api) -> list[Account]:
    """Return every account."""
    async with api.database.begin() as session:
        return list((await session.exec(select(Account).order_by(col(Account.id)))).all())


async def in_state(api: Api, state: str) -> str:
    """Store an account in a state, and return its e-mail."""
    email = f"{state}@example.org"
    if state == "unknown":
        return email
    person = await api.person(email)
    states: dict[str, dict[str, datetime | None]] = {
        "unconfirmed": {"email_confirmed_at": None},
        "locked": {"locked_at": now()},
        "erasing": {"erasing_at": now()},
    }
    if values := states.get(state):
        async with api.database.begin() as session:
            await session.exec(update(Account).where(col(Account.id) == person.id).values(**values))
    return email


async def test_who_confirms_is_logged_in_and_can_log_in_from_then_on(post: Post) -> None:
    assert (await post.register("Ada@Example.org")).status_code == 202
    body = {"email": ADA, "password": PASSWORD}
    early = await post.api.http.post("/api/auth/login", json=body)
    assert_problem(early, 403, "email-unconfirmed")
    confirmed = await post.confirm(await post.token_to(ADA))
    assert confirmed.status_code == 200
    me = Person(post.api, (await accounts(post.api))[0].id, ADA, confirmed.json())
    shown = (await me.get("/api/auth/me")).json()
    assert (shown["email"], shown["role"]) == (ADA, "user")
    assert (await post.api.http.post("/api/auth/login", json=body)).status_code == 200


async def test_an_unconfirmed_account_with_a_wrong_password_says_nothing_of_itself(post: Post) -> None:
    await post.register(ADA)
    body = {"email": ADA, "password": OTHER}
    assert_problem(await post.api.http.post("/api/auth/login", json=body), 401, "unauthenticated")


STATES = ["unknown", "unconfirmed", "confirmed", "locked", "erasing"]
ASKED = [
    ("/api/auth/register", {"password": PASSWORD}),
    ("/api/auth/confirm/resend", {}),
    ("/api/auth/password/forgot", {}),
]


@pytest.mark.parametrize(("path", "rest"), ASKED, ids=[path for path, _ in ASKED])
async def test_every_e_mail_is_answered_alike_and_after_the_same_time(
    api_at: ApiAt, path: str, rest: dict[str, str]
) -> None:
    async with api_at(limits=MANY) as api:
        emails = [await in_state(api, state) for state in STATES]
        answers, taken = [], {email: list[float]() for email in emails}
        for _ in range(3):
            for email in emails:
                began = time.perf_counter()
                answers.append(await api.http.post(path, json={"email": email, **rest}))
                taken[email].append(time.perf_counter() - began)
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    assert len({tuple(sorted(set(answer.headers) - {"x-request-id"})) for answer in answers}) == 1
    # a machine that is busy may miss a beat, but not three times
    fastest = [min(each) for each in taken.values()]
    assert min(fastest) >= BEAT_SECONDS
    assert max(fastest) - min(fastest) < BEAT_SECONDS / 2


@pytest.mark.parametrize(
    ("state", "purposes"),
    [
        ("unknown", [TokenPurpose.CONFIRM_EMAIL]),
        ("unconfirmed", [TokenPurpose.CONFIRM_EMAIL]),
        ("confirmed", [TokenPurpose.ALREADY_REGISTERED]),
        ("locked", []),
        ("erasing", []),
    ],
)
async def test_what_a_registration_is_mailed_depends_on_whose_e_mail_it_is(
    api: Api, state: str, purposes: list[TokenPurpose]
) -> None:
    email = await in_state(api, state)
    await api.http.post("/api/auth/register", json={"email": email, "password": OTHER})
    async with api.database.begin() as session:
        tokens = (await session.exec(select(OneTimeToken))).all()
    assert [token.purpose for token in tokens] == purposes


async def test_who_has_an_account_is_told_of_a_registration_without_any_token(post: Post) -> None:
    person = await post.api.person(ADA)
    await post.register(ADA.upper(), OTHER)
    [mail] = await post.to(ADA)
    assert mail["subject"] == "You have an account already"
    with pytest.raises(ValueError, match="not enough values"):
        token_in(mail)
    assert (await post.api.http.post("/api/auth/login", json={"email": ADA, "password": OTHER})).is_error
    assert (await person.get("/api/auth/me")).status_code == 200


async def test_who_registers_anothers_e_mail_first_gains_nothing(post: Post) -> None:
    """The owner follows the link of a registration that was not theirs: the password is missing."""
    await post.register(ADA, "the thief's password")
    token = await post.token_to(ADA)
    assert_problem(await post.confirm(token, PASSWORD), 401, "unauthenticated")
    # the owner's own registration counts from then on, and the thief's password is gone
    await post.register(ADA, PASSWORD)
    assert_problem(await post.confirm(token, "the thief's password"), 422, "unprocessable")
    newest = await post.token_to(ADA)
    assert_problem(await post.confirm(newest, "the thief's password"), 401, "unauthenticated")
    assert (await post.confirm(newest, PASSWORD)).status_code == 200
    assert len(await accounts(post.api)) == 1


async def test_of_many_registrations_at_once_there_is_one_account_and_one_good_token(
    api_at: ApiAt,
) -> None:
    async with api_at(limits=MANY) as api, post_of(api) as post:
        answers = await asyncio.gather(*(post.register(ADA) for _ in range(8)))
        assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
        assert len(await accounts(api)) == 1
        async with api.database.begin() as session:
            tokens = (await session.exec(select(OneTimeToken))).all()
        assert len([token for token in tokens if token.is_good]) == 1
        assert len(await post.to(ADA)) == 1


async def test_a_token_confirms_once_whoever_shows_it_at_the_same_moment(api_at: ApiAt) -> None:
    async with api_at(limits=LimitSettings(login_account="1000/1s")) as api, post_of(api) as post:
        await post.register(ADA)
        token = await post.token_to(ADA)
        answers = await asyncio.gather(*(post.confirm(token) for _ in range(25)))
        assert sorted(answer.status_code for answer in answers) == [200] + [422] * 24


async def test_another_mail_leaves_the_first_one_good_until_the_e_mail_is_confirmed(post: Post) -> None:
    await post.register(ADA)
    first = await post.token_to(ADA)
    await post.api.http.post("/api/auth/confirm/resend", json={"email": ADA})
    second = await post.token_to(ADA)
    assert (await post.confirm(first)).status_code == 200
    assert_problem(await post.confirm(second), 422, "unprocessable")
    # there is nothing to confirm any more
    await post.api.http.post("/api/auth/confirm/resend", json={"email": ADA})
    assert len(await post.to(ADA)) == 2


@pytest.mark.parametrize("changed", ["", "x", "0" * 96, "é" * 96])
async def test_what_is_no_token_confirms_nothing(post: Post, changed: str) -> None:
    await post.register(ADA)
    assert_problem(await post.confirm(changed), 422, "unprocessable")


async def test_a_changed_an_old_and_a_moved_token_confirm_nothing(post: Post) -> None:
    await post.register(ADA)
    token = await post.token_to(ADA)
    last = "0" if token[-1] != "0" else "1"
    assert_problem(await post.confirm(token[:-1] + last), 422, "unprocessable")
    await post.register("bob@example.org")
    other = await post.token_to("bob@example.org")
    assert_problem(await post.confirm(token[:32] + other[32:]), 422, "unprocessable")
    assert_problem(await post.confirm(token.upper()), 422, "unprocessable")
    async with post.api.database.begin() as session:
        await session.exec(update(OneTimeToken).values(expires_at=now() - timedelta(seconds=1)))
    assert_problem(await post.confirm(token), 422, "unprocessable")


async def test_a_locked_account_is_not_confirmed(post: Post) -> None:
    await post.register(ADA)
    token = await post.token_to(ADA)
    async with post.api.database.begin() as session:
        await session.exec(update(Account).values(locked_at=now()))
    assert_problem(await post.confirm(token), 422, "unprocessable")


async def test_nobody_registers_as_an_administrator(api: Api) -> None:
    body = {"email": "eve@example.org", "password": PASSWORD, "role": "admin"}
    assert_problem(await api.http.post("/api/auth/register", json=body), 422, "invalid")
    await api.http.post("/api/auth/register", json={"email": "eve@example.org", "password": PASSWORD})
    assert [account.role for account in await accounts(api)] == [Role.USER]


async def test_passwords_are_not_guessed_at_a_token(post: Post) -> None:
    await post.register(ADA)
    token = await post.token_to(ADA)
    answers = [await post.confirm(token, f"a wrong password {number}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert_problem(await post.confirm(token), 429, "rate-limited")


async def test_one_e_mail_gets_few_mails_and_the_answer_is_alike_for_an_unknown_one(post: Post) -> None:
    await post.api.person(ADA)
    for email in (ADA, "nobody@example.org"):
        answers = [await post.register(email) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [202] * 5 + [429]
        refused = assert_problem(answers[-1], 429, "rate-limited")
        assert int(answers[-1].headers["retry-after"]) == refused["retry_after"] > 600
    # what somebody else used up keeps nobody from their own password
    forgot = await post.api.http.post("/api/auth/password/forgot", json={"email": ADA})
    assert forgot.status_code == 202


async def test_where_nothing_is_confirmed_accounts_are_live_at_once(api_at: ApiAt) -> None:
    async with api_at(security={"confirm_email": False}) as api:
        body = {"email": ADA, "password": PASSWORD}
        first = await api.http.post("/api/auth/register", json=body)
        again = await api.http.post("/api/auth/register", json={**body, "password": OTHER})
        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert (await api.http.post("/api/auth/login", json=body)).status_code == 200
