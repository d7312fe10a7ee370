"""The steps of an erasure, scripted: what is left of each, and a row that only a test sees."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from temporalio import activity
from temporalio.exceptions import ApplicationError

from workflows.account_messages import ErasureRef, ErasureWait, Remaining
from workflows.account_steps import AccountErasureSteps

STEPS = [
    "await_erasure",
    "freeze",
    "end_workflows",
    "erase_at_vendors",
    "delete_histories",
    "delete_rows",
    "delete_histories",
    "tell_erased",
    "destroy_key",
]
"""What is done, in this order."""


@dataclass
class ScriptedErasure(AccountErasureSteps):
    """`left` is what each call of a step says is left, by its name; afterwards nothing is.

    `away` is how often a step fails before it works; what is in `never` is given up at once.
    """

    due_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    undone: bool = False
    undone_when_frozen: bool = False
    left: dict[str, list[int]] = field(default_factory=dict)
    away: Counter[str] = field(default_factory=Counter)
    never: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)
    at_vendors: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, step: str) -> Remaining:
        """Do a step as scripted."""
        if step in self.never:
            raise ApplicationError("it is gone", type="unreachable", non_retryable=True)
        if self.away[step]:
            self.away[step] -= 1
            raise ApplicationError("it is away", type="unreachable")
        self.done.append(step)
        script = self.left.get(step, [])
        return Remaining(count=script.pop(0) if script else 0)

    @activity.defn
    async def await_erasure(self, erasure: ErasureRef) -> ErasureWait:
        """Look at the row."""
        self.take("await_erasure")
        if self.undone:
            return ErasureWait(seconds=None)
        return ErasureWait(seconds=max((self.due_at - datetime.now(UTC)).total_seconds(), 0.0))

    @activity.defn
    async def freeze(self, erasure: ErasureRef) -> bool:
        """Begin, unless the row says otherwise."""
        self.take("freeze")
        return not self.undone_when_frozen

    @activity.defn
    async def end_workflows(self, erasure: ErasureRef) -> Remaining:
        """Count down."""
        return self.take("end_workflows")

    @activity.defn
    async def erase_at_vendors(self, erasure: ErasureRef) -> Remaining:
        """Count down."""
        self.at_vendors.set()
        return self.take("erase_at_vendors")

    @activity.defn
    async def delete_rows(self, erasure: ErasureRef) -> Remaining:
        """Count down."""
        return self.take("delete_rows")

    @activity.defn
    async def delete_histories(self, erasure: ErasureRef) -> Remaining:
        """Count down."""
        return self.take("delete_histories")

    @activity.defn
    async def tell_erased(self, erasure: ErasureRef) -> None:
        """Remember."""
        self.take("tell_erased")

    @activity.defn
    async def destroy_key(self, erasure: ErasureRef) -> None:
        """Remember."""
        self.take("destroy_key")


def an_erasure() -> ErasureRef:
    """Return a reference to a new erasure."""
    return ErasureRef(erasure_id=uuid4())


def tomorrow() -> datetime:
    """Return when a cooling-off period ends that has just begun."""
    return datetime.now(UTC) + timedelta(hours=24)
