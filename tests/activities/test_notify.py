"""A person is told by mail, once; the mail server may be away, slow or unwilling."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import httpx
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.notify import NotifyActivities
from activities.vendors.mail import Mailer
from local.mail import serve_mail
from local.ports import free_port
from models.account import Account
from models.application import Application
from models.database import Database
from models.enums import ApplicationState, NotificationKind
from models.notification import WITHOUT_APPLICATION, Notification, sentence
from tests.activities.people import add_application, add_job, add_person
from workflows.messages import NotificationRef


@dataclass
class Post:
    """A notification that is to be mailed, and the mail server's memory."""

    database: Database
    mailer: Mailer
    control: httpx.AsyncClient
    ref: NotificationRef
    email: str

    async def send(self, ref: NotificationRef | None = None, mailer: Mailer | None = None) -> None:
        """Run the step."""
        steps = NotifyActivities(self.database, mailer or self.mailer)
        await ActivityEnvironment().run(steps.send, ref or self.ref)

    async def mails(self) -> list[dict[str, Any]]:
        """Return what arrived."""
        found: list[dict[str, Any]] = (await self.control.get("/_control/messages")).json()
        return found

    async def is_mailed(self) -> bool:
        """Tell whether the row says so."""
        async with self.database.begin() as session:
            return (await session.get_one(Notification, self.ref.notification_id)).mailed_at is not None


async def add_news(
    database: Database, title: str, kind: NotificationKind = NotificationKind.APPLICATION_SUBMITTED
) -> tuple[NotificationRef, str]:
    """Store a person, their application and the news of it; return also their address."""
    person = await add_person(database)
    job = await add_job(database, title=title, company="Example Ltd")
    application = await add_application(database, person, job)
    news = Notification(user_id=person, application_id=application.id, kind=kind)
    async with database.begin() as session:
        session.add(news)
        email = (await session.get_one(Account, person)).email
    return NotificationRef(notification_id=news.id, user_id=person), email


@pytest.fixture
async def post(database_url: str) -> AsyncIterator[Post]:
    """One piece of news and a mail server."""
    database = Database(database_url)
    async with serve_mail(None) as mail, httpx.AsyncClient(base_url=mail.control) as control:
        ref, email = await add_news(database, "Data Engineer")
        mailer = Mailer(mail.host, mail.smtp_port, "Jobraker <no-reply@example.com>", starttls=False)
        yield Post(database, mailer, control, ref, email)
    await database.close()


async def test_the_mail_says_what_happened_and_is_sent_once(post: Post) -> None:
    await post.send()
    await post.send()
    (mail,) = await post.mails()
    assert mail["to"] == [post.email]
    assert mail["subject"] == "Your application for Data Engineer at Example Ltd was submitted."
    assert mail["body"].startswith(mail["subject"])
    assert await post.is_mailed()


@pytest.mark.parametrize("kind", sorted(WITHOUT_APPLICATION))
async def test_what_is_about_no_application_is_mailed_too(post: Post, kind: NotificationKind) -> None:
    news = Notification(user_id=post.ref.user_id, kind=kind, number=4)
    async with post.database.begin() as session:
        session.add(news)
    ref = NotificationRef(notification_id=news.id, user_id=post.ref.user_id)
    await post.send(ref)
    await post.send(ref)
    (mail,) = await post.mails()
    assert (mail["to"], mail["subject"].strip()) == ([post.email], sentence(kind, number=4))


async def test_without_a_mail_server_nothing_is_sent_nor_marked(post: Post) -> None:
    await post.send(mailer=replace(post.mailer, host=""))
    assert await post.mails() == []
    assert not await post.is_mailed()


async def test_news_of_somebody_else_or_of_nobody_are_not_sent(post: Post) -> None:
    await post.send(post.ref.model_copy(update={"user_id": uuid4()}))
    await post.send(post.ref.model_copy(update={"notification_id": uuid4()}))
    assert await post.mails() == []


