"""People who look for titles as they are, and jobs of which some have such titles: put in by COPY, seeded."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

import psycopg

from models.automation import Automation
from models.base import new_id, now
from models.interests import interests_of
from models.match.score import SCORER_VERSION
from models.match.titles import FAMILIES
from models.profile import Preferences

COUNTRY = "gb"
TITLES = sorted(
    {family.titles["en"][0].lstrip("?-") for family in FAMILIES.values() if "en" in family.titles}
)
"""What people look for: one title of each family."""

LEVELS = ("", "Senior ", "Junior ", "Lead ")
ENDINGS = ("", " - London", " (m/f/d)", ", full time", " - hybrid")
SKILLS = (
    *("Python", "SQL", "Excel", "Java", "React", "AWS", "Docker", "Kubernetes", "SAP", "Salesforce"),
    *("first aid", "driving licence", "CAD", "accounting", "marketing", "recruiting", "welding", "teaching"),
)
TOWNS = ("London", "Leeds", "Manchester", "Bristol", "Glasgow", "Cardiff", "York", "Hull")
WANTED = 0.02
"""The share of the jobs whose titles somebody looks for; the others are of work that nobody wants."""

REMOTE = 0.2
UNWANTED = "Shepherd of flock {}"
SEED = 4
_EMPTY = b"TRUNCATE account, job, sweep_mark CASCADE"
_TABLES = (b"account", b"profile", b"interest", b"job", b"job_match")

Rows = Iterable[Sequence[object]]


@dataclass(frozen=True)
class Market:
    """So many people who want something that is advertised, people who want something else, and jobs."""

    users: int
    idle_users: int
    jobs: int


async def fill(url: str, market: Market) -> None:
    """Empty the database and store a market, with the planner's statistics."""
    random = Random(SEED)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(_EMPTY)
        people = [
            (new_id(), _wishes(random, number, market)) for number in range(market.users + market.idle_users)
        ]
        await _copy(connection, "account", _ACCOUNT, map(_account, (user_id for user_id, _ in people)))
        await _copy(connection, "profile", _PROFILE, (_profile(*person) for person in people))
        await _copy(
            connection, "interest", _INTEREST, (row for person in people for row in _interests(*person))
        )
        await _copy(connection, "job", _JOB, (_job(random, number) for number in range(market.jobs)))
        for table in _TABLES:
            await connection.execute(b"VACUUM ANALYZE " + table)


_ACCOUNT = "id created_at email password_hash role master_key_id data_key"
_PROFILE = "id created_at user_id preferences automation_mode daily_cap automation matched_version"
_INTEREST = "user_id title word words"
_JOB = (
    "id created_at source source_id country title company description location area remote salary_min"
    " salary_max salary_predicted currency category category_label url posted_at content_key fingerprint"
    " seen_at"
)


async def _copy(connection: psycopg.AsyncConnection, table: str, columns: str, rows: Rows) -> None:
    statement = f"COPY {table} ({', '.join(columns.split())}) FROM STDIN"
    async with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            await copy.write_row(row)


def _wishes(random: Random, number: int, market: Market) -> Preferences:
    title = random.choice(TITLES) if number < market.users else f"Keeper of nothing {number}"
    return Preferences(
        titles=[title],
        skills=random.sample(SKILLS, 5),
        locations=random.sample(TOWNS, 2),
        willing_to_relocate=True,
        countries=[COUNTRY],
        years_of_experience=random.randrange(12),
        salary_target=random.randrange(30_000, 90_000),
    )


def _account(user_id: UUID) -> Sequence[object]:
    return user_id, now(), f"{user_id}@example.com", "x", "user", "bench", b"x"


def _profile(user_id: UUID, wanted: Preferences) -> Sequence[object]:
    preferences = json.dumps(wanted.model_dump(mode="json"))
    rules = json.dumps(Automation().model_dump(mode="json"))
    return new_id(), now(), user_id, preferences, "review", 5, rules, SCORER_VERSION


def _interests(user_id: UUID, wanted: Preferences) -> Rows:
    for title, word, words in interests_of(wanted.titles, wanted.countries):
        yield user_id, title, word, words


def _job(random: Random, number: int) -> Sequence[object]:
    title = random.choice(TITLES) if random.random() < WANTED else UNWANTED.format(number)
    skills, town, pay = ", ".join(random.sample(SKILLS, 4)), random.choice(TOWNS), random.randrange(25, 80)
    text = f"We look for {title} with {random.randrange(1, 9)} years of experience in {skills}. "
    at = now()
    return (
        *(new_id(), at, "bench", str(number), COUNTRY),
        random.choice(LEVELS) + title + random.choice(ENDINGS),
        *(f"Company {number}", (text * 8)[:500], f"{town}, UK", ["UK", town], random.random() < REMOTE),
        *(
            pay * 1000.0,
            pay * 1200.0,
            False,
            "GBP",
            "it-jobs",
            "IT Jobs",
            f"https://www.example.com/{number}",
        ),
        *(at, str(number), str(number), at),
    )
