"""What rules a job out for a person; only where both sides say something."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from models.answering_enums import SkipReason
from models.match.pay import ceiling_in
from models.match.places import distance_km
from models.match.sides import Advert, Wanted
from models.match.signals import NO_SPONSORSHIP


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
    return _elsewhere(wanted, advert) or _on_other_terms(wanted, advert)


def _elsewhere(wanted: Wanted, advert: Advert) -> SkipReason | None:
    if advert.job.country in wanted.barred:
        return SkipReason.NOT_AUTHORISED
    if advert.job.country in wanted.sponsored and NO_SPONSORSHIP in advert.offers:
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
    """Tell whether an advert's place is one that the person named, or within their radius of one."""
    # York is not New York
    if any(place in advert.place_text and f" new{place}" not in advert.place_text for place in wanted.places):
        return True
    radius, found = wanted.preferences.radius_km, nearest(wanted, advert)
    return radius is not None and found is not None and found[0] <= radius


def nearest(wanted: Wanted, advert: Advert) -> tuple[float, str] | None:
    """Return how many kilometres an advert is from which of the person's places, None without coordinates."""
    north, east = advert.job.latitude, advert.job.longitude
    if north is None or east is None or not wanted.points:
        return None
    return min((distance_km(point, (north, east)), name) for name, point in wanted.points)


def _on_other_terms(wanted: Wanted, advert: Advert) -> SkipReason | None:
    asked = wanted.preferences
    for said, allowed in (
        (advert.contract_type, asked.contract_types),
        (advert.contract_time, asked.contract_times),
    ):
        if said is not None and allowed and said not in allowed:
            return SkipReason.EMPLOYMENT_TYPE
    if asked.salary_floor is None:
        return None
    ceiling = ceiling_in(advert.job, asked.currency, wanted.rates)
    return SkipReason.PAY_TOO_LOW if ceiling is not None and ceiling < asked.salary_floor else None
