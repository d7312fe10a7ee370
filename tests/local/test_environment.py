"""What the local stack's parts are told: generated secrets, imposed addresses, keys that somebody set."""

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from local.environment import Stack, command_settings, describe_stack
from local.ports import Port, PortsTakenError, check_ports, free_port
from local.secrets import SecretsError, load_or_create_secrets, secrets_path
from settings import Settings, local_settings


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from an empty folder and an environment without any setting of ours."""
    for name in [name for name in os.environ if name.startswith("JOBRAKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def stack() -> Stack:
    """Return the stack as this environment describes it."""
    local = local_settings()
    return describe_stack(local, load_or_create_secrets(local.data_dir))


def test_without_any_key_every_vendor_is_a_stand_in() -> None:
    assert set(stack().stand_ins) == {"adzuna", "skyvern", "openai", "mail", "careers"}


def test_the_upkeep_runs_often_unless_somebody_says_how_often(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stack().settings.jobs.upkeep_minutes == 5
    monkeypatch.setenv("JOBRAKER_JOBS__UPKEEP_MINUTES", "90")
    assert stack().settings.jobs.upkeep_minutes == 90


def test_a_vendor_with_a_key_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBRAKER_OPENAI__API_KEY", "a-real-key")
    monkeypatch.setenv("JOBRAKER_SKYVERN__API_KEY", "another")
    described = stack()
    assert set(described.stand_ins) == {"adzuna", "mail"}
    assert not [name for name in described.environment if "OPENAI" in name or "SKYVERN" in name]
    assert described.settings.openai.base_url == "https://api.openai.com/v1"
    assert described.settings.skyvern.poll_seconds == 60


def test_an_empty_key_is_no_key(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("JOBRAKER_OPENAI__API_KEY=\nJOBRAKER_API__PORT=8123\n")
    described = stack()
    assert "openai" in described.stand_ins
    assert described.settings.openai.api_key.get_secret_value()
    assert described.settings.api.public_url == "http://127.0.0.1:8123"


def test_a_part_reads_from_its_environment_just_what_the_stack_says(monkeypatch: pytest.MonkeyPatch) -> None:
    described = stack()
    for name, value in described.environment.items():
        monkeypatch.setenv(name, value)
    assert Settings() == described.settings


def test_addresses_are_imposed_and_waiting_times_only_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBRAKER_DATABASE__URL", "postgresql://elsewhere/production")
    monkeypatch.setenv("JOBRAKER_SKYVERN__POLL_SECONDS", "7")
    settings = stack().settings
    assert "127.0.0.1:5440" in settings.database.url.get_secret_value()
    assert settings.skyvern.poll_seconds == 7
    assert settings.skyvern.settle_seconds == 6


def test_keys_that_somebody_set_come_before_generated_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = json.dumps({"mine": "s" * 40})
    monkeypatch.setenv("JOBRAKER_SECURITY__JWT_KEYS", keys)
    monkeypatch.setenv("JOBRAKER_SECURITY__CURRENT_JWT_KEY", "mine")
    environment = stack().environment
    assert environment["JOBRAKER_SECURITY__CURRENT_JWT_KEY"] == "mine"
    # what was signed by the generated one stays good
    assert json.loads(environment["JOBRAKER_SECURITY__JWT_KEYS"]).keys() == {"mine", "local-1"}


def test_the_webhook_address_of_a_real_skyvern_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBRAKER_API__PUBLIC_URL", "https://jobs.example.com")
    assert stack().settings.api.public_url == "http://127.0.0.1:8000"
    monkeypatch.setenv("JOBRAKER_SKYVERN__API_KEY", "a-real-key")
    assert stack().settings.api.public_url == "https://jobs.example.com"


def test_a_command_in_a_second_terminal_speaks_to_the_local_stack() -> None:
    described = stack()
    settings = command_settings()
    assert settings.database.url == described.settings.database.url
    assert settings.security == described.settings.security


def test_a_command_goes_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    stack()
    monkeypatch.setenv("JOBRAKER_DATABASE__URL", "postgresql://elsewhere/production")
    assert command_settings().database.url.get_secret_value() == "postgresql://elsewhere/production"


def test_in_production_a_data_folder_nearby_is_no_help(monkeypatch: pytest.MonkeyPatch) -> None:
    stack()
    monkeypatch.setenv("JOBRAKER_ENVIRONMENT", "production")
    with pytest.raises(ValueError, match="security"):
        command_settings()


def test_secrets_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    first = load_or_create_secrets(tmp_path)
    assert load_or_create_secrets(tmp_path) == first
    assert stat.S_IMODE(secrets_path(tmp_path).stat().st_mode) == 0o600
    assert load_or_create_secrets(tmp_path / "other").jwt_secret != first.jwt_secret


def test_lost_secrets_are_not_replaced_where_their_data_remains(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(SecretsError, match="restore it"):
        load_or_create_secrets(tmp_path)


def test_damaged_secrets_are_told_without_being_quoted(tmp_path: Path) -> None:
    made = load_or_create_secrets(tmp_path)
    text = json.loads(secrets_path(tmp_path).read_text())
    secrets_path(tmp_path).write_text(json.dumps({**text, "master_keys": made.jwt_secret}))
    with pytest.raises(SecretsError, match="master_keys") as caught:
        load_or_create_secrets(tmp_path)
    assert made.jwt_secret not in str(caught.value)


def test_a_taken_port_is_named_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        with pytest.raises(PortsTakenError) as caught:
            check_ports([Port(number, "API", "JOBRAKER_API__PORT"), Port(free_port(), "UI", "JOBRAKER_UI")])
    assert str(caught.value) == f"port {number} is taken (API): set JOBRAKER_API__PORT"


def test_a_listener_on_all_addresses_takes_the_port_too() -> None:
    with socket.create_server(("", 0)) as listener:
        port = Port(listener.getsockname()[1], "API", "JOBRAKER_API__PORT")
        with pytest.raises(PortsTakenError):
            check_ports([port])


def test_a_port_asked_for_twice_is_named_with_both_settings() -> None:
    number = free_port()
    with pytest.raises(PortsTakenError, match="set ONE or TWO"):
        check_ports([Port(number, "a", "ONE"), Port(number, "b", "TWO")])


def test_a_port_is_free_right_after_its_server_has_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = Port(listener.getsockname()[1], "API", "JOBRAKER_API__PORT")
        with socket.create_connection(listener.getsockname()) as client:
            listener.accept()[0].close()  # closing first leaves the server's side in TIME_WAIT
            assert client.recv(1) == b""
    check_ports([port])


def test_forms_on_this_machine_are_filled_in_only_where_they_stand_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert stack().settings.apply.allow_private_urls
    monkeypatch.setenv("JOBRAKER_SKYVERN__API_KEY", "a-real-key")
    assert not stack().settings.apply.allow_private_urls


def test_nobody_speaks_for_others_here_and_temporals_page_may_ask_the_codec() -> None:
    api = stack().settings.api
    assert api.proxies == ""
    assert api.codec_origins == ["http://127.0.0.1:8233", "http://localhost:8233"]
