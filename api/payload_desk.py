"""Sealing and opening Temporal's payloads for people, as its UI and its CLI send them: the codec server.

Its protocol is JSON of the protobuf messages: `{"payloads": [{"metadata": {name: base64}, "data": base64}]}`.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from temporalio.api.common.v1 import Payload

from models.errors import NotFoundError, SealError, UnprocessableError
from models.key_ids import owner_of_key
from workflows.codec import PayloadKeys, key_id_of, open_sealed, seal

PAYLOADS_MAX = 1000
NAMES_MAX = 50
_STANDARD = str.maketrans("-_", "+/")


def bytes_of(text: str) -> bytes:
    """Return what base64 stands for, of either alphabet and with or without padding."""
    padded = text.rstrip("=").translate(_STANDARD)
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except binascii.Error:
        raise ValueError("this is not base64") from None


def _checked(text: str) -> str:
    bytes_of(text)
    return text


Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/_-]*={0,2}$"), AfterValidator(_checked)]


class PayloadJson(BaseModel):
    """One payload. What we do not know of it is handed back as it came."""

    model_config = ConfigDict(extra="allow")

    metadata: dict[str, Base64] | None = Field(default=None, max_length=NAMES_MAX)
    data: Base64 | None = None

    @classmethod
    def of(cls, payload: Payload) -> Self:
        """Return a payload as JSON has it."""
        metadata = {name: base64.b64encode(value).decode() for name, value in payload.metadata.items()}
        return cls(metadata=metadata, data=base64.b64encode(payload.data).decode())

    def payload(self) -> Payload:
        """Return what it stands for."""
        metadata = {name: bytes_of(value) for name, value in (self.metadata or {}).items()}
        return Payload(metadata=metadata, data=bytes_of(self.data or ""))


class PayloadsJson(BaseModel):
    """Payloads, as Temporal's UI and CLI send them and want them back."""

    payloads: list[PayloadJson] = Field(max_length=PAYLOADS_MAX)


@dataclass(frozen=True)
class Opened:
    """Opened payloads in their order, and whose they were: None among them for the installation's."""

    payloads: list[PayloadJson]
    owners: frozenset[UUID | None]


@dataclass(frozen=True)
class PayloadDesk:
    """Seals and opens payloads of one namespace by keys that are asked for each time."""

    keys: PayloadKeys
    namespace: str

    async def seal(self, payloads: Sequence[PayloadJson]) -> list[PayloadJson]:
        """Seal payloads by the installation's key: for whose workflow they are is not said."""
        key_id, key = await self.keys.current(None)
        return [PayloadJson.of(seal(each.payload(), key_id, key, self.namespace)) for each in payloads]

    async def open(self, payloads: Sequence[PayloadJson]) -> Opened:
        """Open payloads; those that are not ours are handed back.

        UnprocessableError names a key that there is not (any more), or by which a payload does not open.
        """
        sealed = {index: each.payload() for index, each in enumerate(payloads)}
        names = {index: key_id_of(each) for index, each in sealed.items()}
        keys = await self._keys_of({name for name in names.values() if name is not None})
        opened = [
            each if name is None else self._opened(sealed[index], name, keys)
            for index, (each, name) in enumerate(zip(payloads, names.values(), strict=True))
        ]
        return Opened(opened, frozenset(owner_of_key(name) for name in keys))

    async def _keys_of(self, names: set[str]) -> dict[str, bytes]:
        keys = {}
        for name in sorted(names):
            try:
                keys[name] = await self.keys.by_id(name)
            except (NotFoundError, SealError) as error:
                said = f"These payloads are sealed by the key {name!r}: {error.detail}."
                raise UnprocessableError(said, key_id=name) from None
        return keys

    def _opened(self, sealed: Payload, name: str, keys: Mapping[str, bytes]) -> PayloadJson:
        try:
            return PayloadJson.of(open_sealed(sealed, name, keys[name], self.namespace))
        except SealError:
            said = f"A payload does not open by the key {name!r}, by whose name it goes."
            raise UnprocessableError(said, key_id=name) from None
