"""What Skyvern says about runs, read with care: every field may be absent, null or of another kind."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from activities.vendors.client import GarbageError
from activities.vendors.skyvern_apply import CONFIRM_BLOCK

FINAL = frozenset({"completed", "failed", "terminated", "timed_out", "canceled"})
COMPLETED = "completed"
CANCELED = "canceled"
PAUSED = "paused"
TIMED_OUT = "timed_out"

LINE_MAX = 500
_NO_VALUE = frozenset({"", "-", "n/a", "na", "nil", "none", "null", "unknown", "not available", "not found"})
"""What models write where they were told to write null."""

_MARGIN = 4
_IN_PLACE_OF = {"Cf": ""}
"""What is read instead of a character that cannot be printed, by Unicode category; a space for others."""


@dataclass(frozen=True)
class RunError:
    """One entry of a run's `errors`; `by_caller` says that the code is one that we defined."""

    code: str
    by_caller: bool


@dataclass(frozen=True)
class Confirmation:
    """What the extraction block read off the last page; None where it says nothing."""

    submitted: bool | None
    confirmation_id: str | None
    text: str | None


@dataclass(frozen=True)
class Run:
    """A run as it stands. `attempt_key` is the `application_id` that it was given.

    `output` is what its blocks left, unread.
    """

    run_id: str
    status: str
    was_started: bool
    attempt_key: str | None
    errors: tuple[RunError, ...]
    confirmation: Confirmation | None
    output: object = field(default=None, repr=False)

    @property
    def is_final(self) -> bool:
        """Whether it has ended; a status that nobody knows has not."""
        return self.status in FINAL


@dataclass(frozen=True)
class RunRow:
    """A run in the list; `created_at` is naive UTC as ISO text, which sorts by time."""

    run_id: str
    status: str
    created_at: str


@dataclass(frozen=True)
class Artifact:
    """Something that a run left behind, with the link to its bytes, if it has one."""

    artifact_id: str
    url: str | None


def text_of(value: object) -> str | None:
    """Return a value as one printable line of at most LINE_MAX characters, None where it says nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    line = line_of(str(value), LINE_MAX)
    return None if line.lower() in _NO_VALUE else line


def line_of(text: str, longest: int) -> str:
    """Return a text as one printable line of at most so many characters.

    Marks that only steer how text is drawn (bidi overrides, zero-width characters) are taken out.
    """
    # what is far too long is cut before it is worked on; a character may shrink to nothing, hence the margin
    head = text[: longest * _MARGIN]
    kept = "".join(c if c.isprintable() else _IN_PLACE_OF.get(unicodedata.category(c), " ") for c in head)
    return " ".join(kept.split())[:longest].rstrip()


def run_id_of(document: object) -> str:
    """Return the id in an answer about a run; GarbageError where there is none."""
    run_id = _dict(document).get("run_id")
    if not isinstance(run_id, str) or not run_id:
        raise GarbageError("the vendor's answer names no run")
    return run_id


def read_run(document: object) -> Run:
    """Read the answer to `GET /v1/runs/{id}`; GarbageError where it is none."""
    body = _dict(document)
    status = body.get("status")
    if not isinstance(status, str):
        raise GarbageError("the vendor's run has no status")
    key = _dict(_dict(body.get("run_request")).get("parameters")).get("application_id")
    return Run(
        run_id=run_id_of(body),
        status=status,
        was_started=body.get("started_at") is not None,
        attempt_key=key if isinstance(key, str) else None,
        errors=_errors(body.get("errors")),
        confirmation=_confirmation(body.get("output")),
        output=body.get("output"),
    )


def read_rows(document: object) -> list[RunRow]:
    """Read the answer to `GET /v1/runs`; GarbageError where any row cannot be read."""
    return [
        RunRow(run_id_of(row), str(row.get("status")), str(row.get("created_at")))
        for row in dicts(document, "runs")
    ]


def read_artifacts(document: object) -> list[Artifact]:
    """Read the answer to `GET /v1/runs/{id}/artifacts`; those without an id are passed over."""
    found = []
    for row in dicts(document, "artifacts"):
        artifact_id = row.get("artifact_id")
        url = row.get("signed_url") or row.get("uri")
        if isinstance(artifact_id, str) and artifact_id:
            found.append(Artifact(artifact_id, url if isinstance(url, str) else None))
    return found


def dicts(document: object, what: str) -> list[dict[str, Any]]:
    """Return a list of objects; GarbageError where it is anything else."""
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise GarbageError(f"the vendor's list of {what} is none")
    return document


def extracted_by(output: object, block: str) -> dict[str, Any] | None:
    """Return what a block extracted: its own entry, else the first thing that any block did."""
    found = _dict(_dict(output).get(f"{block}_output")).get("extracted_information")
    if found is None:
        found = _dict(output).get("extracted_information")
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, dict) else None


def extracted_within(output: object, loop: str, most: int) -> list[dict[str, Any]]:
    """Return what the blocks within a loop extracted, in order: the loop's entry nests lists of entries."""
    found: list[dict[str, Any]] = []
    left = [_dict(output).get(f"{loop}_output")]
    while left and len(found) < most:
        entry = left.pop()
        if isinstance(entry, dict) and isinstance(entry.get("extracted_information"), dict):
            found.append(entry["extracted_information"])
        elif isinstance(entry, dict):
            left += reversed(entry.values())
        elif isinstance(entry, list):
            left += reversed(entry)
    return found


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _errors(value: object) -> tuple[RunError, ...]:
    entries = value if isinstance(value, list) else []
    return tuple(
        RunError(entry["error_code"], by_caller=entry.get("error_type") == "USER_DEFINED_ERROR")
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("error_code"), str)
    )


def _confirmation(output: object) -> Confirmation | None:
    found = extracted_by(output, CONFIRM_BLOCK)
    if found is None:
        return None
    submitted = found.get("submitted")
    return Confirmation(
        submitted=submitted if isinstance(submitted, bool) else None,
        confirmation_id=text_of(found.get("confirmation_id")),
        text=text_of(found.get("confirmation_text")),
    )
