"""What routes ask for by annotation: who asks, a transaction, the keys, the flows.

Each reads the app's state by itself: every further dependency costs every request.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context
from api.flows import FlowStarter
from api.security import REFUSED, Claims
from models.database import Database
from models.enums import Role
from models.errors import ForbiddenError, UnauthenticatedError
from models.sealed import KeyRing

BEARER = "bearer"


def context_of(request: Request) -> Context:
    """Return what the app holds, without FastAPI's help: for the routes whose time counts."""
    context: Context = request.app.state.context
    return context


async def get_context(request: Request) -> Context:
    """Return what the app holds."""
    return context_of(request)


class Authenticator(HTTPBearer):
    """The bearer scheme of the document, which also reads the token."""

    async def __call__(self, request: Request) -> Claims:  # type: ignore[override]  # claims, not credentials
        """Return who asks; UnauthenticatedError without a valid access token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != BEARER:
            raise UnauthenticatedError(REFUSED)
        return context_of(request).tokens.read(token.strip())


authenticate = Authenticator(bearerFormat="JWT", description="The access token of a login.")

ContextDep = Annotated[Context, Depends(get_context)]
Me = Annotated[Claims, Depends(authenticate)]


async def require_login(me: Me) -> Claims:
    """Return who asks; ForbiddenError for an API key, and for an administrator who acts for somebody."""
    if me.session_id is None or me.actor_id is not None:
        raise ForbiddenError("Only the person may do this, logged in.")
    return me


LoggedIn = Annotated[Claims, Depends(require_login)]
"""The person themselves, logged in: no API key, and no administrator who acts for them."""


async def require_admin(me: LoggedIn) -> Claims:
    """Return who asks; ForbiddenError unless it is an administrator."""
    if me.role is not Role.ADMIN:
        raise ForbiddenError("Only administrators may do this.")
    return me


async def get_database(request: Request) -> Database:
    """Return the database."""
    return context_of(request).database


async def get_keys(request: Request) -> KeyRing:
    """Return the key ring."""
    return context_of(request).keys


async def get_flows(request: Request) -> FlowStarter:
    """Return what starts workflows."""
    return context_of(request).flows


Admin = Annotated[Claims, Depends(require_admin)]
DatabaseDep = Annotated[Database, Depends(get_database)]
KeysDep = Annotated[KeyRing, Depends(get_keys)]
Flows = Annotated[FlowStarter, Depends(get_flows)]


async def open_session(database: DatabaseDep) -> AsyncIterator[AsyncSession]:
    """Lend one transaction, which commits when the route returns."""
    async with database.begin() as session:
        yield session


# of scope "function": it ends before the answer is sent, so that a failing commit is not answered by 200
SessionDep = Annotated[AsyncSession, Depends(open_session, scope="function")]
