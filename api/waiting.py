"""Which applications may go on now that a person has told something that they wait for."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.answering_enums import Topic
from models.application import Application
from models.enums import ApplicationState
from models.question import Question

RINGS_MAX = 100
"""So many workflows are rung at once; the others see it at their next reminder or deadline."""


async def jobs_waiting(
    session: AsyncSession, user_id: UUID, topic: Topic | None = None, scope: str = ""
) -> list[UUID]:
    """Return the jobs of the person's applications that wait for answers, the longest waiting first.

    With a topic only those whose form asks for it, in this scope, and has no answer yet.
    """
    query = select(Application.job_id).where(
        Application.user_id == user_id, Application.state == ApplicationState.NEEDS_INPUT
    )
    if topic is not None:
        asks = select(Question.id).where(
            Question.user_id == user_id,
            Question.topic == topic,
            Question.scope == scope,
            col(Question.application_id) == col(Application.id),
            col(Question.answer_sealed).is_(None),
        )
        query = query.where(asks.exists())
    return list(await session.exec(query.order_by(col(Application.moved_at)).limit(RINGS_MAX)))
