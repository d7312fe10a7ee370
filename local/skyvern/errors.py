"""Error bodies by the contract: `{"detail": …}` for refusals, `{"error": …}` for what broke inside."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import JsonValue

NO_KEY = "Invalid credentials"
BAD_KEY = "Could not validate credentials"
BUSY = "The server is busy dispatching other runs. No run was created; retry this request."
DATABASE_DOWN = "Database temporarily unavailable"
RATE_LIMITED = "Rate limit exceeded for organization o_local. Maximum 100 requests per 60 seconds allowed."
TOO_LARGE = "File size exceeds the maximum allowed size (30.0 MB)"
BAD_URL = "Invalid url: malformed. Use an HTTP or HTTPS URL with at most 2083 characters."
_UNATTACHABLE = (
    "These file ids are not available to attach — each must name a file uploaded by this organization that"
    " is not deleted and not already attached to another run: {ids}"
)
_SERVER_ERROR = 500
_UNAVAILABLE = 503
_RATE = 429
_FORBIDDEN = 403


class SkyvernError(Exception):
    """A refusal: answered with `status` and `{"detail": detail}`."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def bad_request(detail: str) -> SkyvernError:
    """Return the refusal of a request that can never be right."""
    return SkyvernError(400, detail)


def not_found(detail: str) -> SkyvernError:
    """Return the refusal of an id that nobody knows."""
    return SkyvernError(404, detail)


def unattachable(file_ids: list[str]) -> SkyvernError:
    """Return the refusal of files that are unknown, deleted or bound to another run."""
    return SkyvernError(422, _UNATTACHABLE.format(ids=", ".join(file_ids)))


def body_of(status: int) -> JsonValue:
    """Return the vendor's error document for a status that a fault asks for."""
    if status == _UNAVAILABLE:
        return {"error": DATABASE_DOWN}
    if status >= _SERVER_ERROR:
        return {"error": "Unexpected error: OperationalError"}
    details = {_RATE: RATE_LIMITED, _FORBIDDEN: BAD_KEY}
    return {"detail": details.get(status, f"Error {status}")}


def add_handlers(app: FastAPI) -> None:
    """Answer refusals and unexpected errors by the contract."""

    @app.exception_handler(SkyvernError)
    async def refuse(_request: Request, error: SkyvernError) -> JSONResponse:
        return JSONResponse({"detail": error.detail}, status_code=error.status)

    @app.exception_handler(Exception)
    async def break_down(_request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": f"Unexpected error: {type(error).__name__}"}, status_code=_SERVER_ERROR)
