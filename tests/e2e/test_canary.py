"""Only ids leave the database in plain, and after an erasure nothing is left: canaries are looked for.

What vendors and employers were given is theirs, and is not sought: the stand-ins' own records.
"""

import asyncio
import base64

import httpx
import pytest

from local.throwaway import LocalStack
from tests.e2e.canaries import Canaries
from tests.e2e.guarded_life import mails_to
from tests.e2e.life import ERROR_TYPE, Life, live
from tests.e2e.looking import STAND_INS, files_below, rows
from tests.e2e.sentry import SentrySink

IN_PLAIN = frozenset(
    {
        *("email", "title", "excluded", "blocked", "skill", "industry", "wished_place"),
        *("search_words",),
    }
)
"""Login name, preferences, and words of searches, which the database searches by; all else is sealed."""

LEFT_BEHIND = frozenset({"left_title", "left_words"})
"""What stood in plain until the person changed their mind."""

OUTSIDE = ("histories", "temporal_files", "logs", "metrics", "error_reports", "other_files")
"""The places that never have anything of anybody's."""


@pytest.fixture(scope="module")
def life(stack: LocalStack, sentry: SentrySink) -> Life:
    """One life with its erasure, which all of these tests look back upon."""
    return asyncio.run(live(stack, sentry))


def test_the_outside_world_was_really_told(stack: LocalStack, life: Life) -> None:
    told = files_below(stack.data_dir / STAND_INS)
    sent = {"first_name", "last_name", "email", "phone", "location", "resume", "given", "letter"}
    assert life.canaries.found_in(told) >= sent
    asked = httpx.get(f"{stack.stand_in('openai')}/_control/requests", trust_env=False).content
    # the model is told of the search for work and of what the person has done, and not who that is
    searched, done = {"question", "answer", "title"}, {"resume", "employer", "location"}
    assert life.canaries.found_in(asked) == searched | done


def test_temporal_knows_ids_and_no_canary(life: Life) -> None:
    ids = [text.encode() for text in (*life.application_ids, *life.message_ids)]
    # ids of workflows stand in plain: had the search been blind, it would not see these
    content = life.before["histories"].content
    assert life.user_id.encode() in content
    assert [text for text in ids[-2:] if text not in content] == []


@pytest.mark.parametrize("place", OUTSIDE)
def test_before_the_erasure_no_canary_is_outside_the_database(life: Life, place: str) -> None:
    assert life.before[place].found == set()


@pytest.mark.parametrize("place", [*OUTSIDE, "rows"])
def test_after_the_erasure_no_canary_is_anywhere(life: Life, place: str) -> None:
    assert life.after[place].found == set()


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("logs", [b"/api/applications/", b"Jobraker is up", b"/api/privacy/erasure"]),
        ("metrics", [b"jobraker_http_request_seconds", b"jobraker_activity_seconds"]),
        ("error_reports", [ERROR_TYPE]),
        ("other_files", [b"secrets", b"postgres_password"]),
        ("temporal_files", [b"SQLite format 3", b"auto-apply-sweep"]),
        ("rows", [b"erasure"]),
    ],
)
def test_every_place_was_really_looked_at(life: Life, place: str, expected: list[bytes]) -> None:
    assert [text for text in expected if text not in life.after[place].content] == []


def test_what_stands_in_plain_in_the_database_is_what_the_register_names_so(life: Life) -> None:
    assert life.before["rows"].found == IN_PLAIN


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_sealed_is_in_no_file_of_postgresql(life: Life, when: str) -> None:
    # files keep deleted rows until they are written over, and a log of what was written
    sight = life.before["postgres_files"] if when == "before" else life.after["postgres_files"]
    assert sight.found <= IN_PLAIN | LEFT_BEHIND
    assert "email" in life.before["postgres_files"].found


def test_only_the_audit_log_has_the_person_s_id(stack: LocalStack, life: Life) -> None:
    assert {table for table, text in rows(stack).items() if life.user_id.encode() in text} == {"audit_entry"}


def test_temporal_has_forgotten_the_person_s_workflows(life: Life) -> None:
    assert f"auto-apply/{life.user_id}".encode() in life.before["histories"].content
    for kind in ("auto-apply", "chat-turn", "notify", "follow-up", "account-export", "token-mail"):
        assert f"{kind}/{life.user_id}".encode() not in life.after["histories"].content


def test_the_receipt_tells_what_was_deleted_and_of_nobody(life: Life) -> None:
    counts = life.receipt["counts"]
    assert counts["account"] == 1
    assert counts["application"] == len(life.application_ids)
    assert counts["chat_message"] >= len(life.message_ids)
    assert counts["histories"] > len(life.application_ids)
    assert counts["mails"] == 1
    assert life.canaries.found_in(str(life.receipt).encode()) == set()


def test_the_last_mail_names_the_receipt(stack: LocalStack, life: Life) -> None:
    last = asyncio.run(mails_to(stack, life.canaries.email))[-1]
    assert life.receipt["id"] in last["body"]


def test_an_error_report_tells_the_kind_of_an_error(life: Life, sentry: SentrySink) -> None:
    assert sentry.everything.count(ERROR_TYPE) >= 2


def test_the_search_sees_every_spelling() -> None:
    canaries = Canaries()
    question = canaries.question
    for around in ("", "a", "ab", "abc"):
        packed = base64.b64encode(f"{around}{question} and more".encode())
        assert canaries.found_in(b"x" + packed) == {"question"}
    assert canaries.found_in(question.upper().encode()) == {"question"}
    assert canaries.found_in(question.encode().hex().encode()) == {"question"}
    assert canaries.found_in(b"canary") == set()
    canaries.learn("secret", "a secret of the system's own")
    assert canaries.found_in(b"x A Secret of the system's own") == {"secret"}
