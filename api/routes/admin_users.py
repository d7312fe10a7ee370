"""For administrators: people's accounts. Whatever is read or changed is told in the audit log."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select

from api.administering import (
    NO_ACCOUNT,
    changing,
    end_sessions,
    forget_second_factor,
    keep_an_administrator,
)
from api.deps import Admin, ContextDep, SessionDep
from api.described import problems
from api.pages import LIMIT_DEFAULT, Cursor, Limit, Page, before, page_of
from api.telling import tell
from models.account import Account, account_by_email
from models.account_admin import (
    COUNTS_SQL,
    AccountCounts,
    AccountListed,
    AccountSeen,
    Because,
    EmailSought,
    RoleGiven,
)
from models.account_enums import SessionEnd
from models.audit import AuditEntry, Deed
from models.base import now
from models.enums import NotificationKind, Role
from models.errors import NotFoundError

router = APIRouter(prefix="/api/admin/users", tags=["admin"])

NOBODY = "There is no account with this e-mail."


@router.get("/", responses=problems(401, 403))
async def list_accounts(
    me: Admin, session: SessionDep, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[AccountListed]:
    """List the accounts, the newest first."""
    accounts = (await session.exec(before(select(Account), col(Account.id), limit, cursor))).all()
    session.add(AuditEntry.by_admin(me.id, Deed.ACCOUNTS_LISTED))
    return page_of(accounts, limit, AccountListed.of, lambda account: account.id)


@router.post("/find", responses=problems(401, 403, 404))
async def find_account(body: EmailSought, me: Admin, session: SessionDep) -> AccountListed:
    """Find an account by its whole e-mail, whatever its case."""
    account = (await session.exec(account_by_email(body.email))).first()
    if account is None:
        raise NotFoundError(NOBODY)
    session.add(AuditEntry.by_admin(me.id, Deed.ACCOUNT_FOUND, account.id))
    return AccountListed.of(account)


@router.get("/{user_id:uuid}", responses=problems(401, 403, 404))
async def show_account(user_id: UUID, me: Admin, session: SessionDep, context: ContextDep) -> AccountSeen:
    """Show an account, and how much there is of the person; nothing of what they wrote."""
    account = await session.get(Account, user_id)
    if account is None:
        raise NotFoundError(NO_ACCOUNT)
    session.add(AuditEntry.by_admin(me.id, Deed.ACCOUNT_SHOWN, user_id))
    (row,) = await context.database.rows(COUNTS_SQL, {"id": user_id})
    return AccountSeen(
        **AccountListed.of(account).model_dump(),
        last_used_at=row["last_used_at"],
        counts=AccountCounts.model_validate(row),
    )


@router.post("/{user_id}/lock", responses=problems(401, 403, 404, 409))
async def lock_account(user_id: UUID, body: Because, me: Admin, context: ContextDep) -> AccountListed:
    """Keep somebody out: their logins end at once, and neither a password nor an API key lets them in."""
    async with changing(context, me, user_id, Deed.ACCOUNT_LOCKED, body.reason) as (session, account, others):
        keep_an_administrator(account, others)
        account.locked_at = account.locked_at or now()
        await end_sessions(session, user_id, SessionEnd.LOCKED)
    return AccountListed.of(account)


@router.post("/{user_id}/unlock", responses=problems(401, 403, 404))
async def unlock_account(user_id: UUID, body: Because, me: Admin, context: ContextDep) -> AccountListed:
    """Let somebody in again; they log in anew, and their API keys work as before."""
    async with changing(context, me, user_id, Deed.ACCOUNT_UNLOCKED, body.reason) as (_, account, _others):
        account.locked_at = None
    return AccountListed.of(account)


@router.put("/{user_id}/role", responses=problems(401, 403, 404, 409))
async def give_role(user_id: UUID, body: RoleGiven, me: Admin, context: ContextDep) -> AccountListed:
    """Make somebody an administrator, or one no longer; where that changes it their logins end."""
    deed = Deed.ADMIN_MADE if body.role is Role.ADMIN else Deed.USER_MADE
    async with changing(context, me, user_id, deed, body.reason) as (session, account, others):
        if body.role is not Role.ADMIN:
            keep_an_administrator(account, others)
        if account.role is not body.role:
            account.role = body.role
            await end_sessions(session, user_id, SessionEnd.ROLE_CHANGED)
    return AccountListed.of(account)


@router.delete("/{user_id}/sessions", responses=problems(401, 403, 404))
async def end_all_sessions(user_id: UUID, body: Because, me: Admin, context: ContextDep) -> AccountListed:
    """End every login of somebody. API keys are no logins: to stop these too, lock the account."""
    deed = Deed.SESSIONS_ENDED_BY_ADMIN
    async with changing(context, me, user_id, deed, body.reason) as (session, account, _):
        await end_sessions(session, user_id, SessionEnd.ENDED_BY_ADMIN)
    return AccountListed.of(account)


@router.delete("/{user_id}/second-factor", responses=problems(401, 403, 404))
async def remove_second_factor(user_id: UUID, body: Because, me: Admin, context: ContextDep) -> AccountListed:
    """Switch the second factor off for somebody who has lost theirs; their logins end, and they are told.

    Make sure first that it is them who ask.
    """
    deed, told = Deed.SECOND_FACTOR_REMOVED, None
    async with changing(context, me, user_id, deed, body.reason) as (session, account, _):
        if account.totp_sealed is not None:
            await forget_second_factor(session, account)
            await end_sessions(session, user_id, SessionEnd.SECOND_FACTOR_CHANGED)
            told = await tell(session, user_id, NotificationKind.SECOND_FACTOR_DISABLED)
    if told is not None:
        context.flows.start_notify(told)
    return AccountListed.of(account)
