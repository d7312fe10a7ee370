"""Mails about accounts: the token is made here, from its row and the person's key, and kept nowhere."""

from dataclasses import dataclass

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.heartbeat import beating
from activities.token_mail_words import subject_of, text_of
from activities.vendors.client import VendorError
from activities.vendors.mail import Mail, Mailer, MailRefusedError
from models.account import Account
from models.base import now
from models.database import Database
from models.one_time_token import NEWS, OneTimeToken
from models.sealed import KeyRing
from workflows.account_messages import TokenMailRef
from workflows.account_steps import TokenMailSteps

_log = structlog.get_logger(__name__)


@dataclass
class TokenMailActivities(TokenMailSteps):
    """Sends by `mailer`, remembers in `database`; `public_url` is where the API is reached."""

    database: Database
    keys: KeyRing
    mailer: Mailer
    public_url: str

    @activity.defn
    async def send_token(self, mail: TokenMailRef) -> None:
        """Send the mail, unless it was sent, its token was used or has expired, or no mail server is set.

        An address that the server refuses for good counts as told, so that nobody asks it for ever.
        """
        if not self.mailer.is_set:
            return
        letter = await self._letter(mail)
        if letter is None:
            return
        try:
            async with beating():
                await self.mailer.send(letter)
        except MailRefusedError:
            _log.warning("mail refused", token_id=str(mail.token_id))
        except VendorError as error:
            raise ApplicationError(str(error), type=error.word) from None
        async with self.database.begin() as session:
            token = await session.get(OneTimeToken, mail.token_id)
            if token is not None:
                token.mailed_at = now()

    async def _letter(self, mail: TokenMailRef) -> Mail | None:
        """Write the mail; None where nobody wants it any more."""
        async with self.database.begin() as session:
            token = await session.get(OneTimeToken, mail.token_id)
            account = await session.get(Account, mail.user_id)
        if token is None or account is None or token.user_id != account.id:
            return None
        if not token.by_mail or token.mailed_at is not None or not token.is_good:
            return None
        is_shut_out = account.locked_at is not None and token.purpose not in NEWS
        if is_shut_out or account.erasing_at is not None:
            return None
        seal = account.seal(self.keys)
        recipient = token.address(seal) or account.email
        text = text_of(token.purpose, token.token(seal), token.expires_at, self.public_url)
        return Mail(recipient, subject_of(token.purpose), text, str(token.id))
