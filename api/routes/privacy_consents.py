"""Consents: what the person has agreed to and taken back, with every decision as proof."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from api.consenting import decide
from api.context import Context
from api.deps import ContextDep, LoggedIn, SessionDep
from api.described import problems
from models.account_enums import ConsentKind
from models.consent import ConsentPublic, ConsentPut, ConsentsPublic, consents_of

router = APIRouter(prefix="/api/privacy/consents", tags=["privacy"])


@router.get("", responses=problems(401, 403))
async def list_consents(me: LoggedIn, context: ContextDep, session: SessionDep) -> ConsentsPublic:
    """Show what holds, and every decision. What was never decided about goes by the contract."""
    return await _shown(session, context, me.id)


@router.put("/{kind}", responses=problems(401, 403, 409))
async def decide_consent(
    kind: ConsentKind, body: ConsentPut, me: LoggedIn, context: ContextDep
) -> ConsentsPublic:
    """Give or withdraw a consent, which counts at once.

    Withdrawing `automated_applying` switches the automation off. Without `model_processing` nothing that the
    person wrote is sent to the model: no chat, no drafts, no tailoring.
    """
    async with context.database.begin() as session:
        wishes_are_new = await decide(session, context, me, kind, body)
        shown = await _shown(session, context, me.id)
    if wishes_are_new:
        context.flows.start_match_person(me.id)
    return shown


async def _shown(session: AsyncSession, context: Context, user_id: UUID) -> ConsentsPublic:
    history = [ConsentPublic.of(each) for each in await session.exec(consents_of(user_id))]
    newest = {each.kind: each for each in reversed(history)}
    return ConsentsPublic(version=context.terms_version, current=list(newest.values()), history=history)
