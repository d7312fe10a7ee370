"""One page of a search as SQL, in each of its orders; it goes on by keyset and never by offset."""

from datetime import datetime
from typing import Any, NamedTuple

from models.base import now
from models.search.conditions import Asked
from models.search.cursor import JobCursor, Sort
from models.search.shown import MARKS, SHOWN
from models.search.words import query_of

IN_TITLE, ANYWHERE = 200, 100
"""Of how many of the newest jobs with the words in their title, and anywhere, the best are chosen."""

WEIGHTS = "{0.1, 0.3, 0.6, 1.0}"
"""How much a word counts in the place, the text, the company and the title."""

WALK = 3000
"""How many jobs are looked at one by one before the index of words is asked."""

RECENCY_DAYS = 30
_A_DAY = 86_400
_PRECISION = 1_000_000_000

_BEHIND = "({key}, j.id) < (%(last_key)s, %(last_id)s)"
_NARROW = "j.id, j.posted_at, j.content_key, j.country, {key} AS sort_key"
_FIRST = "SELECT j.id, j.sort_key FROM ({found}) j WHERE {shown} LIMIT {rows}"
"""The first of what was found in order: what is looked up job by job is so for a page's jobs only."""

_SHOWN = "SELECT {shown}, page.sort_key FROM ({page}) page JOIN job j ON j.id = page.id {marks}"
_OUTER = f"{_SHOWN} ORDER BY page.sort_key DESC, page.id DESC"


class Statement(NamedTuple):
    """SQL, its parameters, and whether one plan serves all values of them (then None, else False)."""

    sql: str
    parameters: dict[str, Any]
    prepare: bool | None


class Order(NamedTuple):
    """What an order of the list is by, and what it is read from."""

    key: str
    table: str
    condition: str


_ORDERS = {
    Sort.NEWEST: Order("j.posted_at", "job j", "true"),
    Sort.SALARY: Order("j.salary_eur", "job j", "true"),
    Sort.SCORE: Order(
        "m.score", "job_match m JOIN job j ON j.id = m.job_id", "m.user_id = %(me)s AND m.score IS NOT NULL"
    ),
}

_FOUND = "SELECT {narrow} FROM {table} WHERE {conditions} ORDER BY {key} DESC, j.id DESC"

# PostgreSQL knows how many words begin so only where they are frequent: a rare one, taken for more frequent
# than it is, would be looked for job by job through all of them. So a piece of the way is gone, and where
# that does not fill the page the index of words is asked, which is short for what is so rare
_WALKED = """
WITH walk AS MATERIALIZED (
    SELECT j.id, j.sort_key FROM (
        SELECT j.*, {key} AS sort_key FROM {table} WHERE {way} ORDER BY {key} DESC, j.id DESC LIMIT {length}
    ) j WHERE {conditions} AND {shown} LIMIT {rows}
), rest AS MATERIALIZED (
    SELECT j.id, j.sort_key FROM (
        SELECT j.* FROM (SELECT {narrow} FROM {table} WHERE {conditions} AND {behind} OFFSET 0) j
        WHERE (SELECT count(*) FROM walk) < {rows} ORDER BY j.sort_key DESC, j.id DESC
    ) j WHERE {shown} LIMIT {rows}
)
SELECT rest.* FROM rest UNION ALL SELECT walk.* FROM walk WHERE NOT EXISTS (SELECT FROM rest)
"""

# of the two lists, which may have jobs in common, each is short and by time; what is hidden takes no place
_NEWEST = (
    "(SELECT j.id FROM (SELECT j.id, j.content_key FROM job j"
    " WHERE {conditions} AND j.created_at <= %(begun)s ORDER BY j.posted_at DESC, j.id DESC) j"
    " WHERE {unmarked} LIMIT {most})"
)
_RANK = (
    "(ts_rank(%(weights)s::real[], j.search, {query})"
    " * (1 + 1 / (1 + greatest(extract(epoch FROM %(begun)s - j.posted_at), 0) / %(recency)s))"
    f" * {_PRECISION})::bigint"
)
_RANKED = """
SELECT j.* FROM (
    SELECT {narrow} FROM ({in_title} UNION {anywhere}) found JOIN job j ON j.id = found.id OFFSET 0
) j WHERE {behind} ORDER BY j.sort_key DESC, j.id DESC
"""


def page_of(asked: Asked, begun: datetime) -> Statement:
    """Return the SQL of one page, with one row more than asked for; `begun` is when its first page was."""
    place = asked.filters.place
    parameters = dict(asked.parameters)
    if place is not None:
        parameters |= {"last_key": place.key, "last_id": place.id}
    if asked.filters.order is Sort.RELEVANCE:
        parameters |= {"begun": begun, "weights": WEIGHTS, "recency": RECENCY_DAYS * _A_DAY}
        page = _ranked(asked)
    elif asked.has_beginnings and asked.filters.order is not Sort.SCORE:
        page = _walked(asked)
    else:
        page = _in_order(asked)
    sql = _OUTER.format(shown=SHOWN, page=page, marks=MARKS)
    return Statement(sql, parameters, None if asked.is_plain else False)


def begun_at(place: JobCursor | None) -> datetime:
    """Return when a list began, which is now for its first page."""
    return place.begun if place is not None else now()


def _rows(asked: Asked) -> int:
    # no parameter: a plan for any number of rows would be one for many
    return asked.filters.limit + 1


def _behind(asked: Asked, key: str) -> str:
    return _BEHIND.format(key=key) if asked.filters.place is not None else "true"


def _in_order(asked: Asked) -> str:
    order = _ORDERS[asked.filters.order]
    conditions = asked.conditions(order.condition, _behind(asked, order.key))
    narrow = _NARROW.format(key=order.key)
    found = _FOUND.format(narrow=narrow, key=order.key, table=order.table, conditions=conditions)
    return _FIRST.format(found=found, shown=asked.shown(), rows=_rows(asked))


def _walked(asked: Asked) -> str:
    order = _ORDERS[asked.filters.order]
    behind = _behind(asked, order.key)
    return _WALKED.format(
        length=WALK,
        rows=_rows(asked),
        narrow=_NARROW.format(key=order.key),
        key=order.key,
        table=order.table,
        way=asked.way(order.condition, behind),
        conditions=asked.conditions(order.condition),
        behind=behind,
        shown=asked.shown(),
    )


def _ranked(asked: Asked) -> str:
    # what came since the list began would move everything that is ranked
    found = _RANKED.format(
        narrow=_NARROW.format(key=_RANK.format(query=f"({query_of(asked.filters.q or '')})")),
        in_title=_NEWEST.format(
            conditions=asked.conditions(in_title=True), unmarked=asked.unmarked, most=IN_TITLE
        ),
        anywhere=_NEWEST.format(conditions=asked.conditions(), unmarked=asked.unmarked, most=ANYWHERE),
        behind=_behind(asked, "j.sort_key"),
    )
    shown = asked.shown("{j}.created_at <= %(begun)s")
    return _FIRST.format(found=found, shown=shown, rows=_rows(asked))
