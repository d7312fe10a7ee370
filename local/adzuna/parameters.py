"""The parameters of each endpoint, and what a search asks for once they are read."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.adzuna.errors import bad_parameter, unknown_parameters
from local.adzuna.model import fold, words

LARGEST_PAGE = 50
DEFAULT_PAGE = 10
DEFAULT_DISTANCE_KM = 5
LONGEST_HISTORY = 12

AUTHORISATION = frozenset({"app_id", "app_key", "content-type"})
LOCATIONS = tuple(f"location{level}" for level in range(8))
PLACED = frozenset({*LOCATIONS, "category"})
STATISTICS = PLACED | {"what"}
HISTORY = PLACED | {"months"}
FLAGS = ("full_time", "part_time", "contract", "permanent")
SEARCH = STATISTICS | {
    "results_per_page",
    "what_and",
    "what_phrase",
    "what_or",
    "what_exclude",
    "title_only",
    "where",
    "distance",
    "max_days_old",
    "sort_dir",
    "sort_by",
    "salary_min",
    "salary_max",
    "salary_include_unknown",
    "company",
    *FLAGS,
}
SORTS = frozenset({"default", "hybrid", "date", "salary", "relevance"})
DIRECTIONS = frozenset({"up", "down"})


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for: folded words, whole kilometres, days, money; empty or None means anything."""

    every: tuple[str, ...] = ()
    phrase: str = ""
    some: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    where: str = ""
    distance: int = DEFAULT_DISTANCE_KM
    location: tuple[str, ...] = ()
    category: str = ""
    company: str = ""
    max_days_old: int | None = None
    salary_min: int | None = None
    salary_max: int | None = None
    includes_unknown_salary: bool = False
    flags: tuple[str, ...] = ()
    sort_by: str = "default"
    is_ascending: bool = False


def check_names(given: Mapping[str, str], known: frozenset[str]) -> None:
    """Refuse parameters that the endpoint does not have, with an HTML page as Adzuna does."""
    if not known.union(AUTHORISATION).issuperset(given):
        raise unknown_parameters()


def read_query(given: Mapping[str, str]) -> Query:
    """Read the parameters of a search; a value that cannot be is an `AdzunaError`."""
    sort_by = _one_of(given, "sort_by", SORTS, "default")
    return Query(
        every=tuple(words(f"{given.get('what', '')} {given.get('what_and', '')}")),
        phrase=" ".join(words(given.get("what_phrase", ""))),
        some=tuple(words(given.get("what_or", ""))),
        none=tuple(words(given.get("what_exclude", ""))),
        title=tuple(words(given.get("title_only", ""))),
        where=given.get("where", "").strip(),
        distance=number(given, "distance", 0) or DEFAULT_DISTANCE_KM,
        location=tuple(fold(given[name]) for name in LOCATIONS if given.get(name)),
        category=given.get("category", ""),
        company=" ".join(words(given.get("company", ""))),
        max_days_old=number(given, "max_days_old", 0),
        salary_min=number(given, "salary_min", 0),
        salary_max=number(given, "salary_max", 0),
        includes_unknown_salary=_is_set(given, "salary_include_unknown"),
        flags=tuple(name for name in FLAGS if _is_set(given, name)),
        sort_by=sort_by,
        is_ascending=_one_of(given, "sort_dir", DIRECTIONS, "down") == "up",
    )


def number(given: Mapping[str, str], name: str, least: int, most: int | None = None) -> int | None:
    """Read a whole number, or None where it is absent or empty."""
    text = given.get(name, "")
    if not text:
        return None
    try:
        value = int(text)
    except ValueError as error:
        raise bad_parameter(name) from error
    if value < least or (most is not None and value > most):
        raise bad_parameter(name)
    return value


def page_size(given: Mapping[str, str]) -> int:
    """Read `results_per_page`: 10 where it is absent, never more than 50."""
    return min(number(given, "results_per_page", 1) or DEFAULT_PAGE, LARGEST_PAGE)


def _is_set(given: Mapping[str, str], name: str) -> bool:
    return bool(_one_of(given, name, frozenset({"1"}), ""))


def _one_of(given: Mapping[str, str], name: str, known: frozenset[str], otherwise: str) -> str:
    value = given.get(name, "") or otherwise
    if value not in known and value != otherwise:
        raise bad_parameter(name)
    return value
