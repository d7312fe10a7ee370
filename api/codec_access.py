"""Who may ask the codec: administrators, by their access token or by the cookie of `api.codec_cookie`."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from api.acting import NOT_A_REASON, REASON, reason_of
from api.codec_cookie import COOKIE, REFUSED
from api.context import Context
from api.deps import authenticate, authenticate_in_person, context_of, require_admin, require_login
from api.security import Claims, check_admin
from models.errors import ForbiddenError, UnauthenticatedError, UnprocessableError

SAID = "Why payloads are opened; with an access token only, since the cookie has its own reason."
NOT_NAMED = "Requests of this origin may not come with the cookie; its operator names those that may."


@dataclass(frozen=True)
class Visit:
    """An administrator at the codec, and why they are, where it was said."""

    me: Claims
    said: str | None

    @property
    def reason(self) -> str:
        """Why payloads are opened; UnprocessableError where it was not said."""
        if self.said is None:
            raise UnprocessableError(NOT_A_REASON)
        return self.said


class CodecBearer(HTTPBearer):
    """The bearer scheme of the document; None without the header, where the cookie is asked for."""

    async def __call__(self, request: Request) -> Visit | None:  # type: ignore[override]  # no credentials
        """Return the administrator whose access token it is, with what the header X-Reason says."""
        if "authorization" not in request.headers:
            return None
        me = await require_login(await authenticate_in_person(request))
        me = await require_admin(me, context_of(request))
        return Visit(me, reason_of(request) if REASON in request.headers else None)


by_token = CodecBearer(bearerFormat="JWT", scheme_name=authenticate.scheme_name)
by_cookie = APIKeyCookie(
    name=COOKIE, scheme_name="CodecCookie", auto_error=False, description="Of POST /api/codec/session."
)


async def visit(
    request: Request,
    token: Annotated[Visit | None, Depends(by_token)],
    cookie: Annotated[str | None, Depends(by_cookie)],
    # it is read where the token is; here it stands for the document
    _reason: Annotated[str | None, Header(alias="X-Reason", description=SAID)] = None,
) -> Visit:
    """Return who asks; UnauthenticatedError without credentials, ForbiddenError for no administrator."""
    if token is not None:
        return token
    if cookie is None:
        raise UnauthenticatedError(REFUSED)
    context = context_of(request)
    _check_origin(request, context)
    login, reason = context.codec_cookies.read(cookie)
    me = await context.standing.of_login(login)
    check_admin(me, needs_factor=context.admin_totp)
    return Visit(me, reason)


AtTheCodec = Annotated[Visit, Depends(visit)]


def _check_origin(request: Request, context: Context) -> None:
    """ForbiddenError for another site's request, which the browser sends the cookie with all the same.

    No origin is named by a page of our own that reads, by what is no browser, and by another site's picture
    or link, of which the browser says that it crosses sites (W3C Fetch Metadata).
    """
    own = f"{request.url.scheme}://{request.url.netloc}"
    named = request.headers.getlist("origin")
    if not named and request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise ForbiddenError(NOT_NAMED)
    for origin in named:
        if origin != own and origin not in context.codec_cookies.origins:
            raise ForbiddenError(NOT_NAMED)
