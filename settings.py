"""All that the environment may set, in groups; read by doors only.

Every name is `JOBRAKER_<GROUP>__<FIELD>`, for example `JOBRAKER_API__PORT=8080`; `.env.example` lists them.
"""

import base64
import binascii
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MASTER_KEY_BYTES = 32
JWT_SECRET_BYTES = 32


class Environment(StrEnum):
    """Where this process runs: `local` may use generated secrets and stand-ins, `production` may not."""

    LOCAL = "local"
    PRODUCTION = "production"


def _without_slash(url: str) -> str:
    return url.rstrip("/")


BaseUrl = Annotated[str, AfterValidator(_without_slash)]


class ApiSettings(BaseModel):
    """Where the API listens and how it is reached."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: BaseUrl = Field(
        default="http://127.0.0.1:8000", description="How vendors reach our webhooks."
    )
    cors_origins: list[str] = Field(
        default_factory=list, description="Exact origins of frontends; never `*`."
    )
    max_body_bytes: int = 12 * 1024 * 1024
    max_resume_bytes: int = 10 * 1024 * 1024
    hosts: list[str] = Field(
        default_factory=list, description="The names that requests may be addressed to; empty: any."
    )
    proxies: str = Field(
        default="127.0.0.1",
        description="Addresses of the proxies whose X-Forwarded-For is believed, with commas between.",
    )


class DatabaseSettings(BaseModel):
    """The application's PostgreSQL (15 to 18)."""

    url: SecretStr = SecretStr("postgresql://jobraker@127.0.0.1:5432/jobraker")
    pool_size: int = 10
    reader_pool_size: int = 10
    timeout_seconds: float = 10.0


class TemporalSettings(BaseModel):
    """The Temporal server, and the namespace that is ours."""

    address: str = "127.0.0.1:7233"
    namespace: str = "jobraker"
    retention_days: int = 30
    tls: bool = False
    max_concurrent_activities: int = 100
    max_cached_workflows: int = 1000


class SecuritySettings(BaseModel):
    """Keys. In local mode `jobraker up` generates them into its data folder."""

    jwt_keys: dict[str, SecretStr] = Field(
        default_factory=dict, description="Keys that sign access tokens: key id to at least 32 bytes."
    )
    current_jwt_key: str = ""
    access_token_minutes: int = Field(default=15, ge=1, le=60)
    refresh_token_days: int = Field(default=30, ge=1)
    confirm_email: bool = Field(default=True, description="Nobody logs in before their e-mail is confirmed.")
    confirm_email_hours: int = Field(default=48, ge=1)
    reset_password_minutes: int = Field(default=30, ge=1)
    admin_totp: bool = Field(default=False, description="Administrators need a second factor.")
    master_keys: dict[str, SecretStr] = Field(
        default_factory=dict, description="Key ring: key id to 32 bytes in base64."
    )
    current_master_key: str = ""

    @model_validator(mode="after")
    def _keys_are_long_enough(self) -> Self:
        if self.current_jwt_key not in self.jwt_keys:
            raise ValueError(
                "JOBRAKER_SECURITY__CURRENT_JWT_KEY must name a key of JOBRAKER_SECURITY__JWT_KEYS"
            )
        for key_id, key in self.jwt_keys.items():
            if len(key.get_secret_value().encode()) < JWT_SECRET_BYTES:
                raise ValueError(
                    f"the key {key_id!r} of JOBRAKER_SECURITY__JWT_KEYS must hold at least "
                    f"{JWT_SECRET_BYTES} bytes; make one with `openssl rand -base64 48`"
                )
        if self.current_master_key not in self.master_keys:
            raise ValueError(
                "JOBRAKER_SECURITY__CURRENT_MASTER_KEY must name a key of JOBRAKER_SECURITY__MASTER_KEYS"
            )
        for key_id in self.master_keys:
            self.master_key(key_id)
        return self

    def master_key(self, key_id: str) -> bytes:
        """Return the 32 bytes of a master key; a ValueError names the key that is malformed."""
        try:
            key = base64.b64decode(self.master_keys[key_id].get_secret_value(), validate=True)
        except binascii.Error as error:
            raise ValueError(f"the master key {key_id!r} is not base64") from error
        if len(key) != MASTER_KEY_BYTES:
            raise ValueError(f"the master key {key_id!r} has {len(key)} bytes instead of {MASTER_KEY_BYTES}")
        return key


