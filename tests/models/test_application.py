"""The application's state machine: only the moves that are allowed, each with its entry in the log."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from psycopg import sql
from psycopg.errors import CheckViolation
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from models.account import Account
from models.application import (
    ACTIVE,
    BEFORE_FENCE,
    BEHIND_FENCE,
    MOVES,
    NEVER_SENT,
    Application,
    Attempt,
)
from models.base import now
from models.database import Database
from models.enums import Actor, ApplicationState, AttemptState, EndReason, Origin, Stage
from models.errors import IllegalMoveError, TooLateError
from models.job import Job
from models.sealed import KeyRing

S = ApplicationState
ENDS = frozenset(S) - ACTIVE - {S.UNKNOWN_OUTCOME}


def job() -> Job:
    """Return a job."""
    return Job(
        source="adzuna",
        source_id=uuid4().hex,
        country="gb",
        title="Engineer",
        description="",
        location="London",
        currency="GBP",
        category="it-jobs",
        category_label="IT Jobs",
        url=f"https://example.org/{uuid4()}",
        posted_at=now(),
        content_key="c",
        fingerprint=uuid4().hex,
        seen_at=now(),
    )


def application(state: ApplicationState = S.QUEUED) -> Application:
    """Return an application that stands somewhere."""
    made, _ = Application.queue(uuid4(), job(), Origin.PERSON)
    made.state = state
    return made


def test_every_state_has_its_side_of_the_fence() -> None:
    assert not BEFORE_FENCE & BEHIND_FENCE
    assert not ACTIVE & NEVER_SENT
    assert set(S) == ACTIVE | NEVER_SENT | {S.SUBMITTED, S.UNKNOWN_OUTCOME}


def test_who_asked_is_the_actor_of_the_first_move() -> None:
    for origin, actor in ((Origin.PERSON, Actor.USER), (Origin.SWEEP, Actor.SYSTEM)):
        made, first = Application.queue(uuid4(), job(), origin)
        assert first.data == {"from": None, "to": S.QUEUED, "actor": actor, "reason": None}
        assert (first.application_id, first.user_id, first.number) == (made.id, made.user_id, 1)
        assert (made.log_length, made.log_head) == (1, first.hash)


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_only_the_allowed_moves_are_made(before: ApplicationState, after: ApplicationState) -> None:
    standing = application(before)
    if after in MOVES.get(before, frozenset()):
        entry = standing.move(after, Actor.SYSTEM, EndReason.TIMEOUT, retryable=True)
        assert entry.data == {"from": before, "to": after, "actor": "system", "reason": "timeout"}
        assert (standing.state, standing.reason, standing.retryable) == (after, EndReason.TIMEOUT, True)
        assert entry.at >= standing.moved_at
    else:
        with pytest.raises(IllegalMoveError):
            standing.move(after, Actor.SYSTEM)
        assert standing.state is before


@pytest.mark.parametrize("end", sorted(ENDS))
def test_an_end_is_an_end(end: ApplicationState) -> None:
    assert not MOVES.get(end)


def test_nothing_behind_the_fence_leads_back_before_it_but_a_proof_that_nothing_was_sent() -> None:
    back = {(before, after) for before in BEHIND_FENCE for after in MOVES[before] if after in BEFORE_FENCE}
    assert back <= {(S.SUBMITTING, S.APPROVED), (S.CONFIRMING, S.APPROVED)}
    assert not {S.CANCELLED, S.SKIPPED} & (MOVES[S.SUBMITTING] | MOVES[S.CONFIRMING])


def test_only_a_person_settles_what_is_unknown() -> None:
    assert MOVES[S.UNKNOWN_OUTCOME] == {S.SUBMITTED, S.NOT_SUBMITTED}


def test_every_end_before_the_fence_can_be_reached_from_each_state_before_it() -> None:
    for state in BEFORE_FENCE:
        assert MOVES[state] >= {S.CANCELLED, S.EXPIRED, S.FAILED, S.SKIPPED}


def test_what_was_submitted_says_when() -> None:
    standing = application(S.CONFIRMING)
    standing.move(S.SUBMITTED, Actor.PROVIDER)
    assert (standing.submitted_at, standing.stage) == (standing.moved_at, Stage.APPLIED)


def test_a_failure_says_nothing_of_the_employer() -> None:
    standing = application(S.CONFIRMING)
    standing.move(S.FAILED, Actor.PROVIDER, EndReason.CAPTCHA)
    assert (standing.stage, standing.outcome, standing.submitted_at) == (None, None, None)


@pytest.mark.parametrize("state", [S.NEEDS_INPUT, S.AWAITING_APPROVAL])
def test_who_is_asked_has_so_many_days(state: ApplicationState) -> None:
    standing = application(S.PREPARING)
    standing.ask(state, 7)
    assert standing.state is state
    assert standing.asked_at == standing.moved_at
    assert standing.deadline_at == standing.moved_at + timedelta(days=7)


def test_who_is_asked_again_has_them_anew() -> None:
    standing = application(S.PREPARING)
    standing.ask(S.AWAITING_APPROVAL, 7)
    before = standing.deadline_at
    standing.ask_again(7)
    assert before is not None
    assert standing.deadline_at is not None
    assert standing.deadline_at > before


def test_an_approval_names_what_was_shown_and_can_be_undone_for_a_while() -> None:
    standing = application(S.AWAITING_APPROVAL)
    approved, moved = standing.approve(Actor.USER, "hash", 10)
    assert approved.data == {"actor": "user", "shown_hash": "hash"}
    assert moved.data["to"] == S.APPROVED
    assert (moved.number, moved.previous_hash) == (approved.number + 1, approved.hash)
    assert standing.approved_hash == "hash"
    assert standing.undo_until == standing.moved_at + timedelta(minutes=10)


@pytest.mark.parametrize("state", sorted(set(S) - {S.PREPARING, S.AWAITING_APPROVAL}))
def test_nothing_else_is_approved(state: ApplicationState) -> None:
    standing = application(state)
    with pytest.raises(IllegalMoveError):
        standing.approve(Actor.USER, "hash", 10)
    assert (standing.approved_hash, standing.log_length) == (None, 1)


@pytest.mark.parametrize("state", sorted(BEFORE_FENCE))
def test_a_person_may_cancel_before_the_fence(state: ApplicationState) -> None:
    standing = application(state)
    entry = standing.cancel()
    assert (standing.state, entry.data["actor"]) == (S.CANCELLED, Actor.USER)
    assert standing.reason is EndReason.CANCELLED_BY_USER


@pytest.mark.parametrize("state", sorted(BEHIND_FENCE | {S.SUBMITTED, S.UNKNOWN_OUTCOME}))
def test_behind_the_fence_it_is_too_late(state: ApplicationState) -> None:
    with pytest.raises(TooLateError):
        application(state).cancel()


@pytest.mark.parametrize("state", sorted(NEVER_SENT))
def test_what_has_ended_cannot_be_cancelled(state: ApplicationState) -> None:
    with pytest.raises(IllegalMoveError):
        application(state).cancel()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    database = Database(database_url)
    yield database
    await database.close()


async def stored(database: Database, *rows: SQLModel) -> str | None:
    """Store rows in one transaction; return the constraint that forbids it, if one does."""
    try:
        async with database.begin() as session:
            for row in rows:
                session.add(row)
                await session.flush()
    except IntegrityError as error:
        name: str | None = error.orig.diag.constraint_name  # type: ignore[union-attr]
        return name
    return None


async def person(database: Database) -> UUID:
    """Store an account."""
    account = Account.register(f"{uuid4().hex}@example.org", "hash", KeyRing({"k": b"k" * 32}, "k"))
    user_id = account.id
    assert await stored(database, account) is None
    return user_id


@pytest.mark.parametrize("state", S)
async def test_the_database_is_the_lock_against_applying_twice(
    database: Database, state: ApplicationState
) -> None:
    user_id, other_id = await person(database), await person(database)
    advert, same_elsewhere = job(), job()
    same_elsewhere.fingerprint = advert.fingerprint
    first, _ = Application.queue(user_id, advert, Origin.PERSON)
    first.state = state
    again, _ = Application.queue(user_id, advert, Origin.PERSON)
    # an ad may be reworded meanwhile
    again.fingerprint = again.apply_url = "another"
    elsewhere, _ = Application.queue(user_id, same_elsewhere, Origin.SWEEP)
    form = job()
    same_form, _ = Application.queue(user_id, form, Origin.PERSON)
    same_form.apply_url = first.apply_url
    others, _ = Application.queue(other_id, advert, Origin.PERSON)
    assert await stored(database, advert, same_elsewhere, form, first, others) is None
    if state in NEVER_SENT:
        assert await stored(database, again) is None
    else:
        assert await stored(database, again) == "uq_application_job"
        assert await stored(database, elsewhere) == "uq_application_fingerprint"
        assert await stored(database, same_form) == "uq_application_url"


def attempt(of: Application, number: int, state: AttemptState) -> Attempt:
    """Return an attempt of an application."""
    return Attempt(
        application_id=of.id,
        user_id=of.user_id,
        number=number,
        attempt_key=f"{of.id}-{number}",
        state=state,
        account_hash="h",
        vendor_workflow_id="wpid_1",
        file_id="file_1",
        payload_sealed=b"",
    )


@pytest.mark.parametrize("state", AttemptState)
async def test_a_second_attempt_needs_proof_that_the_first_sent_nothing(
    database: Database, state: AttemptState
) -> None:
    advert = job()
    made, _ = Application.queue(await person(database), advert, Origin.PERSON)
    first, second = attempt(made, 1, state), attempt(made, 2, AttemptState.OPEN)
    assert await stored(database, advert, made, first) is None
    proven = state in {AttemptState.ABSENT, AttemptState.REFUSED}
    assert await stored(database, second) == (None if proven else "uq_attempt_unsettled")


@pytest.mark.parametrize("column", ["state", "reason", "origin", "mode", "stage", "outcome"])
async def test_no_word_outside_its_set_is_stored(database: Database, column: str) -> None:
    advert = job()
    made, _ = Application.queue(await person(database), advert, Origin.PERSON)
    assert await stored(database, advert, made) is None
    change = sql.SQL("UPDATE application SET {} = 'other'").format(sql.Identifier(column))
    async with database.reader() as connection:
        with pytest.raises(CheckViolation):
            await connection.execute(change)
