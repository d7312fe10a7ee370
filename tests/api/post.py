"""The post of a test's app: mails about accounts are sent by the real step, and read where they arrive."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities.token_mail import TokenMailActivities
from activities.vendors.mail import Mailer
from local.mail import serve_mail
from models.one_time_token import OneTimeToken
from tests.api.client import PASSWORD, Api
from workflows.account_messages import TokenMailRef

PUBLIC_URL = "https://jobs.example.com"
TOKEN = re.compile(r"^[0-9a-f]{96}(?=\r?$)", re.MULTILINE)


@dataclass
class Post:
    """An app, and the mail server that its worker would send by."""

    api: Api
    mailer: Mailer
    control: httpx.AsyncClient

    @property
    def steps(self) -> TokenMailActivities:
        """What sends the mails."""
        return TokenMailActivities(self.api.database, self.api.context.keys, self.mailer, PUBLIC_URL)

    async def deliver(self) -> None:
        """Send every mail that waits."""
        unsent = select(OneTimeToken).where(col(OneTimeToken.mailed_at).is_(None), OneTimeToken.by_mail)
        async with self.api.database.begin() as session:
            waiting = (await session.exec(unsent.order_by(col(OneTimeToken.id)))).all()
        for each in waiting:
            ref = TokenMailRef(token_id=each.id, user_id=each.user_id)
            await ActivityEnvironment().run(self.steps.send_token, ref)

    async def to(self, email: str) -> list[dict[str, Any]]:
        """Return what has come for an e-mail until now, the newest last."""
        await self.deliver()
        answer = await self.control.get("/_control/messages", params={"to": email})
        mails: list[dict[str, Any]] = answer.json()
        return mails

    async def token_to(self, email: str) -> str:
        """Return the token in the newest mail for an e-mail."""
        return token_in((await self.to(email))[-1])

    async def register(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """Ask for an account."""
        body = {"email": email, "password": password}
        return await self.api.http.post("/api/auth/register", json=body)

    async def confirm(self, token: str, password: str = PASSWORD) -> httpx.Response:
        """Confirm a registration."""
        return await self.api.http.post("/api/auth/confirm", json={"token": token, "password": password})


def token_in(mail: dict[str, Any]) -> str:
    """Return the token that stands on a line of a mail."""
    [token] = TOKEN.findall(mail["body"])
    return str(token)


@asynccontextmanager
async def post_of(api: Api) -> AsyncIterator[Post]:
    """Run a mail server for an app until the block ends."""
    async with serve_mail(None) as mail, httpx.AsyncClient(base_url=mail.control) as control:
        sender = "Jobraker <no-reply@example.com>"
        yield Post(api, Mailer(mail.host, mail.smtp_port, sender, starttls=False), control)
