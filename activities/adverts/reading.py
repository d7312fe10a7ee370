"""One advert as Adzuna sends it → one row of the job table; pure functions, and nothing is ever invented.

What the advert does not say, or says in a shape that the contract does not know, is null. An advert without
id, title, time or link cannot be read at all, and is counted instead.
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from activities.adverts.remote import remote_reason
from activities.adverts.salary import pay_of
from activities.adverts.text import plain, plain_name
from models.base import new_id
from models.countries import COUNTRIES
from models.enums import ContractTime, ContractType
from models.fingerprint import content_key, fingerprint

SOURCE = "adzuna"
TITLE_MAX = 300
COMPANY_MAX = 200
DESCRIPTION_MAX = 5000
LOCATION_MAX = 300
LEVEL_MAX = 120
LEVELS_MAX = 8
CATEGORY_MAX = 80
URL_MAX = 2000
LATITUDE_MAX = 90.0
LONGITUDE_MAX = 180.0
CLOCK_SKEW = timedelta(days=1)
"""A time further ahead than this is none: the advert would stand at the top of every list for ever."""

UNKNOWN_CATEGORY = "unknown"
PREDICTED = "1"
TRACKING = ("utm_", "se=")
"""Beginnings of parameters that are not stored: `utm_source` is our application id, `se` the search session
(the link's check, `v`, is the same in every session)."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_URL = re.compile(r"https?://[^\s/?#@\\<>\"]+(?:[/?#][^\s\\<>\"]*)?", re.IGNORECASE)
_SEPARATOR = re.compile("&amp;|[&;]")
_CONTRACT_TYPES = frozenset(ContractType)
_CONTRACT_TIMES = frozenset(ContractTime)


class JobRow(NamedTuple):
    """The columns of `job` that an advert fills, in the order in which they are copied."""

    id: UUID
    source: str
    source_id: str
    country: str
    title: str
    company: str | None
    description: str
    location: str
    area: list[str]
    latitude: float | None
    longitude: float | None
    remote: bool
    remote_reason: str | None
    salary_min: float | None
    salary_max: float | None
    salary_predicted: bool
    salary_period: str | None
    currency: str
    contract_type: str | None
    contract_time: str | None
    category: str
    category_label: str
    url: str
    posted_at: datetime
    content_key: str
    fingerprint: str


class Page(NamedTuple):
    """The readable adverts of a page, each id once, and how many could not be read."""

    rows: list[JobRow]
    unreadable: int


def read_page(adverts: Iterable[object], country: str, now: datetime) -> Page:
    """Read a page of one country's adverts; of those with the same id the last one counts."""
    rows: dict[str, JobRow] = {}
    unreadable = 0
    for advert in adverts:
        row = read_advert(advert, country, now)
        if row is None:
            unreadable += 1
        else:
            rows[row.source_id] = row
    return Page(list(rows.values()), unreadable)


def read_advert(advert: object, country: str, now: datetime) -> JobRow | None:
    """Return the row that an advert is, or None where it has no usable id, title, time or link."""
    if not isinstance(advert, dict):
        return None
    source_id, url = _id(advert.get("id")), _link(advert.get("redirect_url"))
    title, posted_at = plain(advert.get("title"), TITLE_MAX), _time(advert.get("created"), now)
    if not (source_id and title and posted_at and url):
        return None
    company = plain_name(_inner(advert, "company", "display_name"), COMPANY_MAX) or None
    description = plain(advert.get("description"), DESCRIPTION_MAX)
    area, location = _place(advert)
    latitude, longitude = _coordinates(advert)
    currency, contract_type = COUNTRIES[country], _word(advert.get("contract_type"), _CONTRACT_TYPES)
    pay = pay_of(advert.get("salary_min"), advert.get("salary_max"), currency, contract_type)
    reason = remote_reason(title, description, country)
    remote = reason is not None
    return JobRow(
        new_id(),
        SOURCE,
        source_id,
        country,
        title,
        company,
        description,
        location,
        area,
        latitude,
        longitude,
        remote,
        reason,
        pay.low,
        pay.high,
        advert.get("salary_is_predicted") == PREDICTED,
        pay.period,
        currency,
        contract_type,
        _word(advert.get("contract_time"), _CONTRACT_TIMES),
        plain_name(_inner(advert, "category", "tag"), CATEGORY_MAX) or UNKNOWN_CATEGORY,
        plain_name(_inner(advert, "category", "label"), CATEGORY_MAX),
        url,
        posted_at,
        content_key(title, company, description),
        fingerprint(title, company, location, country, remote=remote),
    )


def _inner(advert: Mapping[str, Any], name: str, field: str) -> object:
    inner = advert.get(name)
    return inner.get(field) if isinstance(inner, dict) else None


def _id(value: object) -> str | None:
    """Return an id that is a string or, as in old answers, a number."""
    if type(value) is int:
        value = str(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _word(value: object, words: frozenset[Any]) -> str | None:
    return value if isinstance(value, str) and value in words else None


def _time(value: object, now: datetime) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return None
        # an offset may have seconds, which not everybody writes down
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment < now + CLOCK_SKEW else None


def _link(value: object) -> str | None:
    """Return a web address without what tells who asked for it, None for anything else."""
    if not isinstance(value, str) or len(value) > URL_MAX:
        return None
    if not value.isprintable() or not _URL.fullmatch(value):
        return None
    address, _, query = value.partition("#")[0].partition("?")
    parts = _SEPARATOR.split(query)
    kept = "&".join([part for part in parts if part and not part.lower().startswith(TRACKING)])
    return f"{address}?{kept}" if kept else address


def _place(advert: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return the levels of the place, the most general first, and its name, the most special first."""
    levels = _inner(advert, "location", "area")
    given = levels[:LEVELS_MAX] if isinstance(levels, list) else []
    area = [name for name in [plain_name(level, LEVEL_MAX) for level in given] if name]
    named = plain_name(_inner(advert, "location", "display_name"), LOCATION_MAX)
    return area, named or ", ".join(reversed(area[-2:]))


def _number(value: object, least: float, most: float) -> float | None:
    """Return a finite number within its bounds; True is no number."""
    if type(value) not in {int, float}:
        return None
    assert isinstance(value, int | float)  # noqa: S101 -- tells mypy what the line above tested
    return float(value) if least <= value <= most and math.isfinite(value) else None


def _coordinates(advert: Mapping[str, Any]) -> tuple[float | None, float | None]:
    latitude = _number(advert.get("latitude"), -LATITUDE_MAX, LATITUDE_MAX)
    longitude = _number(advert.get("longitude"), -LONGITUDE_MAX, LONGITUDE_MAX)
    return (None, None) if latitude is None or longitude is None else (latitude, longitude)