class SearchSettings(BaseModel):
    """A search that the installation itself keeps fresh."""

    country: str
    what: str = ""
    where: str = ""


class AdzunaSettings(BaseModel):
    """Adzuna, the source of job ads (https://developer.adzuna.com)."""

    base_url: BaseUrl = "https://api.adzuna.com/v1/api"
    app_id: str = ""
    app_key: SecretStr = SecretStr("")
    timeout_seconds: float = 20.0
    fetch_minutes: int = 30
    results_per_page: int = Field(default=50, ge=1, le=50)
    pages_per_search: int = Field(
        default=2,
        ge=1,
        le=100,
        description="The most in a run; further pages are had only where they are news and calls are left.",
    )
    searches: list[SearchSettings] = Field(
        default_factory=lambda: [SearchSettings(country="gb", what="engineer")]
    )
    calls_per_minute: int = Field(default=25, ge=1, description="Of one Adzuna account, as the next three.")
    calls_per_day: int = Field(default=250, ge=1)
    calls_per_week: int = Field(default=1000, ge=1)
    calls_per_month: int = Field(default=2500, ge=1)


class JobsSettings(BaseModel):
    """How jobs are kept, and how many searches a person may have kept fresh."""

    searches_per_person: int = Field(default=20, ge=0)
    unseen_days: int = Field(
        default=14,
        ge=1,
        description="An old job that no fetch has brought for so long has expired.",
    )
    old_days: int = Field(default=45, ge=1, description="How long after it was posted a job is old.")
    upkeep_minutes: int = Field(default=60, ge=1)


class SkyvernSettings(BaseModel):
    """Skyvern, the browser automation that fills in employers' forms."""

    base_url: BaseUrl = "https://api.skyvern.com"
    api_key: SecretStr = SecretStr("")
    timeout_seconds: float = 30.0
    proxy_location: str = "RESIDENTIAL"
    poll_seconds: float = 60.0
    poll_max_seconds: float = 300.0
    settle_seconds: float = Field(default=45.0, description="Must exceed timeout_seconds.")
    deadline_minutes: int = 60
    scout_poll_seconds: float = Field(default=5.0, description="How often a look at a form is asked after.")
    scout_deadline_minutes: int = 20

    @model_validator(mode="after")
    def _settling_outlasts_the_call(self) -> Self:
        if self.settle_seconds <= self.timeout_seconds:
            raise ValueError(
                "JOBRAKER_SKYVERN__SETTLE_SECONDS must exceed JOBRAKER_SKYVERN__TIMEOUT_SECONDS: "
                "a call that may still land must not be taken for lost"
            )
        return self


class OpenAISettings(BaseModel):
    """OpenAI, the chat assistant's model."""

    base_url: BaseUrl = "https://api.openai.com/v1"
    api_key: SecretStr = SecretStr("")
    model: str = "gpt-4.1-mini"
    timeout_seconds: float = 60.0
    max_completion_tokens: int = 1500
    history_messages: int = 20


class MailSettings(BaseModel):
    """The SMTP server for what is sent to users; no host means that nothing is sent."""

    host: str = ""
    port: int = 25
    username: str = ""
    password: SecretStr = SecretStr("")
    starttls: bool = True
    sender: str = "Jobraker <no-reply@localhost>"


