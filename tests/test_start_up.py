"""Production refuses to start with what everybody knows, what can be guessed, and what opens a door."""

import json
import secrets
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cli import USAGE_ERROR, main
from configuration.strength import KNOWN, is_typed, weakness
from local import keys
from settings import Environment, Settings
from tests.api.configured import SKYVERN_KEY
from tests.compose import ROOT, SET, read_compose
from tests.settings_tree import fields_by_name

JWT_KEY = b64encode(secrets.token_bytes(48)).decode()
MASTER_KEY = b64encode(secrets.token_bytes(32)).decode()
HEX = secrets.token_hex(24)

Changes = dict[str, str]

STAND_INS = {keys.SKYVERN_API_KEY, keys.OPENAI_API_KEY, keys.ADZUNA_APP_KEY, keys.ADZUNA_APP_ID, SKYVERN_KEY}


GIVEN = read_compose(SET).environment("api")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """What Compose gives the API's process, in a folder without `.env`."""
    monkeypatch.chdir(tmp_path)
    for name in fields_by_name():
        monkeypatch.delenv(name, raising=False)
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def start(environment: pytest.MonkeyPatch, changes: Changes) -> Settings:
    """Read the settings with some of them otherwise."""
    for name, value in changes.items():
        environment.setenv(f"JOBRAKER_{name}", value)
    make: Any = Settings
    settings: Settings = make()
    return settings


def ring(**each: str) -> str:
    return json.dumps(each)


def master(raw: bytes) -> Changes:
    return {"SECURITY__MASTER_KEYS": ring(k1=b64encode(raw).decode())}


def database(user: str, password: str) -> Changes:
    return {"DATABASE__URL": f"postgresql://{user}:{password}@db:5432/jobraker"}


