"""How a form stands: what is missing of its answers, and the log's entry of how many come from where."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.asking import missing
from models.answering_enums import AnswerSource, LogKind
from models.application import Application
from models.application_log import LogEntry, log_of
from models.evidence import documents_of
from models.question import Question

DRAFTED = "drafted"
"""In the log: whether the model has been heard. That is once for an application."""


async def missing_now(
    session: AsyncSession, application: Application, questions: Sequence[Question]
) -> list[Question]:
    """Return the required questions that have no answer and, as things stand, will have none."""
    is_written = (await session.exec(documents_of(application.id).limit(1))).first() is not None
    return missing(questions, is_written=is_written)


async def log_answers(
    session: AsyncSession,
    application: Application,
    questions: Sequence[Question],
    *,
    is_drafted: bool = False,
) -> bool:
    """Log how the form is answered where that differs from what was logged last; say whether it does."""
    last = await _last(session, application.id)
    counts = Counter(each.source for each in questions if each.source and each.answer_sealed is not None)
    told: dict[str, str | int | float | bool | None] = {
        source.value: counts[source] for source in AnswerSource
    }
    told["missing"] = len(await missing_now(session, application, questions))
    told[DRAFTED] = is_drafted or (last is not None and bool(last.data.get(DRAFTED)))
    if last is not None and last.data == told:
        return False
    session.add(application.log(LogKind.ANSWERED, **told))
    return True


async def has_drafted(session: AsyncSession, application_id: UUID) -> bool:
    """Tell whether the model has been asked for drafts."""
    last = await _last(session, application_id)
    return last is not None and bool(last.data.get(DRAFTED))


async def _last(session: AsyncSession, application_id: UUID) -> LogEntry | None:
    await session.flush()
    entries = await session.exec(log_of(application_id).where(col(LogEntry.kind) == LogKind.ANSWERED))
    return next(reversed(entries.all()), None)
