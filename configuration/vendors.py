"""The vendors: where they are, our keys, and how patiently they are asked."""

from typing import Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from configuration.texts import BaseUrl


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
