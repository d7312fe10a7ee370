"""The secrets of one machine: generated on the first run, kept in the data folder for its owner only."""

import base64
import os
import secrets
from pathlib import Path

from pydantic import BaseModel, ValidationError

MASTER_KEY_BYTES = 32
JWT_SECRET_BYTES = 48
PASSWORD_BYTES = 12
FILE_MODE = 0o600
DEMO_EMAIL = "demo@example.com"
ADMIN_EMAIL = "admin@example.com"


class SecretsError(Exception):
    """The secrets cannot be used; the message says what to do."""


class LocalSecrets(BaseModel):
    """What `jobraker up` needs and nobody should have to think up."""

    jwt_secret: str
    master_keys: dict[str, str]
    current_master_key: str
    postgres_password: str
    demo_email: str = DEMO_EMAIL
    demo_password: str
    admin_email: str = ADMIN_EMAIL
    admin_password: str


def secrets_path(data_dir: Path) -> Path:
    """Return where the secrets of this data folder are kept."""
    return data_dir / "secrets.json"


def load_secrets(data_dir: Path) -> LocalSecrets:
    """Read the secrets of this data folder; FileNotFoundError before the first run."""
    path = secrets_path(data_dir)
    try:
        return LocalSecrets.model_validate_json(path.read_bytes())
    except ValidationError as error:
        # the error itself would quote the secrets
        fields = ", ".join(".".join(map(str, each["loc"])) or "the whole" for each in error.errors())
        raise SecretsError(
            f"{path} is damaged ({fields}): restore it, or move {data_dir} away to start afresh"
        ) from None


def load_or_create_secrets(data_dir: Path) -> LocalSecrets:
    """Read the secrets, or generate them on the first run.

    Raises `SecretsError` where they are lost but the data that they protect is still there.
    """
    if secrets_path(data_dir).exists():
        return load_secrets(data_dir)
    if (data_dir / "postgres").exists():
        raise SecretsError(
            f"{secrets_path(data_dir)} is gone, and the data beside it cannot be read without it: restore "
            f"it, or move {data_dir} away to start afresh"
        )
    fresh = _generate()
    data_dir.mkdir(parents=True, exist_ok=True)
    _write(secrets_path(data_dir), fresh.model_dump_json(indent=2) + "\n")
    return fresh


def _generate() -> LocalSecrets:
    key = base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()
    return LocalSecrets(
        jwt_secret=secrets.token_urlsafe(JWT_SECRET_BYTES),
        master_keys={"local-1": key},
        current_master_key="local-1",
        postgres_password=secrets.token_urlsafe(PASSWORD_BYTES),
        demo_password=secrets.token_urlsafe(PASSWORD_BYTES),
        admin_password=secrets.token_urlsafe(PASSWORD_BYTES),
    )


def _write(path: Path, text: str) -> None:
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    # made with its mode, so that at no time anybody else can read it
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
