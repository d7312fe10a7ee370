"""One stack for all tests that kill nothing, with a Sentry to which it reports its errors."""

from collections.abc import Iterator

import pytest

from local.postgres.cluster import throwaway_folder
from local.supervisor.watchdog import Watchdog
from local.throwaway import LocalStack, running_stack
from tests.e2e.sentry import SentrySink, sentry_sink


@pytest.fixture(scope="session")
def sentry() -> Iterator[SentrySink]:
    """What our processes report as errors."""
    with sentry_sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def stack(watchdog: Watchdog, sentry: SentrySink) -> Iterator[LocalStack]:
    """A running stack."""
    with (
        throwaway_folder() as folder,
        running_stack(
            folder,
            watchdog,
            TELEMETRY__SENTRY_DSN=sentry.dsn,
            # nobody waits a day for the end of an erasure, and who waits for it looks often
            PRIVACY__ERASURE_HOURS="0",
            PRIVACY__ERASURE_GRACE_SECONDS="2",
            LIMITS__RECEIPT_ADDRESS="100000/1m",
            # everybody registers from this machine
            LIMITS__REGISTER_ADDRESS="1000/1m",
        ) as stack,
    ):
        yield stack
