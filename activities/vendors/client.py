"""One way to ask a vendor over HTTP, and one family of errors for what can come of it.

VendorError
├── UnreachableError            no answer
│   ├── NotSentError            no connection was made: nothing has left this machine
│   └── LostAnswerError         the request may have arrived, and its answer did not
├── AnsweredError               an answer that is not the one asked for, with its status
│   ├── CredentialsRefusedError 401 or 403
│   ├── RateLimitedError        429, with the wait that the vendor asks for, if any
│   ├── RefusedError            any other status below 500: the request itself is not wanted
│   └── BrokenError             500 and above
└── GarbageError                an answer with status 2xx whose body is not what the contract says

Messages are fixed words and numbers: neither a URL (it may carry a key) nor any body is ever in them.
"""

import asyncio
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, ClassVar

import httpx

MAX_BODY_BYTES = 16 * 1024 * 1024
RETRY_AFTER_MAX_SECONDS = 86_400.0
"""A wait longer than this is cut: no vendor may park us for good."""

KEEPALIVE_SECONDS = 30.0
USER_AGENT = "Jobraker"

_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class VendorError(Exception):
    """The root; `word` names the kind in a word of a closed set."""

    word: ClassVar[str] = "vendor_error"


class UnreachableError(VendorError):
    """There was no answer."""

    word = "unreachable"


class NotSentError(UnreachableError):
    """No connection was made: nothing has left this machine."""


class LostAnswerError(UnreachableError):
    """The request may have arrived, and its answer did not."""


class AnsweredError(VendorError):
    """An answer that is not the one asked for. `answer` is for code that reads it, never for a message."""

    def __init__(self, answer: "Answer") -> None:
        super().__init__(f"the vendor answered {answer.status}")
        self.answer = answer

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.answer.status


class CredentialsRefusedError(AnsweredError):
    """The key is wrong, missing or not allowed to do this."""

    word = "credentials_refused"


class RateLimitedError(AnsweredError):
    """Too many requests."""

    word = "rate_limited"

    @property
    def retry_after(self) -> float | None:
        """The seconds to wait, or None where the vendor names no time."""
        return retry_after(self.answer.headers)


class RefusedError(AnsweredError):
    """The request itself is not wanted; repeating it is idle."""

    word = "bad_request"


class BrokenError(AnsweredError):
    """The vendor failed while answering; a write may have had its effect."""


class GarbageError(VendorError):
    """A successful status with a body that is not what the contract says."""

    word = "garbage"


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def is_json(self) -> bool:
        """Whether the content type says JSON."""
        media_type: str = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return media_type == "application/json" or media_type.endswith("+json")

    def json(self) -> Any:  # noqa: ANN401 -- a vendor's JSON is of no known type until it is checked
        """Return the body's JSON; GarbageError where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise GarbageError("the vendor's body is not JSON") from None

    def checked(self) -> "Answer":
        """Return this answer when its status is 2xx, else raise the AnsweredError that it is."""
        error = error_of(self)
        if error is not None:
            raise error
        return self


def error_of(answer: Answer) -> AnsweredError | None:
    """Return the error that an answer is by its status, None for 2xx."""
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return CredentialsRefusedError(answer)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimitedError(answer)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return BrokenError(answer)
    if answer.status in range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES):
        return None
    return RefusedError(answer)


def retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds that a Retry-After header asks for (a number or an HTTP date), None without one.

    Never negative and at most a day; what is neither a number nor a date counts as absent.
    """
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    if not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_MAX_SECONDS)


def _seconds_until(value: str) -> float:
    """Return the seconds until an HTTP date, NaN where it is none."""
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return math.nan


def new_client(
    base_url: str, timeout_seconds: float, headers: dict[str, str] | None = None
) -> httpx.AsyncClient:
    """Return a client for one vendor; redirects are not followed, and whoever opens it closes it."""
    return httpx.AsyncClient(
        base_url=base_url,
        timeout=timeout_seconds,
        headers={"user-agent": USER_AGENT, "accept": "application/json", **(headers or {})},
        limits=httpx.Limits(keepalive_expiry=KEEPALIVE_SECONDS),
    )


async def exchange(
    client: httpx.AsyncClient, request: httpx.Request, *, max_bytes: int = MAX_BODY_BYTES
) -> Answer:
    """Send a request once and return its whole answer, of whatever status.

    The client's read timeout bounds the whole exchange, so that a vendor that drips cannot hold it open.
    Raises NotSentError or LostAnswerError; GarbageError for a body over `max_bytes`.
    """
    whole = client.timeout.read
    try:
        async with asyncio.timeout(whole):
            return await _exchange(client, request, max_bytes)
    except _NOTHING_SENT as error:
        raise NotSentError(f"the vendor cannot be reached ({type(error).__name__})") from None
    except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
        raise LostAnswerError(f"the vendor's answer was lost ({type(error).__name__})") from None


async def _exchange(client: httpx.AsyncClient, request: httpx.Request, max_bytes: int) -> Answer:
    response = await client.send(request, stream=True)
    try:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > max_bytes:
                raise GarbageError(f"the vendor's body is over {max_bytes} bytes")
        return Answer(response.status_code, response.headers, bytes(body))
    finally:
        await response.aclose()
