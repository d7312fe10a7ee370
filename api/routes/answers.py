"""The answer bank: what a person answers to a topic, whatever a form's wording; and approved topics."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.deps import DatabaseDep, Flows, KeysDep, Me, SessionDep
from api.described import problems
from api.waiting import jobs_asking
from models.answer import Answer, ApprovedTopic, answers_of
from models.answer_bank import (
    AnswerPublic,
    AnswerPut,
    AnswerUpdate,
    ApprovedTopicPublic,
    shown,
    write_value,
)
from models.answering_enums import AnswerProvenance, Topic
from models.base import new_id, now
from models.database import seal_of
from models.errors import ConflictError, NotFoundError

router = APIRouter(prefix="/api/answers", tags=["answers"])

ANSWERS_MAX = 500
UNKNOWN = "You have no answer with this id."


@router.get("/", responses=problems(401))
async def list_answers(
    me: Me, keys: KeysDep, session: SessionDep, topic: Annotated[Topic | None, Query()] = None
) -> list[AnswerPublic]:
    """List the answers, by topic and scope, each with where it came from."""
    query = answers_of(me.id).order_by(col(Answer.topic), col(Answer.scope))
    answers = (await session.exec(query if topic is None else query.where(Answer.topic == topic))).all()
    if not answers:
        return []
    seal = await seal_of(session, keys, me.id)
    return [shown(answer, seal) for answer in answers]


@router.put("/", responses=problems(401, 409))
async def put_answer(
    body: AnswerPut, me: Me, keys: KeysDep, database: DatabaseDep, flows: Flows
) -> AnswerPublic:
    """Keep an answer to a topic, in place of an earlier one; whatever waits for just this goes on.

    What has a place of its own, such as the name, is `/problems/invalid` and says where to set it.
    """
    async with database.begin() as session:
        answer = await _locked(session, me.id, body)
        seal = await seal_of(session, keys, me.id)
        write_value(answer, body.value, AnswerProvenance.PERSON, seal)
        waiting = await jobs_asking(session, me.id, answer.topic, answer.scope)
    for job_id in waiting:
        flows.ring(me.id, job_id)
    return shown(answer, seal)


@router.patch("/{answer_id:uuid}", responses=problems(401, 404))
async def change_answer(
    answer_id: UUID, body: AnswerUpdate, me: Me, keys: KeysDep, database: DatabaseDep, flows: Flows
) -> AnswerPublic:
    """Change an answer; it is then the person's own, wherever it came from."""
    async with database.begin() as session:
        answer = await _own(session, me.id, answer_id)
        seal = await seal_of(session, keys, me.id)
        write_value(answer, body.value, AnswerProvenance.PERSON, seal)
        waiting = await jobs_asking(session, me.id, answer.topic, answer.scope)
    for job_id in waiting:
        flows.ring(me.id, job_id)
    return shown(answer, seal)


@router.delete("/{answer_id:uuid}", status_code=204, responses=problems(401, 404))
async def delete_answer(answer_id: UUID, me: Me, session: SessionDep) -> None:
    """Delete an answer for good; applications that have used it keep what they were given."""
    await session.delete(await _own(session, me.id, answer_id))


@router.get("/approved-topics", responses=problems(401))
async def list_approved_topics(me: Me, session: SessionDep) -> list[ApprovedTopicPublic]:
    """List the topics whose drafted answers auto mode may send without asking."""
    query = select(ApprovedTopic).where(ApprovedTopic.user_id == me.id).order_by(col(ApprovedTopic.topic))
    return [
        ApprovedTopicPublic(topic=each.topic, approved_at=each.approved_at)
        for each in await session.exec(query)
    ]


@router.delete("/approved-topics/{topic}", status_code=204, responses=problems(401, 404))
async def delete_approved_topic(topic: Topic, me: Me, session: SessionDep) -> None:
    """Have auto mode ask again before it sends a drafted answer to this topic."""
    approved = await session.get(ApprovedTopic, (me.id, topic), with_for_update=True)
    if approved is None:
        raise NotFoundError("You have approved no drafted answer to this topic.")
    await session.delete(approved)


async def _locked(session: AsyncSession, user_id: UUID, body: AnswerPut) -> Answer:
    """Return the row of a topic and scope for changing; the first change creates it."""
    mine = answers_of(user_id).where(Answer.topic == body.topic, Answer.scope == body.scope).with_for_update()
    found = (await session.exec(mine)).first()
    if found is not None:
        return found
    count = select(func.count()).select_from(Answer).where(col(Answer.user_id) == user_id)
    if (await session.exec(count)).one() >= ANSWERS_MAX:
        raise ConflictError(f"At most {ANSWERS_MAX} answers are kept; delete one first.")
    fresh = {
        "id": new_id(),
        "created_at": now(),
        "user_id": user_id,
        "topic": body.topic,
        "scope": body.scope,
        "provenance": AnswerProvenance.PERSON,
        "updated_at": now(),
        "value_sealed": b"",
    }
    # of two at once, the one that comes second waits here and then finds the first one's
    await session.exec(insert(Answer).values(fresh).on_conflict_do_nothing())
    return (await session.exec(mine)).one()


async def _own(session: AsyncSession, user_id: UUID, answer_id: UUID) -> Answer:
    answer = (await session.exec(answers_of(user_id).where(Answer.id == answer_id).with_for_update())).first()
    if answer is None:
        raise NotFoundError(UNKNOWN)
    return answer
