"""A search's words as PostgreSQL's full-text query: SQL of fixed fragments, what people write as parameters.

The functions `job_term`, `job_word`, `job_idle` and `job_tag` come with the migrations. They are folded to a
constant before a query is planned, so that the planner knows how many jobs have these words.
"""

from collections.abc import Callable, Iterator
from typing import Any

from models.search.filters import EmploymentType, JobFilters
from models.search.wanted import Part, parts_of, words_of

ANYWHERE, IN_TITLE = "''", "'A'"
BEGINNINGS = {"title": "'*A'", "company": "'*B'", "location": "'*D'"}
"""By which label each text filter finds the beginnings of words, in its own column only."""

_PLAIN = "job_word(%(q_{number})s, 'jobraker_simple', {label})"
_TERM = "job_term(%(q_{number})s, %(q_country)s, {label}, {skipping})"
_IDLE = "job_idle(%(q_all)s, %(q_country)s)"


def has_nothing_to_find(filters: JobFilters) -> bool:
    """Tell whether a filter holds signs only, which no ad is found by."""
    said = [words_of(text) for name, text in filters.words.items() if name != "q"]
    return not all(said) or (filters.q is not None and not parts_of(filters.q))


def word_parameters(filters: JobFilters) -> dict[str, Any]:
    """Return the parameters of all that is made here."""
    parts = parts_of(filters.q or "")
    parameters: dict[str, Any] = {f"q_{number}": part.said for number, part in enumerate(parts)}
    if parts:
        parameters["q_country"] = filters.country
        parameters["q_all"] = " ".join(part.said for part in parts if not part.is_excluded)
    for name in BEGINNINGS:
        said = words_of(filters.words.get(name, ""))
        parameters |= {f"{name}_{number}": word for number, word in enumerate(said)}
    tags = {"country": filters.country, "category": filters.category, "type": filters.employment_type}
    return parameters | {f"tag_{name}": tag for name, tag in tags.items() if tag is not None}


def query_of(text: str, label: str = ANYWHERE) -> str:
    """Return the query for what is searched for, in all of a job's words or in those of its title.

    What is excluded may stand nowhere. A search that says but "the" finds the ads that say so.
    """
    parts = parts_of(text)
    plain = _all_of(parts, lambda number, of: _PLAIN.format(number=number, label=of), label)
    full = _all_of(parts, lambda number, of: _term(parts[number], number, of), label)
    return f"CASE WHEN {_IDLE} THEN {plain} ELSE {full} END"


def _term(part: Part, number: int, label: str) -> str:
    skipping = "false" if part.is_excluded else "true"
    term = _TERM.format(number=number, label=label, skipping=skipping)
    if label == ANYWHERE or part.said.isalnum():
        return term
    # of titles the index knows words and no phrases
    return f"({term} && {_TERM.format(number=number, label=ANYWHERE, skipping=skipping)})"


def _all_of(parts: list[Part], term: Callable[[int, str], str], label: str) -> str:
    groups: list[list[str]] = []
    for number, part in enumerate(parts):
        one = f"!!{term(number, ANYWHERE)}" if part.is_excluded else term(number, label)
        if part.is_alternative:
            groups[-1].append(one)
        else:
            groups.append([one])
    return " && ".join(f"({' || '.join(group)})" for group in groups)


def beginnings_of(name: str, text: str) -> str:
    """Return the query of a text filter: every word must begin one of its column's."""
    label = BEGINNINGS[name]
    return " && ".join(
        f"job_word(%({name}_{number})s, 'jobraker_simple', {label})" for number in range(len(words_of(text)))
    )


def tags_of(filters: JobFilters) -> Iterator[str]:
    """Yield queries for what jobs are: of a country, a category, remote. The index of words knows them."""
    if filters.country is not None:
        yield "job_tag(%(tag_country)s)"
    if filters.category is not None:
        yield "job_tag(%(tag_category)s)"
    if filters.employment_type is not None:
        yield "job_tag(%(tag_type)s)"
    if filters.remote is not None:
        yield "job_tag('remote')" if filters.remote else "!!job_tag('remote')"


def columns_of(filters: JobFilters) -> Iterator[str]:
    """Yield the same as conditions on columns, for lists without words."""
    if filters.country is not None:
        yield "{j}.country = %(tag_country)s"
    if filters.employment_type is not None:
        is_type = filters.employment_type in {EmploymentType.PERMANENT, EmploymentType.CONTRACT}
        yield f"{{j}}.{'contract_type' if is_type else 'contract_time'} = %(tag_type)s"
    if filters.remote is not None:
        yield "{j}.remote" if filters.remote else "NOT {j}.remote"
