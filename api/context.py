"""What one app holds for all of its requests."""

from dataclasses import dataclass
from datetime import timedelta

from api.account_rules import AccountRules
from api.codec_cookie import CodecCookies
from api.events import Hub
from api.flows import FlowStarter
from api.limiting import Limiter
from api.metrics import Metrics
from api.payload_desk import PayloadDesk
from api.resume_text import ResumeReader
from api.security import Passwords, Tokens
from api.standing import Standing
from models.database import Database
from models.fetch_key import CallLimits
from models.sealed import KeyRing
from workflows.codec import Codec


@dataclass(frozen=True)
class Context:
    """Built by the door from the settings. Sizes are in bytes."""

    database: Database
    keys: KeyRing
    codec: Codec
    payload_desk: PayloadDesk
    codec_cookies: CodecCookies
    passwords: Passwords
    tokens: Tokens
    standing: Standing
    admin_totp: bool
    accounts: AccountRules
    terms_version: str
    cooling_off: timedelta
    export_link: timedelta
    public_url: str
    flows: FlowStarter
    hub: Hub
    resumes: ResumeReader
    metrics: Metrics
    resume_max: int
    daily_cap: int
    searches_per_person: int
    skyvern_key: bytes
    call_limits: CallLimits
    limiter: Limiter
    allow_private_urls: bool
