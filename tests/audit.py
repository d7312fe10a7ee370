"""`make audit`: compares each version of the locks with what is known to be vulnerable, by pip-audit.

pip-audit takes a package that its service does not know for one without faults; here nothing passes that was
not judged. Exit code 0: all were judged, and none is vulnerable. 1: some are. 2: not all were judged.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOCKS = (Path("requirements.lock"), Path("deploy/requirements.lock"))
VULNERABLE, UNJUDGED = 1, 2
SHOWN = 5


@dataclass
class Audit:
    """What became of one lock: its packages, what is wrong with which, and why which were not judged."""

    packages: int = 0
    vulnerable: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    failure: str = ""

    @property
    def exit_code(self) -> int:
        """What the process says."""
        if self.vulnerable:
            return VULNERABLE
        return UNJUDGED if self.unjudged or self.failure or not self.packages else 0

    def told(self, lock: Path) -> str:
        """Return it in words."""
        if self.failure:
            return f"{lock}: NOT AUDITED, the vulnerability service cannot be asked: {self.failure}"
        lines = [f"{lock}: {each}" for each in self.vulnerable]
        if self.unjudged:
            lines += [
                f"{lock}: NOT AUDITED, {len(self.unjudged)} of {self.packages} packages are unknown to the"
                " vulnerability service that this machine reaches:",
                *(f"  {each}" for each in self.unjudged[:SHOWN]),
            ]
            lines += [f"  and {len(self.unjudged) - SHOWN} more"] if len(self.unjudged) > SHOWN else []
        if not lines:
            lines = [f"{lock}: {self.packages} packages, none with a known vulnerability"]
        return "\n".join(lines)


def audit(lock: Path, options: Sequence[str] = ()) -> Audit:
    """Have pip-audit judge a lock; `options` go to it, such as `-s osv`."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off", *options]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- ours
    try:
        return _read(json.loads(ended.stdout)["dependencies"])
    except (ValueError, KeyError):
        last = ended.stderr.strip().splitlines()
        return Audit(failure=last[-1] if last else f"pip-audit ended with {ended.returncode}")


def _read(dependencies: list[dict[str, object]]) -> Audit:
    found = Audit(packages=len(dependencies))
    for each in dependencies:
        if "skip_reason" in each:
            found.unjudged.append(str(each["skip_reason"]))
        for fault in each.get("vulns") or []:  # type: ignore[attr-defined]  # JSON has any shape
            fixed = ", ".join(fault["fix_versions"]) or "no version yet"
            found.vulnerable.append(f"{each['name']} {each['version']}: {fault['id']}, mended in {fixed}")
    return found


def main(options: Sequence[str]) -> int:
    """Judge every lock, and return the exit code of the worst: a vulnerability before what was not judged."""
    codes = set()
    for lock in LOCKS:
        judged = audit(lock, options)
        sys.stdout.write(f"{judged.told(lock)}\n")
        codes.add(judged.exit_code)
    return VULNERABLE if VULNERABLE in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
