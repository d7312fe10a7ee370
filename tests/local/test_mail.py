"""The mail sink, spoken to by a real SMTP client."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from local.mail import MailAddresses, serve_mail
from tests.local.clients import http_client


@pytest.fixture
async def sink(tmp_path: Path) -> AsyncIterator[MailAddresses]:
    async with serve_mail(tmp_path / "mail.sqlite3") as addresses:
        yield addresses


@pytest.fixture
async def control(sink: MailAddresses) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(base_url=sink.control) as client:
        yield client


def letter(to: str, subject: str = "Your application", body: str = "Well done, Zoë.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "jobs@example.com"
    message["To"] = to
    message["Subject"] = subject
    message.set_content(body)
    return message


async def send(sink: MailAddresses, message: EmailMessage) -> None:
    await aiosmtplib.send(message, hostname=sink.host, port=sink.smtp_port, start_tls=False, timeout=5)


async def test_a_message_is_kept_with_its_recipients_subject_and_body(
    sink: MailAddresses, control: httpx.AsyncClient
) -> None:
    await send(sink, letter("zoe@example.com, max@example.com", "Größe - naïve"))
    (message,) = (await control.get("/_control/messages")).json()
    assert message["to"] == ["zoe@example.com", "max@example.com"]
    assert (message["sender"], message["subject"]) == ("jobs@example.com", "Größe - naïve")
    assert message["body"].strip() == "Well done, Zoë."


async def test_the_plain_body_of_several_is_shown(sink: MailAddresses, control: httpx.AsyncClient) -> None:
    message = letter("zoe@example.com", body="plain\n")
    message.add_alternative("<p>html</p>", subtype="html")
    await send(sink, message)
    assert (await control.get("/_control/messages")).json()[0]["body"].strip() == "plain"


async def test_messages_are_listed_by_recipient(sink: MailAddresses, control: httpx.AsyncClient) -> None:
    for to in ("a@example.com", "b@example.com"):
        await send(sink, letter(to))
    answer = await control.get("/_control/messages", params={"to": "b@example.com"})
    assert [message["to"] for message in answer.json()] == [["b@example.com"]]


async def test_messages_outlive_the_server(tmp_path: Path) -> None:
    for _ in range(2):
        async with serve_mail(tmp_path / "mail.sqlite3") as sink:
            await send(sink, letter("a@example.com"))
    async with (
        serve_mail(tmp_path / "mail.sqlite3") as sink,
        http_client(base_url=sink.control) as control,
    ):
        assert [message["id"] for message in (await control.get("/_control/messages")).json()] == [1, 2]
        await control.delete("/_control/state")
        assert (await control.get("/_control/messages")).json() == []


@pytest.mark.parametrize(
    ("fault", "kept"),
    [
        ({"kind": "status", "status": 450, "body": "Mailbox busy"}, 0),
        ({"kind": "status", "status": 550}, 0),
        ({"kind": "status", "after_effect": True}, 1),
        ({"kind": "cut"}, 0),
        ({"kind": "cut", "after_effect": True}, 1),
        ({"kind": "garbage"}, 0),
    ],
)
async def test_receipt_fails_as_told(
    sink: MailAddresses, control: httpx.AsyncClient, fault: dict[str, object], kept: int
) -> None:
    armed = await control.post("/_control/faults", json={"method": "SMTP", "times": 1, **fault})
    assert armed.status_code == 201
    with pytest.raises(aiosmtplib.SMTPException) as failure:
        await send(sink, letter("a@example.com"))
    if fault["kind"] == "status":
        assert isinstance(failure.value, aiosmtplib.SMTPDataError)
        assert failure.value.code == fault.get("status", 451)
    assert len((await control.get("/_control/messages")).json()) == kept
    await send(sink, letter("a@example.com"))
    assert len((await control.get("/_control/messages")).json()) == kept + 1


async def test_a_fault_for_one_recipient_leaves_the_others_alone(
    sink: MailAddresses, control: httpx.AsyncClient
) -> None:
    await control.post("/_control/faults", json={"kind": "status", "path": "/bad@"})
    await send(sink, letter("good@example.com"))
    with pytest.raises(aiosmtplib.SMTPDataError):
        await send(sink, letter("bad@example.com"))
