"""The long run, `make fuzz`: the whole document as everybody who may ask. SEED= and EXAMPLES= change it."""

import os
import secrets
import sys

from local.postgres.cluster import throwaway_folder
from local.supervisor.watchdog import Watchdog
from tests.fuzz.running import Effort, fuzz, never_succeeded
from tests.fuzz.world import running_world

EXAMPLES = "100"


def main() -> int:
    """Say what was found; 0 where that is nothing."""
    effort = Effort(
        seed=int(os.environ.get("SEED", secrets.randbelow(2**32))),
        examples=int(os.environ.get("EXAMPLES", EXAMPLES)),
    )
    worst = 0
    with Watchdog() as watchdog, throwaway_folder() as folder, running_world(folder, watchdog) as world:
        stack, people = world
        for fuzzer in people:
            sys.stdout.write(f"\n== as {fuzzer.name}, seed {effort.seed} ==\n")
            code, said = fuzz(stack.api, stack.folder, fuzzer, effort)
            sys.stdout.write(said)
            sys.stdout.flush()
            worst = max(worst, code)
        sys.stdout.write("\n".join(["", "Never answered by success:", *never_succeeded(stack.api), ""]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
