"""A ZIP that is taken away while it is written: it holds no more than a piece of one file at a time."""

import hashlib
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

READABLE = 0o644 << 16


@dataclass(frozen=True)
class Entry:
    """One file of the archive: its name, its size in bytes, and its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


class Growing:
    """One file that is being written; `close` it before the next one is begun."""

    def __init__(self, archive: "Archive", name: str, file: IO[bytes]) -> None:
        self._archive, self._name, self._file = archive, name, file
        self._size, self._hash = 0, hashlib.sha256()

    def write(self, content: bytes) -> None:
        """Add to it."""
        self._file.write(content)
        self._size += len(content)
        self._hash.update(content)

    def close(self) -> None:
        """End it, and remember its hash; a second time it does nothing."""
        if self._file.closed:
            return
        self._file.close()
        self._archive.entries.append(Entry(self._name, self._size, self._hash.hexdigest()))


@dataclass
class Archive:
    """Every file in it has the time `at`; `entries` are those that are whole."""

    at: datetime
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._written = bytearray()
        self._growing: Growing | None = None
        asked_for: Any = self  # all that it asks of a file is write and flush
        self._zip = zipfile.ZipFile(asked_for, "w")

    def write(self, data: bytes) -> int:
        """Take what the ZIP writes."""
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is taken."""

    def close(self) -> None:
        """Let go of everything, also where a file is only half written; once it has ended this is nothing."""
        if self._growing is not None:
            self._growing.close()
        self._zip.close()

    def begin(self, name: str) -> Growing:
        """Begin a text of which nobody knows how long it becomes: over 4 GB too."""
        return self._begin(name, is_text=True, is_endless=True)

    def _begin(self, name: str, *, is_text: bool, is_endless: bool = False) -> Growing:
        entry = zipfile.ZipInfo(name, self.at.astimezone(UTC).timetuple()[:6])
        entry.external_attr = READABLE
        entry.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
        self._growing = Growing(self, name, self._zip.open(entry, "w", force_zip64=is_endless))
        return self._growing

    def add(self, name: str, content: bytes, *, packed: bool = True) -> None:
        """Add a whole file; `packed` is for text, since pictures and PDFs are packed already."""
        file = self._begin(name, is_text=packed)
        file.write(content)
        file.close()

    def end(self) -> None:
        """Add the sums of all files, as `sha256sum --check` reads them, and close the ZIP."""
        sums = "".join(f"{entry.sha256}  {entry.name}\n" for entry in self.entries)
        self.add("SHA256SUMS", sums.encode())
        self._zip.close()

    def taken(self) -> bytes:
        """Take away what was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken
