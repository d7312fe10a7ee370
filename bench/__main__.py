"""`python -m bench [NAME …]`: measures, prints a table and writes .jobraker/bench.json."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from bench.applications import applications
from bench.chat import first_token
from bench.figures import Figure, keep, show
from bench.ingest import ingest
from bench.job_list import job_list
from settings import local_settings

BENCHES: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
    "job_list": job_list,
    "ingest": ingest,
    "applications": applications,
    "chat_first_token": first_token,
}


def main(names: list[str]) -> int:
    """Run the named benches, or all, and return the exit code."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}")
        return 2
    figures = [figure for name in names or BENCHES for figure in asyncio.run(BENCHES[name]())]
    show(figures)
    keep(figures, local_settings().data_dir / "bench.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
