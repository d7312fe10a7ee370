"""Adzuna's job search (https://developer.adzuna.com): one page a call, every oddity as a typed error.

Beside the family of `client.py`:

RefusedError
└── UnsupportedCountryError  Adzuna has no site for that country
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import httpx

from activities.credentials import AdzunaKeys
from activities.vendors.client import (
    Answer,
    BrokenError,
    CredentialsRefusedError,
    GarbageError,
    RefusedError,
    exchange,
    new_client,
)
from models.enums import ContractTime, ContractType

ENGLISH = "remote remotely wfh telecommute homeworking"
_GERMAN = "remote homeoffice telearbeit fernarbeit"
_FRENCH = "télétravail remote distanciel"
_SPANISH = "remoto remota teletrabajo remote"
_DUTCH = "remote thuiswerk thuiswerken telewerk telewerken"
REMOTE_WORDS = {
    "at": _GERMAN,
    "be": f"{_DUTCH} télétravail distanciel",
    "br": "remoto remota teletrabalho remote",
    "ca": f"{ENGLISH} télétravail",
    "ch": f"{_GERMAN} télétravail telelavoro",
    "de": _GERMAN,
    "es": _SPANISH,
    "fr": _FRENCH,
    "it": "remoto telelavoro smartworking remote",
    "mx": _SPANISH,
    "nl": _DUTCH,
    "pl": "zdalna zdalnie zdalnej remote",
}
"""Single words that say so, since Adzuna's `what_or` knows no phrases; elsewhere the English ones."""

AUTH_FAIL = "AUTH_FAIL"
UNSUPPORTED_COUNTRY = "UNSUPPORTED_COUNTRY"
_OF_THE_MOMENT = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})
"""What says nothing of the terms. The API itself refuses keys with 401: 403 is the guard in front of it."""

PAGE_BYTES_MAX = 4 * 1024 * 1024
"""Fifty adverts take 80 KB."""


class UnsupportedCountryError(RefusedError):
    """Adzuna has no site for that country."""

    word = "unsupported_country"


@dataclass(frozen=True)
class SearchQuery:
    """What to search for; empty strings and None mean anything. `what` wants all of its words.

    `remote` wants one of the words by which ads of the country offer work from home, since ads have no flag.
    """

    country: str
    what: str = ""
    where: str = ""
    distance_km: int | None = None
    salary_min: int | None = None
    contract_type: ContractType | None = None
    contract_time: ContractTime | None = None
    category: str = ""
    remote: bool = False
    max_days_old: int | None = None

    def parameters(self) -> dict[str, str]:
        """Return the parameters by which Adzuna is asked."""
        given: dict[str, object] = {
            "what": self.what,
            "where": self.where,
            "distance": self.distance_km if self.where else None,
            "salary_min": self.salary_min,
            "category": self.category,
            "max_days_old": self.max_days_old,
            "what_or": REMOTE_WORDS.get(self.country, ENGLISH) if self.remote else None,
        }
        for flag in (self.contract_type, self.contract_time):
            if flag is not None:
                given[flag] = 1
        return {name: str(value) for name, value in given.items() if value not in {None, ""}}


@dataclass(frozen=True)
class SearchPage:
    """One page as it came: adverts that nobody has looked at, and how many there are in all, if told."""

    adverts: list[Any]
    count: int | None


@dataclass
class AdzunaClient:
    """Asks Adzuna; to be closed, or used as an async context manager."""

    base_url: str
    timeout_seconds: float
    _http: httpx.AsyncClient = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the connection pool; nothing is sent yet."""
        self._http = new_client(self.base_url, self.timeout_seconds)

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def search(self, query: SearchQuery, page: int, size: int, keys: AdzunaKeys) -> SearchPage:
        """Return one page (from 1) of a search, newest first; a VendorError says why not."""
        given = {
            "app_id": keys.app_id,
            "app_key": keys.app_key,
            "results_per_page": str(size),
            "sort_by": "date",
            **query.parameters(),
        }
        request = self._http.build_request(
            "GET",
            f"/jobs/{query.country}/search/{page}",
            params=given,
        )
        answer = await exchange(self._http, request, max_bytes=PAGE_BYTES_MAX)
        return _page_of(_checked(answer))


def _checked(answer: Answer) -> Answer:
    """Return a successful answer, else raise the error that it is, by status and the exception's name."""
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        # the API redirects nobody: this is something between it and us
        raise BrokenError(answer)
    if answer.status < HTTPStatus.BAD_REQUEST or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return answer.checked()
    name = _exception_of(answer)
    if name == AUTH_FAIL:
        raise CredentialsRefusedError(answer)
    if name == UNSUPPORTED_COUNTRY:
        raise UnsupportedCountryError(answer)
    if answer.status in _OF_THE_MOMENT:
        raise BrokenError(answer)
    return answer.checked()


def _exception_of(answer: Answer) -> object:
    """Return the name in a JSON exception; HTML pages and the rest have none."""
    if not answer.is_json:
        return None
    try:
        body = answer.json()
    except GarbageError:
        return None
    return body.get("exception") if isinstance(body, dict) else None


def _page_of(answer: Answer) -> SearchPage:
    body = answer.json()
    if not isinstance(body, dict) or not isinstance(body.get("results"), list):
        raise GarbageError("the page has no list of results")
    count = body.get("count")
    return SearchPage(body["results"], count if type(count) is int else None)
