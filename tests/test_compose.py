"""The Docker Compose file: valid, closed to the outside, and in step with the settings and the commands."""

import json
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for

import cli
import worker
from api.codec_cookie import PATH
from settings import Settings
from tests.compose import FILE, REQUIRED, ROOT, SET, Compose, MissingVariableError, read_compose, variables
from tests.settings_tree import default_of, fields_by_name

COMPOSE = read_compose()
SERVICES = sorted(COMPOSE.services)
FIELDS = fields_by_name()
DATABASES = ("postgres", "temporal-postgres")
LOOPBACK = {"temporal-ui", "grafana"}
"""Reachable on this machine alone."""

PUBLISHED = {"caddy"} | LOOPBACK
IMPOSED_BY_THE_IMAGE = {"JOBRAKER_API__HOST", "JOBRAKER_API__PORT"}
"""In its container the API listens on every address and port 8000."""


def is_one_shot(service: str) -> bool:
    return str(COMPOSE.services[service]["restart"]).startswith("on-failure")


def test_the_file_satisfies_the_compose_specification() -> None:
    spec = find_spec("check_jsonschema")
    if spec is None or spec.origin is None:
        pytest.skip(
            "the package check-jsonschema, which carries the specification's schema, is not installed"
        )
    vendored = Path(spec.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(vendored.read_text())
    validator = validator_for(schema)(schema)
    tree = yaml.safe_load(FILE.read_text())
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(tree)] == []
    tree["services"]["api"]["reatart"] = "always"
    assert not validator.is_valid(tree)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_waits_for_services_that_can_become_what_it_waits_for(name: str) -> None:
    for other, wait in COMPOSE.services[name].get("depends_on", {}).items():
        assert other in COMPOSE.services, other
        if wait["condition"] == "service_completed_successfully":
            assert is_one_shot(other), other
        else:
            assert wait["condition"] == "service_healthy"
            assert "healthcheck" in COMPOSE.services[other], other
        assert COMPOSE.networks(name) & COMPOSE.networks(other) or is_one_shot(other), other


def test_nobody_waits_in_a_circle() -> None:
    waits = {name: set(COMPOSE.services[name].get("depends_on", {})) for name in SERVICES}
    while free := {name for name, others in waits.items() if not others & waits.keys()}:
        waits = {name: others for name, others in waits.items() if name not in free}
    assert waits == {}


def mounts(name: str) -> list[tuple[str, str]]:
    return [tuple(mount.split(":")[:2]) for mount in COMPOSE.services[name].get("volumes", [])]


