"""Pages of the job list a second over HTTP, beside bare psycopg with the same SQL and token check."""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack

from psycopg import AsyncConnection

from activities.adverts.reading import JobRow
from bench.bare_intake import open_bare
from bench.figures import Figure, in_turn, rate_figure
from bench.ingest import COUNTRY, pages_of, rows_of
from bench.load import Load, requests_a_second
from bench.logins import somebody
from bench.servers import a_database, a_server, environment_of
from models.base import now

MONTHS = 5
ROUNDS = 5
GOAL = 0.9
LOAD = Load()
LISTS = {
    "job_list": "/api/jobs/",
    "job_list_filtered": f"/api/jobs/?country={COUNTRY}&title=engineer&salary=30000",
}


def rows() -> list[list[JobRow]]:
    """Return pages of generated jobs."""
    moment = now()
    return [page for month in range(MONTHS) for page in rows_of(pages_of(month, moment), moment)]


async def _fill(url: str) -> None:
    async with open_bare(url) as intake:
        await intake.rate(rows())
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        # as the server does by itself after a minute
        await connection.execute(b"VACUUM ANALYZE job")


async def job_list() -> list[Figure]:
    """Measure the first page, plain and filtered, by 16 clients."""
    with ExitStack() as stack:
        url = stack.enter_context(a_database())
        await _fill(url)
        environment = environment_of(url)
        ours = stack.enter_context(a_server("api.app:create", environment))
        bare = stack.enter_context(a_server("bench.bare_api:create", environment))
        headers = {"authorization": f"Bearer {somebody(url, environment)}"}

        def measured(address: str, path: str) -> Callable[[], Awaitable[float]]:
            return lambda: requests_a_second(f"{address}{path}", headers, LOAD)

        figures = []
        for name, path in LISTS.items():
            pairs = await in_turn(measured(ours, path), measured(bare, path), ROUNDS)
            figures.append(rate_figure(name, "requests/s", pairs, GOAL))
        return figures
