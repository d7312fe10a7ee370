"""The endpoints about many ads at once: categories, salaries, companies, places and months."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from statistics import fmean

from local.adzuna.model import CLASS, Ad, Document, words

STEPS = 8
LARGEST_LEADERBOARD = 5


def mean_pay(ads: Sequence[Ad]) -> float:
    """Return the mean yearly pay of the ads that name any, else 0."""
    pay = [ad.pay for ad in ads if ad.pay is not None]
    return round(fmean(pay), 2) if pay else 0


def categories(ads: Sequence[Ad]) -> Document:
    """List each category once, by tag."""
    labels = {ad.document["category"]["tag"]: ad.document["category"]["label"] for ad in ads}
    return {
        "results": [
            {"__CLASS__": f"{CLASS}Category", "tag": tag, "label": label}
            for tag, label in sorted(labels.items())
        ]
    }


def histogram(ads: Sequence[Ad]) -> Document:
    """Count the ads that pay at least so much, in steps up to the best paid one."""
    pay = [ad.pay for ad in ads if ad.pay is not None]
    if not pay:
        return {"histogram": {}}
    magnitude = 10 ** max(0, math.floor(math.log10(max(pay) / STEPS)))
    step = math.ceil(max(pay) / STEPS / magnitude) * magnitude
    thresholds = range(0, int(max(pay)) + 1, step)
    return {"histogram": {str(least): sum(value >= least for value in pay) for least in thresholds}}


def top_companies(ads: Sequence[Ad]) -> Document:
    """List the companies with most ads."""
    by_name: dict[str, list[Ad]] = defaultdict(list)
    for ad in ads:
        if name := ad.document["company"].get("display_name"):
            by_name[name].append(ad)
    largest = sorted(by_name.items(), key=lambda item: (-len(item[1]), item[0]))[:LARGEST_LEADERBOARD]
    return {"leaderboard": [_company(name, advertised) for name, advertised in largest]}


def _company(name: str, advertised: Sequence[Ad]) -> Document:
    company: Document = {
        "__CLASS__": f"{CLASS}Company",
        "display_name": name,
        "canonical_name": " ".join(words(name)),
        "count": len(advertised),
    }
    if mean := mean_pay(advertised):
        company["average_salary"] = mean
    return company


def places(ads: Sequence[Ad], depth: int) -> Document:
    """Count the ads one level below the place asked for, most first."""
    areas: list[list[str]] = [ad.document["location"]["area"] for ad in ads]
    counted = Counter(tuple(area[: depth + 1]) for area in areas if len(area) > depth)
    return {
        "locations": [
            {
                "__CLASS__": f"{CLASS}LocationJobs",
                "count": count,
                "location": {
                    "__CLASS__": f"{CLASS}Location",
                    "area": list(area),
                    "display_name": ", ".join(reversed(area[-2:])),
                },
            }
            for area, count in counted.most_common()
        ]
    }


def history(ads: Sequence[Ad], months: int, now: datetime) -> Document:
    """Give the mean pay of each month that ads were placed in, the current month included."""
    by_month: dict[str, list[Ad]] = defaultdict(list)
    for ad in ads:
        age = (now.year - ad.created.year) * 12 + now.month - ad.created.month
        if age < months and ad.pay is not None:
            by_month[f"{ad.created:%Y-%m}"].append(ad)
    return {"month": {month: mean_pay(paid) for month, paid in sorted(by_month.items())}}
