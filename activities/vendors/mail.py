"""Sends mail over SMTP (RFC 5321).

Beside the family of `client.py`:

VendorError
└── MailRefusedError  the server will never take this mail for this address
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import aiosmtplib

from activities.vendors.client import UnreachableError, VendorError

IMPLICIT_TLS_PORT = 465
TIMEOUT_SECONDS = 30.0
PERMANENT = 500
"""SMTP's replies from here on are final (RFC 5321, 4.2.1)."""


class MailRefusedError(VendorError):
    """The server will never take this mail for this address."""

    word = "mail_refused"


@dataclass(frozen=True)
class Mail:
    """What to send; `key` makes the same mail sent twice recognisable as one."""

    recipient: str
    subject: str
    text: str
    key: str


@dataclass(frozen=True)
class Mailer:
    """An SMTP server; an empty host means that there is none. `password` never shows."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = ""
    starttls: bool = True

    def __repr__(self) -> str:
        """Show where it sends and nothing else."""
        return f"Mailer({self.host}:{self.port})"

    @property
    def is_set(self) -> bool:
        """Whether there is a server at all."""
        return bool(self.host)

    async def send(self, mail: Mail) -> None:
        """Send one mail; MailRefusedError for good, UnreachableError or VendorError for the moment."""
        implicit = self.port == IMPLICIT_TLS_PORT
        try:
            await aiosmtplib.send(
                self._message(mail),
                hostname=self.host,
                port=self.port,
                username=self.username or None,
                password=self.password or None,
                use_tls=implicit,
                start_tls=self.starttls and not implicit,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPException as error:
            raise _error_of(error) from None
        except (OSError, TimeoutError) as error:
            raise UnreachableError(f"the mail server is away ({type(error).__name__})") from None

    def _message(self, mail: Mail) -> EmailMessage:
        """Write the mail; what the world wrote cannot add a header, since lines are joined before."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = _line(mail.recipient)
        message["Subject"] = _line(mail.subject)
        message["Date"] = format_datetime(datetime.now(UTC))
        domain = parseaddr(self.sender)[1].partition("@")[2] or "localhost"
        message["Message-ID"] = f"<{mail.key}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message


def _line(text: str) -> str:
    return " ".join(text.split())


def _error_of(error: aiosmtplib.SMTPException) -> VendorError:
    """Return what an SMTP failure is, without the server's words: they quote the address."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        refusals = error.recipients
        if refusals and all(each.code >= PERMANENT for each in refusals):
            return MailRefusedError("the mail server refuses the address")
    if isinstance(error, aiosmtplib.SMTPDataError) and error.code >= PERMANENT:
        return MailRefusedError("the mail server refuses the mail")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return VendorError(f"the mail server answered {error.code}")
    return UnreachableError(f"the mail server is away ({type(error).__name__})")
