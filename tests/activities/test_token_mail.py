"""Mails about accounts: sent once, to whom they are for, with a token that is made on the way."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import col, update
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.token_mail import TokenMailActivities
from activities.vendors.mail import Mailer
from local.mail import serve_mail
from models.account import Account
from models.account_enums import TokenPurpose
from models.base import now
from models.database import Database
from models.one_time_token import NEWS, OneTimeToken
from models.sealed import KeyRing
from tests.activities.people import KEYS, add_person
from workflows.account_messages import TokenMailRef

URL = "https://jobs.example.com"
MAILED = sorted(set(TokenPurpose) - {TokenPurpose.DOWNLOAD_EXPORT, TokenPurpose.CONFIRM_ERASURE})


@dataclass
class Office:
    """A person to whom something is mailed, and the mail server's memory."""

    database: Database
    mailer: Mailer
    control: httpx.AsyncClient
    account: Account

    async def token(self, purpose: TokenPurpose, **values: Any) -> OneTimeToken:  # noqa: ANN401 -- of any column
        """Store a token that is to be mailed."""
        token = OneTimeToken.by_mail_for(self.account.id, purpose, timedelta(hours=1))
        for name, value in values.items():
            setattr(token, name, value)
        async with self.database.begin() as session:
            session.add(token)
        return token

    async def send(self, token: OneTimeToken, **changes: Any) -> None:  # noqa: ANN401 -- of any field
        """Run the step."""
        steps = TokenMailActivities(self.database, KEYS, self.mailer, URL)
        ref = TokenMailRef(token_id=token.id, user_id=token.user_id)
        await ActivityEnvironment().run(replace(steps, **changes).send_token, ref)

    async def mails(self) -> list[dict[str, Any]]:
        """Return what arrived."""
        found: list[dict[str, Any]] = (await self.control.get("/_control/messages")).json()
        return found

    async def is_mailed(self, token: OneTimeToken) -> bool:
        """Tell whether the row says so."""
        async with self.database.begin() as session:
            return (await session.get_one(OneTimeToken, token.id)).mailed_at is not None


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """A person and a mail server."""
    database = Database(database_url)
    async with serve_mail(None) as mail, httpx.AsyncClient(base_url=mail.control) as control:
        user_id = await add_person(database)
        async with database.begin() as session:
            account = await session.get_one(Account, user_id)
        mailer = Mailer(mail.host, mail.smtp_port, "Jobraker <no-reply@example.com>", starttls=False)
        yield Office(database, mailer, control, account)
    await database.close()


@pytest.mark.parametrize("purpose", MAILED)
async def test_a_mail_is_sent_once_and_holds_the_token_where_there_is_one(
    office: Office, purpose: TokenPurpose
) -> None:
    token = await office.token(purpose)
    await office.send(token)
    await office.send(token)
    [mail] = await office.mails()
    assert mail["to"] == [office.account.email]
    lines = mail["body"].splitlines()
    secret = token.token(office.account.seal(KEYS))
    assert (secret in lines) is (purpose not in NEWS)
    assert (URL in mail["body"]) is (purpose not in NEWS)
    assert await office.is_mailed(token)


async def test_a_mail_that_is_sent_again_holds_the_same_token(office: Office) -> None:
    token = await office.token(TokenPurpose.RESET_PASSWORD)
    await office.send(token)
    async with office.database.begin() as session:
        await session.exec(update(OneTimeToken).values(mailed_at=None))
    await office.send(token)
    first, second = await office.mails()
    assert first["body"] == second["body"]


async def test_a_new_e_mail_is_asked_and_not_the_old_one(office: Office) -> None:
    token = OneTimeToken.by_mail_for(office.account.id, TokenPurpose.CHANGE_EMAIL, timedelta(hours=1))
    token.address_to("new@example.org", office.account.seal(KEYS))
    async with office.database.begin() as session:
        session.add(token)
    await office.send(token)
    [mail] = await office.mails()
    assert mail["to"] == ["new@example.org"]


