"""The API: where it listens, who may call it from a browser, and how often."""

from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from configuration.texts import BaseUrl, HostName, Origin, Proxies, RateText


class ApiSettings(BaseModel):
    """Where the API listens and how it is reached."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: BaseUrl = Field(
        default="http://127.0.0.1:8000", description="How vendors reach our webhooks."
    )
    cors_origins: list[Origin] = Field(
        default_factory=list, description="Exact origins of frontends; never `*`."
    )
    codec_origins: list[Origin] = Field(
        default_factory=list,
        description="Exact origins of Temporal's UI, which alone may send a cookie, to the codec alone.",
    )
    max_body_bytes: int = 12 * 1024 * 1024
    max_resume_bytes: int = 10 * 1024 * 1024
    hosts: list[HostName] = Field(
        default_factory=list,
        description="The names that requests may be addressed to; empty: in production that of the public "
        "URL, else any.",
    )
    proxies: Proxies = Field(
        default="127.0.0.1",
        description="Addresses of the proxies whose X-Forwarded-For is believed, with commas between.",
    )

    @property
    def public_host(self) -> str:
        """The name in the public URL, "" where there is none."""
        return urlsplit(self.public_url).hostname or ""


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
    erasure_account: RateText = "10/1d"
    receipt_address: RateText = "60/10m"