async def test_a_hostile_title_adds_no_header_and_no_recipient(post: Post) -> None:
    title = "Engineer\r\nBcc: everybody@example.com\r\n\r\nBuy now"
    ref, email = await add_news(post.database, title, NotificationKind.APPLICATION_FAILED)
    await post.send(ref)
    (mail,) = await post.mails()
    assert mail["to"] == [email]
    assert mail["subject"].startswith("Your application for Engineer Bcc: everybody@example.com Buy now at")


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({"kind": "status", "status": 451}, "vendor_error"),
        ({"kind": "cut"}, "unreachable"),
    ],
)
async def test_a_fault_of_the_moment_is_tried_again(post: Post, fault: dict[str, Any], word: str) -> None:
    armed = await post.control.post("/_control/faults", json={"method": "SMTP", "times": 1, **fault})
    assert armed.status_code == 201
    with pytest.raises(ApplicationError) as raised:
        await post.send()
    assert (raised.value.type, raised.value.non_retryable) == (word, False)
    assert not await post.is_mailed()
    await post.send()
    assert len(await post.mails()) == 1


async def test_a_mail_server_that_is_away_is_tried_again(post: Post) -> None:
    with pytest.raises(ApplicationError) as raised:
        await post.send(mailer=replace(post.mailer, port=free_port()))
    assert raised.value.type == "unreachable"
    assert not await post.is_mailed()


async def test_a_mail_that_is_refused_for_good_is_given_up(post: Post) -> None:
    fault = {"kind": "status", "status": 550, "method": "SMTP"}
    assert (await post.control.post("/_control/faults", json=fault)).status_code == 201
    await post.send()
    assert await post.mails() == []
    assert await post.is_mailed()


ASKING = (
    NotificationKind.APPLICATION_NEEDS_INPUT,
    NotificationKind.APPLICATION_AWAITS_APPROVAL,
    NotificationKind.APPLICATION_REMINDER,
)


async def stand(post: Post, ref: NotificationRef, state: ApplicationState) -> None:
    """Have the application of a notification stand somewhere, with its deadline on a new year's day."""
    async with post.database.begin() as session:
        news = await session.get_one(Notification, ref.notification_id)
        application = await session.get_one(Application, news.application_id)
        application.state = state
        application.deadline_at = datetime(2031, 1, 1, 9, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize("kind", ASKING)
async def test_what_waits_for_its_person_says_until_when(post: Post, kind: NotificationKind) -> None:
    ref, _ = await add_news(post.database, "Data Engineer", kind)
    await stand(post, ref, ApplicationState.NEEDS_INPUT)
    await post.send(ref)
    (mail,) = await post.mails()
    assert mail["body"].startswith(sentence(kind, "Data Engineer", "Example Ltd"))
    assert "until 01 January 2031, 07:30 UTC." in mail["body"]


@pytest.mark.parametrize("kind", ASKING)
async def test_what_was_asked_for_and_is_done_is_not_mailed_late(post: Post, kind: NotificationKind) -> None:
    ref, _ = await add_news(post.database, "Data Engineer", kind)
    await stand(post, ref, ApplicationState.APPROVED)
    await post.send(ref)
    assert await post.mails() == []
    async with post.database.begin() as session:
        # it counts as told: nobody is to come back to it
        assert (await session.get_one(Notification, ref.notification_id)).mailed_at is not None


@pytest.mark.parametrize("kind", sorted(set(NotificationKind) - set(ASKING)))
async def test_all_other_news_are_mailed_whenever_the_server_is_there(
    post: Post, kind: NotificationKind
) -> None:
    ref, _ = await add_news(post.database, "Data Engineer", kind)
    await stand(post, ref, ApplicationState.SUBMITTED)
    await post.send(ref)
    (mail,) = await post.mails()
    # a long subject is folded before its first word
    assert mail["subject"].strip() == sentence(kind, "Data Engineer", "Example Ltd")
    assert "It waits for you until" not in mail["body"]


def test_a_mailers_password_never_shows() -> None:
    mailer = Mailer("mail.example.com", 25, "a@example.com", "user", "canary")
    assert "canary" not in f"{mailer!r} {mailer}"
