"""Registering: what becomes of an e-mail that somebody registers with, or wants another mail for."""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from api.context import Context
from models.account import Account, account_by_email
from models.account_enums import ConsentKind, TokenPurpose
from models.base import now
from models.consent import consent_given
from models.one_time_token import OneTimeToken, void_tokens
from workflows.account_messages import TokenMailRef


async def begin_registration(context: Context, email: str, password_hash: str) -> TokenMailRef | None:
    """Store a registration, and return the mail that it leads to, if any.

    Of an account whose e-mail was never confirmed the newest registration counts. Who has a confirmed one is
    told that somebody registered with it.
    """
    rules = context.accounts
    fresh = Account.register(email, password_hash, context.keys, confirmed=not rules.confirms)
    async with context.database.begin() as session:
        # the same statements whoever the e-mail belongs to, and no error where two register at once
        new = insert(Account).values(fresh.model_dump()).on_conflict_do_nothing(index_elements=["email"])
        await session.exec(new)
        account = (await session.exec(_locked(email))).first()
        if account is None or not _is_open(account):
            return None
        if account.email_confirmed_at is None:
            account.password_hash = password_hash
            account.email_confirmed_at = None if rules.confirms else now()
            await session.exec(void_tokens(account.id))
        if account.id == fresh.id:
            session.add(consent_given(account.id, ConsentKind.TERMS, context.terms_version))
        if account.id == fresh.id and not rules.confirms:
            return None
        return _mail(context, session, account)


async def mail_again(context: Context, email: str) -> TokenMailRef | None:
    """Return another mail for an e-mail that waits to be confirmed; None for every other one.

    The tokens of earlier mails stay good: anybody may ask for another one at any moment.
    """
    async with context.database.begin() as session:
        account = (await session.exec(_locked(email))).first()
        if account is None or not _is_open(account) or account.email_confirmed_at is not None:
            return None
        return _mail(context, session, account)


def _mail(context: Context, session: AsyncSession, account: Account) -> TokenMailRef:
    """Store the mail that an account is to get."""
    waits = account.email_confirmed_at is None
    purpose = TokenPurpose.CONFIRM_EMAIL if waits else TokenPurpose.ALREADY_REGISTERED
    token = OneTimeToken.by_mail_for(account.id, purpose, context.accounts.confirm)
    session.add(token)
    return TokenMailRef(token_id=token.id, user_id=account.id)


def _locked(email: str) -> SelectOfScalar[Account]:
    return account_by_email(email).with_for_update(key_share=True)


def _is_open(account: Account) -> bool:
    return account.locked_at is None and account.erasing_at is None
