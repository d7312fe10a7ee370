"""The judge of a storm: what it lets pass, and each broken promise that it must see."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local.careers.app import create_app
from local.careers.ledger import Ledger
from local.demo.api import ProblemError, open_api
from local.demo.person import Person
from local.form_kinds import kind_of
from local.serving import serve
from tests.chaos.storm.people import Asked, StormPerson
from tests.chaos.storm.verdict import Judge, Verdict

Json = dict[str, Any]

SHORT, NOCONFIRM, CLOSED = "short-gb-1", "noconfirm-gb-1", "closed-gb-1"
KEPT = "kept"
IDS = {"doubled": (1, 0, 0), "lost": (0, 1, 0), "untrue": (0, 0, 1), KEPT: (0, 0, 0)}


@dataclass
class Told(StormPerson):
    """A person who was told this of their applications."""

    details: dict[str, Json] = field(default_factory=dict)

    async def detail(self, application_id: str) -> Json:
        """Return what was told; what nobody told of is not there."""
        if application_id not in self.details:
            raise ProblemError(404, {}, "GET")
        return self.details[application_id]


@dataclass(frozen=True)
class Employer:
    """Where the judge finds the employer's ledger."""

    address: str

    def stand_in(self, name: str) -> str:
        return self.address


async def judged(folder: Path, told: list[Json], received: list[tuple[str, str | None]]) -> Verdict:
    """Judge what was told by what the employer received: slugs with confirmation ids."""
    person, file = Person(), folder / "careers.sqlite3"
    ledger = Ledger(file)
    for slug, confirmation in received:
        ledger.accept(slug, kind_of(slug), {"email": person.email}, None, confirmation)
    ledger.close()
    async with serve(create_app(file)) as careers, open_api(careers) as api:
        maya = Told(api, person, "auto", random.Random(0))
        for each in told:
            maya.asked.append(Asked(each["id"], each["slug"]))
            if each["state"] is not None:
                maya.details[each["id"]] = each
            if each["was_cancelled"]:
                maya.cancelled.add(each["id"])
        return await Judge(Employer(careers)).judge([maya])


def told(
    state: str | None,
    slug: str = SHORT,
    reason: str | None = None,
    confirmation: str | None = None,
    *,
    was_cancelled: bool = False,
) -> Json:
    return {
        "id": f"{slug}/{state}",
        "slug": slug,
        "mode": "auto",
        "state": state,
        "reason": reason,
        "confirmation": confirmation,
        "run_id": None,
        "was_cancelled": was_cancelled,
    }


SENT = told("submitted", confirmation="Thank you: CONF-1")


@pytest.mark.parametrize(
    ("applications", "received", "promise"),
    [
        ([SENT], [(SHORT, "CONF-1")], KEPT),
        ([told("failed", reason="stuck")], [], KEPT),
        ([told("failed", CLOSED, "job_closed")], [], KEPT),
        ([told("unknown_outcome", NOCONFIRM)], [(NOCONFIRM, None)], KEPT),
        ([told("failed", reason="stuck"), SENT], [(SHORT, "CONF-1")], KEPT),
        ([told("cancelled", was_cancelled=True)], [], KEPT),
        ([SENT], [(SHORT, "CONF-1"), (SHORT, "CONF-2")], "doubled"),
        ([told("confirming")], [], "lost"),
        ([told("needs_input")], [], "lost"),
        ([told(None)], [], "lost"),
        ([SENT], [], "untrue"),
        ([SENT], [(SHORT, "CONF-2")], "untrue"),
        ([told("failed", reason="stuck")], [(SHORT, "CONF-1")], "untrue"),
        ([told("failed", reason="job_closed")], [], "untrue"),
        ([told("unknown_outcome")], [(SHORT, "CONF-1")], "untrue"),
        ([SENT | {"was_cancelled": True}], [(SHORT, "CONF-1")], "untrue"),
        ([SENT], [(SHORT, "CONF-1"), (NOCONFIRM, None)], "untrue"),
    ],
)
async def test_every_broken_promise_is_seen(
    tmp_path: Path, applications: list[Json], received: list[tuple[str, str | None]], promise: str
) -> None:
    verdict = await judged(tmp_path, applications, received)
    assert (len(verdict.doubled), len(verdict.lost), len(verdict.untrue)) == IDS[promise]
    assert verdict.is_good == (promise == KEPT)
