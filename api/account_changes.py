"""Changing what an account is guarded by: under its lock, told to its person, and known at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context
from api.security import REFUSED, Claims
from api.telling import tell
from models.account import Account
from models.account_enums import SessionEnd
from models.audit import AuditEntry, Deed
from models.base import now
from models.enums import NotificationKind
from models.errors import ForbiddenError, UnauthenticatedError
from models.login_session import LoginSession
from models.one_time_token import OneTimeToken, void_tokens
from models.recovery_code import RecoveryCode
from models.sealed import Seal
from workflows.account_messages import TokenMailRef
from workflows.messages import NotificationRef

GONE = "This account no longer exists."
WRONG_PASSWORD = "The password is wrong."  # noqa: S105 -- a sentence, not a secret


@dataclass
class Change:
    """An account under its lock; what is told of its change is sent after the commit."""

    session: AsyncSession
    account: Account
    seal: Seal
    notices: list[NotificationRef] = field(default_factory=list)
    mails: list[TokenMailRef] = field(default_factory=list)

    async def end_sessions(self, reason: SessionEnd, but: UUID | None = None) -> None:
        """End the person's logins, all but one."""
        open_ones = update(LoginSession).where(
            col(LoginSession.user_id) == self.account.id, col(LoginSession.ended_at).is_(None)
        )
        if but is not None:
            open_ones = open_ones.where(col(LoginSession.id) != but)
        await self.session.exec(open_ones.values(ended_at=now(), ended_by=reason))

    async def void_tokens(self) -> None:
        """Make void what was mailed or shown and not used."""
        await self.session.exec(void_tokens(self.account.id))

    async def forget_second_factor(self) -> None:
        """Let the person log in by the password alone."""
        account = self.account
        account.totp_sealed = account.totp_confirmed_at = account.totp_last_step = None
        await self.forget_recovery_codes()

    async def forget_recovery_codes(self) -> None:
        """Make every recovery code void."""
        mine = col(RecoveryCode.user_id) == self.account.id
        await self.session.exec(delete(RecoveryCode).where(mine))

    def mail(self, token: OneTimeToken) -> None:
        """Store a token that is to be mailed."""
        self.session.add(token)
        self.mails.append(TokenMailRef(token_id=token.id, user_id=token.user_id))

    async def tell(self, deed: Deed, kind: NotificationKind | None = None) -> None:
        """Write down what the person has done, and tell them; call it last."""
        self.session.add(AuditEntry.by_person(self.account.id, deed))
        if kind is not None:
            self.notices.append(await tell(self.session, self.account.id, kind))


@asynccontextmanager
async def changing(
    context: Context, user_id: UUID, password_hash: str | None = None
) -> AsyncIterator[Change]:
    """Lock an account, and commit its change where the block ends well.

    UnauthenticatedError where it is gone, locked or being erased; ForbiddenError where its password was
    changed since it was found right for `password_hash`. FOR NO KEY UPDATE lets foreign keys pass.
    """
    async with context.database.begin() as session:
        account = await session.get(Account, user_id, with_for_update={"key_share": True})
        if account is None or account.locked_at is not None or account.erasing_at is not None:
            raise UnauthenticatedError(GONE)
        if password_hash is not None and password_hash != account.password_hash:
            raise ForbiddenError(WRONG_PASSWORD)
        change = Change(session, account, account.seal(context.keys))
        yield change
        await context.standing.changed(session, user_id)
    for mail in change.mails:
        context.flows.start_token_mail(mail)
    for notice in change.notices:
        context.flows.start_notify(notice)


@asynccontextmanager
async def changing_own(
    context: Context, me: Claims, password_hash: str | None = None
) -> AsyncIterator[Change]:
    """Lock the account of who is logged in, as `changing` does, where their login has not ended meanwhile.

    Whoever is put out may have asked a moment before, and waited for the account: what they then were
    given, such as an API key, would outlive their login. UnauthenticatedError for them.
    """
    async with changing(context, me.id, password_hash) as change:
        await check_login(change.session, me)
        yield change


async def check_login(session: AsyncSession, me: Claims) -> None:
    """UnauthenticatedError where the login has ended; its account is locked, so it stays so."""
    login = await session.get(LoginSession, me.session_id)
    if login is None or login.ended_at is not None:
        raise UnauthenticatedError(REFUSED)
