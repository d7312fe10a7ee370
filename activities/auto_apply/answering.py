"""Step `answer`: answers come from the profile, the bank and drafts, and the person is asked for the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.asking import asked_of, unanswerable
from activities.auto_apply.context import Context
from activities.auto_apply.drafting import Material, draft
from activities.auto_apply.knowing import Background, load_background, load_material
from activities.auto_apply.rows import announce, ask, asks_of, conclusion_of, end, lock, move, tell
from activities.auto_apply.tally import has_drafted, log_answers, missing_now
from models.answering_enums import AnswerSource, QuestionKind, Topic
from models.application import BEFORE_FENCE, Application
from models.base import now
from models.draft_rules import is_draftable
from models.enums import Actor, ApplicationState, EndReason, NotificationKind
from models.job import Job
from models.question import Question, questions_of
from workflows.messages import ApplicationRef, Asked, Conclusion

S, Source = ApplicationState, AnswerSource

IN_HAND = frozenset({S.PREPARING, S.NEEDS_INPUT})


@dataclass(frozen=True)
class Open:
    """Open questions for the model, outside any transaction."""

    material: Material
    questions: list[Question]


async def answer(context: Context, ref: ApplicationRef) -> Asked:
    """Answer what can be answered; where a required answer is missing then, ask the person and say so."""
    left = await _answer_known(context, ref)
    if isinstance(left, Asked):
        return left
    drafts = await draft(context, ref.user_id, left.material, left.questions)
    return await _enter_drafts(context, ref, drafts)


async def _answer_known(context: Context, ref: ApplicationRef) -> Asked | Open:
    """Answer what the person has said; where the model may draft more, return that, else how it stands."""
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        if application.state not in IN_HAND:
            return await _as_it_stands(session, application)
        job = await session.get_one(Job, application.job_id)
        if job.expired_at is not None:
            return _asked(await end(session, application, S.EXPIRED, Actor.SYSTEM, EndReason.JOB_CLOSED))
        background = await load_background(session, context.keys, ref.user_id)
        questions = (await session.exec(questions_of(application.id))).all()
        _fill(questions, background)
        open_ = [each for each in questions if _is_untouched(each) and is_draftable(each)]
        if open_ and not await has_drafted(session, application.id):
            return Open(await load_material(session, background, ref.user_id, job), open_)
        return await _settle(session, application, questions, background.rules.input_days)


def _fill(questions: Sequence[Question], background: Background) -> None:
    """Enter what the profile and the bank say now; what they no longer say is taken away.

    The person's own answers stay, and so do drafts where nothing better is known, and letters once made.
    """
    for question in questions:
        if question.source is Source.PERSON:
            continue
        found = None if _is_letter_unwanted(question, background) else background.known.answer(question)
        if found is None:
            if question.source is not Source.DRAFT:
                question.clear()
            continue
        value, source = found
        if source is Source.DOCUMENT and question.kind is not QuestionKind.FILE:
            # the letter itself is entered when it is written
            continue
        if question.source is not source or question.read_answer(background.seal) != value:
            question.answer(value, source, background.seal)


def _is_letter_unwanted(question: Question, background: Background) -> bool:
    return (
        question.topic is Topic.COVER_LETTER and not question.required and not background.rules.write_letters
    )


def _is_untouched(question: Question) -> bool:
    return question.answer_sealed is None and question.source is None


async def _enter_drafts(context: Context, ref: ApplicationRef, drafts: Mapping[UUID, str] | None) -> Asked:
    """Enter what the model has drafted; `drafts` is None where it was not heard."""
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        if application.state not in IN_HAND:
            return await _as_it_stands(session, application)
        background = await load_background(session, context.keys, ref.user_id)
        questions = (await session.exec(questions_of(application.id))).all()
        for question in questions:
            text = (drafts or {}).get(question.id)
            if text is not None and _is_untouched(question):
                question.answer(text, Source.DRAFT, background.seal)
        days = background.rules.input_days
        return await _settle(session, application, questions, days, is_drafted=drafts is not None)


async def _settle(
    session: AsyncSession,
    application: Application,
    questions: Sequence[Question],
    days: float,
    *,
    is_drafted: bool = False,
) -> Asked:
    """Log how the form is answered, and go on, ask the person, or end where nobody can answer."""
    await log_answers(session, application, questions, is_drafted=is_drafted)
    if unanswerable(questions):
        return _asked(await end(session, application, S.FAILED, Actor.SYSTEM, EndReason.MISSING_ANSWER))
    if not await missing_now(session, application, questions):
        return await _go_on(session, application)
    return await _ask(session, application, questions, days)


async def _go_on(session: AsyncSession, application: Application) -> Asked:
    if application.state is S.NEEDS_INPUT:
        await move(session, application, S.PREPARING, Actor.SYSTEM)
    else:
        await announce(session, application)
    return asked_of(application)


async def _ask(
    session: AsyncSession, application: Application, questions: Sequence[Question], days: float
) -> Asked:
    """Wait for the person, and tell them the first time of each wait; at the deadline it is over."""
    if application.state is S.PREPARING:
        await ask(session, application, S.NEEDS_INPUT, days)
    elif application.deadline_at is not None and application.deadline_at <= now():
        return _asked(await end(session, application, S.EXPIRED, Actor.SYSTEM, EndReason.DEADLINE_PASSED))
    number = await asks_of(session, application.id, S.NEEDS_INPUT)
    told = await tell(session, application, NotificationKind.APPLICATION_NEEDS_INPUT, number)
    return asked_of(application, questions, notification_id=told)


async def _as_it_stands(session: AsyncSession, application: Application) -> Asked:
    if application.state in BEFORE_FENCE:
        return asked_of(application)
    return _asked(await conclusion_of(session, application))


def _asked(conclusion: Conclusion) -> Asked:
    return Asked(state=conclusion.state, reason=conclusion.reason, notification_id=conclusion.notification_id)
