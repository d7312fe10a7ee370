"""A PostgreSQL of our own: created on first use, reachable over TCP on this machine only, by password."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import pq, sql

from local.postgres.binaries import VERSION_FILE, Binaries, PostgresError, choose, find_binaries
from local.postgres.owner import FALLBACK_USER, prepare_owner
from local.supervisor.parts import Part

HOST = "127.0.0.1"
USER = "jobraker"
DATABASE = "jobraker"
# PostgreSQL's own collation that is the same on every system exists from this version on
BUILTIN_LOCALE_MAJOR = 17
STALE_PID_SECONDS = 10.0
CONNECT_SECONDS = 5
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 -- the memory file system, for clusters that need no disk

# an error must not carry what was stored (its DETAIL and STATEMENT lines do) into a log
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "jit": "off",
}
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class Cluster:
    """A data folder and how it is served.

    `durable=False` trades safety in a power cut for speed in tests; `binaries` are used in place of the
    ones that are found.
    """

    def __init__(
        self,
        data_dir: Path,
        port: int,
        password: str,
        *,
        durable: bool = True,
        binaries: Binaries | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self._password = password
        self._settings = {"port": str(port), **SETTINGS, **({} if durable else NOT_DURABLE)}
        self._durable = durable
        self._binaries = binaries
        self._prefix: list[str] = []

    def url(self, database: str = DATABASE) -> str:
        """Return the address, with the password, of one of its databases."""
        return database_url(self.port, self._password, database)

    def create(self) -> None:
        """Find the programs, and create the cluster unless it exists; `PostgresError` says what to mend."""
        found = [self._binaries] if self._binaries else find_binaries()
        self._binaries = choose(found, self.data_dir)
        if not (self.data_dir / VERSION_FILE).exists():
            self._init(self._binaries)
        self._prefix = prepare_owner(self.data_dir)
        self._drop_stale_pid_file()

    def part(self) -> Part:
        """Return the server as a part for a supervisor; call `create` first."""
        if self._binaries is None:
            raise PostgresError("the cluster was not created yet")
        options = [text for name, value in self._settings.items() for text in ("-c", f"{name}={value}")]
        return Part(
            name="postgres",
            argv=[*self._prefix, self._binaries.postgres, "-D", str(self.data_dir), *options],
            ready=self.is_ready,
            env={"LC_ALL": "C", "TZ": "UTC"},
            port=self.port,
            # fast: break off the sessions and write a checkpoint; immediate: leave the rest to recovery
            stop_signals=(signal.SIGINT, signal.SIGQUIT),
            retry_seconds=STALE_PID_SECONDS,
        )

    def is_ready(self) -> bool:
        """Tell whether the server accepts connections."""
        conninfo = f"host={HOST} port={self.port} dbname=postgres connect_timeout={CONNECT_SECONDS}"
        return pq.PGconn.ping(conninfo.encode()) == pq.Ping.OK

    def ensure_database(self, name: str = DATABASE) -> None:
        """Create an empty database unless it exists; `PostgresError` when the password is not accepted."""
        try:
            with psycopg.connect(
                self.url("postgres"), autocommit=True, connect_timeout=CONNECT_SECONDS
            ) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                if known is None:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.OperationalError as error:
            raise PostgresError(
                f"PostgreSQL on port {self.port} does not let us in: {error}. Is the password the one that "
                f"{self.data_dir} was created with?"
            ) from error

    def _init(self, binaries: Binaries) -> None:
        # beside its place and then renamed, so that a creation broken off is never taken for a cluster
        unfinished = self.data_dir.with_name(f"{self.data_dir.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        prefix = prepare_owner(unfinished)
        with tempfile.NamedTemporaryFile("w", prefix="jobraker-", suffix=".password") as password:
            password.write(self._password)
            password.flush()
            if unfinished.exists():
                owner = unfinished.stat()
                os.chown(password.name, owner.st_uid, owner.st_gid)
            command = [
                *(*prefix, binaries.initdb, "-D", str(unfinished), "-U", USER),
                *(f"--pwfile={password.name}", "--auth=scram-sha-256", "--no-instructions"),
                *("--encoding=UTF8", *_locale(binaries.major)),
                *([] if self._durable else ["--no-sync"]),
            ]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise PostgresError(
                f"the database could not be created in {self.data_dir}:\n{done.stderr.strip()}\n"
                f"As root PostgreSQL may run as the user {FALLBACK_USER}, who must be able to reach that "
                f"folder and {binaries.folder}"
            )
        unfinished.rename(self.data_dir)

    def _drop_stale_pid_file(self) -> None:
        # after a crash of the machine the number in it may be that of any other program by now, for which
        # PostgreSQL would wait; our supervisor's lock has ruled out that the folder is really in use
        pid_file = self.data_dir / "postmaster.pid"
        if not pid_file.exists():
            return
        command_line = Path("/proc") / pid_file.read_text().partition("\n")[0] / "cmdline"
        if command_line.exists() and os.fsencode(self.data_dir) not in command_line.read_bytes():
            pid_file.unlink()


@contextmanager
def throwaway_folder() -> Iterator[Path]:
    """Lend a folder for a cluster that is not durable, in memory where the system has a place for that."""
    in_memory = SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK)
    with tempfile.TemporaryDirectory(
        prefix="jobraker-", dir=SHARED_MEMORY if in_memory else None, ignore_cleanup_errors=True
    ) as folder:
        path = Path(folder)
        # the user that PostgreSQL runs as must be able to pass through
        path.chmod(0o711)
        yield path


def database_url(port: int, password: str, database: str = DATABASE) -> str:
    """Return the address, with the password, of a database on this machine."""
    return f"postgresql://{USER}:{password}@{HOST}:{port}/{database}"


def _locale(major: int) -> list[str]:
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [f"--locale={locale}", *(builtin if major >= BUILTIN_LOCALE_MAJOR else [])]