@pytest.mark.parametrize(
    "values",
    [
        {"used_at": now()},
        {"expires_at": now()},
        {"mailed_at": now()},
        {"by_mail": False},
    ],
)
async def test_what_nobody_wants_any_more_is_not_sent(office: Office, values: dict[str, Any]) -> None:
    await office.send(await office.token(TokenPurpose.RESET_PASSWORD, **values))
    assert await office.mails() == []


async def test_the_e_mail_that_an_account_has_left_is_told_although_it_is_locked(office: Office) -> None:
    token = OneTimeToken.by_mail_for(office.account.id, TokenPurpose.EMAIL_LEFT, timedelta(hours=1))
    token.address_to("old@example.org", office.account.seal(KEYS))
    async with office.database.begin() as session:
        session.add(token)
        await session.exec(update(Account).values(locked_at=now()))
    await office.send(token)
    assert [mail["to"] for mail in await office.mails()] == [["old@example.org"]]


@pytest.mark.parametrize("column", ["locked_at", "erasing_at"])
async def test_who_is_locked_out_or_being_erased_is_mailed_nothing(office: Office, column: str) -> None:
    async with office.database.begin() as session:
        await session.exec(
            update(Account).where(col(Account.id) == office.account.id).values({column: now()})
        )
    await office.send(await office.token(TokenPurpose.RESET_PASSWORD))
    assert await office.mails() == []


async def test_a_token_of_somebody_else_or_of_nobody_is_not_sent(office: Office) -> None:
    token = await office.token(TokenPurpose.RESET_PASSWORD)
    other = await add_person(office.database)
    await office.send(OneTimeToken(**{**token.model_dump(), "user_id": other}))
    await office.send(OneTimeToken(**{**token.model_dump(), "id": uuid4()}))
    assert await office.mails() == []


async def test_without_a_mail_server_nothing_is_sent_nor_marked(office: Office) -> None:
    token = await office.token(TokenPurpose.CONFIRM_EMAIL)
    await office.send(token, mailer=replace(office.mailer, host=""))
    assert not await office.is_mailed(token)


@pytest.mark.parametrize(
    ("fault", "word"),
    [({"kind": "status", "status": 451}, "vendor_error"), ({"kind": "cut"}, "unreachable")],
)
async def test_a_fault_of_the_moment_is_tried_again(
    office: Office, fault: dict[str, Any], word: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = await office.token(TokenPurpose.CONFIRM_EMAIL)
    armed = await office.control.post("/_control/faults", json={"method": "SMTP", "times": 1, **fault})
    assert armed.status_code == 201
    with caplog.at_level(logging.DEBUG), pytest.raises(ApplicationError) as raised:
        await office.send(token)
    assert (raised.value.type, raised.value.non_retryable) == (word, False)
    secret = token.token(office.account.seal(KEYS))
    # neither Temporal, which keeps the failure, nor a log learns of it
    assert secret not in f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__!r}"
    assert secret not in caplog.text
    assert not await office.is_mailed(token)
    await office.send(token)
    assert len(await office.mails()) == 1


async def test_a_mail_that_is_refused_for_good_is_given_up(office: Office) -> None:
    token = await office.token(TokenPurpose.CONFIRM_EMAIL)
    fault = {"kind": "status", "status": 550, "method": "SMTP"}
    assert (await office.control.post("/_control/faults", json=fault)).status_code == 201
    await office.send(token)
    assert await office.is_mailed(token)


def test_another_key_makes_another_token(database_url: str) -> None:
    ring = KeyRing({"k": b"k" * 32}, "k")
    ada = Account.register("ada@example.org", "", ring)
    bob = Account.register("bob@example.org", "", ring)
    token = OneTimeToken.by_mail_for(ada.id, TokenPurpose.RESET_PASSWORD, timedelta(hours=1))
    assert token.token(ada.seal(ring)) == token.token(ada.seal(ring))
    assert token.token(ada.seal(ring)) != token.token(bob.seal(ring))
    assert not token.is_token(token.token(bob.seal(ring)), ada.seal(ring))
