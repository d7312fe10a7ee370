"""Adzuna's ways of saying no: JSON exceptions for most, an HTML page for parameters it does not know."""

from dataclasses import dataclass

from fastapi.responses import HTMLResponse, JSONResponse, Response

from local.adzuna.countries import COUNTRIES
from local.adzuna.model import CLASS, Document

DOCUMENTATION = "https://api.adzuna.com/v1/doc"
PAGE = (
    "<html><head><title>{status} {reason}</title></head>\n"
    "<body><h1>{reason}</h1><p>{detail}</p></body></html>\n"
)
_KNOWN = {401: ("AUTH_FAIL", "Authorisation failed"), 404: ("NOT_FOUND", "Resource could not be found")}
_UNKNOWN = ("INTERNAL_ERROR", "Something went wrong")


@dataclass(eq=False)
class AdzunaError(Exception):
    """An answer other than 200, as a JSON exception."""

    status: int
    name: str
    display: str

    def response(self) -> Response:
        """Build the answer."""
        return JSONResponse(exception_body(self.name, self.display), self.status)


@dataclass(eq=False)
class HtmlError(Exception):
    """An answer other than 200, as an HTML page."""

    status: int
    reason: str
    detail: str

    def response(self) -> Response:
        """Build the answer."""
        page = PAGE.format(status=self.status, reason=self.reason, detail=self.detail)
        return HTMLResponse(page, self.status)


def exception_body(name: str, display: str) -> Document:
    """Return the document of an exception."""
    return {
        "__CLASS__": f"{CLASS}Exception",
        "exception": name,
        "display": display,
        "doc": DOCUMENTATION,
    }


def body_for_status(status: int) -> Document:
    """Return the document that goes with a status, for faults that name none."""
    return exception_body(*_KNOWN.get(status, _UNKNOWN))


def authorisation_failed() -> AdzunaError:
    """Wrong or missing `app_id` or `app_key`, on any endpoint."""
    return AdzunaError(401, *_KNOWN[401])


def unsupported_country() -> AdzunaError:
    """A country that Adzuna has no site for."""
    codes = ", ".join(sorted(COUNTRIES))
    return AdzunaError(
        404, "UNSUPPORTED_COUNTRY", f"The currently supported ISO 3166 country codes are {codes}"
    )


def bad_parameter(name: str) -> AdzunaError:
    """A known parameter with a value that cannot be."""
    return AdzunaError(400, "INVALID_PARAMETER", f"Incorrect value for the parameter {name}")


def unknown_parameters() -> HtmlError:
    """A parameter that the endpoint does not have."""
    return HtmlError(400, "Bad Request", "The request could not be understood.")


def too_many_requests() -> HtmlError:
    """More calls than the account's limits allow; nothing says when to come back."""
    return HtmlError(429, "Too Many Requests", "The limit of this account is used up.")
