"""The servers that are ours: the database, Temporal, telemetry, and those of `jobraker up`."""

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr


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
