"""For administrators: people's accounts. Whatever is read or changed is told in the audit log."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select

from api.acting import Why, required
from api.administering import NO_ACCOUNT, administering
from api.auditing import record
from api.deps import Admin, ContextDep, KeysDep, SessionDep
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
async def find_account(body: EmailSought, me: Admin, session: SessionDep, keys: KeysDep) -> AccountListed:
    """Find an account by its whole e-mail, whatever its case."""
    account = (await session.exec(account_by_email(body.email))).first()
    if account is None:
        raise NotFoundError(NOBODY)
    entry = AuditEntry.by_admin(me.id, Deed.ACCOUNT_FOUND, account.id)
    await record(session, keys, entry, body.reason)
    return AccountListed.of(account)


@router.get("/{user_id:uuid}", responses=problems(401, 403, 404))
async def show_account(
    user_id: UUID, me: Admin, session: SessionDep, context: ContextDep, why: Why
) -> AccountSeen:
    """Show an account, and how much there is of the person; nothing of what they wrote."""
    reason = required(why)
    account = await session.get(Account, user_id)
    if account is None:
        raise NotFoundError(NO_ACCOUNT)
    await record(session, context.keys, AuditEntry.by_admin(me.id, Deed.ACCOUNT_SHOWN, user_id), reason)
    (row,) = await context.database.rows(COUNTS_SQL, {"id": user_id})
    return AccountSeen(
        **AccountListed.of(account).model_dump(),
        last_used_at=row["last_used_at"],
        counts=AccountCounts.model_validate(row),
    )


@router.post("/{user_id}/lock", responses=problems(401, 403, 404, 409))
async def lock_account(user_id: UUID, body: Because, me: Admin, context: ContextDep) -> AccountListed:
    """Keep somebody out: no login, password, API key or mail lets them in any more."""
    async with administering(context, me, user_id, Deed.ACCOUNT_LOCKED, body.reason) as change:
        change.keep_an_administrator()
        change.account.locked_at = change.account.locked_at or now()
        await change.end_sessions(SessionEnd.LOCKED)
        await change.void_tokens()
    return AccountListed.of(change.account)


@router.post("/{user_id}/unlock", responses=problems(401, 403, 404))
async def unlock_account(user_id: UUID, body: Because, me: Admin, context: ContextDep) -> AccountListed:
    """Let somebody in again; they log in anew, and their API keys work as before."""
    async with administering(context, me, user_id, Deed.ACCOUNT_UNLOCKED, body.reason) as change:
        change.account.locked_at = None
    return AccountListed.of(change.account)


@router.put("/{user_id}/role", responses=problems(401, 403, 404, 409))
async def give_role(user_id: UUID, body: RoleGiven, me: Admin, context: ContextDep) -> AccountListed:
    """Make somebody an administrator, or one no longer; where that changes it their logins end."""
    deed = Deed.ADMIN_MADE if body.role is Role.ADMIN else Deed.USER_MADE
    async with administering(context, me, user_id, deed, body.reason) as change:
        if body.role is not Role.ADMIN:
            change.keep_an_administrator()
        if change.account.role is not body.role:
            change.account.role = body.role
            await change.end_sessions(SessionEnd.ROLE_CHANGED)
    return AccountListed.of(change.account)


@router.delete("/{user_id}/sessions", responses=problems(401, 403, 404))
async def end_all_sessions(user_id: UUID, body: Because, me: Admin, context: ContextDep) -> AccountListed:
    """End every login of somebody. API keys are no logins: to stop these too, lock the account."""
    async with administering(context, me, user_id, Deed.SESSIONS_ENDED_BY_ADMIN, body.reason) as change:
        await change.end_sessions(SessionEnd.ENDED_BY_ADMIN)
    return AccountListed.of(change.account)


@router.delete("/{user_id}/second-factor", responses=problems(401, 403, 404))
async def remove_second_factor(user_id: UUID, body: Because, me: Admin, context: ContextDep) -> AccountListed:
    """Switch the second factor off for somebody who has lost theirs; their logins end, and they are told.

    Make sure first that it is them who ask.
    """
    async with administering(context, me, user_id, Deed.SECOND_FACTOR_REMOVED, body.reason) as change:
        if change.account.totp_sealed is not None:
            await change.forget_second_factor()
            await change.end_sessions(SessionEnd.SECOND_FACTOR_CHANGED)
            # nothing is begun for who is being erased: it could outlive them
            if change.account.erasing_at is None:
                told = await tell(change.session, user_id, NotificationKind.SECOND_FACTOR_DISABLED)
                change.notices.append(told)
    return AccountListed.of(change.account)
