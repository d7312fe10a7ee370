"""Fixtures for all tests: the real servers, started when first asked for and stopped at the end."""

from collections.abc import AsyncIterator, Iterator

import pytest

from local.supervisor.watchdog import Watchdog
from telemetry import leave
from tests.servers import Postgres, running_postgres, running_temporal, terminate_all

EXIT_STATUS = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def watchdog() -> Iterator[Watchdog]:
    """Ends the servers also when the test run is killed."""
    with Watchdog() as watchdog:
        yield watchdog


@pytest.fixture(scope="session")
def postgres(watchdog: Watchdog) -> Iterator[Postgres]:
    """One PostgreSQL for the session."""
    with running_postgres(watchdog) as server:
        yield server


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a new, migrated and empty database."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def empty_database_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a new database without any table."""
    with postgres.database(migrated=False) as url:
        yield url


@pytest.fixture(scope="session")
def temporal_process(tmp_path_factory: pytest.TempPathFactory, watchdog: Watchdog) -> Iterator[str]:
    """One Temporal server for the session; its address."""
    with running_temporal(tmp_path_factory.mktemp("temporal"), watchdog) as address:
        yield address


@pytest.fixture
async def temporal_server(temporal_process: str) -> AsyncIterator[str]:
    """The address of a Temporal server with the namespace `jobraker` and its search attributes.

    What a test leaves running is ended, since the next test's worker would be asked to go on with it.
    """
    yield temporal_process
    await terminate_all(temporal_process)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remember how the run ended."""
    session.config.stash[EXIT_STATUS] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave as our doors do, so that a thread of Temporal's SDK cannot abort a run that has passed."""
    if EXIT_STATUS in config.stash:
        leave(config.stash[EXIT_STATUS])
