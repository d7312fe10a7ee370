"""Which applications may go on now that a person has told something that they wait for."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.answering_enums import Topic
from models.application import Application
from models.enums import ApplicationState
from models.question import Question

RINGS_MAX = 100
"""So many workflows are rung at once; the others see it at their next reminder or deadline."""


async def jobs_in(session: AsyncSession, user_id: UUID, states: Collection[ApplicationState]) -> list[UUID]:
    """Return the jobs of the person's applications in these states, the longest waiting first."""
    return list(await session.exec(_jobs(user_id, states)))


async def jobs_asking(session: AsyncSession, user_id: UUID, topic: Topic, scope: str) -> list[UUID]:
    """Return the jobs whose applications wait for an answer to a topic in this scope."""
    asks = select(Question.id).where(
        Question.user_id == user_id,
        Question.topic == topic,
        Question.scope == scope,
        col(Question.application_id) == col(Application.id),
        col(Question.answer_sealed).is_(None),
    )
    return list(await session.exec(_jobs(user_id, [ApplicationState.NEEDS_INPUT]).where(asks.exists())))


def _jobs(user_id: UUID, states: Collection[ApplicationState]) -> SelectOfScalar[UUID]:
    query = select(Application.job_id).where(
        Application.user_id == user_id, col(Application.state).in_(states)
    )
    return query.order_by(col(Application.moved_at)).limit(RINGS_MAX)
