"""Sealing: a value opens for its own user, in its own place and unchanged, and for nobody else."""

from uuid import uuid4

import pytest

from models.account import Account
from models.errors import SealError
from models.sealed import NONCE_BYTES, KeyRing, MissingKeyError, WrappedKey, place_of

OLD = KeyRing({"old": b"o" * 32}, "old")
BOTH = KeyRing({"old": b"o" * 32, "new": b"n" * 32}, "new")
PLACE = place_of("profile", "identity_sealed", uuid4())
TAG_BYTES = 16


def test_what_is_sealed_opens_in_its_place() -> None:
    user = uuid4()
    seal = OLD.seal_of(user, OLD.new_data_key(user))
    for text in ("", "Ada", "Zoë 🎉", "x" * 100_000):
        sealed = seal.seal_text(text, PLACE)
        assert seal.open_text(sealed, PLACE) == text
        assert len(sealed) == NONCE_BYTES + len(text.encode()) + TAG_BYTES
        assert not text or text.encode() not in sealed


def test_the_same_value_is_sealed_differently_each_time() -> None:
    user = uuid4()
    seal = OLD.seal_of(user, OLD.new_data_key(user))
    assert len({seal.seal_text("Ada", PLACE) for _ in range(100)}) == 100


def test_a_value_that_was_moved_does_not_open() -> None:
    user, row = uuid4(), uuid4()
    seal = OLD.seal_of(user, OLD.new_data_key(user))
    sealed = seal.seal_text("Ada", place_of("resume", "text_sealed", row))
    for place in (
        place_of("resume", "text_sealed", uuid4()),
        place_of("resume", "original_sealed", row),
        place_of("profile", "text_sealed", row),
        "",
    ):
        with pytest.raises(SealError, match="does not open"):
            seal.open(sealed, place)


def test_no_byte_of_a_sealed_value_can_be_changed() -> None:
    user = uuid4()
    seal = OLD.seal_of(user, OLD.new_data_key(user))
    sealed = seal.seal_text("Ada", PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealError):
            seal.open(bytes(changed), PLACE)


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 27, 30])
def test_a_value_that_was_cut_does_not_open(length: int) -> None:
    user = uuid4()
    seal = OLD.seal_of(user, OLD.new_data_key(user))
    with pytest.raises(SealError):
        seal.open(seal.seal_text("Ada", PLACE)[:length], PLACE)


def test_one_users_key_opens_nothing_of_another() -> None:
    ada, bob = uuid4(), uuid4()
    wrapped = OLD.new_data_key(ada)
    sealed = OLD.seal_of(ada, wrapped).seal_text("Ada", PLACE)
    with pytest.raises(SealError):
        OLD.seal_of(bob, OLD.new_data_key(bob)).open(sealed, PLACE)
    # nor can a row's key be given to another row
    with pytest.raises(SealError):
        OLD.seal_of(bob, wrapped)


def test_a_data_key_is_wrapped_by_the_current_master_key_and_opens_with_the_ring() -> None:
    user = uuid4()
    old, new = OLD.new_data_key(user), BOTH.new_data_key(user)
    assert (old.master_key_id, new.master_key_id) == ("old", "new")
    sealed = OLD.seal_of(user, old).seal_text("Ada", PLACE)
    assert BOTH.seal_of(user, old).open_text(sealed, PLACE) == "Ada"
    with pytest.raises(SealError, match="'new'"):
        OLD.seal_of(user, new)


def test_a_wrong_master_key_of_the_right_name_opens_nothing() -> None:
    user = uuid4()
    wrapped = OLD.new_data_key(user)
    with pytest.raises(SealError):
        KeyRing({"old": b"x" * 32}, "old").seal_of(user, wrapped)
    with pytest.raises(SealError):
        OLD.seal_of(user, WrappedKey("old", wrapped.wrapped[:-1]))


def test_an_account_is_born_with_a_key_of_its_own() -> None:
    accounts = [Account.register("Ada@Example.org", "hash", OLD) for _ in range(2)]
    assert accounts[0].email == "ada@example.org"
    sealed = accounts[0].seal(OLD).seal_text("Ada", PLACE)
    assert accounts[0].seal(OLD).open_text(sealed, PLACE) == "Ada"
    with pytest.raises(SealError):
        accounts[1].seal(OLD).open(sealed, PLACE)


def test_a_key_wrapped_anew_is_the_same_key_and_needs_the_old_master_key_no_longer() -> None:
    user, only_new = uuid4(), KeyRing({"new": BOTH.keys["new"]}, "new")
    old = OLD.new_data_key(user)
    sealed = OLD.seal_of(user, old).seal_text("Ada", PLACE)
    new = BOTH.rewrap(user, old)
    assert new.master_key_id == "new"
    assert only_new.seal_of(user, new).open_text(sealed, PLACE) == "Ada"
    with pytest.raises(SealError):
        only_new.seal_of(uuid4(), new)


def test_a_master_key_that_is_missing_says_which() -> None:
    wrapped = WrappedKey("lost", b"x" * 60)
    for use in (
        lambda: OLD.seal_of(uuid4(), wrapped),
        lambda: OLD.rewrap(uuid4(), wrapped),
        lambda: OLD.payload_key("lost"),
    ):
        with pytest.raises(MissingKeyError, match="'lost'") as missing:
            use()
        assert missing.value.key_id == "lost"


def test_keys_of_payloads_are_none_of_the_keys_that_they_are_derived_from() -> None:
    user = uuid4()
    seal = BOTH.seal_of(user, BOTH.new_data_key(user))
    keys = [seal.payload_key(), BOTH.payload_key("old"), BOTH.payload_key("new")]
    assert seal.payload_key() == keys[0]
    assert len({seal.key, *BOTH.keys.values(), *keys}) == 6
    assert {len(key) for key in keys} == {32}
