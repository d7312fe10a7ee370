"""API keys for scripts: make, list, revoke."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, func, select

from api.account_changes import changing_own
from api.deps import ContextDep, LoggedIn, SessionDep
from api.described import problems
from api.security import digest_of, new_api_key, prefix_of
from api.telling import tell
from models.api_key import KEYS_MAX, ApiKey, ApiKeyCreate, ApiKeyMade, ApiKeyPublic, api_keys_of
from models.audit import AuditEntry, Deed
from models.base import now
from models.database import seal_of
from models.enums import NotificationKind
from models.errors import ConflictError, NotFoundError

router = APIRouter(prefix="/api/auth/api-keys", tags=["accounts"])

TOO_MANY = f"You have {KEYS_MAX} API keys; revoke one that you need no more."
NO_KEY = "You have no API key with this id, or it was revoked."


@router.post("", status_code=201, responses=problems(401, 403, 409))
async def make_key(body: ApiKeyCreate, me: LoggedIn, context: ContextDep) -> ApiKeyMade:
    """Make a key, and show it this once. Send it in place of an access token: `Authorization: Bearer jbk_…`.

    A scope is named after an area; reading (GET) and everything else are two scopes. Accounts, privacy and
    administration are beyond any key.
    """
    key = new_api_key()
    async with changing_own(context, me) as change:
        mine = select(func.count()).select_from(api_keys_of(me.id).order_by(None).subquery())
        if (await change.session.exec(mine)).one() >= KEYS_MAX:
            raise ConflictError(TOO_MANY)
        row = ApiKey(
            user_id=me.id,
            name_sealed=b"",
            prefix=prefix_of(key),
            key_hash=digest_of(key),
            scopes=[scope.value for scope in body.scopes],
            expires_at=body.expires_at,
        )
        row.call(body.name, change.seal)
        change.session.add_all([row, AuditEntry.by_person(me.id, Deed.API_KEY_CREATED, row.id)])
        change.notices.append(await tell(change.session, me.id, NotificationKind.API_KEY_CREATED))
        shown = ApiKeyPublic.of(row, change.seal)
    return ApiKeyMade(**shown.model_dump(), key=key)


@router.get("", responses=problems(401, 403))
async def list_keys(me: LoggedIn, context: ContextDep, session: SessionDep) -> list[ApiKeyPublic]:
    """List the keys that were not revoked, the newest first; those that have expired let nobody in."""
    seal = await seal_of(session, context.keys, me.id)
    return [ApiKeyPublic.of(key, seal) for key in await session.exec(api_keys_of(me.id))]


@router.delete("/{key_id}", status_code=204, responses=problems(401, 403, 404))
async def revoke_key(key_id: UUID, me: LoggedIn, context: ContextDep) -> None:
    """Revoke a key: it lets nobody in any more."""
    async with changing_own(context, me) as change:
        session = change.session
        key = (await session.exec(api_keys_of(me.id).where(col(ApiKey.id) == key_id))).first()
        if key is None:
            raise NotFoundError(NO_KEY)
        key.revoked_at = now()
        session.add(AuditEntry.by_person(me.id, Deed.API_KEY_REVOKED, key_id))