class ApplySettings(BaseModel):
    """How applications are made; the caps count per account."""

    sweep_minutes: int = 60
    daily_cap: int = Field(default=5, ge=0, description="The default of a profile, and its ceiling is 50.")
    allow_private_urls: bool = Field(
        default=False, description="Whether forms on private networks may be filled in: for stand-ins."
    )
    reconcile_seconds: int = Field(default=30, ge=5)
    follow_up_days: float = Field(
        default=7, gt=0, description="How long after it was sent a person is reminded to ask how it stands."
    )
    ghosted_days: float = Field(
        default=30, gt=0, description="How long after it was sent `ghosted` is proposed."
    )


RateText = Annotated[str, Field(pattern=r"^[1-9][0-9]*/[1-9][0-9]*[smhd]$")]
"""So many in a time: `10/15m` lets ten through at once, and then one every minute and a half."""


class LimitSettings(BaseModel):
    """How often what guesses or costs may be asked for: by one account (or e-mail), and by one address."""

    login_account: RateText = "10/15m"
    login_address: RateText = "50/15m"
    register_address: RateText = "20/1h"
    mail_account: RateText = "5/1h"
    mail_address: RateText = "20/1h"
    code_account: RateText = "10/15m"
    refresh_address: RateText = "600/10m"
    chat_account: RateText = "30/5m"
    apply_account: RateText = "300/10m"
    upload_account: RateText = "30/1h"
    export_account: RateText = "5/1d"


class PrivacySettings(BaseModel):
    """Exports, erasures, and for how many days what is kept."""

    export_days: int = Field(default=7, ge=1)
    export_link_minutes: int = Field(default=15, ge=1)
    erasure_hours: float = Field(default=24, ge=0, description="The cooling-off period.")
    erasure_grace_seconds: float = Field(
        default=120, ge=0, description="How long cancelled workflows have before they are terminated."
    )
    terms_version: str = "1"
    chat_days: int = Field(default=365, ge=1)
    event_days: int = Field(default=90, ge=1)
    notification_days: int = Field(default=365, ge=1)
    evidence_days: int = Field(default=730, ge=1)
    expired_job_days: int = Field(default=180, ge=1)
    audit_days: int = Field(default=730, ge=1)
    login_days: int = Field(default=30, ge=1, description="After their end.")
    unconfirmed_days: int = Field(default=7, ge=1)
    receipt_days: int = Field(default=1095, ge=1)


class TelemetrySettings(BaseModel):
    """Logs, Sentry and the worker's metrics port."""

    log_level: str = "INFO"
    log_json: bool = True
    sentry_dsn: SecretStr = SecretStr("")
    worker_metrics_host: str = Field(
        default="127.0.0.1", description="The address that the metrics listen on."
    )
    worker_metrics_port: int = Field(default=9464, description="0 switches the worker's metrics off.")


class LocalSettings(BaseModel):
    """`jobraker up`: the outside world on one machine."""

    data_dir: Path = Path(".jobraker")
    postgres_port: int = 5440
    temporal_port: int = 7233
    temporal_ui_port: int = 8233
    adzuna_port: int = 8101
    skyvern_port: int = 8102
    openai_port: int = 8103
    careers_port: int = 8104
    mail_port: int = 8105
    recorded_adzuna_dir: Path | None = Field(
        default=None, description="Serve these recorded Adzuna pages in place of generated ads."
    )


def local_settings() -> LocalSettings:
    """Read only the `local` group: what `jobraker up` needs before there are any secrets."""
    return _LocalOnly().local


class Settings(BaseSettings):
    """Everything, as one tree; constructing it reads the environment and fails with the name to mend."""

    model_config = SettingsConfigDict(
        env_prefix="JOBRAKER_", env_nested_delimiter="__", env_file=".env", extra="ignore"
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

    @model_validator(mode="after")
    def _production_has_its_own_keys(self) -> Self:
        if self.environment is Environment.PRODUCTION and not self.skyvern.api_key.get_secret_value():
            raise ValueError("JOBRAKER_SKYVERN__API_KEY is empty: anybody could forge Skyvern's webhooks")
        return self


class _LocalOnly(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="JOBRAKER_", env_nested_delimiter="__", env_file=".env", extra="ignore"
    )

    local: LocalSettings = LocalSettings()
