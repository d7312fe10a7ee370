"""What a person may ask to be kept fresh, and how a saved search is shown to them."""

import unicodedata
from datetime import datetime
from string import capwords
from typing import Annotated, Self
from urllib.parse import urlencode
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from models.base import Body
from models.countries import COUNTRIES
from models.country_as_place import country_as_place
from models.country_names import name_of
from models.enums import ContractTime, ContractType, FetchFault, SearchOrigin
from models.facts import SALARY_MAX, CountryCode, Line
from models.job_search import JobSearch, SavedSearch, SearchTerms
from models.keyset import TEXT_MAX, WORDS_MAX
from models.profile import RADIUS_MAX, Preferences
from models.sealed import Seal, place_of
from models.search.wanted import OR, has_word
from models.term import normal_term
from models.text import ONE_LINE

NAME = ("saved_search", "name_sealed")
WISHED_TITLES = 3
WISHED_COUNTRIES = 2


def _composed(text: str) -> str:
    # the same accent may come as a sign of its own
    return " ".join(unicodedata.normalize("NFC", text).split())


def _searchable(text: str) -> str:
    if len(text.split()) > WORDS_MAX:
        raise ValueError(f"must have at most {WORDS_MAX} words; an ad must hold all of them")
    if text and not has_word(text):
        raise ValueError("must hold a letter or a digit")
    return text


Text = Annotated[str, StringConstraints(max_length=TEXT_MAX), ONE_LINE, AfterValidator(_composed)]
Words = Annotated[Text, AfterValidator(_searchable)]
Category = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=TEXT_MAX, pattern="^[A-Za-z0-9-]*$"),
]
Positive = Annotated[int, Field(ge=1, le=SALARY_MAX)]


class SearchCreate(BaseModel):
    """A search to keep fresh. At least one of `what`, `where` and `category` is needed."""

    # a misspelt term would be left out, and another search be kept
    model_config = ConfigDict(extra="forbid")

    name: Text = Field(default="", description="Left empty, the terms are its name.")
    country: CountryCode
    what: Words = Field(default="", description="Words that an ad must hold, all of them.")
    where: Words = Field(default="", description="A town, region or postcode, never a country.")
    distance_km: int | None = Field(default=None, ge=1, le=RADIUS_MAX, description="Around `where`.")
    salary_min: Positive | None = Field(default=None, description="A year, in the country's currency.")
    contract_type: ContractType | None = None
    contract_time: ContractTime | None = None
    category: Category = Field(default="", description="Adzuna's tag, such as `it-jobs`.")
    remote: StrictBool = False

    @field_validator("where")
    @classmethod
    def _names_no_country(cls, where: str, info: ValidationInfo) -> str:
        country = info.data.get("country")
        named = country_as_place(where, country) if country and where else None
        if named is not None:
            raise ValueError(
                f"names a country ({named}), for which Adzuna finds nothing and says nothing: leave it empty"
                " and choose the country by `country`; a town of that name needs its region beside it"
            )
        return where

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.what or self.where or self.category):
            raise ValueError("needs at least one of what, where and category: it would bring every job")
        if self.distance_km is not None and not self.where:
            raise ValueError("distance_km needs a `where` to be measured from")
        return self

    def terms(self) -> SearchTerms:
        """Return what is asked of Adzuna."""
        return SearchTerms.model_validate(self.model_dump(exclude={"name"}))


class SearchUpdate(Body):
    """What may be changed of a saved search; other terms are another search."""

    name: Line


class SearchFault(BaseModel):
    """Why the last fetch brought nothing, and what to do about it."""

    word: FetchFault
    advice: str


class SavedSearchPublic(BaseModel):
    """A saved search as its owner sees it.

    `next_refresh_at` is what the last run expected, and null before the first one has planned. `ads_brought`
    counts the new jobs in all, `ads_last` the ads of the last fetch. `jobs_url` is the list of jobs by the
    same terms.
    """

    id: UUID
    name: str
    country: str
    what: str
    where: str
    distance_km: int | None
    salary_min: int | None
    contract_type: ContractType | None
    contract_time: ContractTime | None
    category: str
    remote: bool
    origin: SearchOrigin
    created_at: datetime
    last_refreshed_at: datetime | None
    next_refresh_at: datetime | None
    last_tried_at: datetime | None
    newest_posted_at: datetime | None
    ads_brought: int
    ads_last: int
    last_error: SearchFault | None
    jobs_url: str


