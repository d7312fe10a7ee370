"""The proof of one application as a ZIP that its person can read without us, made piece by piece."""

import hashlib
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from uuid import UUID

from api.evidence import read_screenshot
from api.evidence_page import page_of
from models.application_public import DocumentPublic, EvidencePackage, EvidencePublic
from models.base import now
from models.database import Database
from models.file_suffixes import suffix_of
from models.sealed import Seal

READABLE = 0o644 << 16
VERIFY = Path(__file__).with_name("evidence_check.py").read_bytes()
HOW_TO_VERIFY = [
    "By program: run `python verify.py` in this folder. It is short; read it first.",
    "By hand: take an entry of `entries`, leave out `hash`, add `application_id` from above, and write it as",
    "JSON with its keys sorted (those of `data` too), without spaces between its parts, in UTF-8.",
    "The SHA-256 of that text, in hexadecimal, is the entry's `hash`, and the next entry's `previous_hash`.",
    "The first entry's `previous_hash` is 64 zeros; `newest_hash` is the last entry's `hash`.",
    "Whoever changes, takes out or puts in an entry would have to change every later hash as well.",
    "SHA256SUMS names the hash of every file here: `sha256sum --check SHA256SUMS`.",
]


@dataclass
class Contents:
    """What goes into the archive: the package, and the documents' files by id."""

    package: EvidencePackage
    documents: dict[UUID, bytes]


@dataclass
class Archive:
    """A ZIP that is handed out while it is written: it holds one file's bytes at a time."""

    _written: bytearray = field(default_factory=bytearray)
    _sums: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._at = now().astimezone(UTC).timetuple()[:6]
        self._zip = zipfile.ZipFile(self, "w")  # type: ignore[call-overload]  # all that it asks of a file is write and flush

    def write(self, data: bytes) -> int:
        """Take what the ZIP writes."""
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is taken."""

    def add(self, name: str, content: bytes, *, packed: bool = False) -> bytes:
        """Add a file; return what the archive has grown by."""
        entry = zipfile.ZipInfo(name, self._at)
        entry.external_attr = READABLE
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        self._zip.writestr(entry, content)
        self._sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
        return self._taken()

    def end(self) -> bytes:
        """Add the sums of all files, close the ZIP, and return its end."""
        begun = self.add("SHA256SUMS", "\n".join([*self._sums, ""]).encode(), packed=True)
        self._zip.close()
        return begun + self._taken()

    def _taken(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def document_name(document: DocumentPublic) -> str:
    """Return a document's name in the archive, of our own words only."""
    return f"documents/{document.kind.value}.{suffix_of(document.media_type)}"


def screenshot_name(number: int, screenshot: EvidencePublic) -> str:
    """Return a screenshot's name in the archive."""
    return f"screenshots/{number:02}.{suffix_of(screenshot.media_type)}"


async def zipped(database: Database, seal: Seal, contents: Contents) -> AsyncIterator[bytes]:
    """Yield the ZIP; each screenshot is read when its turn comes, in a transaction of its own."""
    archive, shown = Archive(), contents.package.application
    documents = {each.id: document_name(each) for each in shown.documents if each.id in contents.documents}
    screenshots = {
        each.id: screenshot_name(number, each)
        for number, each in enumerate(shown.evidence, 1)
        if each.removed_at is None
    }
    for name, content in _texts(contents.package, {**documents, **screenshots}):
        yield archive.add(name, content, packed=True)
    for document_id, name in documents.items():
        yield archive.add(name, contents.documents[document_id])
    for evidence_id, name in screenshots.items():
        async with database.begin() as session:
            picture = await read_screenshot(session, seal, evidence_id)
        if picture is not None:
            yield archive.add(name, picture)
    yield archive.end()


def _texts(package: EvidencePackage, names: dict[UUID, str]) -> Iterator[tuple[str, bytes]]:
    yield "index.html", page_of(package, names).encode("utf-8", "replace")
    application = {**package.application.model_dump(mode="json"), "runs": package.runs}
    yield "application.json", _json(application)
    yield "log.json", _json(_log(package))
    yield "verify.py", VERIFY


def _log(package: EvidencePackage) -> dict[str, object]:
    return {
        "how_to_verify": HOW_TO_VERIFY,
        "application_id": str(package.application.id),
        "is_whole": package.log_is_whole,
        "newest_hash": package.log[-1].hash if package.log else "0" * 64,
        "entries": [
            {
                "number": entry.number,
                # as it was hashed
                "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "kind": entry.kind.value,
                "data": entry.data,
                "previous_hash": entry.previous_hash,
                "hash": entry.hash,
            }
            for entry in package.log
        ],
    }


def _json(content: object) -> bytes:
    return json.dumps(content, indent=2, ensure_ascii=False).encode("utf-8", "replace")
