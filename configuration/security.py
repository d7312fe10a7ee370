"""Keys, logins and second factors."""

import base64
import binascii
from typing import Self

from pydantic import BaseModel, Field, SecretStr, model_validator

MASTER_KEY_BYTES = 32
JWT_SECRET_BYTES = 32


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
                "JOBRAKER_SECURITY__CURRENT_JWT_KEY must name a key of JOBRAKER_SECURITY__JWT_KEYS: "
                '{"2026-1":"…"} with what `openssl rand -base64 48` makes, and 2026-1'
            )
        for key_id, key in self.jwt_keys.items():
            if len(key.get_secret_value().encode()) < JWT_SECRET_BYTES:
                raise ValueError(
                    f"the key {key_id!r} of JOBRAKER_SECURITY__JWT_KEYS must hold at least "
                    f"{JWT_SECRET_BYTES} bytes; make one with `openssl rand -base64 48`"
                )
        if self.current_master_key not in self.master_keys:
            raise ValueError(
                "JOBRAKER_SECURITY__CURRENT_MASTER_KEY must name a key of JOBRAKER_SECURITY__MASTER_KEYS: "
                '{"2026-1":"…"} with what `openssl rand -base64 32` makes, and 2026-1'
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
