"""Every refusal as RFC 9457 problem+json, from one table: class of error → status, type and title."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from models import errors

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "5"
ERRORS_MAX = 20
FOREIGN_KEY_VIOLATION = "23503"
VALUE_ERROR_PREFIX = "Value error, "
ADVICE = {
    400: "Send valid JSON in UTF-8 that is not nested deeply, or a file as multipart/form-data.",
    404: "There is nothing at this address; /docs lists what there is.",
    405: "This address takes other methods; the header Allow names them.",
}
"""What to do about what the framework refuses by itself, whose own words do not say it."""

_QUOTED = re.compile(r"'([^']*)'")


@dataclass(frozen=True)
class Kind:
    """What stays the same of one kind of problem; `slug` makes its stable type."""

    status: int
    slug: str
    title: str

    @property
    def type(self) -> str:
        """The problem's type, a URI reference."""
        return f"/problems/{self.slug}"


KINDS: dict[type[Exception], Kind] = {
    errors.NotFoundError: Kind(404, "not-found", "Not found"),
    errors.ConflictError: Kind(409, "conflict", "The present state forbids it"),
    errors.IllegalMoveError: Kind(409, "illegal-move", "The present state forbids it"),
    errors.TooLateError: Kind(409, "too-late", "Too late to take it back"),
    errors.JobExpiredError: Kind(409, "job-expired", "The job is no longer advertised"),
    errors.UnderWayError: Kind(409, "under-way", "It is being done right now"),
    errors.CapReachedError: Kind(409, "cap-reached", "A limit of your own is reached"),
    errors.StaleError: Kind(409, "stale", "What you were shown has changed"),
    errors.AlreadyExistsError: Kind(409, "already-exists", "It exists already"),
    errors.UnauthenticatedError: Kind(401, "unauthenticated", "Credentials are missing or wrong"),
    errors.SecondFactorError: Kind(401, "second-factor-required", "A code of the second factor is wanted"),
    errors.ForbiddenError: Kind(403, "forbidden", "Not allowed"),
    errors.UnconfirmedError: Kind(403, "email-unconfirmed", "The e-mail is not confirmed"),
    errors.FactorUnsetError: Kind(403, "second-factor-unset", "A second factor must be switched on first"),
    errors.UnprocessableError: Kind(422, "unprocessable", "The content cannot be used"),
    errors.BadAnswerError: Kind(422, "bad-answer", "An answer does not fit its question"),
    errors.IncompleteError: Kind(422, "incomplete", "Something must be filled in first"),
    errors.TooLargeError: Kind(413, "too-large", "The content is too large"),
    errors.TooManyError: Kind(429, "too-many", "Too many at once"),
    errors.RateLimitedError: Kind(429, "rate-limited", "Too often"),
    errors.UnavailableError: Kind(503, "unavailable", "Away for the moment"),
}
SAME_AS = {404: KINDS[errors.NotFoundError], 413: KINDS[errors.TooLargeError]}
"""The statuses that the framework answers as well, for which there is one type all the same."""

INVALID = Kind(422, "invalid", "The request does not fit its description")
INTERNAL = Kind(500, "internal-error", "Something went wrong on our side")

CONSTRAINTS: dict[str, tuple[type[errors.JobrakerError], str]] = {
    "account_email_key": (errors.AlreadyExistsError, "There is an account with this e-mail; log in."),
    "uq_application_job": (errors.AlreadyExistsError, "You have applied to this job."),
    "uq_application_fingerprint": (errors.AlreadyExistsError, "You have applied to this job elsewhere."),
    "uq_application_url": (errors.AlreadyExistsError, "You have applied through this form."),
    "uq_chat_message_running": (errors.UnderWayError, "Wait for the present answer, or cancel it."),
    "uq_account_export_open": (errors.UnderWayError, "An export is being collected; wait for it."),
    "uq_integration_vendor": (errors.ConflictError, "These credentials were changed meanwhile; send again."),
}
"""Which error a violated constraint stands for; the database is the judge, and no `if` of ours."""

GONE = "This account no longer exists."
NO_JOB = "This job was advertised long ago and is no longer kept."
NOT_STORABLE = "It holds characters or numbers that cannot be stored; remove control characters."
AWAY = "The database is away for the moment; try again in a few seconds."
TOO_LONG = "This takes longer than anybody should wait; ask for less, such as one country or rarer words."

log = structlog.get_logger()


def problem(kind: Kind, detail: str, headers: Mapping[str, str] | None = None, **members: object) -> Response:
    """Return a problem as a response; `members` are its extension members."""
    body = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail, **members}
    # ASCII only, so that even half a surrogate pair can be answered
    return Response(json.dumps(body, default=str), kind.status, headers, MEDIA_TYPE)


