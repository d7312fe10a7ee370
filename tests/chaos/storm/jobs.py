"""The jobs that are applied to: every kind of form, each at an employer of its own."""

import random
from uuid import UUID

from local.form_kinds import FormKind
from models.base import now
from models.database import Database
from models.job import Job

LETTERS = 12
TITLES = ("Engineer", "Analyst", "Nurse", "Electrician", "Teacher", "Designer", "Baker", "Surveyor")

# of sixteen in a row so many have this form, so that a short storm meets every kind as well
MIX = {
    FormKind.SHORT: 4,
    FormKind.LONG: 3,
    FormKind.MULTIPAGE: 2,
    FormKind.CLOSED: 1,
    FormKind.LOGIN: 1,
    FormKind.CAPTCHA: 1,
    FormKind.BROKEN: 1,
    FormKind.UNSAFE: 1,
    FormKind.SLOW: 1,
    FormKind.NOCONFIRM: 1,
}


async def store_jobs(database: Database, count: int, draw: random.Random) -> list[Job]:
    """Store so many jobs and return them in a drawn order."""
    round_ = [kind for kind, times in MIX.items() for _ in range(times)]
    kinds = [round_[number % len(round_)] for number in range(count)]
    draw.shuffle(kinds)
    jobs = [_drawn(kind, draw) for kind in kinds]
    async with database.begin() as session:
        session.add_all(jobs)
    return jobs


def _drawn(kind: FormKind, draw: random.Random) -> Job:
    company = "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=LETTERS)).capitalize()
    return new_job(f"{kind}-gb-{UUID(int=draw.getrandbits(128)).hex}", draw.choice(TITLES), company)


def new_job(slug: str, title: str, company: str) -> Job:
    """Return a job whose form has the kind that its slug begins with."""
    return Job(
        source="storm",
        source_id=slug,
        country="gb",
        title=title,
        company=company,
        description="Good work in good company, with Python and SQL.",
        location="Leeds",
        currency="GBP",
        category="it-jobs",
        category_label="IT Jobs",
        url=f"https://www.example.com/land/ad/{slug}",
        posted_at=now(),
        content_key=slug,
        fingerprint=slug,
        seen_at=now(),
    )
