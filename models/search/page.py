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

RECENCY_DAYS = 30
_A_DAY = 86_400
_PRECISION = 1_000_000_000

_BEHIND = "({key}, j.id) < (%(last_key)s, %(last_id)s)"
_PAGE = (
    "SELECT j.*, {key} AS sort_key FROM {table} WHERE {conditions}"
    " ORDER BY {key} DESC, j.id DESC LIMIT %(rows)s"
)
_OUTER = "SELECT {shown}, j.sort_key FROM ({page}) j {marks} ORDER BY j.sort_key DESC, j.id DESC"


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
    Sort.SALARY: Order("j.salary_eur", "job j", "j.salary_eur IS NOT NULL"),
    Sort.SCORE: Order(
        "m.score", "job_match m JOIN job j ON j.id = m.job_id", "m.user_id = %(me)s AND m.score IS NOT NULL"
    ),
}

# of the two lists, which may have jobs in common, each is short and by time
_NEWEST = "(SELECT j.id FROM job j WHERE {conditions} ORDER BY j.posted_at DESC, j.id DESC LIMIT {most})"
_RANK = (
    "(ts_rank(%(weights)s::real[], j.search, {query})"
    " * (1 + 1 / (1 + greatest(extract(epoch FROM %(begun)s - j.posted_at), 0) / %(recency)s))"
    f" * {_PRECISION})::bigint"
)
# in the order of their ranks, of each content the one to show is looked for only until the page is full
_RANKED = """
SELECT j.* FROM (
    SELECT j.* FROM (
        SELECT j.*, {rank} AS sort_key FROM ({in_title} UNION {anywhere}) found
        JOIN job j ON j.id = found.id OFFSET 0
    ) j WHERE {behind} ORDER BY j.sort_key DESC, j.id DESC OFFSET 0
) j WHERE {stands_for_all} ORDER BY j.sort_key DESC, j.id DESC LIMIT %(rows)s
"""


def page_of(asked: Asked, begun: datetime) -> Statement:
    """Return the SQL of one page, with one row more than asked for; `begun` is when its first page was."""
    place = asked.filters.place
    parameters = {**asked.parameters, "rows": asked.filters.limit + 1}
    if place is not None:
        parameters |= {"last_key": place.key, "last_id": place.id}
    if asked.filters.order is Sort.RELEVANCE:
        parameters |= {
            "begun": begun,
            "weights": WEIGHTS,
            "recency": RECENCY_DAYS * _A_DAY,
        }
        page = _ranked(asked, place)
    else:
        page = _in_order(asked, place)
    sql = _OUTER.format(shown=SHOWN, page=page, marks=MARKS)
    return Statement(sql, parameters, None if asked.is_plain else False)


def begun_at(place: JobCursor | None) -> datetime:
    """Return when a list began, which is now for its first page."""
    return place.begun if place is not None else now()


def _in_order(asked: Asked, place: JobCursor | None) -> str:
    order = _ORDERS[asked.filters.order]
    behind = _BEHIND.format(key=order.key) if place is not None else "true"
    return _PAGE.format(
        key=order.key, table=order.table, conditions=asked.conditions(order.condition, behind)
    )


def _ranked(asked: Asked, place: JobCursor | None) -> str:
    query = query_of(asked.filters.q or "")
    # what came since the list began would move everything that is ranked
    anywhere = asked.candidates("j.created_at <= %(begun)s", in_title=False)
    in_title = asked.candidates("j.created_at <= %(begun)s", in_title=True)
    return _RANKED.format(
        rank=_RANK.format(query=f"({query})"),
        in_title=_NEWEST.format(conditions=in_title, most=IN_TITLE),
        anywhere=_NEWEST.format(conditions=anywhere, most=ANYWHERE),
        behind=_BEHIND.format(key="j.sort_key") if place is not None else "true",
        stands_for_all=asked.stands_for_all,
    )
