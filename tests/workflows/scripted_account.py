"""Typed steps of the workflows about accounts, whose answers a test scripts."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from temporalio import activity

from workflows.account_messages import TokenMailRef
from workflows.account_steps import TokenMailSteps


@dataclass
class ScriptedTokenMail(TokenMailSteps):
    """Remembers what it was told to send."""

    sent: list[UUID] = field(default_factory=list)

    @activity.defn
    async def send_token(self, mail: TokenMailRef) -> None:
        """Remember."""
        self.sent.append(mail.token_id)


def a_token_mail() -> TokenMailRef:
    """Return a reference to a new mail."""
    return TokenMailRef(token_id=uuid4(), user_id=uuid4())