ADVICE = {
    FetchFault.UNREACHABLE: "Adzuna could not be reached; it is asked again by itself.",
    FetchFault.RATE_LIMITED: "Adzuna wants to be left alone for a while; it is asked again by itself.",
    FetchFault.CREDENTIALS_REFUSED: (
        "Adzuna refused the key: check your own at /api/integrations/, or tell the administrator."
    ),
    FetchFault.UNSUPPORTED_COUNTRY: "Adzuna does not serve this country; save the search for another one.",
    FetchFault.BAD_REQUEST: "Adzuna does not take these terms; save the search with fewer or other ones.",
    FetchFault.VENDOR_ERROR: "Adzuna had an error of its own; it is asked again by itself.",
    FetchFault.GARBAGE: "Adzuna answered what nobody can read; it is asked again by itself.",
    FetchFault.INTERNAL: "Something went wrong on our side; tell the administrator if it stays so.",
    FetchFault.BUDGET_SPENT: (
        "No call to Adzuna was left; it waits for its turn. A key of your own (/api/integrations/) has its"
        " own calls."
    ),
}


def name_in(saved: SavedSearch, name: str, seal: Seal) -> None:
    """Give a saved search a name; an empty one leaves it to its terms."""
    saved.name_sealed = seal.seal_text(name, place_of(*NAME, saved.id)) if name else None


def shown(saved: SavedSearch, search: JobSearch, seal: Seal | None, *, is_located: bool) -> SavedSearchPublic:
    """Return a saved search as its owner sees it; nothing tells who else wants the same.

    Without a seal even one that has a name is called by its terms. `is_located` says that our list of jobs
    knows where the place is.
    """
    terms = search.model_dump(include=set(SearchTerms.model_fields))
    fault = search.last_error
    return SavedSearchPublic(
        **terms,
        id=saved.id,
        name=_name_of(saved, search, seal),
        origin=saved.origin,
        created_at=saved.created_at,
        last_refreshed_at=search.fetched_at,
        next_refresh_at=search.next_at,
        last_tried_at=search.tried_at,
        newest_posted_at=search.newest_posted_at,
        ads_brought=search.ads_brought,
        ads_last=search.ads_last,
        last_error=None if fault is None else SearchFault(word=fault, advice=ADVICE[fault]),
        jobs_url=jobs_url_of(search, is_located=is_located),
    )


def jobs_url_of(terms: SearchTerms, *, is_located: bool) -> str:
    """Return the address of our list of jobs with the filters that the terms stand for, newest first.

    Around a place only where the list knows it. Other postcodes are left out, since no ad names them.
    """
    is_postcode = not is_located and any(char.isdigit() for char in terms.where)
    contract = terms.contract_type or terms.contract_time
    filters: dict[str, str | int | None] = {
        "q": _plain(terms.what),
        "location": "" if is_postcode else terms.where,
        "country": terms.country,
        "radius_km": terms.distance_km if is_located else None,
        "salary": terms.salary_min,
        "currency": terms.salary_min and COUNTRIES.get(terms.country),
        "employment_type": contract and contract.value,
        "category": terms.category,
        "remote": "true" if terms.remote else None,
        "sort": "newest",
    }
    return f"/api/jobs/?{urlencode({name: value for name, value in filters.items() if value})}"


def places_of(search: JobSearch) -> list[str]:
    """Return under which names our list of jobs may know the place that a search looks around."""
    if search.distance_km is None:
        return []
    return [normal_term(search.where), normal_term(search.where.partition(",")[0])]


def _plain(what: str) -> str:
    """Return words for our full text, to which quotes, a minus and OR mean what they do not to Adzuna."""
    words = (word.lstrip("-") for word in what.replace('"', " ").split())
    return " ".join(word for word in words if word and word not in OR)


def _name_of(saved: SavedSearch, terms: SearchTerms, seal: Seal | None) -> str:
    if saved.name_sealed is not None and seal is not None:
        return seal.open_text(saved.name_sealed, place_of(*NAME, saved.id))
    what = terms.what or terms.category
    parts = (what[:1].upper() + what[1:], capwords(terms.where), name_of(terms.country))
    return ", ".join(part for part in (*parts, "remote" * terms.remote) if part)


def wished(preferences: Preferences) -> list[SearchTerms]:
    """Return the searches that follow from a person's wishes: the first titles in the first countries."""
    titles: dict[str, str] = {}
    for title in map(_shortened, preferences.titles):
        if has_word(title):
            titles.setdefault(title.casefold(), title)
    countries = list(dict.fromkeys(preferences.countries))
    return [
        SearchTerms(country=country, what=title, remote=preferences.remote_only)
        for title in list(titles.values())[:WISHED_TITLES]
        for country in countries[:WISHED_COUNTRIES]
    ]


def _shortened(title: str) -> str:
    """Return as much of a title as a search may hold."""
    words = _composed(title).split()[:WORDS_MAX]
    while len(" ".join(words)) > TEXT_MAX and len(words) > 1:
        words.pop()
    return " ".join(words)[:TEXT_MAX]
