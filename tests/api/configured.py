"""Settings of a test's app: its own database, fixed keys, and a Temporal that is away."""

import base64
from typing import Any, TypedDict, Unpack

from pydantic import SecretStr

from local.ports import free_port
from models.sealed import KeyRing
from settings import (
    ApiSettings,
    ApplySettings,
    DatabaseSettings,
    LimitSettings,
    SecuritySettings,
    Settings,
    SkyvernSettings,
    TemporalSettings,
)

JWT_SECRET = "j" * 48
SKYVERN_KEY = "sk-test-not-a-real-key"
RING = KeyRing({"test": b"m" * 32}, "test")
MASTER_KEY = base64.b64encode(RING.keys["test"]).decode()
SECURITY = {
    "jwt_keys": {"test": JWT_SECRET},
    "current_jwt_key": "test",
    "master_keys": {"test": MASTER_KEY},
    "current_master_key": "test",
}


class Changes(TypedDict, total=False):
    """What a test wants otherwise; `temporal` is the address of a server, `security` what differs of it."""

    api: ApiSettings
    apply: ApplySettings
    limits: LimitSettings
    security: dict[str, Any]
    temporal: str
    skyvern_key: str


def settings_for(database_url: str, **changes: Unpack[Changes]) -> Settings:
    """Return the settings; where no Temporal is given, nothing listens at its address."""
    return Settings(
        api=changes.get("api", ApiSettings()),
        apply=changes.get("apply", ApplySettings()),
        database=DatabaseSettings(url=SecretStr(database_url), timeout_seconds=2),
        temporal=TemporalSettings(address=changes.get("temporal") or f"127.0.0.1:{free_port()}"),
        security=SecuritySettings.model_validate({**SECURITY, **changes.get("security", {})}),
        limits=changes.get("limits", LimitSettings()),
        skyvern=SkyvernSettings(api_key=SecretStr(changes.get("skyvern_key", SKYVERN_KEY))),
    )
