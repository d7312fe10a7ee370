"""What became of it all: every promise compared with the employer's ledger and with the vendor's own word."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from local.demo.api import ProblemError
from local.form_kinds import FormKind, kind_of
from local.keys import SKYVERN_API_KEY
from models.enums import ApplicationState, EndReason
from tests.chaos.storm.people import UNDER_WAY, StormPerson
from tests.e2e.people import StandIns, control

S = ApplicationState
CRASHED = "The browser crashed while it was submitting"

# what only such a form can be the reason for
REASONS = {
    EndReason.JOB_CLOSED: FormKind.CLOSED,
    EndReason.LOGIN_REQUIRED: FormKind.LOGIN,
    EndReason.CAPTCHA: FormKind.CAPTCHA,
    EndReason.UNSAFE_REQUEST: FormKind.UNSAFE,
}
MAY_HAVE_ARRIVED = frozenset({S.SUBMITTED, S.UNKNOWN_OUTCOME})

Json = dict[str, Any]


@dataclass
class Verdict:
    """`doubled`, `lost` and `untrue` hold a line for each application that broke its promise."""

    states: Counter[str] = field(default_factory=Counter)
    by_kind: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every promise was kept."""
        return not (self.doubled or self.lost or self.untrue)


class Judge:
    """Compares what we say of each application with what its two witnesses say."""

    def __init__(self, stack: StandIns) -> None:
        self._stack = stack
        self._ledger: dict[tuple[str, str], list[Json]] = defaultdict(list)
        self.verdict = Verdict()

    async def judge(self, people: Iterable[StormPerson]) -> Verdict:
        """Judge every application of these people, and what the employers have beside them."""
        for entry in await control(self._stack, "careers", "ledger"):
            self._ledger[entry["email"], entry["slug"]].append(entry)
        for person in people:
            self.verdict.untrue += person.astonished
            await self._judge_person(person)
        for (email, slug), entries in self._ledger.items():
            if len(entries) > 1:
                self.verdict.doubled.append(f"{slug} of {email}: {len(entries)} times")
        return self.verdict

    async def _judge_person(self, person: StormPerson) -> None:
        told = await self._told(person)
        for slug, details in told.items():
            self._count(kind_of(slug), details)
            entries = self._ledger.get((person.person.email, slug), [])
            for detail in details:
                if detail["id"] in person.cancelled and detail["state"] != S.CANCELLED:
                    self.verdict.untrue.append(f"{detail['id']} was told to be cancelled")
                await self._judge_application(slug, detail, details, entries)
        for email, slug in self._ledger:
            if email == person.person.email and slug not in told:
                self.verdict.untrue.append(f"{slug}: the employer has what nobody asked for")

    async def _told(self, person: StormPerson) -> dict[str, list[Json]]:
        """Return what a person is told of their applications, by job, the newest last."""
        told: dict[str, list[Json]] = {asked.slug: [] for asked in person.asked}
        for asked in person.asked:
            try:
                told[asked.slug].append(await person.detail(asked.id))
            except ProblemError as problem:
                self.verdict.lost.append(f"{asked.id} {asked.slug}: {problem}")
        return told

    def _count(self, kind: FormKind, details: list[Json]) -> None:
        """Count a job by its newest application."""
        for detail in details[-1:]:
            self.verdict.states[detail["state"]] += 1
            self.verdict.by_kind[kind][f"{detail['state']} {detail['reason'] or ''}".strip()] += 1

    async def _judge_application(
        self, slug: str, detail: Json, all_to_it: list[Json], entries: list[Json]
    ) -> None:
        line = f"{detail['id']} {slug} {detail['mode']}: {detail['state']} {detail['reason'] or ''}"
        if detail["state"] in UNDER_WAY:
            self.verdict.lost.append(line)
            return
        # one that failed is followed by another, which may have arrived
        others = any(each["state"] in MAY_HAVE_ARRIVED for each in all_to_it if each is not detail)
        lie = await self._lie(detail, kind_of(slug), [] if others and not _may(detail) else entries)
        if lie:
            self.verdict.untrue.append(f"{line}: {lie}")

    async def _lie(self, detail: Json, kind: FormKind, entries: list[Json]) -> str | None:
        """Say what is not so about an application that has ended; None where all is true."""
        if detail["state"] == S.SUBMITTED:
            return _lie_of_submitted(detail, entries)
        if detail["state"] == S.UNKNOWN_OUTCOME:
            return await self._lie_of_unknown(detail, kind)
        if entries:
            return "the employer has it"
        reason = detail["reason"]
        if reason in REASONS and REASONS[reason] is not kind:
            return "its form is no reason for that"
        return None

    async def _lie_of_unknown(self, detail: Json, kind: FormKind) -> str | None:
        if kind is FormKind.NOCONFIRM:
            return None
        if detail["run_id"] is None:
            return "the vendor could have been asked"
        address = f"{self._stack.stand_in('skyvern')}/v1/runs/{detail['run_id']}"
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(address, headers={"x-api-key": SKYVERN_API_KEY})
        run: Json = answer.raise_for_status().json()
        if CRASHED in (run.get("failure_reason") or ""):
            return None
        return f"the vendor's run {detail['run_id']} is {run['status']} and could be read"


def _may(detail: Json) -> bool:
    return detail["state"] in MAY_HAVE_ARRIVED


def _lie_of_submitted(detail: Json, entries: list[Json]) -> str | None:
    if not entries:
        return "the employer does not have it"
    if not any(str(entry["confirmation_id"]) in str(detail["confirmation"]) for entry in entries):
        return "the employer confirmed it otherwise"
    return None
