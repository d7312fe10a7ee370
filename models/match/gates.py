"""What rules a job out for a person; only where both sides say something."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.answering_enums import SkipReason
from models.job import Job
from models.match.sides import Advert, Wanted

YEARLY_MIN = 6000.0
"""Less than this is pay for an hour, a day or a month, whatever the currency: it says nothing of a year's."""


def gate(wanted: Wanted, advert: Advert, at: datetime) -> SkipReason | None:
    """Return the first reason why the person may not or does not want to have this job, None without one."""
    return next(_closed(wanted, advert, at), None) or _unwanted(wanted, advert)


def _closed(wanted: Wanted, advert: Advert, at: datetime) -> Iterator[SkipReason]:
    if advert.job.expired_at is not None:
        yield SkipReason.JOB_CLOSED
    if at - advert.posted_at > timedelta(days=wanted.rules.posted_within_days):
        yield SkipReason.TOO_OLD


def _unwanted(wanted: Wanted, advert: Advert) -> SkipReason | None:
    if any(phrase in advert.company_text for phrase in wanted.blocked):
        return SkipReason.BLOCKED_COMPANY
    if any(phrase in advert.title_text for phrase in wanted.excluded):
        return SkipReason.BLOCKED_WORD
    return _elsewhere(wanted, advert) or _on_other_terms(wanted, advert.job)


def _elsewhere(wanted: Wanted, advert: Advert) -> SkipReason | None:
    if advert.job.country in wanted.barred:
        return SkipReason.NOT_AUTHORISED
    if wanted.countries and advert.job.country not in wanted.countries:
        return SkipReason.WRONG_COUNTRY
    if not advert.job.remote and (wants_remote_only(wanted) or is_out_of_reach(wanted, advert)):
        return SkipReason.WRONG_PLACE
    return None


def wants_remote_only(wanted: Wanted) -> bool:
    """Tell whether nothing but remote work will do."""
    return wanted.preferences.remote_only or not wanted.preferences.on_site


def is_out_of_reach(wanted: Wanted, advert: Advert) -> bool:
    """Tell whether an advert's place is known and none of those the person can be at."""
    knows = bool(wanted.places) and names_a_place(advert)
    return knows and not wanted.preferences.willing_to_relocate and not is_near(wanted, advert)


def names_a_place(advert: Advert) -> bool:
    """Tell whether an advert says more of its place than the country."""
    return bool(advert.job.location.strip()) and len(advert.job.area) != 1


def is_near(wanted: Wanted, advert: Advert) -> bool:
    """Tell whether an advert's place is one that the person named."""
    return any(place in advert.place_text for place in wanted.places)


def _on_other_terms(wanted: Wanted, job: Job) -> SkipReason | None:
    asked = wanted.preferences
    for said, allowed in (
        (job.contract_type, asked.contract_types),
        (job.contract_time, asked.contract_times),
    ):
        if said is not None and allowed and said not in allowed:
            return SkipReason.EMPLOYMENT_TYPE
    ceiling = pay_ceiling(job)
    if asked.salary_floor is not None and ceiling is not None and ceiling < asked.salary_floor:
        return SkipReason.PAY_TOO_LOW
    return None


def pay_ceiling(job: Job) -> float | None:
    """Return the most that the employer says to pay a year, in the job's currency; None where they do not.

    Adzuna's own estimate is not the employer's word, and what is not a year's pay cannot be compared with it.
    """
    best = job.salary_max if job.salary_max is not None else job.salary_min
    return None if job.salary_predicted or best is None or best < YEARLY_MIN else best
