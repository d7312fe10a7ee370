"""Step `submit`: the one POST of an attempt, and what its answer proves."""

import asyncio
import json
import time
from http import HTTPStatus
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.auto_apply.account import Account, account_of
from activities.auto_apply.context import Context
from activities.auto_apply.staging import seconds_still
from activities.auto_apply.vendor_workflows import forget_workflow
from activities.vendors.client import (
    Answer,
    GarbageError,
    NotSentError,
    UnreachableError,
    retry_after,
)
from activities.vendors.skyvern import RunOrder, created_run_id
from models.application import Application, Attempt
from models.base import now
from models.database import seal_of
from models.enums import AttemptState, EndReason
from models.errors import JobrakerError
from models.profile import profile_of
from models.sealed import place_of
from workflows.messages import AttemptRef, Submission, SubmissionKind

LOAD_SECONDS = 5.0
"""How long reading may take before the POST: with the call itself it stays within the step's timeout."""

RETRY_SECONDS = 5.0
RATE_LIMIT_SECONDS = 30.0
NO_RUN_CREATED = "No run was created"
SERVER_TOO_BUSY = b"Service Unavailable"
"""uvicorn's own answer over its limit of connections, before the application sees the request.

A proxy's words are others, and prove nothing.
"""

AMBIGUOUS = Submission(kind=SubmissionKind.AMBIGUOUS)
NOT_SENT = Submission(
    kind=SubmissionKind.NOT_CREATED, reason=EndReason.PROVIDER_ERROR, retry_after=RETRY_SECONDS
)
REFUSED = Submission(kind=SubmissionKind.REFUSED, reason=EndReason.PROVIDER_ERROR)
CREDENTIALS_REFUSED = Submission(kind=SubmissionKind.REFUSED, reason=EndReason.CREDENTIALS_REFUSED)

_REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    }
)


async def submit(context: Context, ref: AttemptRef) -> Submission:
    """Ask for the run once. Whatever happens before the POST proves that nothing was sent."""
    began = time.time()
    try:
        async with asyncio.timeout(LOAD_SECONDS):
            account = await account_of(context, ref.user_id)
            taken = await _take(context, ref, account)
    except ApplicationError:
        return CREDENTIALS_REFUSED
    except (SQLAlchemyError, JobrakerError, OSError, TimeoutError) as error:
        activity.logger.warning("nothing was sent: %s", type(error).__name__)
        return NOT_SENT
    if isinstance(taken, Submission):
        return taken
    if time.time() - began > LOAD_SECONDS:
        # this process was asleep: the workflow may have settled the attempt by now
        return NOT_SENT
    return await _post(context, account, taken)


async def _take(context: Context, ref: AttemptRef, account: Account) -> RunOrder | Submission:
    """Take the attempt's one permission to post; a Submission where there is none.

    This holds even where Temporal runs the step twice: after an operator's reset, or in a worker that was
    taken for dead.
    """
    async with context.database.begin() as session:
        attempt = await session.get(Attempt, ref.attempt_id, with_for_update=True)
        if attempt is None or attempt.state is not AttemptState.OPEN or attempt.posted_at is not None:
            return AMBIGUOUS
        if attempt.account_hash != account.hash or await _is_held(session, attempt):
            return NOT_SENT
        attempt.posted_at = now()
        seal = await seal_of(session, context.keys, ref.user_id)
        place = place_of("submit_attempt", "payload_sealed", attempt.id)
        parameters = json.loads(seal.open(attempt.payload_sealed, place))
    return RunOrder(
        workflow_id=attempt.vendor_workflow_id,
        parameters=parameters,
        file_ids=_files(attempt.file_id, parameters),
        webhook_url=f"{context.public_url}/api/webhooks/skyvern?attempt={attempt.attempt_key}",
        proxy_location=context.settings.proxy_location,
        metadata={"application_id": str(attempt.application_id)},
    )


async def _is_held(session: AsyncSession, attempt: Attempt) -> bool:
    """Tell whether nothing may be sent by now: this step may begin long after its attempt was opened."""
    application = await session.get_one(Application, attempt.application_id)
    profile = (await session.exec(profile_of(attempt.user_id))).one_or_none()
    return await seconds_still(session, application, profile, now()) > 0


def _files(first: str, parameters: dict[str, Any]) -> tuple[str, ...]:
    """Return every file that the run may use, each once; the first attempt's keeps two runs apart."""
    named = (first, parameters.get("resume"), parameters.get("letter"))
    return tuple(dict.fromkeys(file_id for file_id in named if file_id))


async def _post(context: Context, account: Account, order: RunOrder) -> Submission:
    try:
        answer = await context.skyvern.run_workflow(account.key, order)
    except NotSentError:
        return NOT_SENT
    except (UnreachableError, GarbageError):
        return AMBIGUOUS
    if answer.status == HTTPStatus.NOT_FOUND:
        await _forget(context, order.workflow_id)
    return submission_of(answer)


def submission_of(answer: Answer) -> Submission:
    """Return what an answer to the POST proves; everything that the contract does not name proves nothing."""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return _accepted(answer)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return CREDENTIALS_REFUSED
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _not_created(answer, EndReason.QUOTA_EXHAUSTED, RATE_LIMIT_SECONDS)
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and _says_that_no_run_exists(answer):
        return _not_created(answer, EndReason.PROVIDER_ERROR, RETRY_SECONDS)
    if answer.status in _REFUSALS or _is_invalid(answer):
        return REFUSED
    return AMBIGUOUS


def _accepted(answer: Answer) -> Submission:
    try:
        return Submission(kind=SubmissionKind.ACCEPTED, run_id=created_run_id(answer))
    except GarbageError:
        return AMBIGUOUS


def _not_created(answer: Answer, reason: EndReason, default: float) -> Submission:
    asked = retry_after(answer.headers)
    wait = default if asked is None else asked
    return Submission(kind=SubmissionKind.NOT_CREATED, reason=reason, retry_after=wait)


def _says_that_no_run_exists(answer: Answer) -> bool:
    if not answer.is_json:
        return answer.body.strip() == SERVER_TOO_BUSY
    detail = _detail(answer)
    # the words are all that tells this answer from a 503 whose run may exist
    return isinstance(detail, str) and NO_RUN_CREATED in detail


def _is_invalid(answer: Answer) -> bool:
    """Tell whether the request's form was refused.

    A 422 in words is about the files, which may be bound to a run that an earlier attempt made after all.
    """
    return answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and isinstance(_detail(answer), list)


def _detail(answer: Answer) -> object:
    try:
        document = answer.json()
    except GarbageError:
        return None
    return document.get("detail") if isinstance(document, dict) else None


async def _forget(context: Context, workflow_id: str) -> None:
    try:
        await forget_workflow(context, workflow_id)
    except (SQLAlchemyError, OSError) as error:
        activity.logger.warning("a lost workflow is still remembered: %s", type(error).__name__)
