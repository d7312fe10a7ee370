"""Beginning a login and going on with it: its tokens, its device and place, and who hears of a new device."""

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context
from api.security import digest_of, new_refresh_token
from api.telling import tell
from models.account import Account, TokenPair
from models.base import now
from models.enums import NotificationKind
from models.login_session import DEVICE_MAX, LoginSession, RefreshToken, Whereabouts
from models.sealed import Seal
from workflows.messages import NotificationRef

LOGINS_COMPARED = 200
"""How many of a person's latest logins a new one's device is looked for in."""

INVISIBLE = "C"
"""The first letter of the Unicode categories of what is not seen: control and format characters."""


@dataclass(frozen=True)
class Begun:
    """A login that was begun; give `notice` to `flows.start_notify` after the commit, where there is one."""

    tokens: TokenPair
    notice: NotificationRef | None


def whereabouts_of(request: Request) -> Whereabouts:
    """Return the device that asks, as it calls itself, and from which address."""
    said = request.headers.get("user-agent", "")
    device = "".join(char for char in said if not unicodedata.category(char).startswith(INVISIBLE)).strip()
    return Whereabouts(device[:DEVICE_MAX] or None, request.client.host if request.client else None)


async def begin_login(session: AsyncSession, context: Context, account: Account, request: Request) -> Begun:
    """Begin a login of an account, whose row is locked; call it last in the transaction.

    A device that none of the person's earlier logins had is told of, but for the first login of all.
    """
    seal, found = account.seal(context.keys), whereabouts_of(request)
    is_new = await _is_new(session, account.id, found, seal)
    began = now()
    login = LoginSession(
        created_at=began,
        user_id=account.id,
        last_used_at=began,
        expires_at=began + context.tokens.refresh,
    )
    login.used_from(found, seal)
    session.add(login)
    await session.flush()
    tokens = issue(session, context, account, login)
    notice = await tell(session, account.id, NotificationKind.NEW_LOGIN) if is_new else None
    return Begun(tokens, notice)


def issue(session: AsyncSession, context: Context, account: Account, login: LoginSession) -> TokenPair:
    """Store the refresh token that a login goes on with, and return it with an access token."""
    refresh_token = new_refresh_token()
    session.add(
        RefreshToken(
            user_id=account.id,
            family_id=login.id,
            token_hash=digest_of(refresh_token),
            expires_at=login.expires_at,
        )
    )
    return TokenPair(
        access_token=context.tokens.issue(account.id, account.role, login.id),
        refresh_token=refresh_token,
        expires_in=int(context.tokens.access.total_seconds()),
    )


async def _is_new(session: AsyncSession, user_id: UUID, found: Whereabouts, seal: Seal) -> bool:
    latest = select(LoginSession).where(LoginSession.user_id == user_id).order_by(col(LoginSession.id).desc())
    earlier = (await session.exec(latest.limit(LOGINS_COMPARED))).all()
    return bool(earlier) and all(each.device(seal) != found.device for each in earlier)
