"""The second factor: TOTP codes (RFC 6238) and recovery codes, of which each is good once."""

import hmac
import re
import secrets
import time
from typing import Any

import pyotp
from sqlalchemy import CursorResult, or_, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account import Account
from models.audit import AuditEntry, Deed
from models.base import now
from models.recovery_code import RecoveryCode, code_hash_of
from models.sealed import Seal, place_of

ISSUER = "Jobraker"
STEP_SECONDS = 30
WINDOW = 1
"""How many steps a clock may be wrong, either way."""

RECOVERY_CODES = 10
RECOVERY_BYTES = 10

_TOTP_CODE = re.compile(r"[0-9]{6}")


def new_secret(account: Account, seal: Seal) -> str:
    """Store a new secret in the account, which counts once it is confirmed; return it in base32."""
    secret = pyotp.random_base32()
    account.totp_sealed = seal.seal_text(secret, _place(account))
    account.totp_confirmed_at = account.totp_last_step = None
    return secret


def provisioning_uri(account: Account, secret: str) -> str:
    """Return the address that authenticators read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


async def check_code(session: AsyncSession, account: Account, seal: Seal, code: str) -> bool:
    """Use up a TOTP code or a recovery code; False where it is wrong, was used, or no factor is set.

    Each is good once, whoever else shows it at the same moment: the database decides in one statement.
    """
    if account.totp_confirmed_at is None:
        return False
    if _TOTP_CODE.fullmatch(_tidied(code)):
        return await check_totp(session, account, seal, code)
    return await _use_recovery_code(session, account, seal, code)


async def check_totp(session: AsyncSession, account: Account, seal: Seal, code: str) -> bool:
    """Use up a TOTP code, also of a secret that is not confirmed yet; False where it is wrong or was used."""
    if account.totp_sealed is None:
        return False
    totp = pyotp.TOTP(seal.open_text(account.totp_sealed, _place(account)))
    this_step = int(time.time()) // STEP_SECONDS
    for step in range(this_step - WINDOW, this_step + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), _tidied(code).encode()):
            return await _use_step(session, account, step)
    return False


def new_recovery_codes(account: Account, seal: Seal) -> tuple[list[str], list[RecoveryCode]]:
    """Return new codes to be shown once, and the rows that know them again."""
    codes = [_spaced(secrets.token_hex(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    rows = [RecoveryCode(user_id=account.id, code_hash=code_hash_of(_tidied(each), seal)) for each in codes]
    return codes, rows


async def _use_step(session: AsyncSession, account: Account, step: int) -> bool:
    """Note the step of a code; an older or the same one is not good any more."""
    last = col(Account.totp_last_step)
    unused = update(Account).where(
        col(Account.id) == account.id,
        # the secret may have been replaced since it was read
        col(Account.totp_sealed) == account.totp_sealed,
        or_(last.is_(None), last < step),
    )
    return await _changed_one(session, unused.values(totp_last_step=step))


async def _use_recovery_code(session: AsyncSession, account: Account, seal: Seal, code: str) -> bool:
    unused = update(RecoveryCode).where(
        col(RecoveryCode.user_id) == account.id,
        col(RecoveryCode.code_hash) == code_hash_of(_tidied(code), seal),
        col(RecoveryCode.used_at).is_(None),
    )
    is_right = await _changed_one(session, unused.values(used_at=now()))
    if is_right:
        session.add(AuditEntry.by_person(account.id, Deed.RECOVERY_CODE_USED))
    return is_right


async def _changed_one(session: AsyncSession, statement: Any) -> bool:  # noqa: ANN401 -- an update of any table
    result: CursorResult[Any] = await session.exec(statement)
    return result.rowcount == 1


def _place(account: Account) -> str:
    return place_of(Account.__tablename__, "totp_sealed", account.id)


def _tidied(code: str) -> str:
    """Return a code as it was made, however it was typed."""
    return "".join(char for char in code.lower() if char not in " -\u2010\u2011")


def _spaced(code: str) -> str:
    group = len(code) // 4
    return "-".join(code[start : start + group] for start in range(0, len(code), group))
