"""`python -m bench [NAME …]`: measures, prints a table and writes .jobraker/bench.json."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from bench.applications import applications
from bench.chat import first_token
from bench.export import export
from bench.fetch_month import fetch_month
from bench.figures import Figure, keep, show
from bench.ingest import ingest
from bench.job_list import job_list
from bench.match_quality import match_quality
from bench.matching import matching
from bench.million import million
from bench.sweep import sweep
from bench.waiting import waiting
from settings import local_settings

BENCHES: dict[str, Callable[[], Coroutine[Any, Any, list[Figure]]]] = {
    "job_list": job_list,
    "million": million,
    "ingest": ingest,
    "fetch_month": fetch_month,
    "sweep": sweep,
    "matching": matching,
    "match_quality": match_quality,
    "applications": applications,
    "waiting": waiting,
    "chat_first_token": first_token,
    "export": export,
}


def main(names: list[str]) -> int:
    """Run the named benches, or all, and return the exit code."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    for name in names or BENCHES:
        measured = asyncio.run(BENCHES[name]())
        # kept at once, so that a bench that fails does not cost the others
        keep(measured, local_settings().data_dir / "bench.json")
        figures += measured
    show(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
