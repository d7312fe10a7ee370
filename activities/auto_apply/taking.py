"""Step `take_answers`: what a person has given is entered, remembered where they say so, and shared."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.asking import missing
from activities.auto_apply.context import Context
from activities.auto_apply.rows import announce, lock, move
from activities.auto_apply.tally import log_answers, missing_now
from models.answer import Answer, answers_of
from models.answer_bank import ELSEWHERE, BankValue, write_value
from models.answering_enums import AnswerProvenance, AnswerSource, QuestionKind
from models.application import Application
from models.base import now
from models.database import seal_of
from models.enums import Actor, ApplicationState
from models.fitting import refit
from models.question import GivenAnswer, Question, Value, questions_of
from models.ranges import number_of
from models.sealed import Seal, place_of
from models.shown import load_shown
from models.topics.classify import YES_NO_TOPICS
from models.topics.sets import NEVER_SHARED, ONE_EMPLOYER
from models.yes_no import says_plainly
from workflows.messages import ApplicationRef, TakeAnswers, Taken

S, Source = ApplicationState, AnswerSource

OPEN = frozenset({S.NEEDS_INPUT, S.AWAITING_APPROVAL, S.PREPARING})
"""Where answers are entered: also in what goes on already since another answer was the last one missing."""

MAY_SHARE = frozenset({S.NEEDS_INPUT, S.PREPARING})
"""An application that is just being prepared may be about to ask the same."""


async def take_answers(context: Context, request: TakeAnswers) -> Taken:
    """Take given answers over; repeated, it changes nothing and names the same other applications.

    Each application is changed in a transaction of its own, so that two that answer each other do not wait
    for one another.
    """
    ref = request.application
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        seal = await seal_of(session, context.keys, ref.user_id)
        await _take_own(session, application, request.question_ids, seal)
        questions = (await session.exec(questions_of(application.id))).all()
        left = len(await missing_now(session, application, questions))
        shown_hash = None
        if application.state is S.AWAITING_APPROVAL:
            shown_hash = (await load_shown(session, application, seal)).hash(seal)
        shared = await _shared(session, ref.application_id, request.question_ids)
        candidates = await _candidates(session, ref, shared)
    others = [other for other in candidates if await _answer_other(context, other, shared, seal)]
    return Taken(state=application.state, missing=left, shown_hash=shown_hash, others=others)


async def _take_own(
    session: AsyncSession, application: Application, question_ids: Sequence[UUID], seal: Seal
) -> None:
    """Enter the given answers, all of them, and take their rows away."""
    query = select(GivenAnswer).where(
        GivenAnswer.application_id == application.id, col(GivenAnswer.question_id).in_(question_ids)
    )
    given = {each.question_id: each for each in await session.exec(query)}
    for each in given.values():
        await session.delete(each)
    if not given or application.state not in OPEN:
        return
    questions = (await session.exec(questions_of(application.id))).all()
    for question in questions:
        if question.id in given:
            await _enter(session, question, given[question.id], seal)
    await log_answers(session, application, questions)
    if application.state is S.AWAITING_APPROVAL and missing(questions):
        await move(session, application, S.PREPARING, Actor.USER)
    else:
        await _go_on(session, application, questions)


async def _go_on(session: AsyncSession, application: Application, questions: Sequence[Question]) -> None:
    """Announce an application that was answered; with its last missing answer it is on its way again."""
    if application.state is S.NEEDS_INPUT and not await missing_now(session, application, questions):
        await move(session, application, S.PREPARING, Actor.USER)
    else:
        await announce(session, application)


async def _enter(session: AsyncSession, question: Question, given: GivenAnswer, seal: Seal) -> None:
    if given.value_sealed is None:
        question.clear()
        # left empty by the person, and not to be filled in again
        question.source, question.answered_at = Source.PERSON, now()
        return
    place = place_of("given_answer", "value_sealed", question.id)
    value: Value = json.loads(seal.open_text(given.value_sealed, place))
    question.answer(value, Source.PERSON, seal)
    if given.remember:
        await _remember(session, question, value, seal)


async def _remember(session: AsyncSession, question: Question, value: Value, seal: Seal) -> None:
    """Put an answer into the bank, where its topic is kept there and holds for more than one employer."""
    topic = question.topic
    if topic is None or topic in ONE_EMPLOYER or topic in ELSEWHERE:
        return
    query = answers_of(question.user_id).where(Answer.topic == topic, Answer.scope == question.scope)
    kept = (await session.exec(query.with_for_update())).one_or_none()
    if kept is None:
        kept = Answer(
            user_id=question.user_id,
            topic=topic,
            scope=question.scope,
            provenance=AnswerProvenance.PERSON,
            value_sealed=b"",
        )
    write_value(kept, _meant(question, value), AnswerProvenance.PERSON, seal)
    session.add(kept)


def _meant(question: Question, value: Value) -> BankValue:
    """Return what an answer says in no form's words: a plain yes or no, a number, else itself."""
    if isinstance(value, list):
        return value
    if question.topic in YES_NO_TOPICS:
        said = says_plainly(value)
        return value if said is None else said
    number = number_of(value) if question.kind is QuestionKind.NUMBER else None
    return value if number is None else number


async def _shared(
    session: AsyncSession, application_id: UUID, question_ids: Sequence[UUID]
) -> list[Question]:
    """Return the person's answers, of those just given, that hold in other forms, too."""
    query = questions_of(application_id).where(
        col(Question.id).in_(question_ids), Question.source == Source.PERSON
    )
    found = (await session.exec(query)).all()
    return [each for each in found if each.answer_sealed and each.topic and each.topic not in NEVER_SHARED]


async def _candidates(
    session: AsyncSession, ref: ApplicationRef, shared: Sequence[Question]
) -> list[ApplicationRef]:
    """Return the person's other applications whose forms ask the same, the oldest first."""
    topics = {(each.topic, each.scope) for each in shared}
    if not topics:
        return []
    query = (
        select(Application.id, Application.job_id, Question.topic, Question.scope)
        .join(Question, col(Question.application_id) == Application.id)
        .where(
            Application.user_id == ref.user_id,
            Application.id != ref.application_id,
            col(Application.state).in_(MAY_SHARE),
            col(Question.topic).in_({topic for topic, _ in topics}),
        )
        .order_by(col(Application.id))
    )
    found = {
        application_id: job_id
        for application_id, job_id, topic, scope in await session.exec(query)
        if (topic, scope) in topics
    }
    return [
        ApplicationRef(application_id=application_id, user_id=ref.user_id, job_id=job_id)
        for application_id, job_id in found.items()
    ]


async def _answer_other(
    context: Context, ref: ApplicationRef, shared: Sequence[Question], seal: Seal
) -> bool:
    """Answer another application that waits; say whether it now has any of these answers."""
    values = {(each.topic, each.scope): each.read_answer(seal) for each in shared}
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        if application.state not in MAY_SHARE:
            return False
        questions = (await session.exec(questions_of(application.id))).all()
        has_any = False
        for question in questions:
            value = values.get((question.topic, question.scope))
            fitted = None if value is None else refit(question, value)
            if fitted is None:
                continue
            if question.source is None:
                question.answer(fitted, Source.PERSON, seal)
            has_any = has_any or (question.source is Source.PERSON and question.read_answer(seal) == fitted)
        if await log_answers(session, application, questions):
            await _go_on(session, application, questions)
        return has_any
