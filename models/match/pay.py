"""What an employer says to pay a year, in the currency that somebody thinks in."""

from collections.abc import Mapping

from models.enums import PayPeriod
from models.job import Job

YEARLY_MIN = 6000.0
"""Less than this, of no known period, says nothing of a year's pay, whatever the currency."""


def ceiling_in(job: Job, currency: str | None, rates: Mapping[str, float]) -> float | None:
    """Return the most that the employer says to pay a year, in a currency or else the job's own, or None.

    An estimate is not the employer's word. What is not a year's pay, or in another currency, is compared by
    the year's pay in euro, which the job carries where it is known, and the rates.
    """
    best = job.salary_max if job.salary_max is not None else job.salary_min
    if job.salary_predicted or best is None:
        return None
    asked = currency or job.currency
    is_yearly = job.salary_period is PayPeriod.YEAR or (job.salary_period is None and best >= YEARLY_MIN)
    if asked == job.currency and is_yearly:
        return best
    in_euro = job.salary_eur
    if in_euro is None and is_yearly and job.currency in rates:
        in_euro = best / rates[job.currency]
    if in_euro is None:
        return None
    if asked == "EUR":
        return in_euro
    return in_euro * rates[asked] if asked in rates else None
