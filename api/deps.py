"""What routes ask for by annotation: who asks, a transaction, the keys, the flows.

Each reads the app's state by itself: every further dependency costs every request.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from sqlmodel.ext.asyncio.session import AsyncSession

from api.acting import ACT_FOR, acting_for
from api.context import Context
from api.flows import FlowStarter
from api.scopes import check_scope
from api.security import API_KEY_MARK, REFUSED, Claims, check_admin
from models.database import Database
from models.enums import Role
from models.errors import ForbiddenError, UnauthenticatedError
from models.sealed import KeyRing

BEARER = "bearer"
IN_PERSON = "Only the person may do this, logged in."


def context_of(request: Request) -> Context:
    """Return what the app holds, without FastAPI's help: for the routes whose time counts."""
    context: Context = request.app.state.context
    return context


async def get_context(request: Request) -> Context:
    """Return what the app holds."""
    return context_of(request)


class Authenticator(HTTPBearer):
    """The bearer scheme of the document, which also finds out who asks and whether they still may."""

    async def __call__(self, request: Request) -> Claims:  # type: ignore[override]  # claims, not credentials
        """Return who asks, or the person for whom an administrator acts by two headers (`api.acting`).

        UnauthenticatedError without an access token or API key that holds now, ForbiddenError for an API key
        without the scope of the route.
        """
        claims = await self._who(request)
        if ACT_FOR not in request.headers:
            return claims
        context = context_of(request)
        if claims.role is Role.ADMIN:
            check_admin(claims, needs_factor=context.admin_totp)
        return await acting_for(request, claims, context)

    async def _who(self, request: Request) -> Claims:
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != BEARER:
            raise UnauthenticatedError(REFUSED)
        context, credential = context_of(request), credential.strip()
        if credential.startswith(API_KEY_MARK):
            claims, scopes = await context.standing.of_key(credential)
            check_scope(request, scopes)
        else:
            claims = await context.standing.of_login(context.tokens.read(credential))
        return claims


class InPerson(Authenticator):
    """The same where only the person will do."""

    async def __call__(self, request: Request) -> Claims:  # type: ignore[override]  # as above
        """Return who asks; ForbiddenError for whoever acts for somebody, of which nothing is written down."""
        claims = await self._who(request)
        if ACT_FOR in request.headers:
            raise ForbiddenError(IN_PERSON)
        return claims


authenticate = Authenticator(bearerFormat="JWT", description="The access token of a login, or an API key.")
authenticate_in_person = InPerson(bearerFormat="JWT", scheme_name=authenticate.scheme_name)

ContextDep = Annotated[Context, Depends(get_context)]
Me = Annotated[Claims, Depends(authenticate)]
"""Whoever asks about their own: logged in, by an API key, or an administrator who acts for them."""


async def require_login(me: Annotated[Claims, Depends(authenticate_in_person)]) -> Claims:
    """Return who asks; ForbiddenError for an API key, and for an administrator who acts for somebody."""
    if me.session_id is None:
        raise ForbiddenError(IN_PERSON)
    return me


LoggedIn = Annotated[Claims, Depends(require_login)]
"""The person themselves, logged in: no API key, and no administrator who acts for them."""


async def require_admin(me: LoggedIn, context: ContextDep) -> Claims:
    """Return who asks; ForbiddenError unless it is an administrator, as `api.security.check_admin` says."""
    check_admin(me, needs_factor=context.admin_totp)
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
"""An administrator, logged in."""

DatabaseDep = Annotated[Database, Depends(get_database)]
KeysDep = Annotated[KeyRing, Depends(get_keys)]
Flows = Annotated[FlowStarter, Depends(get_flows)]


async def open_session(database: DatabaseDep) -> AsyncIterator[AsyncSession]:
    """Lend one transaction, which commits when the route returns."""
    async with database.begin() as session:
        yield session


# of scope "function": it ends before the answer is sent, so that a failing commit is not answered by 200
SessionDep = Annotated[AsyncSession, Depends(open_session, scope="function")]
