"""Rows of the job table out of a seed: batch n holds the same jobs whenever it is asked for.

They are spread as in a real market: 19 countries with their own languages, about 300,000 titles and 80,000
companies in a million jobs, a quarter with a salary, 11 % the copy of another ad in another town, posted over
60 days, a tenth expired.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from bench.million_words import (
    COINED_WORDS,
    COMPANY_SKEW,
    LEVELS,
    PLACE_SKEW,
    SHARES,
    TOOLS,
    TOWN_SKEW,
    WORD_SKEW,
    Place,
    coined,
    companies_of,
    language_of,
    places_of,
    rank,
)
from local.adzuna.countries import COUNTRIES
from local.adzuna.words.model import PAY, Trade
from models.countries import COUNTRIES as CURRENCIES
from models.fingerprint import content_key, fingerprint

SEED = 4
BATCH = 5_000
DAYS = timedelta(days=60)
JITTER = timedelta(days=2)
"""Searches bring ads of several days at once, so that their order in the table is not quite that of time."""

SHARE_OF_COPIES = 0.11
MOST_COPIED = 200
SHARE_WITH_SALARY = 0.25
SHARE_PREDICTED = 0.36
SHARE_WITH_TYPE = 0.28
SHARE_PERMANENT = 0.75
SHARE_WITH_TIME = 0.21
SHARE_FULL_TIME = 0.85
SHARE_NAMELESS = 0.01
SHARE_REMOTE = 0.06
SHARE_EXPIRED = 0.1
SHARE_OF_IT = 0.15
SHARE_WITH_LEVEL = 0.35
SHARE_WITH_SUBJECT = 0.45
SHARE_WITH_PRODUCT = 0.2
SHARE_WITH_REFERENCE = 0.05
SHARE_LOCATED = 0.9
JOINTS = ("-", "/", "|", ":")
LONGEST = 500
TOOLS_AN_AD = 5
SKILLS_AN_AD = 3
STEP = 500
VERSION_7 = 7
VARIANT = 0b10


class MillionRow(NamedTuple):
    """The columns that are copied."""

    id: UUID
    created_at: datetime
    source: str
    source_id: str
    country: str
    title: str
    company: str | None
    description: str
    location: str
    area: list[str]
    latitude: float | None
    longitude: float | None
    remote: bool
    remote_reason: str | None
    salary_min: float | None
    salary_max: float | None
    salary_predicted: bool
    salary_period: str | None
    salary_eur: float | None
    currency: str
    contract_type: str | None
    contract_time: str | None
    category: str
    category_label: str
    url: str
    posted_at: datetime
    content_key: str
    fingerprint: str
    seen_at: datetime
    expired_at: datetime | None


class Content(NamedTuple):
    """What the copies of an ad have in common."""

    country: str
    title: str
    company: str | None
    description: str
    remote: str | None
    category: str
    category_label: str
    salary: tuple[float | None, float | None, bool]
    contract_type: str | None
    contract_time: str | None


class Market(NamedTuple):
    """How many jobs there are, when it is, and what a euro costs."""

    jobs: int
    now: datetime
    per_euro: Mapping[str, float]

    @property
    def batches(self) -> int:
        """How many batches make all jobs."""
        return -(-self.jobs // BATCH)

    def batch(self, number: int) -> list[MillionRow]:
        """Return the jobs of one batch; later batches hold later jobs."""
        rng = Random(f"{SEED}/{number}")
        contents: list[Content] = []
        rows = []
        first = number * BATCH
        for index in range(first, min(first + BATCH, self.jobs)):
            if contents and rng.random() < SHARE_OF_COPIES:
                content = contents[-1 - rank(rng, min(len(contents), MOST_COPIED), WORD_SKEW)]
            else:
                content = _content(rng)
                contents.append(content)
            rows.append(self._row(rng, index, content))
        return rows

    def _row(self, rng: Random, index: int, content: Content) -> MillionRow:
        code = content.country
        posted_at = self.now - DAYS * (1 - (index + 1) / self.jobs) - JITTER * rng.random()
        place = _place(rng, code)
        is_located = rng.random() < SHARE_LOCATED
        low, high, is_predicted = content.salary
        location = f"{place.area[-1]}, {place.area[-2]}"
        title, company, currency = content.title, content.company, CURRENCIES[code]
        # what is old is the likelier to have ended
        is_expired = rng.random() < 2 * SHARE_EXPIRED * (1 - index / self.jobs)
        return MillionRow(
            id=_id(rng, posted_at),
            created_at=posted_at,
            source="adzuna",
            source_id=str(3_000_000_000 + index),
            country=code,
            title=title,
            company=company,
            description=content.description,
            location=location,
            area=list(place.area),
            latitude=place.latitude if is_located else None,
            longitude=place.longitude if is_located else None,
            remote=content.remote is not None,
            remote_reason=content.remote,
            salary_min=low,
            salary_max=high,
            salary_predicted=is_predicted,
            salary_period="year" if low else None,
            salary_eur=round((high or low) / self.per_euro[currency], 2)
            if low and not is_predicted
            else None,
            currency=currency,
            contract_type=content.contract_type,
            contract_time=content.contract_time,
            category=content.category,
            category_label=content.category_label,
            url=f"https://{COUNTRIES[code].site}/details/{3_000_000_000 + index}",
            posted_at=posted_at,
            content_key=content_key(title, company, content.description),
            fingerprint=fingerprint(title, company, location, code, remote=content.remote is not None),
            seen_at=self.now - (self.now - posted_at) * rng.random(),
            expired_at=self.now if is_expired else None,
        )


def _content(rng: Random) -> Content:
    code = rng.choices(_CODES, _WEIGHTS)[0]
    language = language_of(code)
    trade = language.trades[0] if rng.random() < SHARE_OF_IT else rng.choice(language.trades)
    names = companies_of(code)
    company = names[rank(rng, len(names), COMPANY_SKEW)] if rng.random() >= SHARE_NAMELESS else None
    remote = language.remote if rng.random() < SHARE_REMOTE else None
    role = rng.choice(trade.roles)
    kind = hours = None
    if rng.random() < SHARE_WITH_TYPE:
        kind = "permanent" if rng.random() < SHARE_PERMANENT else "contract"
    if rng.random() < SHARE_WITH_TIME:
        hours = "full_time" if rng.random() < SHARE_FULL_TIME else "part_time"
    return Content(
        country=code,
        title=_title(rng, code, role, trade),
        company=company,
        description=_description(rng, code, role, trade, company or "", remote),
        remote=remote,
        category=trade.tag,
        category_label=trade.label,
        salary=_salary(rng, code, trade),
        contract_type=kind,
        contract_time=hours,
    )


def _title(rng: Random, code: str, role: str, trade: Trade) -> str:
    """Return a role, with a level, a subject, a product, a place or a reference now and then."""
    title = role
    if rng.random() < SHARE_WITH_LEVEL:
        title = f"{rng.choice(LEVELS[COUNTRIES[code].language])} {title}"
    if rng.random() < SHARE_WITH_SUBJECT:
        title = f"{title} {rng.choice(JOINTS)} {rng.choice(trade.skills)}"
    draw = rng.random()
    if draw < SHARE_WITH_PRODUCT:
        return f"{title} ({_word(rng).title()})"
    if draw < SHARE_WITH_PRODUCT * 2:
        return f"{title} {_place(rng, code).area[-1]}"
    if draw < SHARE_WITH_PRODUCT * 2 + SHARE_WITH_REFERENCE:
        return f"{title} [{rng.randrange(100_000)}]"
    return title


def _description(rng: Random, code: str, role: str, trade: Trade, company: str, remote: str | None) -> str:
    language = language_of(code)
    skills = rng.sample(trade.skills, SKILLS_AN_AD)
    slots: dict[str, Any] = {
        "role": role,
        "company": company,
        "town": _place(rng, code).area[-1],
        **dict(zip(("skill", "other", "third"), skills, strict=True)),
        "years": rng.randint(2, 8),
    }
    words = ", ".join(_word(rng).title() for _ in range(TOOLS_AN_AD))
    parts = [rng.choice(language.openings).format_map(slots)]
    parts += [remote] if remote else []
    parts.append(TOOLS[COUNTRIES[code].language].format(words=words))
    parts += [each.format_map(slots) for each in rng.sample(language.sentences, 4)]
    text = " ".join(parts)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _salary(rng: Random, code: str, trade: Trade) -> tuple[float | None, float | None, bool]:
    if rng.random() >= SHARE_WITH_SALARY:
        return None, None, False
    least, most = (end * COUNTRIES[code].pay for end in PAY[trade.tag])
    if rng.random() < SHARE_PREDICTED:
        guess = round(rng.uniform(least, most), 2)
        return guess, guess, True
    low = round(rng.uniform(least, (least + most) / 2) / STEP) * STEP
    return low, round(low * rng.choice((1.0, 1.1, 1.2, 1.35)) / STEP) * STEP, False


def _place(rng: Random, code: str) -> Place:
    towns = places_of(code)
    around = towns[rank(rng, len(towns), TOWN_SKEW)]
    return around[rank(rng, len(around), PLACE_SKEW)]


def _word(rng: Random) -> str:
    return coined(rank(rng, COINED_WORDS, WORD_SKEW))


def _id(rng: Random, moment: datetime) -> UUID:
    """Return a version 7 UUID of this moment."""
    milliseconds = int(moment.timestamp() * 1000)
    tail = rng.getrandbits(62)
    return UUID(int=milliseconds << 80 | VERSION_7 << 76 | rng.getrandbits(12) << 64 | VARIANT << 62 | tail)


_CODES = tuple(SHARES)
_WEIGHTS = tuple(SHARES.values())
