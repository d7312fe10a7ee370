"""Envelope encryption: AES-256-GCM with a data key per user, wrapped by a master key of a key ring.

A sealed value is bound to its place (table, column and row), so one that is moved elsewhere does not open.
Layout of sealed bytes: 12 bytes of nonce, then the ciphertext with its 16-byte tag (NIST SP 800-38D).
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.errors import SealError

NONCE_BYTES = 12
KEY_BITS = 256
KEY_BYTES = 32
FOR_PAYLOADS = b"jobraker/temporal-payloads"
"""What keys for Temporal's payloads are derived for: they open nothing that is sealed in the database."""


def _encrypt(key: bytes, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def _decrypt(key: bytes, sealed: bytes, place: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError(f"the sealed value at {place} does not open") from error


def _payload_key(key: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, FOR_PAYLOADS).derive(key)


def place_of(table: str, column: str, row_id: UUID) -> str:
    """Return the name of the one place where a sealed value belongs."""
    return f"{table}.{column}:{row_id}"


class MissingKeyError(SealError):
    """The key ring lacks a master key; `key_id` is its name."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"the key ring has no master key {key_id!r}")
        self.key_id = key_id


@dataclass(frozen=True)
class WrappedKey:
    """A user's data key as the database keeps it: encrypted, with the id of the master key that did it."""

    master_key_id: str
    wrapped: bytes


@dataclass(frozen=True)
class Seal:
    """One user's data key, opened: seals and opens that user's values."""

    key: bytes = field(repr=False)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt bytes for one place."""
        return _encrypt(self.key, plain, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what was sealed for this place; SealError otherwise."""
        return _decrypt(self.key, sealed, place)

    def seal_text(self, text: str, place: str) -> bytes:
        """Encrypt text (UTF-8) for one place."""
        return self.seal(text.encode(), place)

    def open_text(self, sealed: bytes, place: str) -> str:
        """Decrypt text that was sealed for this place; SealError otherwise."""
        return self.open(sealed, place).decode()

    def fingerprint(self, plain: bytes) -> str:
        """Return a hex HMAC-SHA256 under the user's key: equal for equal bytes, and telling nothing else."""
        return hmac.new(self.key, plain, hashlib.sha256).hexdigest()

    def payload_key(self) -> bytes:
        """Return the user's key for Temporal's payloads, 32 bytes; it is gone when the data key is."""
        return _payload_key(self.key)


@dataclass(frozen=True)
class KeyRing:
    """The master keys (32 bytes each) by id, and which of them wraps new data keys."""

    keys: dict[str, bytes] = field(repr=False)
    current: str

    def new_data_key(self, user_id: UUID) -> WrappedKey:
        """Make a data key for a new user and return it wrapped."""
        key = AESGCM.generate_key(KEY_BITS)
        return WrappedKey(self.current, _encrypt(self.keys[self.current], key, f"user:{user_id}"))

    def seal_of(self, user_id: UUID, wrapped: WrappedKey) -> Seal:
        """Open a user's data key; MissingKeyError names a master key that the ring lacks."""
        master_key = self._master_key(wrapped.master_key_id)
        return Seal(_decrypt(master_key, wrapped.wrapped, f"user:{user_id}"))

    def rewrap(self, user_id: UUID, wrapped: WrappedKey) -> WrappedKey:
        """Return the same data key wrapped by the current master key; what it has sealed stays as it is.

        MissingKeyError names a master key that the ring lacks.
        """
        key = self.seal_of(user_id, wrapped).key
        return WrappedKey(self.current, _encrypt(self._master_key(self.current), key, f"user:{user_id}"))

    def payload_key(self, master_key_id: str) -> bytes:
        """Return the installation's key for Temporal's payloads (32 bytes) that belongs to a master key.

        MissingKeyError names a master key that the ring lacks.
        """
        return _payload_key(self._master_key(master_key_id))

    def _master_key(self, master_key_id: str) -> bytes:
        master_key = self.keys.get(master_key_id)
        if master_key is None:
            raise MissingKeyError(master_key_id)
        return master_key
