"""Giving answers to one application: checked, sealed, and taken over by its workflow all together or not."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.applications import own_locked, ref_of
from api.approving import AGAIN_SECONDS
from api.context import Context
from api.flows import UPDATE_SECONDS
from models.application import Application
from models.application_requests import AnswerGiven
from models.base import now
from models.database import seal_of
from models.enums import ApplicationState
from models.errors import BadAnswerError, ConflictError, JobrakerError, UnavailableError, UnderWayError
from models.fitting import fit, given_shape
from models.question import GivenAnswer, Question, questions_of
from models.sealed import Seal, place_of
from workflows.desk import fault_of
from workflows.messages import AnswerShape, GiveAnswers, GivenShape

S = ApplicationState

OPEN = frozenset({S.NEEDS_INPUT, S.AWAITING_APPROVAL})
ABANDONED_AFTER = timedelta(seconds=2 * UPDATE_SECONDS)
"""After so long an answer that was not taken over belongs to a process that died while it waited."""

NOT_WAITING = "This application does not wait for answers."
UNKNOWN_QUESTION = "the form has no such question"
OTHERS_UNDER_WAY = (
    "Other answers to this application are just being taken over; send these again in a moment."
)


async def answer_for_person(
    context: Context, user_id: UUID, application_id: UUID, answers: Sequence[AnswerGiven]
) -> None:
    """Have answers taken over; what is not taken is not kept either.

    Raises NotFoundError, ConflictError where it does not wait for answers, UnderWayError, BadAnswerError with
    what is wrong of each, and UnavailableError while nobody can take them over.
    """
    async with context.database.begin() as session:
        application = await own_locked(session, user_id, application_id)
        if application.state not in OPEN:
            raise ConflictError(NOT_WAITING, state=application.state.value)
        questions = {each.id: each for each in await session.exec(questions_of(application.id))}
        shapes = _checked(questions, answers)
        at, before = now(), {each.question_id: questions[each.question_id].answered_at for each in answers}
        seal = await seal_of(session, context.keys, user_id)
        await _put(session, application, _sealed(questions, answers, seal, at), at)
    try:
        await _hand_over(context, application, GiveAnswers(answers=shapes))
    except JobrakerError as error:
        await _withdraw(context, application, at)
        # the answer of the workflow may have been lost, and not what it did
        if not isinstance(error, UnavailableError) or not await _are_taken(context, before):
            raise
        # the rows were changed before the workflow's history: it may have to be told again
        context.flows.ring(user_id, application.job_id)
    else:
        if not await _are_taken(context, before):
            # cancelled, or at its deadline, in the very moment between the row and its workflow
            raise ConflictError(NOT_WAITING)


def _checked(questions: dict[UUID, Question], answers: Sequence[AnswerGiven]) -> list[GivenShape]:
    """Return the answers' shapes; BadAnswerError names every one that does not fit."""
    shapes = [_shape(questions.get(each.question_id), each) for each in answers]
    faults = [
        (each.question_id, fault)
        for each, shape in zip(answers, shapes, strict=True)
        if (fault := _fault(questions.get(each.question_id), shape)) is not None
    ]
    if faults:
        raise BadAnswerError.of(faults)
    return shapes


def _shape(question: Question | None, answer: AnswerGiven) -> GivenShape:
    if question is None or answer.value is None:
        return GivenShape(question_id=answer.question_id, clears=True)
    return GivenShape(question_id=answer.question_id, **asdict(given_shape(question, answer.value)))


def _fault(question: Question | None, shape: GivenShape) -> str | None:
    return UNKNOWN_QUESTION if question is None else fault_of(shape, shape_of(question))


def shape_of(question: Question) -> AnswerShape:
    """Return how a question may be answered."""
    return AnswerShape(
        question_id=question.id,
        kind=question.kind,
        required=question.required,
        options=len(question.options),
        max_length=question.max_length,
    )


def _sealed(
    questions: dict[UUID, Question], answers: Sequence[AnswerGiven], seal: Seal, at: datetime
) -> list[GivenAnswer]:
    return [_sealed_one(questions[each.question_id], each, seal, at) for each in answers]


def _sealed_one(question: Question, answer: AnswerGiven, seal: Seal, at: datetime) -> GivenAnswer:
    sealed = None
    if answer.value is not None:
        text = json.dumps(fit(question, answer.value), ensure_ascii=False)
        sealed = seal.seal_text(text, place_of("given_answer", "value_sealed", question.id))
    return GivenAnswer(
        question_id=question.id,
        application_id=question.application_id,
        user_id=question.user_id,
        remember=answer.remember,
        created_at=at,
        value_sealed=sealed,
    )


async def _put(
    session: AsyncSession, application: Application, given: Sequence[GivenAnswer], at: datetime
) -> None:
    """Store given answers, in the place of those that a dead process left; the application is locked."""
    pending = select(GivenAnswer).where(GivenAnswer.application_id == application.id)
    left = (await session.exec(pending)).all()
    if any(each.created_at > at - ABANDONED_AFTER for each in left):
        raise UnderWayError(OTHERS_UNDER_WAY)
    for each in left:
        await session.delete(each)
    await session.flush()
    session.add_all(given)


async def _hand_over(context: Context, application: Application, given: GiveAnswers) -> None:
    """Have the workflow take the answers; it may not know yet that its row waits for them."""
    for seconds in (*AGAIN_SECONDS, None):
        try:
            await context.flows.give_answers(ref_of(application), given)
        except ConflictError:
            if seconds is None or not await _is_open(context, application):
                raise
            context.flows.ring(application.user_id, application.job_id)
            await asyncio.sleep(seconds)
        else:
            return


async def _is_open(context: Context, application: Application) -> bool:
    query = select(Application.state).where(Application.id == application.id)
    async with context.database.begin() as session:
        return (await session.exec(query)).first() in OPEN


async def _withdraw(context: Context, application: Application, at: datetime) -> None:
    """Take given answers away again, unless the workflow has taken them over."""
    query = delete(GivenAnswer).where(
        col(GivenAnswer.application_id) == application.id, col(GivenAnswer.created_at) == at
    )
    async with context.database.begin() as session:
        # whoever takes them over holds this row: it has taken all of them by now, or finds none
        await own_locked(session, application.user_id, application.id)
        await session.exec(query)


async def _are_taken(context: Context, before: Mapping[UUID, datetime | None]) -> bool:
    """Tell whether each of these questions was answered anew."""
    query = select(Question.id, Question.answered_at).where(col(Question.id).in_(before))
    async with context.database.begin() as session:
        return all(before[question_id] != at for question_id, at in await session.exec(query))
