"""What the parts of the local stack read from their environment: generated secrets, local addresses, keys."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from local import keys
from local.postgres.cluster import HOST, database_url
from local.secrets import LocalSecrets, load_secrets, secrets_path
from settings import Environment, LocalSettings, Settings, local_settings

PREFIX = "JOBRAKER_"
DELIMITER = "__"
NAMES = (HOST, "localhost")
"""How a browser on this machine may call a server on it."""

Group = dict[str, Any]
Values = dict[str, Group]
"""Settings by group and field."""

# a stand-in answers at once, so nobody has to wait as long as for a real browser run
QUICK_POLLS: Group = {
    "timeout_seconds": 5.0,
    "settle_seconds": 6.0,
    "poll_seconds": 1.0,
    "poll_max_seconds": 5.0,
    "scout_poll_seconds": 0.5,
}

# typing help and distances know what the upkeep has learned: who tries it out need not wait an hour for them
SOON_LEARNED: Group = {"upkeep_minutes": 5}


class _Fallback(Settings):
    """Settings whose constructor's values count only where the environment has none."""

    model_config = SettingsConfigDict(env_ignore_empty=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 -- the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, dotenv_settings, init_settings


@dataclass(frozen=True)
class Stack:
    """The local stack as its settings describe it.

    `settings` is what every part reads from `environment`; `stand_ins` are the vendors that have no key, by
    the names that `python -m local.serve` takes.
    """

    settings: Settings
    secrets: LocalSecrets
    stand_ins: tuple[str, ...]
    environment: dict[str, str]


def describe_stack(local: LocalSettings, secrets: LocalSecrets) -> Stack:
    """Combine the environment with what this machine provides.

    Keys and waiting times that somebody set are kept; the addresses of what we start are imposed.
    """
    generated = {**_security(secrets), "jobs": SOON_LEARNED}
    stand_ins = _missing_vendors(_fallback(generated))
    if "skyvern" in stand_ins:
        generated["skyvern"] = QUICK_POLLS
    configured = _fallback(generated)
    values = {
        group: {field: getattr(getattr(configured, group), field) for field in fields}
        for group, fields in generated.items()
    }
    for group, fields in _imposed(local, secrets, configured, stand_ins).items():
        values.setdefault(group, {}).update(fields)
    make_settings: Callable[..., Settings] = Settings
    return Stack(make_settings(**values), secrets, stand_ins, _as_environment(values))


def command_settings() -> Settings:
    """Return the settings of a command that stands alone.

    Beside a local data folder, what the environment does not say is taken from there, so that a command in a
    second terminal speaks to the stack that runs in the first. Production knows no such help.
    """
    local = local_settings()
    production = _OnlyEnvironment().environment is Environment.PRODUCTION
    if production or not secrets_path(local.data_dir).exists():
        return Settings()
    secrets = load_secrets(local.data_dir)
    return _fallback({**_security(secrets), **_servers(local, secrets)})


class _OnlyEnvironment(BaseSettings):
    model_config = Settings.model_config

    environment: Environment = Environment.LOCAL


def _fallback(values: Mapping[str, Group]) -> Settings:
    make: Callable[..., Settings] = _Fallback
    return make(**values)


def _security(secrets: LocalSecrets) -> Values:
    return {
        "security": {
            "jwt_keys": {"local-1": SecretStr(secrets.jwt_secret)},
            "current_jwt_key": "local-1",
            "master_keys": {name: SecretStr(key) for name, key in secrets.master_keys.items()},
            "current_master_key": secrets.current_master_key,
        }
    }


def _missing_vendors(settings: Settings) -> tuple[str, ...]:
    set_keys = {
        "adzuna": settings.adzuna.app_key.get_secret_value(),
        "skyvern": settings.skyvern.api_key.get_secret_value(),
        "openai": settings.openai.api_key.get_secret_value(),
        "mail": settings.mail.host,
    }
    missing = [name for name, key in set_keys.items() if not key]
    # the forms that Skyvern's stand-in fills in are on the careers site's
    return (*missing, "careers") if "skyvern" in missing else tuple(missing)


def _servers(local: LocalSettings, secrets: LocalSecrets) -> Values:
    url = database_url(local.postgres_port, secrets.postgres_password)
    return {
        "database": {"url": SecretStr(url)},
        "temporal": {"address": f"{HOST}:{local.temporal_port}", "tls": False},
    }


def _imposed(
    local: LocalSettings, secrets: LocalSecrets, configured: Settings, stand_ins: tuple[str, ...]
) -> Values:
    values = _servers(local, secrets)
    # nobody stands between a browser on this machine and the API, so nobody speaks for others
    values["api"] = {"proxies": ""}
    if not configured.api.codec_origins:
        values["api"]["codec_origins"] = [f"http://{name}:{local.temporal_ui_port}" for name in NAMES]
    # a real vendor's webhooks need an address that only its user knows
    if "skyvern" in stand_ins or "public_url" not in configured.api.model_fields_set:
        values["api"]["public_url"] = f"http://{HOST}:{configured.api.port}"
    if "careers" in stand_ins:
        # its forms are on this machine
        values["apply"] = {"allow_private_urls": True}
    vendors: Values = {
        "adzuna": {
            "base_url": f"http://{HOST}:{local.adzuna_port}/v1/api",
            "app_id": keys.ADZUNA_APP_ID,
            "app_key": SecretStr(keys.ADZUNA_APP_KEY),
        },
        "skyvern": {
            "base_url": f"http://{HOST}:{local.skyvern_port}",
            "api_key": SecretStr(keys.SKYVERN_API_KEY),
        },
        "openai": {
            "base_url": f"http://{HOST}:{local.openai_port}/v1",
            "api_key": SecretStr(keys.OPENAI_API_KEY),
        },
        "mail": {"host": HOST, "port": local.mail_port, "starttls": False},
    }
    return values | {name: fields for name, fields in vendors.items() if name in stand_ins}


def _as_environment(values: Values) -> dict[str, str]:
    return {
        f"{PREFIX}{group}{DELIMITER}{field}".upper(): _as_text(value)
        for group, fields in values.items()
        for field, value in fields.items()
    }


def _as_text(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case dict():
            return json.dumps({key: _as_text(inner) for key, inner in value.items()})
        case list():
            return json.dumps(value)
        case _:
            return str(value)
