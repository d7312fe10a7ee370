"""Keys for payloads without a database, and a search for what a history holds in plain."""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent

from models.errors import NotFoundError, SealError
from models.key_ids import installation_key_id, master_key_of, owner_of_key, user_key_id
from workflows.codec import Codec, key_id_of

MASTER = "k1"
NAMESPACE = "jobraker"
SEALED_FAILURE = "Encoded failure"
CORE_MARKERS = frozenset({"core_patch", "core_local_activity"})
CORES_OWN = frozenset({"data", "patch-data"})
"""Entries of markers in which the SDK itself counts: numbers, names of steps and of patches, and times."""


class FixedKeys:
    """A key for everybody, made of their id; `gone` are those whose keys were destroyed."""

    def __init__(self, master: str = MASTER) -> None:
        self.master = master
        self.gone: set[UUID] = set()

    async def current(self, owner: UUID | None) -> tuple[str, bytes]:
        """Return the owner's key, or the installation's."""
        known = owner is not None and owner not in self.gone
        key_id = user_key_id(owner) if owner and known else installation_key_id(self.master)
        return key_id, await self.by_id(key_id)

    async def by_id(self, key_id: str) -> bytes:
        """Return a key by its name."""
        if owner_of_key(key_id) in self.gone or (owner_of_key(key_id) or master_key_of(key_id)) is None:
            raise NotFoundError(f"there is no key {key_id!r}")
        if master_key_of(key_id) not in {self.master, None}:
            raise SealError(f"the key ring has no master key {key_id!r}")
        return hashlib.sha256(key_id.encode()).digest()


def fixed_codec() -> Codec:
    """Return a codec with such keys."""
    return Codec(FixedKeys(), NAMESPACE)


def messages_in(message: Message, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Message]]:
    """Return every message within a message, with the names of the fields that lead to it."""
    yield path, message
    for field, value in message.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        inner = (*path, field.name)
        kind = field.message_type
        if kind is not None and kind.GetOptions().map_entry:
            for key, each in value.items():
                if isinstance(each, Message):
                    yield from messages_in(each, (*inner, str(key)))
        elif field.is_repeated:
            for each in value:
                yield from messages_in(each, inner)
        else:
            yield from messages_in(value, inner)


def plain_in(event: HistoryEvent) -> list[str]:
    """Return what an event holds of ours in plain; search attributes are meant to be."""
    found = []
    for path, message in messages_in(event):
        if "search_attributes" in path or _is_cores(event, path):
            continue
        if isinstance(message, Payload) and key_id_of(message) is None:
            found.append(f"{'.'.join(path)}: {message.data!r}")
        if isinstance(message, Failure) and _is_plain(message) and not _is_overtaken(event):
            found.append(f"{'.'.join(path)}: {message.message!r}")
    return found


def sealed_in(event: HistoryEvent) -> list[str]:
    """Return the names of the keys that an event's payloads are sealed under."""
    payloads = [message for _, message in messages_in(event) if isinstance(message, Payload)]
    return [key_id for key_id in map(key_id_of, payloads) if key_id is not None]


def _is_cores(event: HistoryEvent, path: tuple[str, ...]) -> bool:
    marker = event.marker_recorded_event_attributes.marker_name
    return marker in CORE_MARKERS and bool(CORES_OWN & set(path))


def _is_plain(failure: Failure) -> bool:
    # what the server itself says of timeouts, terminations and lost activities names nothing of ours
    by_server = failure.source == "Server" or failure.HasField("timeout_failure_info")
    return bool(failure.message or failure.stack_trace) and not by_server and not _is_sealed(failure)


def _is_overtaken(event: HistoryEvent) -> bool:
    """Tell whether a task failed only because news came meanwhile, which the server says in its own words."""
    cause = event.workflow_task_failed_event_attributes.cause
    return cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND


def _is_sealed(failure: Failure) -> bool:
    return failure.message == SEALED_FAILURE and not failure.stack_trace
