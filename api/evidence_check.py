"""Check the proof of an application: run `python verify.py` in the folder where it was unpacked.

It needs Python and nothing else, reads only the files beside it, and changes nothing. It checks that every
file is the one that SHA256SUMS names, that each entry of log.json follows from the one before it, and that
the documents and screenshots are those that the log tells of.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def hash_of(application_id: str, entry: dict[str, Any]) -> str:
    """Return the SHA-256 of an entry: of everything in it but `hash`, as compact JSON with sorted keys."""
    parts = {**entry, "application_id": application_id}
    del parts["hash"]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def faults_of_log(log: dict[str, Any]) -> Iterator[str]:
    """Say where the chain breaks."""
    if log["is_whole"] is not True:
        yield "log.json: it was not whole when it was made: entries had been changed or taken out"
    head = "0" * 64
    for number, entry in enumerate(log["entries"], 1):
        if entry["number"] != number or entry["previous_hash"] != head:
            yield f"log.json: entry {number} does not follow from the one before it"
        if entry["hash"] != hash_of(log["application_id"], entry):
            yield f"log.json: entry {number} is not what its hash says"
        head = entry["hash"]
    if head != log["newest_hash"]:
        yield "log.json: it does not end where the application's log ended"


def faults_of_files(folder: Path) -> Iterator[str]:
    """Say which files are missing or not as they were, and what the application names and is not here."""
    present = set()
    for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
        named, name = line.split("  ", 1)
        present.add(named)
        file = folder / name
        if not file.is_file():
            yield f"{name}: missing"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != named:
            yield f"{name}: not the file that SHA256SUMS names"
    application = json.loads((folder / "application.json").read_text("utf-8"))
    for each in application["documents"] + application["evidence"]:
        # of what was removed after its time there is the hash only
        if each["sha256"] not in present and each.get("removed_at") is None:
            yield f"application.json: the file of {each['id']} is not here"


def faults_of_hashes(folder: Path, log: dict[str, Any]) -> Iterator[str]:
    """Say which documents and screenshots have another hash than the log tells of them."""
    told: dict[str, str] = {}
    for entry in log["entries"]:
        # a document that is made anew takes the place of the one before
        about, sha256 = (
            entry["data"].get("evidence_id", entry["data"].get("document")),
            entry["data"].get("sha256"),
        )
        if about is not None and sha256 is not None:
            told[about] = sha256
    application = json.loads((folder / "application.json").read_text("utf-8"))
    shown = [(each["kind"], each) for each in application["documents"]]
    shown += [(each["id"], each) for each in application["evidence"]]
    for about, each in shown:
        if told.get(about, each["sha256"]) != each["sha256"]:
            yield f"application.json: the log tells of another file than {each['id']}"


def main() -> int:
    """Print what was found; 0 where everything holds."""
    folder = Path(__file__).resolve().parent
    log = json.loads((folder / "log.json").read_text("utf-8"))
    faults = [*faults_of_log(log), *faults_of_files(folder), *faults_of_hashes(folder, log)]
    holds = f"Everything holds: every file, and the log from entry 1 to {len(log['entries'])}."
    sys.stdout.write("\n".join(faults or [holds]) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
