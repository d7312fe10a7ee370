"""The second factor: switching it on and off, and recovery codes."""

from fastapi import APIRouter

from api.account_changes import Change, changing_own
from api.deps import ContextDep, LoggedIn
from api.described import problems
from api.proving import prove_code, prove_new_factor, prove_password
from api.second_factor import new_recovery_codes, new_secret, provisioning_uri
from models.account_enums import SessionEnd
from models.account_requests import CodeOnly, NewFactor, PasswordAndCode, PasswordOnly, RecoveryCodes
from models.audit import Deed
from models.base import now
from models.enums import NotificationKind
from models.errors import ConflictError

router = APIRouter(prefix="/api/auth/totp", tags=["accounts"])

IS_ON = "A second factor is switched on; switch it off first."
IS_OFF = "No second factor is switched on."
NOT_BEGUN = "There is no secret that waits for its first code; ask for one first."


@router.post("", responses=problems(401, 403, 409, 429))
async def begin_factor(body: PasswordOnly, me: LoggedIn, context: ContextDep) -> NewFactor:
    """Ask for a secret for an authenticator. It is shown once, and counts once a code of it was sent."""
    known = await prove_password(context, me.id, body.password)
    async with changing_own(context, me, known) as change:
        if change.account.totp_confirmed_at is not None:
            raise ConflictError(IS_ON)
        secret = new_secret(change.account, change.seal)
    return NewFactor(secret=secret, uri=provisioning_uri(change.account, secret))


@router.post("/confirm", responses=problems(401, 403, 409, 429))
async def confirm_factor(body: CodeOnly, me: LoggedIn, context: ContextDep) -> RecoveryCodes:
    """Switch the second factor on by a first code. Other logins end; the recovery codes are shown once."""
    async with changing_own(context, me) as change:
        if change.account.totp_sealed is None or change.account.totp_confirmed_at is not None:
            raise ConflictError(NOT_BEGUN)
        await prove_new_factor(context, change, body.code)
        change.account.totp_confirmed_at = now()
        codes = await _replace_codes(change)
        await change.end_sessions(SessionEnd.SECOND_FACTOR_CHANGED, me.session_id)
        await change.tell(Deed.SECOND_FACTOR_ENABLED, NotificationKind.SECOND_FACTOR_ENABLED)
    return RecoveryCodes(codes=codes)


@router.delete("", status_code=204, responses=problems(401, 403, 409, 429))
async def drop_factor(body: PasswordAndCode, me: LoggedIn, context: ContextDep) -> None:
    """Switch the second factor off. Other logins end."""
    known = await prove_password(context, me.id, body.password)
    async with changing_own(context, me, known) as change:
        _must_be_on(change)
        await prove_code(context, change, body.code)
        await change.forget_second_factor()
        await change.end_sessions(SessionEnd.SECOND_FACTOR_CHANGED, me.session_id)
        await change.tell(Deed.SECOND_FACTOR_DISABLED, NotificationKind.SECOND_FACTOR_DISABLED)


@router.post("/recovery-codes", responses=problems(401, 403, 409, 429))
async def renew_codes(body: PasswordAndCode, me: LoggedIn, context: ContextDep) -> RecoveryCodes:
    """Replace the recovery codes; the new ones are shown once, and the old ones are void."""
    known = await prove_password(context, me.id, body.password)
    async with changing_own(context, me, known) as change:
        _must_be_on(change)
        await prove_code(context, change, body.code)
        codes = await _replace_codes(change)
        await change.tell(Deed.RECOVERY_CODES_RENEWED)
    return RecoveryCodes(codes=codes)


def _must_be_on(change: Change) -> None:
    if change.account.totp_confirmed_at is None:
        raise ConflictError(IS_OFF)


async def _replace_codes(change: Change) -> list[str]:
    await change.forget_recovery_codes()
    codes, rows = new_recovery_codes(change.account, change.seal)
    change.session.add_all(rows)
    return codes
