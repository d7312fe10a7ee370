"""The last mail: sent once with the receipt's number, and no more than tried."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from temporalio.exceptions import ApplicationError

from activities.vendors.mail import Mailer
from local.mail import serve_mail
from models.account import Account
from tests.activities.erasure_scene import NOWHERE, PUBLIC_URL, Erasing, erasing
from tests.activities.people import add_person
from workflows.account_messages import ErasureRef


@dataclass
class Post:
    """An erasure that has come to its last mail, and the mail server's memory."""

    scene: Erasing
    control: httpx.AsyncClient
    ref: ErasureRef
    email: str

    async def tell(self) -> None:
        """Do the step."""
        await self.scene.run("tell_erased", self.ref)

    async def mails(self) -> list[dict[str, Any]]:
        """Return what arrived."""
        found: list[dict[str, Any]] = (await self.control.get("/_control/messages")).json()
        return found

    async def fault(self, **fault: object) -> None:
        """Have the mail server fail."""
        answer = await self.control.post("/_control/faults", json={"method": "SMTP", **fault})
        assert answer.status_code == 201, answer.text


@pytest.fixture
async def post(database_url: str) -> AsyncIterator[Post]:
    """A mail server, and somebody of whom everything but the account is deleted."""
    async with serve_mail(None) as mail, httpx.AsyncClient(base_url=mail.control) as control:
        mailer = Mailer(mail.host, mail.smtp_port, "Jobraker <no-reply@example.com>", starttls=False)
        async with erasing(database_url, mailer=mailer) as scene:
            person = await add_person(scene.database)
            ref = await scene.begun(person)
            await scene.run("delete_rows", ref)
            async with scene.database.begin() as session:
                email = (await session.get_one(Account, person)).email
            yield Post(scene, control, ref, email)


async def test_the_last_mail_names_the_receipt_and_is_sent_once(post: Post) -> None:
    await post.tell()
    await post.tell()
    (mail,) = await post.mails()
    assert mail["to"] == [post.email]
    assert f"{PUBLIC_URL}/api/privacy/receipts/{post.ref.erasure_id}" in mail["body"]
    assert (await post.scene.row(post.ref)).counts["mails"] == 1


async def test_a_mail_server_that_is_away_is_tried_again(post: Post) -> None:
    await post.fault(kind="status", status=451, times=1)
    with pytest.raises(ApplicationError) as failed:
        await post.tell()
    assert not failed.value.non_retryable
    await post.tell()
    assert len(await post.mails()) == 1


async def test_an_address_that_is_refused_for_good_stops_nothing(post: Post) -> None:
    await post.fault(kind="status", status=550)
    await post.tell()
    await post.scene.run("destroy_key", post.ref)
    row = await post.scene.row(post.ref)
    assert (row.user_id, row.counts.get("mails")) == (None, None)


async def test_without_a_mail_server_nobody_is_told(post: Post) -> None:
    await post.scene.changed(mailer=NOWHERE).run("tell_erased", post.ref)
    assert await post.mails() == []


async def test_whoever_is_erased_is_not_written_to_again(post: Post) -> None:
    await post.scene.run("destroy_key", post.ref)
    await post.tell()
    assert await post.mails() == []
