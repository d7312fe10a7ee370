"""One stack whose parts are killed, again and again; `--restart` starts them again."""

from collections.abc import AsyncIterator, Iterator

import pytest

from local.postgres.cluster import throwaway_folder
from local.supervisor.watchdog import Watchdog
from local.throwaway import LocalStack, eventually, running_stack
from tests.e2e.people import Applicant, applicant, calm, fetch_jobs


@pytest.fixture(scope="session")
def shared(watchdog: Watchdog) -> Iterator[LocalStack]:
    """A running stack that mends itself."""
    with (
        throwaway_folder() as folder,
        running_stack(
            folder,
            watchdog,
            restart=True,
            # nobody waits a day for the end of an erasure, and who waits for it looks often
            PRIVACY__ERASURE_HOURS="0",
            PRIVACY__ERASURE_GRACE_SECONDS="2",
            LIMITS__RECEIPT_ADDRESS="100000/1m",
            # everybody registers from this machine
            LIMITS__REGISTER_ADDRESS="1000/1m",
        ) as stack,
    ):
        yield stack


@pytest.fixture
async def stack(shared: LocalStack) -> AsyncIterator[LocalStack]:
    """The stack, whole and with jobs; the stand-ins' faults end with the test."""
    eventually(shared.is_ready, "the API, its database and Temporal ready")
    await fetch_jobs(shared)
    yield shared
    await calm(shared)


@pytest.fixture
async def maya(stack: LocalStack) -> AsyncIterator[Applicant]:
    """A new person with a complete profile."""
    async with applicant(stack) as person:
        yield person
