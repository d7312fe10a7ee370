"""Administrators who act for a person: two headers on any of the person's routes, and an entry of the log."""

from typing import Annotated, Any, Final
from urllib.parse import unquote
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import TypeAdapter, ValidationError

from api.auditing import record
from api.context import Context
from api.security import Claims
from models.account import Account
from models.audit import REASON_MAX, REASON_MIN, AuditEntry, Reason
from models.enums import Role
from models.errors import ForbiddenError, NotFoundError, UnprocessableError

ACT_FOR = "x-act-for"
REASON = "x-reason"

NOT_YOU = "Only administrators who are logged in may act for others; leave the header X-Act-For out."
NOT_AN_ID = "The header X-Act-For must be the id of one account."
NOT_A_REASON = (
    f"Say in the header X-Reason why, in {REASON_MIN} to {REASON_MAX} characters; "
    "what is not ASCII is percent-encoded UTF-8."
)
SAID = "Why; the person can read it. In percent-encoded UTF-8, of one person's data required."
NOBODY = "There is no account with the id of the header X-Act-For."

PARAMETERS: Final[list[dict[str, Any]]] = [
    {
        "name": "X-Act-For",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "format": "uuid"},
        "description": (
            "For administrators: act for the person with this id. The access is written to the audit log, "
            "which the person can read."
        ),
    },
    {
        "name": "X-Reason",
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": (
            "Why an administrator acts for the person; required with `X-Act-For`. "
            f"{REASON_MIN} to {REASON_MAX} characters, in percent-encoded UTF-8."
        ),
    },
]
"""What the OpenAPI document says of each route on which an administrator may act for its person."""

_REASON: TypeAdapter[str] = TypeAdapter(Reason)


async def acting_for(request: Request, claims: Claims, context: Context) -> Claims:
    """Return the claims of the person that the administrator acts for, or the same ones without the header.

    The entry of the audit log is committed before anything is done. ForbiddenError for whoever may not act
    for others, UnprocessableError for headers that cannot be read, NotFoundError where there is no such
    account. The caller has made sure that the claims hold now.
    """
    if ACT_FOR not in request.headers:
        return claims
    if claims.session_id is None or claims.role is not Role.ADMIN:
        raise ForbiddenError(NOT_YOU)
    subject_id, reason = _subject_of(request), reason_of(request)
    async with context.database.begin() as session:
        subject = await session.get(Account, subject_id)
        if subject is None or subject.erasing_at is not None:
            raise NotFoundError(NOBODY)
        entry = AuditEntry.by_admin(claims.id, _action_of(request), subject_id, _object_of(request))
        await record(session, context.keys, entry, reason)
    return Claims(subject_id, Role.USER, claims.session_id, claims.expires_at, actor_id=claims.id)


def _subject_of(request: Request) -> UUID:
    values = request.headers.getlist(ACT_FOR)
    try:
        return UUID(values[0] if len(values) == 1 else "")
    except ValueError:
        raise UnprocessableError(NOT_AN_ID) from None


def reason_of(request: Request) -> str:
    """Return why. Two headers of the name are refused, since only one of them would be kept."""
    values = request.headers.getlist(REASON)
    if len(values) != 1 or not values[0].isascii():
        raise UnprocessableError(NOT_A_REASON)
    try:
        return _REASON.validate_python(unquote(values[0], errors="strict"))
    except (ValidationError, UnicodeDecodeError):
        raise UnprocessableError(NOT_A_REASON) from None


async def reason_given(
    request: Request,
    # it is read from the request; here it stands for the document
    _reason: Annotated[str | None, Header(alias="X-Reason", description=SAID)] = None,
) -> str | None:
    """Return what the header X-Reason says; None without it. UnprocessableError where it cannot be read."""
    return reason_of(request) if REASON in request.headers else None


Why = Annotated[str | None, Depends(reason_given)]
"""Why an administrator looks at what is somebody's, where the header says so."""


def required(reason: str | None) -> str:
    """Return the reason; UnprocessableError without one."""
    if reason is None:
        raise UnprocessableError(NOT_A_REASON)
    return reason


def _action_of(request: Request) -> str:
    return f"{request.method} {request.scope['route'].path_format}"


def _object_of(request: Request) -> UUID | None:
    """Return the first id of the path; what is no id the route itself will refuse."""
    for value in request.path_params.values():
        try:
            return UUID(str(value))
        except ValueError:
            continue
    return None
