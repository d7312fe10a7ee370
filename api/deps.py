"""What routes ask for by annotation: who asks, a transaction, the keys, the flows."""

from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context
from api.flows import FlowStarter
from api.security import REFUSED, Claims
from models.database import Database
from models.enums import Role
from models.errors import ForbiddenError, UnauthenticatedError
from models.sealed import KeyRing

bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="The access token of a login.")


async def get_context(request: Request) -> Context:
    """Return what the app holds."""
    return cast("Context", request.app.state.context)


ContextDep = Annotated[Context, Depends(get_context)]


async def authenticate(
    context: ContextDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Claims:
    """Return who asks; UnauthenticatedError without a valid access token."""
    if credentials is None:
        raise UnauthenticatedError(REFUSED)
    return context.tokens.read(credentials.credentials)


Me = Annotated[Claims, Depends(authenticate)]


async def require_admin(me: Me) -> Claims:
    """Return who asks; ForbiddenError unless it is an administrator."""
    if me.role is not Role.ADMIN:
        raise ForbiddenError("Only administrators may do this.")
    return me


Admin = Annotated[Claims, Depends(require_admin)]


async def get_database(context: ContextDep) -> Database:
    """Return the database."""
    return context.database


async def get_keys(context: ContextDep) -> KeyRing:
    """Return the key ring."""
    return context.keys


async def get_flows(context: ContextDep) -> FlowStarter:
    """Return what starts workflows."""
    return context.flows


DatabaseDep = Annotated[Database, Depends(get_database)]
KeysDep = Annotated[KeyRing, Depends(get_keys)]
Flows = Annotated[FlowStarter, Depends(get_flows)]


async def open_session(database: DatabaseDep) -> AsyncIterator[AsyncSession]:
    """Lend one transaction, which commits when the route returns."""
    async with database.begin() as session:
        yield session


# of scope "function": it ends before the answer is sent, so that a failing commit is not answered by 200
SessionDep = Annotated[AsyncSession, Depends(open_session, scope="function")]
