"""What becomes of a forgotten password and of a new e-mail: the mails that they lead to, and their effect."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col

from api.account_changes import Change
from api.context import Context
from models.account import Account, account_by_email
from models.account_enums import SessionEnd, TokenPurpose
from models.audit import Deed
from models.base import now
from models.enums import NotificationKind
from models.one_time_token import OneTimeToken
from workflows.account_messages import TokenMailRef

NEWS_LIFETIME = timedelta(days=7)
"""How long it is tried to tell somebody something by mail."""


async def begin_reset(context: Context, email: str) -> TokenMailRef | None:
    """Return the mail to reset a password with; None where the e-mail has no account that can be used.

    It is for an e-mail that was never confirmed as well: whoever has the token has shown whose it is.
    """
    async with context.database.begin() as session:
        account = (await session.exec(account_by_email(email))).first()
        if account is None or account.locked_at is not None or account.erasing_at is not None:
            return None
        token = OneTimeToken.by_mail_for(account.id, TokenPurpose.RESET_PASSWORD, context.accounts.reset)
        session.add(token)
    return TokenMailRef(token_id=token.id, user_id=account.id)


async def set_password(change: Change, password_hash: str, deed: Deed, but: UUID | None = None) -> None:
    """Give an account another password: logins end, all but one, and what was mailed is void."""
    account = change.account
    account.password_hash, account.password_changed_at = password_hash, now()
    await change.end_sessions(SessionEnd.PASSWORD_CHANGED, but)
    await change.void_tokens()
    await change.tell(deed, NotificationKind.PASSWORD_CHANGED)


async def begin_new_email(context: Context, change: Change, email: str, session_id: UUID | None) -> None:
    """Have the new e-mail asked whether it is the person's; the account that has it already is told instead.

    What was asked for before is void. An account that never confirmed the e-mail does not have it. Nothing is
    begun for one that is being erased: its workflows have been deleted already.
    """
    holder = (await change.session.exec(account_by_email(email))).first()
    if holder is not None and holder.id == change.account.id:
        return
    if holder is not None and holder.email_confirmed_at is not None:
        if holder.erasing_at is None:
            change.mail(OneTimeToken.by_mail_for(holder.id, TokenPurpose.ALREADY_REGISTERED, NEWS_LIFETIME))
        return
    earlier = update(OneTimeToken).where(
        col(OneTimeToken.user_id) == change.account.id,
        col(OneTimeToken.purpose) == TokenPurpose.CHANGE_EMAIL,
        col(OneTimeToken.used_at).is_(None),
    )
    await change.session.exec(earlier.values(used_at=now()))
    token = OneTimeToken.by_mail_for(change.account.id, TokenPurpose.CHANGE_EMAIL, context.accounts.confirm)
    token.subject_id = session_id
    token.address_to(email.lower(), change.seal)
    change.mail(token)


async def set_email(change: Change, token: OneTimeToken) -> None:
    """Give an account the e-mail that its token was mailed to.

    Other logins than the one that asked end, and what was mailed is void; the e-mail that it had is told.
    """
    account, session = change.account, change.session
    old, new = account.email, token.address(change.seal) or account.email
    squatter = delete(Account).where(col(Account.email) == new, col(Account.email_confirmed_at).is_(None))
    await session.exec(squatter.where(col(Account.id) != account.id))
    account.email, account.email_confirmed_at = new, now()
    await session.flush()
    await change.end_sessions(SessionEnd.EMAIL_CHANGED, token.subject_id)
    await change.void_tokens()
    news = OneTimeToken.by_mail_for(account.id, TokenPurpose.EMAIL_LEFT, NEWS_LIFETIME)
    news.address_to(old, change.seal)
    change.mail(news)
    await change.tell(Deed.EMAIL_CHANGED, NotificationKind.EMAIL_CHANGED)
