"""Which recent jobs a person's preferences want, as one query: what both sides say must agree.

What a job does not say rules nothing out, save where the person asks for remote work only.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.application import Application
from models.fingerprint import normal_company, normal_title, words_of
from models.job import Job
from models.profile import Preferences

FRESH = timedelta(days=7)

Condition = ColumnElement[bool]


def matches(user_id: UUID, wanted: Preferences, now: datetime, limit: int) -> SelectOfScalar[Job]:
    """Select up to `limit` jobs to apply to, the newest first.

    A job that the person has any application to is left out, whatever became of that, and so are the same
    job under another id and the same advert in another town. Without preferred titles nothing matches.
    """
    fitting = (
        select(Job)
        .where(
            col(Job.expired_at).is_(None),
            col(Job.posted_at) > now - FRESH,
            not_(_applied_before(user_id)),
            *_wishes(wanted),
            *_places(wanted),
        )
        .ext(distinct_on(col(Job.content_key)))
        .order_by(col(Job.content_key), col(Job.posted_at).desc(), col(Job.id))
        .subquery()
    )
    job = aliased(Job, fitting)
    return select(job).order_by(col(job.posted_at).desc(), col(job.id)).limit(limit)


def _applied_before(user_id: UUID) -> Condition:
    earlier = aliased(Job)
    return exists().where(
        col(Application.user_id) == user_id,
        col(earlier.id) == col(Application.job_id),
        or_(
            col(Application.job_id) == col(Job.id),
            col(Application.fingerprint) == col(Job.fingerprint),
            col(earlier.content_key) == col(Job.content_key),
        ),
    )


def _wishes(wanted: Preferences) -> Iterable[Condition]:
    title = func.lower(func.unaccent(col(Job.title)))
    yield or_(false(), *(_all_words(title, normal_title(each).split()) for each in wanted.titles))
    for word in wanted.excluded_words:
        yield not_(_phrase(title, words_of(word)))
    company = func.lower(func.unaccent(func.coalesce(col(Job.company), "")))
    for blocked in wanted.blocked_companies:
        yield not_(_phrase(company, normal_company(blocked).split()))
    if wanted.salary_floor is not None:
        best = func.coalesce(col(Job.salary_max), col(Job.salary_min))
        yield or_(col(Job.salary_predicted), best.is_(None), best >= wanted.salary_floor)


def _places(wanted: Preferences) -> Iterable[Condition]:
    if wanted.countries:
        yield col(Job.country).in_(wanted.countries)
    barred = [entry.country for entry in wanted.work_authorisations if not entry.authorised]
    if barred:
        yield col(Job.country).not_in(barred)
    if wanted.remote_only:
        yield col(Job.remote).is_(True)
    elif wanted.locations:
        place = func.lower(func.unaccent(col(Job.location) + " " + func.array_to_string(col(Job.area), " ")))
        yield or_(col(Job.remote), *(_phrase(place, words_of(each)) for each in wanted.locations))


def _all_words(text: ColumnElement[str], words: list[str]) -> Condition:
    """Return whether every one of the words stands in the text, in any order."""
    return false() if not words else and_(*(_phrase(text, [word]) for word in words))


def _phrase(text: ColumnElement[str], words: list[str]) -> Condition:
    """Return whether the words stand in the text as they are, one after the other; never for no words."""
    if not words:
        return false()
    inner = r"[^[:alnum:]]+".join(re.escape(word) for word in words)
    pattern = rf"(?<![[:alnum:]]){inner}(?![[:alnum:]+#])"
    return text.op("~", is_comparison=True)(func.lower(func.unaccent(pattern)))
