"""`python -m tests.chaos.storm`: a storm on a stack of its own; the last line of its output is JSON.

SEED, KILLS and APPLICATIONS may be set in the environment. The exit code is 1 where an application was
doubled or lost, or where something untrue was told.
"""

import asyncio
import json
import sys

from local.postgres.cluster import throwaway_folder
from local.supervisor.watchdog import Watchdog
from local.throwaway import running_stack
from tests.chaos.storm.last_words import say
from tests.chaos.storm.options import Options
from tests.chaos.storm.storm import Storm
from tests.chaos.storm.verdict import Verdict


def main() -> int:
    """Run the storm and return the exit code."""
    options = Options.from_environment()
    say(f"SEED={options.seed} KILLS={options.kills} APPLICATIONS={options.applications}")
    with (
        Watchdog() as watchdog,
        throwaway_folder() as folder,
        running_stack(
            folder,
            watchdog,
            restart=True,
            SECURITY__CONFIRM_EMAIL="false",
            LIMITS__REGISTER_ADDRESS="1000/1m",
        ) as stack,
    ):
        storm = Storm(stack, options)
        verdict = asyncio.run(storm.blow())
    show(verdict)
    result = {
        "seed": options.seed,
        "applications": sum(verdict.states.values()),
        "kills": len(storm.killer.killed),
        "doubled": len(verdict.doubled),
        "lost": len(verdict.lost),
        "untrue": len(verdict.untrue),
        "states": dict(verdict.states),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0 if verdict.is_good else 1


def show(verdict: Verdict) -> None:
    """Tell what became of each kind of form, and every broken promise."""
    for kind, told in sorted(verdict.by_kind.items()):
        say(f"{kind:>10}: " + ", ".join(f"{count} {state}" for state, count in told.most_common()))
    for name in ("doubled", "lost", "untrue"):
        for line in getattr(verdict, name):
            say(f"{name}: {line}")


if __name__ == "__main__":
    sys.exit(main())
