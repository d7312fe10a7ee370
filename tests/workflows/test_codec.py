"""The codec: a payload opens for the person and the namespace that it was sealed for, and for nobody else."""

from uuid import UUID

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import ActivitySerializationContext, WorkflowSerializationContext
from temporalio.exceptions import ApplicationError

from models.errors import SealError
from models.key_ids import installation_key_id, user_key_id
from tests.workflows.keyed import MASTER, NAMESPACE, FixedKeys
from workflows.codec import KEY_IS_GONE, UNREADABLE, Codec, key_id_of, open_sealed, seal
from workflows.ids import (
    JOB_FETCH_ID,
    account_erasure_id,
    account_export_id,
    auto_apply_id,
    chat_turn_id,
    follow_up_id,
    match_person_id,
    notify_id,
    owner_of,
    token_mail_id,
)

PLAIN = Payload(metadata={"encoding": b"json/plain", "type": b"canary-type"}, data=b'"canary"')
ADA, BOB = UUID(int=1), UUID(int=2)


def codec_of(workflow_id: str, keys: FixedKeys | None = None) -> Codec:
    """Return the codec for the payloads of one workflow."""
    return Codec(keys or FixedKeys(), NAMESPACE).with_context(
        WorkflowSerializationContext(NAMESPACE, workflow_id)
    )


async def failure_of(codec: Codec, payload: Payload) -> ApplicationError:
    """Return the failure by which a payload is refused."""
    with pytest.raises(ApplicationError) as refused:
        await codec.decode([payload])
    return refused.value


@pytest.mark.parametrize(
    ("workflow_id", "owner"),
    [
        (auto_apply_id(ADA, BOB), ADA),
        (chat_turn_id(ADA, BOB), ADA),
        (notify_id(ADA, BOB), ADA),
        (follow_up_id(ADA, BOB), ADA),
        (match_person_id(ADA), ADA),
        (token_mail_id(ADA, BOB), ADA),
        (account_export_id(ADA, BOB), ADA),
        # it outlives the account, so it must not need its key
        (account_erasure_id(ADA), None),
        (JOB_FETCH_ID, None),
        (f"reconcile-{ADA}", None),
        ("notify/somebody/else", None),
        ("", None),
    ],
)
async def test_a_workflows_id_says_whose_it_is_and_by_which_key_it_is_sealed(
    workflow_id: str, owner: UUID | None
) -> None:
    assert owner_of(workflow_id) == owner
    (sealed,) = await codec_of(workflow_id).encode([PLAIN])
    assert key_id_of(sealed) == (user_key_id(owner) if owner else installation_key_id(MASTER))
    (opened,) = await codec_of(workflow_id).decode([sealed])
    assert opened == PLAIN


async def test_an_activity_is_sealed_by_the_key_of_its_workflow() -> None:
    context = ActivitySerializationContext(
        NAMESPACE, "1", "answer", "jobraker", chat_turn_id(ADA, BOB), "ChatTurn", is_local=False
    )
    (sealed,) = await Codec(FixedKeys(), NAMESPACE).with_context(context).encode([PLAIN])
    assert key_id_of(sealed) == user_key_id(ADA)


async def test_nothing_of_a_sealed_payload_can_be_seen_and_the_same_is_sealed_differently_each_time() -> None:
    sealed = await codec_of("job-fetch").encode([PLAIN] * 50)
    assert len({each.data for each in sealed}) == 50
    assert not any(b"canary" in each.SerializeToString() for each in sealed)
    assert not any(b"json" in each.SerializeToString() for each in sealed)


async def test_what_is_not_sealed_by_us_stays_as_it_is() -> None:
    strange = Payload(metadata={"encoding": b"binary/encrypted"}, data=b"x")
    assert await codec_of("job-fetch").decode([PLAIN, strange, Payload()]) == [PLAIN, strange, Payload()]


async def test_another_persons_payload_is_refused_in_a_persons_workflow() -> None:
    (sealed,) = await codec_of(match_person_id(BOB)).encode([PLAIN])
    failure = await failure_of(codec_of(match_person_id(ADA)), sealed)
    assert (failure.type, failure.non_retryable) == (UNREADABLE, False)
    # where it is not known whose workflow it is, the key alone decides
    assert await Codec(FixedKeys(), NAMESPACE).decode([sealed]) == [PLAIN]


@pytest.mark.parametrize("field", ["namespace", "key_id"])
def test_a_payload_is_bound_to_its_namespace_and_its_key(field: str) -> None:
    bound = {"namespace": NAMESPACE, "key_id": user_key_id(ADA)}
    sealed = seal(PLAIN, key=bytes(32), **bound)
    assert open_sealed(sealed, key=bytes(32), **bound) == PLAIN
    with pytest.raises(SealError):
        open_sealed(sealed, key=bytes(32), **{**bound, field: "other"})
    with pytest.raises(SealError):
        open_sealed(sealed, key=b"x" * 32, **bound)


async def test_no_byte_of_a_sealed_payload_can_be_changed_or_cut() -> None:
    (sealed,) = await codec_of("job-fetch").encode([PLAIN])
    for place in range(len(sealed.data)):
        changed = bytearray(sealed.data)
        changed[place] ^= 1
        for data in (bytes(changed), sealed.data[:place]):
            failure = await failure_of(codec_of("job-fetch"), Payload(metadata=sealed.metadata, data=data))
            assert failure.type == UNREADABLE


async def test_a_destroyed_key_is_for_good_and_a_missing_master_key_can_be_brought_back() -> None:
    keys = FixedKeys()
    (of_ada,) = await codec_of(match_person_id(ADA), keys).encode([PLAIN])
    keys.gone.add(ADA)
    gone = await failure_of(codec_of(match_person_id(ADA), keys), of_ada)
    assert (gone.type, gone.non_retryable) == (KEY_IS_GONE, True)
    assert user_key_id(ADA) in gone.message
    (of_nobody,) = await codec_of("job-fetch", FixedKeys("old")).encode([PLAIN])
    missing = await failure_of(codec_of("job-fetch", keys), of_nobody)
    assert (missing.type, missing.non_retryable) == (UNREADABLE, False)
    assert "installation/old" in missing.message


@pytest.mark.parametrize("key_id", [b"", b"user/", b"user/x", b"\xff" * 500, None])
async def test_what_names_no_key_ends_nothing(key_id: bytes | None) -> None:
    metadata = {"encoding": b"binary/jobraker", **({} if key_id is None else {"jobraker-key": key_id})}
    failure = await failure_of(codec_of("job-fetch"), Payload(metadata=metadata, data=b"x" * 40))
    assert (failure.type, failure.non_retryable) == (UNREADABLE, False)
    assert len(failure.message) < 1000


async def test_the_workflow_of_a_person_who_is_no_more_is_sealed_by_the_installations_key() -> None:
    keys = FixedKeys()
    keys.gone.add(ADA)
    (sealed,) = await codec_of(match_person_id(ADA), keys).encode([PLAIN])
    assert key_id_of(sealed) == installation_key_id(MASTER)
    assert await codec_of(match_person_id(ADA), keys).decode([sealed]) == [PLAIN]