REFUSED: dict[str, tuple[Changes, str]] = {
    "no key of Skyvern": ({"SKYVERN__API_KEY": ""}, "SKYVERN__API_KEY is empty"),
    "a short key of Skyvern": ({"SKYVERN__API_KEY": HEX[:15]}, "SKYVERN__API_KEY has less than 16 bytes"),
    "a stand-in's key": ({"SKYVERN__API_KEY": keys.SKYVERN_API_KEY}, "SKYVERN__API_KEY is a placeholder"),
    "the tests' key": ({"SKYVERN__API_KEY": SKYVERN_KEY}, "SKYVERN__API_KEY is a placeholder"),
    "a placeholder": ({"SKYVERN__API_KEY": "<the key of Skyvern>"}, "SKYVERN__API_KEY is a placeholder"),
    "the example's dots": ({"SECURITY__JWT_KEYS": ring(j1="…" * 16)}, "JWT_KEYS is a placeholder"),
    "a word": ({"SECURITY__JWT_KEYS": ring(j1=f"ChangeMe{JWT_KEY}")}, "JWT_KEYS is a placeholder"),
    "one letter": ({"SECURITY__JWT_KEYS": ring(j1="j" * 48)}, "JWT_KEYS repeats one pattern"),
    "a pattern": ({"SECURITY__JWT_KEYS": ring(j1="Xk9_q2" * 8)}, "JWT_KEYS repeats one pattern"),
    "a pattern cut off": ({"SECURITY__JWT_KEYS": ring(j1=("Xk9_q2" * 8)[:-1])}, "repeats one pattern"),
    "an alphabet": (
        {"SECURITY__JWT_KEYS": ring(j1="abcdefghijklmnopqrstuvwxyz0123456789")},
        "JWT_KEYS can be guessed",
    ),
    "few letters": (
        {"SECURITY__JWT_KEYS": ring(j1="aabababbbaabbabaaababbbababbaaababab")},
        "can be guessed",
    ),
    "an old key that is weak": (
        {"SECURITY__JWT_KEYS": ring(j1=JWT_KEY, old="j" * 48)},
        "the key 'old' of JOBRAKER_SECURITY__JWT_KEYS repeats",
    ),
    "zeros": (master(bytes(32)), "MASTER_KEYS repeats one pattern"),
    "counted bytes": (master(bytes(range(32))), "MASTER_KEYS can be guessed"),
    "a typed master key": (master(b"Tr0ub4dor&3 correct horse staple"), "MASTER_KEYS is text"),
    "a signing key that seals": (
        {"SECURITY__JWT_KEYS": ring(j1=MASTER_KEY), "SECURITY__MASTER_KEYS": ring(k1=MASTER_KEY)},
        "is the same as the key 'j1' of JOBRAKER_SECURITY__JWT_KEYS",
    ),
    "a signing key that is Skyvern's": (
        {"SECURITY__JWT_KEYS": ring(j1=JWT_KEY), "SKYVERN__API_KEY": JWT_KEY},
        "SKYVERN__API_KEY is the same as the key 'j1'",
    ),
    "a rotation to the same key": (
        {"SECURITY__MASTER_KEYS": ring(k1=MASTER_KEY, k2=MASTER_KEY)},
        "the key 'k2' of JOBRAKER_SECURITY__MASTER_KEYS is the same as the key 'k1'",
    ),
    "no mail": ({"MAIL__HOST": ""}, "MAIL__HOST is empty"),
    "no TLS": ({"API__PUBLIC_URL": "http://jobs.example.com"}, "PUBLIC_URL must be the https address"),
    "no address": ({"API__PUBLIC_URL": "https://"}, "PUBLIC_URL must be the https address"),
    "credentials in the address": (
        {"API__PUBLIC_URL": "https://a:b@jobs.example.com"},
        "without credentials",
    ),
    "a database without a password": (
        {"DATABASE__URL": "postgresql://jobraker@db:5432/jobraker"},
        "DATABASE__URL has no password",
    ),
    "a database's usual password": (database("jobraker", "postgres"), "DATABASE__URL can be guessed"),
    "the user's name": (database("kj3h45kjh34k5jh", "kj3h45kjh34k5jh"), "DATABASE__URL can be guessed"),
    "a short password": (database("jobraker", HEX[:11]), "less than 12 characters"),
    "no database": ({"DATABASE__URL": "postgresql://[half"}, "DATABASE__URL cannot be read"),
    "a frontend without TLS": (
        {"API__CORS_ORIGINS": '["http://app.example.com"]'},
        "CORS_ORIGINS names http://app.example.com: serve it by https",
    ),
    "a codec without TLS": (
        {"API__CODEC_ORIGINS": '["http://temporal.example.com"]'},
        "CODEC_ORIGINS names http://temporal.example.com",
    ),
    "private networks": ({"APPLY__ALLOW_PRIVATE_URLS": "true"}, "ALLOW_PRIVATE_URLS is on"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_production_refuses(name: str, environment: pytest.MonkeyPatch) -> None:
    changes, said = REFUSED[name]
    start(environment, {})
    with pytest.raises(ValidationError) as refused:
        start(environment, changes)
    lines = [line for line in str(refused.value).splitlines() if line.startswith("- ")]
    assert len(lines) == 1, lines
    assert said in lines[0]
    # what to do is behind the colon
    assert len(lines[0].partition(": ")[2].split()) >= 3


@pytest.mark.parametrize("name", REFUSED)
def test_one_machine_may_do_it(name: str, environment: pytest.MonkeyPatch) -> None:
    changes, _ = REFUSED[name]
    assert start(environment, {**changes, "ENVIRONMENT": "local"}).environment is Environment.LOCAL


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_quotes_no_secret(name: str, environment: pytest.MonkeyPatch) -> None:
    changes, _ = REFUSED[name]
    with pytest.raises(ValidationError) as refused:
        start(environment, changes)
    given = {**SET, **changes}
    secret = [
        value for key, value in given.items() if any(word in key for word in ("WORD", "KEY", "DATABASE"))
    ]
    told = str(refused.value)
    for value in secret:
        for piece in json.loads(value).values() if value.startswith("{") else [value]:
            assert len(piece) < 8 or piece not in told


def test_everything_that_is_wrong_is_told_at_once(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError) as refused:
        start(environment, {"SKYVERN__API_KEY": "", "MAIL__HOST": "", "APPLY__ALLOW_PRIVATE_URLS": "true"})
    assert sum(line.startswith("- ") for line in str(refused.value).splitlines()) == 3


@pytest.mark.parametrize("changes", [
    {"API__CORS_ORIGINS": '["https://app.example.com", "http://localhost:5173"]'},
    {"API__CODEC_ORIGINS": '["http://127.0.0.1:8233"]'},
    {"MAIL__HOST": "", "SECURITY__CONFIRM_EMAIL": "false"},
    {"SECURITY__JWT_KEYS": ring(j1=JWT_KEY, j2=HEX)},
    {"API__PUBLIC_URL": "https://example.com/jobraker/"},
])  # fmt: skip
def test_production_starts_with(changes: Changes, environment: pytest.MonkeyPatch) -> None:
    assert start(environment, changes).environment is Environment.PRODUCTION


MALFORMED: list[Changes] = [
    *({"API__CORS_ORIGINS": json.dumps([origin])} for origin in (
        "*", "null", "app.example.com", "https://app.example.com/", "https://app.example.com/path",
        "https://*.example.com", "https://App.example.com", "HTTPS://app.example.com", "https://a@app.example.com",
        "https://app.example.com:443", "https://app.example.com?x", "https://app.example.com#x", "file://",
        "https://app.example.com:99999", "https://", "https://a b.example.com", "https://b\u00fccher.example",
        "https://app.example.com,https://other.example.com", "chrome-extension://abc", "",
    )),
    *({"API__HOSTS": json.dumps([host])} for host in (
        "*", "*.example.com", "https://example.com", "a:80", "A.b", "",
    )),
    *({"API__PROXIES": proxies} for proxies in ("*", "10.0.0.0/8, *", "caddy", "10.0.0.1/8", "0.0.0.0/33")),
    *({"LIMITS__LOGIN_ACCOUNT": rate} for rate in ("", "0/1m", "10", "10/m", "ten/1m")),
]  # fmt: skip


@pytest.mark.parametrize("changes", MALFORMED, ids=str)
@pytest.mark.parametrize("mode", ["production", "local"])
def test_what_is_malformed_is_refused_everywhere(
    changes: Changes, mode: str, environment: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValidationError):
        start(environment, {**changes, "ENVIRONMENT": mode})


def test_short_keys_are_refused_everywhere(environment: pytest.MonkeyPatch) -> None:
    for mode in ("production", "local"):
        with pytest.raises(ValidationError, match=r"must hold at least 32 bytes.*openssl"):
            start(environment, {"SECURITY__JWT_KEYS": ring(j1=JWT_KEY[:31]), "ENVIRONMENT": mode})
        with pytest.raises(ValidationError, match="has 31 bytes instead of 32"):
            start(environment, {**master(secrets.token_bytes(31)), "SECURITY__JWT_KEYS": ring(j1=JWT_KEY)})


def test_without_any_key_the_settings_that_are_missing_are_named(environment: pytest.MonkeyPatch) -> None:
    for name in fields_by_name():
        environment.delenv(name, raising=False)
    with pytest.raises(ValidationError, match=r"JOBRAKER_SECURITY__CURRENT_JWT_KEY must name .*openssl"):
        start(environment, {"ENVIRONMENT": "production"})


def test_a_command_says_what_is_no_json_and_does_not_quote_it(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("JOBRAKER_SECURITY__JWT_KEYS", '{"j1":"' + JWT_KEY)
    assert main(["rotate-keys"]) == USAGE_ERROR
    told = " ".join(capsys.readouterr().out.split())
    assert "security" in told
    assert "is no JSON" in told
    assert JWT_KEY[:8] not in told


def test_the_names_of_the_host_are_those_of_the_public_address_in_production(
    environment: pytest.MonkeyPatch,
) -> None:
    assert start(environment, {}).host_names == {"jobs.example.com"}
    assert start(environment, {"API__HOSTS": '["other.example.com"]'}).host_names == {"other.example.com"}
    environment.delenv("JOBRAKER_API__HOSTS")
    assert start(environment, {"ENVIRONMENT": "local"}).host_names == frozenset()


def test_the_keys_of_the_stand_ins_are_known_by_their_value() -> None:
    assert STAND_INS <= KNOWN


def test_what_openssl_makes_is_never_refused() -> None:
    for _ in range(2000):
        raw = secrets.token_bytes(32)
        assert not is_typed(raw)
        for made in (raw, b64encode(secrets.token_bytes(48)), secrets.token_hex(24).encode()):
            assert weakness(made) is None


@pytest.mark.parametrize(
    "door", [["worker.py"], ["cli.py", "migrate"], ["-m", "uvicorn", "--factory", "api.app:create"]]
)
def test_a_door_ends_before_it_connects_to_anything_and_shows_no_secret(
    door: list[str], tmp_path: Path
) -> None:
    weak = {**SET, "JOBRAKER_SKYVERN__API_KEY": keys.SKYVERN_API_KEY}
    environment = {"PYTHONPATH": str(ROOT), **read_compose(weak).environment("worker")}
    command = [str(ROOT / word) if word.endswith(".py") else word for word in door]
    ended = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    told = ended.stdout + ended.stderr
    assert ended.returncode != 0
    assert "JOBRAKER_SKYVERN__API_KEY is a placeholder that everybody knows" in told
    for secret in (keys.SKYVERN_API_KEY, SET["POSTGRES_PASSWORD"], SET["JOBRAKER_SECURITY__JWT_KEYS"][8:40]):
        assert secret not in told
