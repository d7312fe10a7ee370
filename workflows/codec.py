"""The payload codec: what Temporal keeps of workflows is sealed under the key of the person it is about.

AES-256-GCM (NIST SP 800-38D) over the whole payload, so that its type is hidden as well. A sealed payload has
the encoding `binary/jobraker` and the id of its key: `user/{id}`, or `installation/{master key}` where the
workflow is nobody's. Bound to it are the key's id and the namespace; where the SDK says which workflow
a payload belongs to, another person's key is refused.
"""

import os
from collections.abc import Sequence
from typing import Final, Protocol, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ApplicationError

from models.errors import NotFoundError, SealError
from models.key_ids import owner_of_key
from workflows.ids import owner_of

ENCODING: Final = b"binary/jobraker"
ENCODING_NAME: Final = "encoding"
KEY_ID: Final = "jobraker-key"
KEY_ID_MAX = 100
NONCE_BYTES = 12

KEY_IS_GONE = "PayloadKeyGone"
UNREADABLE = "PayloadUnreadable"
"""The types of the failures by which a payload is not opened: the first is for good."""


class PayloadKeys(Protocol):
    """Where keys come from: 32 bytes each, by ids that say whose they are.

    Either may raise UnavailableError, where it cannot be known for the moment.
    """

    async def current(self, owner: UUID | None) -> tuple[str, bytes]:
        """Return the id and the key to seal by: the installation's, where the owner is no more."""

    async def by_id(self, key_id: str) -> bytes:
        """Return a key; NotFoundError where it is gone for good, SealError where the key ring lacks it."""


def key_id_of(payload: Payload) -> str | None:
    """Return the id of the key that a payload is sealed under; None for one that is not sealed by us."""
    if payload.metadata.get(ENCODING_NAME) != ENCODING:
        return None
    return payload.metadata.get(KEY_ID, b"")[:KEY_ID_MAX].decode(errors="replace")


def seal(payload: Payload, key_id: str, key: bytes, namespace: str) -> Payload:
    """Return a payload sealed under a key."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, payload.SerializeToString(), _bound(key_id, namespace))
    return Payload(metadata={ENCODING_NAME: ENCODING, KEY_ID: key_id.encode()}, data=nonce + sealed)


def open_sealed(payload: Payload, key_id: str, key: bytes, namespace: str) -> Payload:
    """Return what was sealed; SealError for another key or namespace, and for changed bytes."""
    nonce, sealed = payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:]
    try:
        return Payload.FromString(AESGCM(key).decrypt(nonce, sealed, _bound(key_id, namespace)))
    except (InvalidTag, ValueError) as error:
        raise SealError(f"a payload does not open by the key {key_id!r}") from error


def _bound(key_id: str, namespace: str) -> bytes:
    return f"temporal:{namespace}:{key_id}".encode()


class Codec(PayloadCodec, WithSerializationContext):
    """Seals and opens payloads of one namespace; construct it anywhere, use it in one event loop."""

    def __init__(self, keys: PayloadKeys, namespace: str, owner: UUID | None = None) -> None:
        self._keys = keys
        self._namespace = namespace
        self._owner = owner

    def with_context(self, context: SerializationContext) -> Self:
        """Return a codec for the payloads of one workflow: for those of the person it is about."""
        workflow_id = ""
        if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            workflow_id = context.workflow_id or ""
        return type(self)(self._keys, self._namespace, owner_of(workflow_id))

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal payloads."""
        key_id, key = await self._keys.current(self._owner)
        return [seal(each, key_id, key, self._namespace) for each in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open payloads; those that are not ours are returned as they are.

        ApplicationError of type KEY_IS_GONE where the person is no more: it ends a workflow that has done
        nothing yet, while one that must be read again stands still until it is terminated. Of type UNREADABLE
        where a master key is missing from the ring or the payload was meddled with: that is tried again until
        an operator has mended it. UnavailableError where the keys are away.
        """
        return [await self._open(each) for each in payloads]

    async def _open(self, payload: Payload) -> Payload:
        key_id = key_id_of(payload)
        if key_id is None:
            return payload
        owner = owner_of_key(key_id)
        if None not in (owner, self._owner) and owner != self._owner:
            raise ApplicationError(f"the key {key_id!r} is another person's", type=UNREADABLE)
        try:
            return open_sealed(payload, key_id, await self._keys.by_id(key_id), self._namespace)
        except (NotFoundError, SealError) as error:
            if isinstance(error, NotFoundError) and owner is not None:
                said = f"the key {key_id!r} was destroyed"
                raise ApplicationError(said, type=KEY_IS_GONE, non_retryable=True) from None
            raise ApplicationError(error.detail, type=UNREADABLE) from None
