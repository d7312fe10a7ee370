"""Settings of a test's app: its own database, fixed keys, and a Temporal that is away."""

import base64
from typing import TypedDict, Unpack

from pydantic import SecretStr

from local.ports import free_port
from settings import (
    ApiSettings,
    DatabaseSettings,
    SecuritySettings,
    Settings,
    SkyvernSettings,
    TemporalSettings,
)

JWT_SECRET = "j" * 48
SKYVERN_KEY = "sk-test-not-a-real-key"
MASTER_KEY = base64.b64encode(b"m" * 32).decode()


class Changes(TypedDict, total=False):
    """What a test wants otherwise; `temporal` is the address of a server."""

    api: ApiSettings
    temporal: str
    skyvern_key: str


def settings_for(database_url: str, **changes: Unpack[Changes]) -> Settings:
    """Return the settings; where no Temporal is given, nothing listens at its address."""
    return Settings(
        api=changes.get("api", ApiSettings()),
        database=DatabaseSettings(url=SecretStr(database_url), timeout_seconds=2),
        temporal=TemporalSettings(address=changes.get("temporal") or f"127.0.0.1:{free_port()}"),
        security=SecuritySettings(
            jwt_keys={"test": SecretStr(JWT_SECRET)},
            current_jwt_key="test",
            master_keys={"test": SecretStr(MASTER_KEY)},
            current_master_key="test",
        ),
        skyvern=SkyvernSettings(api_key=SecretStr(changes.get("skyvern_key", SKYVERN_KEY))),
    )