def kind_of(error: errors.JobrakerError) -> Kind:
    """Return the nearest entry of the table; what has none is our fault."""
    return next((KINDS[each] for each in type(error).__mro__ if each in KINDS), INTERNAL)


def of_error(error: errors.JobrakerError) -> Response:
    """Return the problem that one of our errors stands for."""
    kind = kind_of(error)
    if kind is INTERNAL:
        raise error
    headers = {}
    if kind.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if kind.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        headers["Retry-After"] = str(error.members.get("retry_after", RETRY_SECONDS))
    detail = error.detail[:1].upper() + error.detail[1:]
    return problem(kind, detail, headers, **error.members)


def of_status(error: HTTPException) -> Response:
    """Return the problem that an exception of the framework stands for."""
    phrase = HTTPStatus(error.status_code).phrase
    kind = SAME_AS.get(error.status_code) or Kind(error.status_code, phrase.lower().replace(" ", "-"), phrase)
    said = str(error.detail).rstrip(".")
    advice = ADVICE.get(error.status_code)
    return problem(kind, f"{said}. {advice}" if advice else str(error.detail), error.headers)


def of_validation(invalid: Sequence[Mapping[str, Any]]) -> Response:
    """Return the problem of a payload that does not fit: where and why, and never what was sent."""
    shown = [{"loc": list(each["loc"]), "msg": _message(each), "type": each["type"]} for each in invalid]
    count = len(invalid)
    detail = f"{count} {'field does' if count == 1 else 'fields do'} not fit; see `errors`."
    return problem(INVALID, detail, errors=shown[:ERRORS_MAX])


def _message(invalid: Mapping[str, Any]) -> str:
    if invalid["type"] == "union_tag_invalid":
        # pydantic's own message repeats what was sent, and names enums as Python does
        return f"Must be one of {', '.join(_QUOTED.findall(invalid['ctx']['expected_tags']))}"
    # pydantic takes a secret for a list
    said = str(invalid["msg"]).replace(" items after validation", " characters after validation")
    return said.removeprefix(VALUE_ERROR_PREFIX)


def constraint_of(error: IntegrityError) -> str | None:
    """Return the name of the constraint that was violated."""
    return error.orig.diag.constraint_name if isinstance(error.orig, psycopg.Error) else None


def of_integrity(error: IntegrityError) -> Response:
    """Return the problem that a violated constraint stands for; an unknown one is our fault."""
    name = constraint_of(error) or ""
    if name in CONSTRAINTS:
        known, detail = CONSTRAINTS[name]
        return of_error(known(detail))
    if name.endswith("_user_id_fkey"):
        return of_error(errors.UnauthenticatedError(GONE))
    if name.endswith("_job_id_fkey"):
        return of_error(errors.NotFoundError(NO_JOB))
    raise error


def of_data_error(error: Exception) -> Response:
    """Return the problem of a value that PostgreSQL does not take; our validators should have seen it."""
    log.warning("database.value_refused", error=type(error.__cause__ or error).__name__)
    return of_error(errors.UnprocessableError(NOT_STORABLE))


def of_absence(error: Exception) -> Response:
    """Return the problem of a database that cannot be reached, or not in time."""
    log.warning("database.away", error=type(error.__cause__ or error).__name__)
    return of_error(errors.UnavailableError(AWAY))


def of_slowness(_: Exception) -> Response:
    """Return the problem of a read that was broken off because it took too long."""
    log.warning("database.too_slow")
    return of_error(errors.UnavailableError(TOO_LONG))


ANSWERS: dict[type[Exception], Callable[[Any], Response]] = {
    errors.JobrakerError: of_error,
    HTTPException: of_status,
    RequestValidationError: lambda error: of_validation(error.errors()),
    IntegrityError: of_integrity,
    DataError: of_data_error,
    psycopg.DataError: of_data_error,
    OperationalError: of_absence,
    InterfaceError: of_absence,
    PoolTimeoutError: of_absence,
    # nearer to it than the next one, of which it is a kind
    psycopg.errors.QueryCanceled: of_slowness,
    psycopg.OperationalError: of_absence,
    psycopg.InterfaceError: of_absence,
}


def install(app: FastAPI) -> None:
    """Have the app answer every foreseen exception with its problem; the others are `middleware.Edge`'s."""
    for error, answer in ANSWERS.items():
        app.add_exception_handler(error, _handler(answer))


def _allowed_at(request: Request) -> str:
    """Return every method that an address takes: its routes are one a method, and each knows its own only."""
    routes = (each for each in request.app.routes if isinstance(each, Route))
    found = (each.methods or set() for each in routes if each.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted(set().union(*found)))


def _handler(answer: Callable[[Any], Response]) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        answered = answer(error)
        if answered.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answered.headers["Allow"] = _allowed_at(request)
        return answered

    return handle
