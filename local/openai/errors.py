"""OpenAI's errors: `{"error": {message, type, param, code}}` with their statuses and headers."""

from dataclasses import dataclass, field

from fastapi.responses import JSONResponse, Response
from pydantic import JsonValue

Body = dict[str, JsonValue]


@dataclass(eq=False)
class OpenAIError(Exception):
    """An answer other than 200."""

    status: int
    message: str
    kind: str = "invalid_request_error"
    code: str | None = None
    param: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> Body:
        """Return the error's document, which is also the event of a failure inside a stream."""
        return {"error": {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}}

    def response(self) -> Response:
        """Build the answer."""
        return JSONResponse(self.body(), self.status, headers=self.headers)


def invalid(message: str, param: str | None = None, code: str | None = None) -> OpenAIError:
    """A request that cannot be served as it is."""
    return OpenAIError(400, message, param=param, code=code)


def context_length_exceeded(limit: int, asked: int) -> OpenAIError:
    """More tokens than the model's window holds."""
    return invalid(
        f"This model's maximum context length is {limit} tokens. However, your messages resulted in "
        f"{asked} tokens. Please reduce the length of the messages.",
        param="messages",
        code="context_length_exceeded",
    )


def invalid_api_key() -> OpenAIError:
    """A wrong or missing bearer token; the token itself is never repeated."""
    return OpenAIError(401, "Incorrect API key provided.", code="invalid_api_key")


def model_not_found(model: str) -> OpenAIError:
    """A model that never was, or is no more."""
    return OpenAIError(
        404,
        f"The model `{model}` does not exist or you do not have access to it.",
        code="model_not_found",
    )


def rate_limit_exceeded(retry_after: float = 1.0) -> OpenAIError:
    """Too many requests or tokens in a minute; worth waiting for `retry_after` seconds."""
    headers = {
        "retry-after": str(max(1, round(retry_after))),
        "retry-after-ms": str(round(retry_after * 1000)),
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": f"{max(1, round(retry_after))}s",
        "x-ratelimit-limit-tokens": "200000",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": f"{max(1, round(retry_after))}s",
    }
    message = "Rate limit reached for requests per minute. Please try again later."
    return OpenAIError(429, message, kind="requests", code="rate_limit_exceeded", headers=headers)


def insufficient_quota() -> OpenAIError:
    """No credit left: waiting does not help."""
    message = "You exceeded your current quota, please check your plan and billing details."
    return OpenAIError(429, message, kind="insufficient_quota", code="insufficient_quota")


def server_error(status: int = 500) -> OpenAIError:
    """A failure on their side."""
    message = "The server had an error while processing your request. Sorry about that!"
    return OpenAIError(status, message, kind="server_error", code=None)


def unsupported_region() -> OpenAIError:
    """A caller from where the service is not offered."""
    message = "Country, region, or territory not supported"
    code = "unsupported_country_region_territory"
    return OpenAIError(403, message, kind="request_forbidden", code=code)


NAMED = {
    "rate_limit_exceeded": rate_limit_exceeded(),
    "insufficient_quota": insufficient_quota(),
    "context_length_exceeded": context_length_exceeded(1000, 1001),
    "invalid_api_key": invalid_api_key(),
    "model_not_found": model_not_found("the model asked for"),
    "unsupported_country_region_territory": unsupported_region(),
    "server_error": server_error(),
}
"""Errors that a script may ask for by name."""

_BY_STATUS = {error.status: error for error in (*reversed(NAMED.values()), NAMED["rate_limit_exceeded"])}


def body_for_status(status: int) -> Body:
    """Return the document that goes with a status, for faults that name none."""
    error = _BY_STATUS.get(status) or (
        server_error(status) if status >= server_error().status else OpenAIError(status, "Request refused.")
    )
    return error.body()
