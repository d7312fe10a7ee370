"""All that the environment may set, in groups; read by doors only.

Every name is `JOBRAKER_<GROUP>__<FIELD>`, for example `JOBRAKER_API__PORT=8080`; `.env.example` lists them.
"""

from enum import StrEnum
from typing import Any, Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from configuration.api import ApiSettings, LimitSettings
from configuration.production import faults
from configuration.security import JWT_SECRET_BYTES, MASTER_KEY_BYTES, SecuritySettings
from configuration.servers import DatabaseSettings, LocalSettings, TelemetrySettings, TemporalSettings
from configuration.vendors import (
    AdzunaSettings,
    MailSettings,
    OpenAISettings,
    SearchSettings,
    SkyvernSettings,
)
from configuration.work import ApplySettings, JobsSettings, PrivacySettings

__all__ = [
    "JWT_SECRET_BYTES",
    "MASTER_KEY_BYTES",
    "AdzunaSettings",
    "ApiSettings",
    "ApplySettings",
    "DatabaseSettings",
    "Environment",
    "JobsSettings",
    "LimitSettings",
    "LocalSettings",
    "MailSettings",
    "OpenAISettings",
    "PrivacySettings",
    "SearchSettings",
    "SecuritySettings",
    "Settings",
    "SkyvernSettings",
    "TelemetrySettings",
    "TemporalSettings",
    "local_settings",
]


class Environment(StrEnum):
    """Where this process runs: `local` may use generated secrets and stand-ins, `production` may not."""

    LOCAL = "local"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Everything, as one tree; constructing it reads the environment and fails with the name to mend."""

    model_config = SettingsConfigDict(
        env_prefix="JOBRAKER_",
        env_nested_delimiter="__",
        env_file=".env",
        extra="ignore",
        # what does not fit is told by its name: its value may be a secret, and the message ends in a log
        hide_input_in_errors=True,
    )

    environment: Environment = Environment.LOCAL
    api: ApiSettings = ApiSettings()
    database: DatabaseSettings = DatabaseSettings()
    temporal: TemporalSettings = TemporalSettings()
    security: SecuritySettings
    adzuna: AdzunaSettings = AdzunaSettings()
    jobs: JobsSettings = JobsSettings()
    skyvern: SkyvernSettings = SkyvernSettings()
    openai: OpenAISettings = OpenAISettings()
    mail: MailSettings = MailSettings()
    apply: ApplySettings = ApplySettings()
    limits: LimitSettings = LimitSettings()
    privacy: PrivacySettings = PrivacySettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    local: LocalSettings = LocalSettings()

    @model_validator(mode="before")
    @classmethod
    def _keys_are_asked_for_by_their_names(cls, values: dict[str, Any]) -> dict[str, Any]:
        # without any, "security: field required" would name no setting
        return {"security": {}, **values}

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        if self.environment is Environment.PRODUCTION and (found := faults(self)):
            raise ValueError(
                "production does not start like this:\n" + "\n".join(f"- {each}" for each in found)
            )
        return self

    @property
    def host_names(self) -> frozenset[str]:
        """The names that requests may be addressed to; empty where any will do."""
        is_production = self.environment is Environment.PRODUCTION
        return frozenset(self.api.hosts or ([self.api.public_host] if is_production else []))


class _LocalOnly(BaseSettings):
    model_config = Settings.model_config

    local: LocalSettings = LocalSettings()


def local_settings() -> LocalSettings:
    """Read only the `local` group: what `jobraker up` needs before there are any secrets."""
    return _LocalOnly().local