def test_networks_and_volumes_are_declared_and_used() -> None:
    assert set().union(*map(COMPOSE.networks, SERVICES)) == set(COMPOSE.tree["networks"])
    named = {source for name in SERVICES for source, _ in mounts(name) if not source.startswith(".")}
    assert named == set(COMPOSE.tree["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_mounted_and_built_files_exist(name: str) -> None:
    service = COMPOSE.services[name]
    for mount in service.get("volumes", []):
        source, target, *mode = mount.split(":")
        if source.startswith("."):
            assert (ROOT / source).exists(), source
            assert mode == ["ro"], mount
        assert target.startswith("/")
    if build := service.get("build"):
        assert (ROOT / build["context"] / build["dockerfile"]).is_file()


def test_what_a_command_or_a_variable_names_inside_a_container_is_mounted_there() -> None:
    for name in SERVICES:
        service = COMPOSE.services[name]
        words = [
            *service.get("command", []),
            *service.get("entrypoint", []),
            *COMPOSE.environment(name).values(),
        ]
        targets = {target: source for source, target in mounts(name)}
        for path in re.findall(r"(?:^|=)(/etc/\S+)", "\n".join(map(str, words)), re.MULTILINE):
            inside = next(target for target in targets if path.startswith(target))
            assert (ROOT / targets[inside] / path.removeprefix(inside).lstrip("/")).exists(), path


def test_images_are_pinned_to_a_full_version_and_ours_is_the_projects() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for name in SERVICES:
        image = COMPOSE.services[name]["image"]
        if name in COMPOSE.ours:
            assert image == f"jobraker:{version}"
        else:
            assert re.fullmatch(r"[\w/-]+:v?\d+\.\d+(\.\d+)?(-\w+)?", image), image


def test_every_secret_must_be_set_and_says_how() -> None:
    for missing in REQUIRED:
        rest = {name: value for name, value in SET.items() if name != missing}
        with pytest.raises(MissingVariableError, match=rf"^{missing}: .*\w{{4,}} \w+"):
            read_compose(rest)
    defaults = variables(FILE.read_text())
    secret = re.compile("PASSWORD|SECRET|KEY|DSN")
    assert {name: default for name, default in defaults.items() if secret.search(name) and default} == {}
    literal = [
        (name, variable)
        for name, service in yaml.safe_load(FILE.read_text())["services"].items()
        for variable, value in service.get("environment", {}).items()
        if secret.search(variable) and value is not None and "${" not in value
    ]
    assert literal == []


def test_every_variable_of_the_file_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    for name in variables(FILE.read_text()):
        assert re.search(rf"^(# )?{name}=", example, re.MULTILINE), name


def test_every_jobraker_name_is_a_setting_and_every_setting_reaches_a_service() -> None:
    passed = {
        variable
        for name in SERVICES
        for variable in COMPOSE.services[name].get("environment", {})
        if variable.startswith("JOBRAKER_")
    }
    assert set(re.findall(r"JOBRAKER_\w+", FILE.read_text())) <= FIELDS.keys()
    local = {name for name in FIELDS if name.startswith("JOBRAKER_LOCAL__")}
    assert FIELDS.keys() - local - IMPOSED_BY_THE_IMAGE == passed


def settings_of(
    compose: Compose, service: str, monkeypatch: pytest.MonkeyPatch, empty_folder: Path
) -> Settings:
    monkeypatch.chdir(empty_folder)
    for name in FIELDS:
        monkeypatch.delenv(name, raising=False)
    for name, value in compose.environment(service).items():
        monkeypatch.setenv(name, value)
    make: Any = Settings
    settings: Settings = make()
    return settings


@pytest.mark.parametrize("name", COMPOSE.ours)
def test_each_of_our_services_starts_with_valid_settings(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = settings_of(COMPOSE, name, monkeypatch, tmp_path)
    assert settings.environment == "production"
    password = REQUIRED["POSTGRES_PASSWORD"]
    assert (
        settings.database.url.get_secret_value() == f"postgresql://jobraker:{password}@postgres:5432/jobraker"
    )
    assert settings.temporal.address == "temporal:7233"
    assert settings.skyvern.api_key.get_secret_value() == REQUIRED["JOBRAKER_SKYVERN__API_KEY"]


def test_a_vendors_key_reaches_the_worker_and_not_the_api(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    outside = read_compose(SET | {"JOBRAKER_OPENAI__API_KEY": "model-key"})
    assert settings_of(outside, "worker", monkeypatch, tmp_path).openai.api_key.get_secret_value()
    assert not settings_of(outside, "api", monkeypatch, tmp_path).openai.api_key.get_secret_value()


def test_defaults_in_the_file_are_the_settings_own() -> None:
    for name, default in variables(FILE.read_text()).items():
        if default is not None and name in FIELDS:
            assert default == str(default_of(FIELDS[name])), name


def test_only_the_door_is_open_to_the_world_and_two_user_interfaces_to_this_machine() -> None:
    published = {name: COMPOSE.services[name].get("ports", []) for name in SERVICES}
    assert {name for name, ports in published.items() if ports} == PUBLISHED
    assert published["caddy"] == ["80:80", "443:443", "443:443/udp"]
    for name in LOOPBACK:
        assert all(port.startswith("127.0.0.1:") for port in published[name])


def test_databases_and_metrics_are_in_networks_without_a_way_out() -> None:
    networks = COMPOSE.tree["networks"]
    open_networks = {name for name in networks if not (networks[name] or {}).get("internal")}
    assert open_networks == {"edge", "vendors"}
    reaching_out = {name for name in SERVICES if COMPOSE.networks(name) & open_networks}
    assert reaching_out == PUBLISHED | {"worker"}
    assert "vendors" not in COMPOSE.networks("api")
    in_data = {name for name in SERVICES if "data" in COMPOSE.networks(name)}
    assert in_data == {"postgres", "migrate", "api", "worker"}
    in_temporals_data = {name for name in SERVICES if "temporal-data" in COMPOSE.networks(name)}
    assert in_temporals_data == {"temporal-postgres", "temporal-schema", "temporal"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_bounded_restarted_and_checked(name: str) -> None:
    service = COMPOSE.services[name]
    assert {"cpus", "memory"} <= service["deploy"]["resources"]["limits"].keys()
    assert service["logging"]["options"]["max-size"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    if not is_one_shot(name):
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    if name in COMPOSE.ours:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", DATABASES)
def test_a_database_keeps_its_data_in_a_volume(name: str) -> None:
    # since version 18 the image keeps the data in a folder below this one, named after the major version
    assert mounts(name) == [(f"{name}-data", "/var/lib/postgresql")]


@pytest.mark.parametrize("name", COMPOSE.ours)
def test_the_commands_exist(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = COMPOSE.services[name].get("command")
    if command is None:
        assert name == "api"
        return
    python, program, *words = command
    assert (python, (ROOT / program).is_file()) == ("python", True)
    if program == "cli.py":
        with pytest.raises(SystemExit, match="0"):
            cli.main([words[0], "--help"])
        help_text = capsys.readouterr().out
        assert all(word in help_text for word in words), help_text


def test_ports_agree_with_the_settings() -> None:
    def default(name: str) -> str:
        return str(default_of(FIELDS[name]))

    services = COMPOSE.services
    temporal_ui = services["temporal-ui"]["ports"][0]
    assert temporal_ui.split(":")[1] == default("JOBRAKER_LOCAL__TEMPORAL_UI_PORT")
    assert ":8000/health/live" in services["api"]["healthcheck"]["test"][-1]
    metrics = default("JOBRAKER_TELEMETRY__WORKER_METRICS_PORT")
    assert COMPOSE.environment("worker")["JOBRAKER_TELEMETRY__WORKER_METRICS_PORT"] == metrics
    assert f":{metrics}/metrics" in services["worker"]["healthcheck"]["test"][-1]
    address = default("JOBRAKER_TEMPORAL__ADDRESS").split(":")[1]
    assert COMPOSE.environment("worker")["JOBRAKER_TEMPORAL__ADDRESS"] == f"temporal:{address}"
    assert services["temporal"]["healthcheck"]["test"][-1] == address
    assert COMPOSE.environment("temporal-ui")["TEMPORAL_ADDRESS"] == f"temporal:{address}"


def test_temporals_page_may_ask_the_codec_of_this_api_with_its_cookie(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = COMPOSE.environment("temporal-ui")
    settings = settings_of(COMPOSE, "api", monkeypatch, tmp_path)
    port = COMPOSE.services["temporal-ui"]["ports"][0].split(":")[1]
    assert page["TEMPORAL_CODEC_ENDPOINT"] == f"{settings.api.public_url}{PATH}"
    assert page["TEMPORAL_CODEC_INCLUDE_CREDENTIALS"] == "true"
    assert settings.api.codec_origins == [f"http://{name}:{port}" for name in ("127.0.0.1", "localhost")]


def test_temporals_two_sides_use_the_same_database() -> None:
    schema, server = COMPOSE.environment("temporal-schema"), COMPOSE.environment("temporal")
    database = COMPOSE.environment("temporal-postgres")
    assert schema["SQL_HOST"] == server["POSTGRES_SEEDS"] == "temporal-postgres"
    assert schema["SQL_PORT"] == server["DB_PORT"] == "5432"
    assert schema["SQL_PLUGIN"] == server["DB"]
    assert schema["SQL_USER"] == server["POSTGRES_USER"] == database["POSTGRES_USER"]
    assert schema["SQL_PASSWORD"] == server["POSTGRES_PWD"] == database["POSTGRES_PASSWORD"]


def test_the_worker_is_given_the_time_that_it_takes_to_drain() -> None:
    given = int(COMPOSE.services["worker"]["stop_grace_period"].removesuffix("s"))
    assert given > worker.GRACE.total_seconds()


def test_the_workers_metrics_are_open_to_its_neighbours_only() -> None:
    assert COMPOSE.environment("worker")["JOBRAKER_TELEMETRY__WORKER_METRICS_HOST"] == "0.0.0.0"  # noqa: S104 -- in a container without a published port
    assert "ports" not in COMPOSE.services["worker"]
