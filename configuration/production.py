"""What production refuses to start with. Each refusal is a sentence that says what to do."""

from collections.abc import Iterator
from typing import Protocol
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from configuration.api import ApiSettings
from configuration.security import SecuritySettings
from configuration.servers import DatabaseSettings
from configuration.strength import is_typed, weakness
from configuration.vendors import MailSettings, SkyvernSettings
from configuration.work import ApplySettings

SKYVERN_KEY_BYTES = 16
DATABASE_PASSWORD_LENGTH = 12
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
RANDOM_TEXT = "make one with `openssl rand -base64 48`"
RANDOM_KEY = "make one with `openssl rand -base64 32`"
RANDOM_WORD = "make one with `openssl rand -hex 24`"


class Groups(Protocol):
    """The groups of settings that are looked at."""

    api: ApiSettings
    apply: ApplySettings
    database: DatabaseSettings
    mail: MailSettings
    security: SecuritySettings
    skyvern: SkyvernSettings


def faults(groups: Groups) -> list[str]:
    """Return why production must not start with these settings, a sentence each; none where it may."""
    return [
        *_of_signing_keys(groups.security),
        *_of_master_keys(groups.security),
        *_of_shared_secrets(groups),
        *_of_skyvern(groups.skyvern),
        *_of_database(groups.database),
        *_of_addresses(groups),
        *_of_mail(groups),
    ]


def _of_signing_keys(security: SecuritySettings) -> Iterator[str]:
    for key_id, key in security.jwt_keys.items():
        if wrong := weakness(key.get_secret_value().encode()):
            yield f"the key {key_id!r} of JOBRAKER_SECURITY__JWT_KEYS {wrong}: {RANDOM_TEXT}"


def _of_master_keys(security: SecuritySettings) -> Iterator[str]:
    for key_id in security.master_keys:
        key = security.master_key(key_id)
        wrong = weakness(key) or ("is text, and no random bytes" if is_typed(key) else None)
        if wrong:
            yield f"the key {key_id!r} of JOBRAKER_SECURITY__MASTER_KEYS {wrong}: {RANDOM_KEY}"


def _of_shared_secrets(groups: Groups) -> Iterator[str]:
    """Find what was used twice: who learns one would know the other."""
    security = groups.security
    named = [
        *(
            (f"the key {name!r} of JOBRAKER_SECURITY__JWT_KEYS", key.get_secret_value())
            for name, key in security.jwt_keys.items()
        ),
        *(
            (f"the key {name!r} of JOBRAKER_SECURITY__MASTER_KEYS", key.get_secret_value())
            for name, key in security.master_keys.items()
        ),
        ("JOBRAKER_SKYVERN__API_KEY", groups.skyvern.api_key.get_secret_value()),
    ]
    seen: dict[str, str] = {}
    for name, value in named:
        if value in seen:
            yield f"{name} is the same as {seen[value]}: {RANDOM_TEXT} for each"
        seen.setdefault(value, name)


def _of_skyvern(skyvern: SkyvernSettings) -> Iterator[str]:
    key = skyvern.api_key.get_secret_value().encode()
    if not key:
        yield (
            "JOBRAKER_SKYVERN__API_KEY is empty, and anybody could forge Skyvern's webhooks: set the key of"
            " your Skyvern account"
        )
    elif wrong := weakness(key):
        yield f"JOBRAKER_SKYVERN__API_KEY {wrong}: set the key of your Skyvern account"
    elif len(key) < SKYVERN_KEY_BYTES:
        yield (
            f"JOBRAKER_SKYVERN__API_KEY has less than {SKYVERN_KEY_BYTES} bytes, and signs its webhooks:"
            " set the whole key of your Skyvern account"
        )


def _of_database(database: DatabaseSettings) -> Iterator[str]:
    try:
        parts = conninfo_to_dict(database.url.get_secret_value())
    except ProgrammingError:
        # its own words would quote the password
        yield "JOBRAKER_DATABASE__URL cannot be read: write postgresql://user:password@host:5432/name"
        return
    password = str(parts.get("password") or "")
    if not password:
        yield f"JOBRAKER_DATABASE__URL has no password: {RANDOM_WORD}"
    elif password == parts.get("user") or weakness(password.encode()):
        yield f"the password in JOBRAKER_DATABASE__URL can be guessed: {RANDOM_WORD}"
    elif len(password) < DATABASE_PASSWORD_LENGTH:
        yield (
            f"the password in JOBRAKER_DATABASE__URL has less than {DATABASE_PASSWORD_LENGTH} characters:"
            f" {RANDOM_WORD}"
        )


def _of_addresses(groups: Groups) -> Iterator[str]:
    api = groups.api
    url = urlsplit(api.public_url)
    if url.scheme != "https" or not url.hostname or "@" in url.netloc or url.query or url.fragment:
        yield (
            "JOBRAKER_API__PUBLIC_URL must be the https address of this API, without credentials, query or"
            " fragment: Skyvern's webhooks and the links in mails go there"
        )
    for name, origins in (("CORS", api.cors_origins), ("CODEC", api.codec_origins)):
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme != "https" and parts.hostname not in LOOPBACK:
                yield f"JOBRAKER_API__{name}_ORIGINS names {origin}: serve it by https, or take it out"
    if groups.apply.allow_private_urls:
        yield (
            "JOBRAKER_APPLY__ALLOW_PRIVATE_URLS is on, and an advert could lead Skyvern's browser into a"
            " private network: it is for stand-ins on one machine, so take it out"
        )


def _of_mail(groups: Groups) -> Iterator[str]:
    if groups.security.confirm_email and not groups.mail.host:
        yield (
            "JOBRAKER_MAIL__HOST is empty, and nobody could confirm their e-mail: set your SMTP server, or"
            " JOBRAKER_SECURITY__CONFIRM_EMAIL=false where only you register people"
        )
