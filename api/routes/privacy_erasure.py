"""Erasing an account (GDPR, article 17): asked for twice, undone until it begins, proven by a receipt."""

from uuid import UUID

from fastapi import APIRouter, Request

from api import erasing
from api.deps import ContextDep, LoggedIn, SessionDep
from api.described import problems
from api.limiting import Limit
from models.erasure import (
    Erasure,
    ErasureAsk,
    ErasureConfirm,
    ErasurePlan,
    ErasurePublic,
    Receipt,
    erasures_of,
)
from models.errors import NotFoundError
from workflows.account_messages import ErasureRef

router = APIRouter(prefix="/api/privacy", tags=["privacy"])

NO_RECEIPT = "There is no receipt with this number."


@router.post("/erasure", responses=problems(401, 403, 409, 429))
async def ask_for_erasure(body: ErasureAsk, me: LoggedIn, context: ContextDep) -> ErasurePlan:
    """Show what an erasure would delete; nothing happens before it is confirmed with the token."""
    return await erasing.ask(context, me, body)


@router.post("/erasure/confirm", status_code=202, responses=problems(401, 403, 409, 429))
async def confirm_erasure(body: ErasureConfirm, me: LoggedIn, context: ContextDep) -> ErasurePublic:
    """Begin the cooling-off period, after which everything is deleted. `id` is the receipt's number."""
    erasure = await erasing.confirm(context, me, body)
    context.flows.start_account_erasure(ErasureRef(erasure_id=erasure.id))
    return ErasurePublic.of(erasure)


@router.delete("/erasure", responses=problems(401, 403, 404, 409))
async def undo_erasure(me: LoggedIn, context: ContextDep) -> ErasurePublic:
    """Undo an erasure that has not begun: the account stays as it is."""
    erasure = await erasing.undo(context, me)
    context.flows.ring_account_erasure(ErasureRef(erasure_id=erasure.id))
    return ErasurePublic.of(erasure)


@router.get("/erasure", responses=problems(401, 403, 404))
async def read_erasure(me: LoggedIn, session: SessionDep) -> ErasurePublic:
    """Show the newest erasure that was asked for."""
    erasure = (await session.exec(erasures_of(me.id).limit(1))).first()
    if erasure is None:
        raise NotFoundError(erasing.NONE_ASKED)
    return ErasurePublic.of(erasure)


@router.get("/receipts/{erasure_id}", responses=problems(404, 429))
async def read_receipt(erasure_id: UUID, request: Request, context: ContextDep) -> Receipt:
    """Show a receipt to whoever has its number: times, counts and hashes, and no word of whose it is."""
    await context.limiter.take_address(Limit.RECEIPT_ADDRESS, request)
    async with context.database.begin() as session:
        erasure = await session.get(Erasure, erasure_id)
    if erasure is None:
        raise NotFoundError(NO_RECEIPT)
    return Receipt.of(erasure)
