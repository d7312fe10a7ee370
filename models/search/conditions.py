"""Filters as SQL conditions on a job `{j}`: fixed fragments, values always as parameters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from models.application import HELD
from models.base import now
from models.search.cursor import Sort
from models.search.filters import JobFilters
from models.search.known import Known
from models.search.near import DISTANCE, EARTH_KM
from models.search.words import (
    ANYWHERE,
    IN_TITLE,
    beginnings_of,
    columns_of,
    query_of,
    tags_of,
    word_parameters,
)

ROUNDING = 0.5
"""Of salaries, which went through euros and back."""

# a subquery with OFFSET stays one: it is looked up job by job, and no list of all jobs is joined with it
_MARKED = (
    "EXISTS (SELECT FROM job_mark m WHERE m.user_id = %(me)s AND m.content_key = {{j}}.content_key"
    " AND m.{mark} IS NOT NULL OFFSET 0)"
)
_AMONG_MARKED = (
    "{{j}}.content_key IN (SELECT m.content_key FROM job_mark m"
    " WHERE m.user_id = %(me)s AND m.{mark} IS NOT NULL)"
)
_SAVED, _HIDDEN = _MARKED.format(mark="saved_at"), _MARKED.format(mark="hidden_at")
_AMONG_SAVED, _AMONG_HIDDEN = _AMONG_MARKED.format(mark="saved_at"), _AMONG_MARKED.format(mark="hidden_at")
# as likely as the planner takes anything that is not null to be; a plain NOT EXISTS it takes for one in two
_NOT = "nullif({exists}, true) IS NOT NULL"
_MINE = f"a.user_id = %(me)s AND a.{HELD}"
_APPLIED = (
    "EXISTS (SELECT FROM job x JOIN application a ON a.job_id = x.id"
    f" WHERE x.content_key = {{j}}.content_key AND {_MINE} OFFSET 0)"
)
_AMONG_APPLIED = (
    "{j}.content_key IN (SELECT x.content_key FROM application a JOIN job x ON x.id = a.job_id"  # noqa: S608
    f" WHERE {_MINE})"
)
_SCORED = "{j}.id IN (SELECT s.job_id FROM job_match s WHERE s.user_id = %(me)s AND s.score >= %(min_score)s)"
_PAID = "(NOT {j}.salary_predicted AND coalesce({j}.salary_max, {j}.salary_min) IS NOT NULL)"
_OWN_FLOOR = (
    "{j}.salary_eur * (SELECT r.per_euro FROM exchange_rate r WHERE r.currency = {j}.currency) >= %(salary)s"
)
# of the same content, the newest that meets the filters stands for all
_STANDS_FOR_ALL = _NOT.format(
    exists="EXISTS (SELECT FROM job o WHERE o.content_key = j.content_key AND o.country = j.country"
    " AND (o.posted_at, o.id) > (j.posted_at, j.id) AND {conditions} OFFSET 0)"
)


@dataclass(frozen=True)
class Asked:
    """A search by somebody, with what had to be known for it."""

    filters: JobFilters
    known: Known
    me: UUID

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The values that all of its conditions need."""
        filters = self.filters
        parameters: dict[str, Any] = {"me": self.me, **word_parameters(filters)}
        for name in ("min_score", "currency"):
            if (value := getattr(filters, name)) is not None:
                parameters[name] = value
        if filters.posted_within is not None:
            parameters["posted_after"] = now() - timedelta(days=filters.posted_within)
        if filters.salary is not None:
            per_euro = self.known.per_euro[self.known.currency] if self.known.currency else 1.0
            parameters["salary"] = (filters.salary - ROUNDING) / per_euro
        if filters.order is Sort.SCORE:
            parameters.setdefault("min_score", 0)
        if (circle := self.known.circle) is not None:
            parameters |= {
                "earth": EARTH_KM,
                "latitude": circle.middle.latitude,
                "longitude": circle.middle.longitude,
                "radius": circle.radius_km,
                "cells": circle.middle.cells(circle.radius_km),
            }
        return parameters

    @cached_property
    def is_plain(self) -> bool:
        """Whether one plan serves all values: nothing is asked for that most jobs may have, or none."""
        plain = {"country", "limit", "cursor", "sort", "count", "facets"}
        return self.filters.order is Sort.NEWEST and self.filters.model_fields_set <= plain

    @property
    def has_beginnings(self) -> bool:
        """Whether a filter is looked for by the beginnings of words."""
        return any(True for _ in self._beginnings())

    def conditions(self, *more: str, in_title: bool = False) -> str:
        """Return what a job `j` must meet; with `in_title` the words of `q` must be the title's."""
        each = [*self._each(in_title=in_title), *self._among()]
        return " AND ".join([*(condition.format(j="j") for condition in each), *more])

    def way(self, *more: str) -> str:
        """Return those conditions that go along with the order of jobs."""
        return " AND ".join([*(condition.format(j="j") for condition in self._way()), *more])

    def shown(self, *more: str) -> str:
        """Return what a job `j` that meets the conditions must be beside, to be shown: looked up job by job.

        Only ads `o` that meet `more` too are asked whether one of them stands for it.
        """
        each = " AND ".join([*self._each(), *more]).format(j="o")
        return " AND ".join([*self._unless(), _STANDS_FOR_ALL.format(conditions=each)]).format(j="j")

    @cached_property
    def unmarked(self) -> str:
        """What a job `j` must be that the person has not marked otherwise: looked up job by job."""
        return " AND ".join(["true", *self._unless()]).format(j="j")

    def _way(self) -> Iterator[str]:
        yield "{j}.expired_at IS NULL"
        if self.filters.country is not None:
            yield "{j}.country = %(tag_country)s"
        if self.filters.posted_within is not None:
            yield "{j}.posted_at >= %(posted_after)s"
        yield from self._priced()

    def _priced(self) -> Iterator[str]:
        if self.filters.order is Sort.SALARY:
            yield "{j}.salary_eur IS NOT NULL"

    def _each(self, *, in_title: bool = False) -> Iterator[str]:
        """Yield what jobs of one content may differ in."""
        yield "{j}.expired_at IS NULL"
        yield from self._words(in_title=in_title)
        yield from self._money()
        yield from self._place()
        if self.filters.posted_within is not None:
            yield "{j}.posted_at >= %(posted_after)s"
        if "min_score" in self.parameters:
            yield _SCORED

    def _words(self, *, in_title: bool) -> Iterator[str]:
        words = [*self._query(in_title=in_title), *self._beginnings()]
        if words or self.filters.category is not None:
            yield f"{{j}}.search @@ ({' && '.join([*words, *tags_of(self.filters)])})"
        else:
            yield from columns_of(self.filters)

    def _query(self, *, in_title: bool) -> Iterator[str]:
        if self.filters.q is not None:
            yield f"({query_of(self.filters.q, IN_TITLE if in_title else ANYWHERE)})"

    def _beginnings(self) -> Iterator[str]:
        for name, text in self.filters.words.items():
            is_middle = name == "location" and self.known.circle is not None and self.filters.near is None
            if name != "q" and not is_middle and (query := beginnings_of(name, text)):
                yield query

    def _money(self) -> Iterator[str]:
        yield from self._priced()
        if self.filters.salary is not None:
            yield "{j}.salary_eur >= %(salary)s" if self.known.currency else _OWN_FLOOR
        elif self.filters.currency is not None:
            yield "{j}.currency = %(currency)s"
        if self.filters.salary_known is not None:
            yield _PAID if self.filters.salary_known else f"NOT {_PAID}"

    def _place(self) -> Iterator[str]:
        if self.known.circle is None:
            return
        near = f"({{j}}.cell = ANY(%(cells)s) AND {DISTANCE} <= %(radius)s)"
        if self.filters.near is None and self.filters.location is not None:
            # an ad without coordinates is there where it says so
            named = beginnings_of("location", self.filters.location)
            near = f"({near} OR ({{j}}.cell IS NULL AND {{j}}.search @@ ({named})))"
        yield near

    def _among(self) -> Iterator[str]:
        """Yield what but few jobs are, for a content as a whole."""
        if self.filters.hidden:
            yield _AMONG_HIDDEN
        if self.filters.saved:
            yield _AMONG_SAVED
        if self.filters.applied:
            yield _AMONG_APPLIED

    def _unless(self) -> Iterator[str]:
        """Yield what most jobs are."""
        if not self.filters.hidden:
            yield _NOT.format(exists=_HIDDEN)
        if self.filters.saved is False:
            yield _NOT.format(exists=_SAVED)
        if self.filters.applied is False:
            yield _NOT.format(exists=_APPLIED)
