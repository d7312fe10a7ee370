"""Erasures whose workflow may be lost; and nothing else is found stranded of whoever is being erased."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import and_, func, or_, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.account_enums import ErasureState
from models.erasure import OPEN, Erasure, being_erased
from workflows.account_messages import ErasureRef
from workflows.stranded import Stranded

UNSTARTED = timedelta(seconds=30)
LATELY = timedelta(minutes=10)
OVERDUE = timedelta(minutes=1)
STILL = timedelta(minutes=15)
MOST = 50


class OfPerson(Protocol):
    """A message that names whom it is about."""

    @property
    def user_id(self) -> UUID:
        """The person's id."""


Ref = TypeVar("Ref", bound=OfPerson)


async def stranded_erasures(session: AsyncSession, moment: datetime) -> list[ErasureRef]:
    """Draw erasures that were asked for and perhaps never started, are overdue, or go on for long."""
    asked_at = col(Erasure.created_at)
    waits = col(Erasure.state) == ErasureState.COOLING_OFF
    query = select(Erasure.id).where(
        # as the partial index words it
        text(f"erasure.{OPEN}"),
        or_(
            and_(waits, asked_at < moment - UNSTARTED, asked_at > moment - LATELY),
            and_(waits, col(Erasure.due_at) < moment - OVERDUE),
            col(Erasure.began_at) < moment - STILL,
        ),
    )
    return [
        ErasureRef(erasure_id=each) for each in await session.exec(query.order_by(func.random()).limit(MOST))
    ]


async def but_erased(session: AsyncSession, found: Stranded) -> Stranded:
    """Leave out what is about people who are being erased: nothing is begun for them any more."""
    erased = set(await session.exec(being_erased()))

    def kept(refs: Sequence[Ref]) -> list[Ref]:
        return [ref for ref in refs if ref.user_id not in erased]

    if not erased:
        return found
    return found.model_copy(
        update={
            "applications": kept(found.applications),
            "chat_turns": kept(found.chat_turns),
            "notifications": kept(found.notifications),
            "rings": kept(found.rings),
            "follow_ups": kept(found.follow_ups),
            "token_mails": kept(found.token_mails),
            "exports": kept(found.exports),
        }
    )
