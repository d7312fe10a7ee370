"""The `jobraker` command: what it says and how it ends."""

import os
import socket
from pathlib import Path

import psycopg
import pytest

import cli


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an empty folder and an environment without any setting of ours."""
    for name in [name for name in os.environ if name.startswith("JOBRAKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def configure(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """Set settings, among them keys of the right form."""
    keys = {
        "SECURITY__JWT_KEYS": '{"j1": "' + "s" * 40 + '"}',
        "SECURITY__CURRENT_JWT_KEY": "j1",
        "SECURITY__MASTER_KEYS": '{"k1": "' + "A" * 43 + '="}',
        "SECURITY__CURRENT_MASTER_KEY": "k1",
    }
    for name, value in {**keys, **values}.items():
        monkeypatch.setenv(f"JOBRAKER_{name}", value)


def test_migrate_brings_an_empty_database_to_the_newest_schema_and_may_be_repeated(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, DATABASE__URL=empty_database_url)
    assert cli.main(["migrate"]) == 0
    assert cli.main(["migrate"]) == 0
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (0,)


def test_a_missing_setting_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate"]) == 2
    assert "JOBRAKER_SECURITY__CURRENT_JWT_KEY must name a" in capsys.readouterr().out


def test_a_wrong_setting_is_named_without_its_value(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, SECURITY__JWT_KEYS='{"j1": "short-canary"}')
    assert cli.main(["migrate"]) == 2
    output = " ".join(capsys.readouterr().out.split())
    assert "of JOBRAKER_SECURITY__JWT_KEYS must hold at least" in output
    assert "short-canary" not in output


def test_up_refuses_a_taken_port_and_starts_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        monkeypatch.setenv("JOBRAKER_API__PORT", str(number))
        assert cli.main(["up"]) == 1
    assert f"port {number} is taken (API): set JOBRAKER_API__PORT" in capsys.readouterr().out
    assert not (tmp_path / ".jobraker" / "postgres").exists()
    assert not (tmp_path / ".jobraker" / "state.json").exists()
