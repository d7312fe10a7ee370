"""The codec server of Temporal's UI and CLI: for administrators, and told to whose payloads are opened."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError

from api.auditing import record
from api.codec_access import AtTheCodec, Visit
from api.codec_cookie import COOKIE, PATH, SECONDS
from api.context import Context
from api.deps import Admin, ContextDep
from api.described import problems
from api.payload_desk import PayloadsJson
from models.account_admin import Because
from models.audit import AuditEntry, Deed
from models.base import now
from models.errors import UnprocessableError

router = APIRouter(prefix=PATH, tags=["admin"])

QUERY_MAX = 50_000
OTHER_NAMESPACE = "The header X-Namespace names a namespace whose payloads are not sealed here."

Namespace = Annotated[str | None, Header(alias="X-Namespace", description="Temporal's namespace: ours.")]
InQuery = Annotated[
    str,
    Query(alias="payloads", max_length=QUERY_MAX, description="What the POST takes as its body, as JSON."),
]


class CodecSession(BaseModel):
    """What a new cookie is good for."""

    expires_at: datetime = Field(description="When another is needed.")


@router.post("/session", status_code=201, responses=problems(401, 403))
async def begin_session(body: Because, me: Admin, context: ContextDep, response: Response) -> CodecSession:
    """Get the cookie with which Temporal's UI may open payloads for a quarter of an hour, and say why."""
    cookies = context.codec_cookies
    cookie, same_site = cookies.issue(me, body.reason), cookies.same_site
    response.set_cookie(COOKIE, cookie, SECONDS, path=PATH, secure=True, httponly=True, samesite=same_site)
    return CodecSession(expires_at=now() + timedelta(seconds=SECONDS))


@router.delete("/session", status_code=204, responses=problems(401, 403))
async def end_session(_: AtTheCodec, context: ContextDep, response: Response) -> None:
    """Take the cookie back; the end of the login that it was made by ends it everywhere."""
    same_site = context.codec_cookies.same_site
    response.delete_cookie(COOKIE, PATH, secure=True, httponly=True, samesite=same_site)


@router.post("/decode", responses=problems(401, 403))
async def decode(
    body: PayloadsJson, visit: AtTheCodec, context: ContextDep, namespace: Namespace = None
) -> PayloadsJson:
    """Open payloads; those that are not sealed by us are handed back. Each person is told of it, and why."""
    return await _decoded(body, visit, context, namespace)


@router.get("/decode", responses=problems(401, 403))
async def decode_from_query(
    payloads: InQuery, visit: AtTheCodec, context: ContextDep, namespace: Namespace = None
) -> PayloadsJson:
    """Open payloads that are in the address."""
    return await _decoded(_read(payloads), visit, context, namespace)


@router.post("/encode", responses=problems(401, 403))
async def encode(
    body: PayloadsJson, visit: AtTheCodec, context: ContextDep, namespace: Namespace = None
) -> PayloadsJson:
    """Seal payloads by the installation's key, for those who start or signal workflows by hand."""
    return await _encoded(body, visit, context, namespace)


@router.get("/encode", responses=problems(401, 403))
async def encode_from_query(
    payloads: InQuery, visit: AtTheCodec, context: ContextDep, namespace: Namespace = None
) -> PayloadsJson:
    """Seal payloads that are in the address."""
    return await _encoded(_read(payloads), visit, context, namespace)


async def _decoded(body: PayloadsJson, visit: Visit, context: Context, namespace: str | None) -> PayloadsJson:
    reason = visit.reason
    _check_namespace(context, namespace)
    opened = await context.payload_desk.open(body.payloads)
    # it is written down before anything is shown
    async with context.database.begin() as session:
        for owner in opened.owners:
            entry = AuditEntry.by_admin(visit.me.id, Deed.PAYLOADS_DECODED, owner)
            await record(session, context.keys, entry, reason)
    return PayloadsJson(payloads=opened.payloads)


async def _encoded(body: PayloadsJson, visit: Visit, context: Context, namespace: str | None) -> PayloadsJson:
    _check_namespace(context, namespace)
    async with context.database.begin() as session:
        session.add(AuditEntry.by_admin(visit.me.id, Deed.PAYLOADS_ENCODED))
    return PayloadsJson(payloads=await context.payload_desk.seal(body.payloads))


def _read(payloads: str) -> PayloadsJson:
    try:
        return PayloadsJson.model_validate_json(payloads)
    except ValidationError as error:
        places = [{**each, "loc": ("query", "payloads", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(places) from None


def _check_namespace(context: Context, namespace: str | None) -> None:
    if namespace not in {None, context.payload_desk.namespace}:
        raise UnprocessableError(OTHER_NAMESPACE)
