"""Jobs by the titles that somebody looks for: full text finds them, and our own words decide."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import cast, func, literal, text
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.fingerprint import words_of
from models.job import Job

Titles = list[list[str]]
"""The words of each title."""

SIMPLE = "jobraker_simple"
SIGNS = "+#"


BY_VALUES = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""For the transaction in which `titled_jobs` is read: rare titles and common ones want other plans."""


def holds_a_title(title: str, titles: Titles) -> bool:
    """Tell whether a job's title holds all the words of one of the titles."""
    words = set(words_of(title))
    return any(words.issuperset(each) for each in titles)


def titled_jobs(
    titles: Titles, since: datetime, limit: int, countries: Sequence[str] = ()
) -> SelectOfScalar[Job]:
    """Select the newest open jobs since a moment whose title holds all the words of one of the titles.

    Those of other countries are left out, where countries are named: they would only take the others' place.
    The database's idea of a word is a little wider than ours. What this costs grows with the jobs of such
    titles, not with all.
    """
    search = Job.metadata.tables["job"].c.search
    asked = func.to_tsquery(cast(literal(SIMPLE), REGCONFIG), title_query(titles))
    there = [col(Job.country).in_(countries)] if countries else []
    return (
        select(Job)
        .where(
            search.op("@@", is_comparison=True)(asked),
            col(Job.expired_at).is_(None),
            col(Job.posted_at) > since,
            *there,
        )
        .order_by(col(Job.posted_at).desc(), col(Job.id).desc())
        .limit(limit)
    )


def title_query(titles: Titles) -> str:
    """Return a full-text query for jobs with all words of one of the titles: words hold no quotes."""
    return " | ".join(f"({' & '.join(map(_lexeme, words))})" for words in titles)


def _lexeme(word: str) -> str:
    """Return a word as our SQL function `job_text` leaves it in a title, whose weight is A."""
    named = word.replace("c++", "cplusplus").replace("c#", "csharp").rstrip(SIGNS)
    if word == "net":
        return "('net':A | 'dotnet':A)"
    # `C++14` is one word there
    return f"'{named}':{'*' if named != word else ''}A"
