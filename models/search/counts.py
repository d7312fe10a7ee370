"""How many jobs a search finds, and of which countries and kinds: counted up to a bound."""

from typing import Any

from models.search.conditions import Asked
from models.search.filters import JobFilters
from models.search.page import Statement

COUNTED = 1000
"""So many are counted at most; that there are more is said, and not how many."""

_FOUND = """
WITH found AS MATERIALIZED (
    SELECT j.country, j.remote, j.contract_type, j.contract_time, j.category FROM (
        SELECT * FROM job j WHERE {conditions} ORDER BY j.posted_at DESC, j.id DESC
    ) j WHERE {shown} LIMIT {most} + 1
)
"""
_TOTAL = "SELECT 'total' AS name, '' AS value, count(*) AS count FROM found"
_FACETS = {
    "country": "country",
    "remote": "remote::text",
    "employment_type": "unnest(ARRAY[contract_type, contract_time])",
    "category": "category",
}
_FACET = """
SELECT '{name}', value, count(*)
FROM (SELECT {value} AS value FROM (SELECT * FROM found LIMIT {most}) newest) valued
WHERE value IS NOT NULL GROUP BY value
"""

Counts = dict[str, dict[str, Any] | None]


def counts_of(asked: Asked) -> Statement:
    """Return the SQL that counts what a search finds, and its facets where asked for."""
    facets = [_FACET.format(name=name, value=value, most=COUNTED) for name, value in _FACETS.items()]
    parts = [_TOTAL, *(facets if asked.filters.facets else [])]
    found = _FOUND.format(conditions=asked.conditions(), shown=asked.shown(), most=COUNTED)
    sql = f"{found} {' UNION ALL '.join(parts)} ORDER BY count DESC, value"
    return Statement(sql, asked.parameters, None if asked.is_plain else False)


def read_counts(rows: list[dict[str, Any]], filters: JobFilters) -> Counts:
    """Return `total` and `facets` of a page, each null unless asked for; no rows mean no jobs."""
    values: dict[str, list[dict[str, Any]]] = {name: [] for name in ("total", *_FACETS)}
    for row in rows:
        values[row["name"]].append({"value": row["value"], "count": row["count"]})
    count = sum(total["count"] for total in values.pop("total"))
    is_capped = count > COUNTED
    return {
        "total": {"count": min(count, COUNTED), "capped": is_capped} if filters.count else None,
        "facets": {**values, "capped": is_capped} if filters.facets else None,
    }
