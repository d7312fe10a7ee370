"""Reading the mail of invented people, which only the sink of a local stack has."""

import re

import httpx

from local.demo.waiting import until

MESSAGES = "/_control/messages"
TOKEN = re.compile(r"^[0-9a-f]{96}(?=\r?$)", re.MULTILINE)
CALL_SECONDS = 10.0


async def token_mailed(mailbox: str, email: str) -> str:
    """Wait for a mail with a token, and return that of the newest; `mailbox` is the sink's base URL."""
    async with httpx.AsyncClient(base_url=mailbox, timeout=CALL_SECONDS, trust_env=False) as client:

        async def newest() -> str | None:
            answer = (await client.get(MESSAGES, params={"to": email})).raise_for_status()
            tokens = [token for mail in answer.json() for token in TOKEN.findall(mail["body"])]
            return tokens[-1] if tokens else None

        return await until(newest)
