"""What is left out before a model is told anything, and what no draft may hold."""

import time

import pytest

from models.answering_enums import QuestionKind
from models.sensitive import REDACTED, has_contact, is_sensitive, redacted
from models.topics.classify import classify
from tests.hostile.corpus import HOSTILE

PRIVATE = frozenset({"Ada", "Lovelace", "1 Hidden Street"})
QUICK = 1.0


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "write to ada.l+jobs@mail.example.co.uk today",
        "https://example.org/x",
        "see www.example.org",
        "example.com/jobs",
        "call +44 20 7946 0000",
        "(020) 7946-0000",
        "0151 2345 6789",
    ],
)
def test_contact_data_is_found_and_left_out(text: str) -> None:
    assert has_contact(text)
    assert REDACTED in redacted(text, frozenset())
    assert not has_contact(redacted(text, frozenset()))


@pytest.mark.parametrize(
    "text",
    ["Built 3 pipelines in 2019-2021.", "2016 - 2019", "Node.js and ASP.NET Core", "100 000 rows a second"],
)
def test_dates_amounts_and_names_of_tools_are_no_contact_data(text: str) -> None:
    assert not has_contact(text)
    assert redacted(text, frozenset()) == text


@pytest.mark.parametrize(
    "line",
    [
        "Gender: female",
        "Nationality: French",
        "Date of birth: 1 January 1990",
        "Right to work in the UK",
        "Requires visa sponsorship",
        "Expected salary 60k",
        "Geburtsdatum: 1.1.1990",
        "Familienstand: ledig",
        "Permis de conduire B",
        "Security clearance: SC",
        "Married, two children",
    ],
)
def test_a_line_that_is_the_persons_alone_to_say_is_left_out(line: str) -> None:
    assert is_sensitive(line)
    assert redacted(f"Built engines.\n{line}\nRan them.", frozenset()) == "Built engines.\nRan them."


def test_private_words_are_left_out_wherever_they_stand() -> None:
    told = redacted("Ada Lovelace, 1 Hidden Street\nAdaptive systems in Canada", PRIVATE)
    assert told == f"{REDACTED} {REDACTED}, {REDACTED}\nAdaptive systems in Canada"


LONG = {
    "mail": "a." * 8_000,
    "digits": "1-" * 8_000,
    "dots": "a.b" * 8_000,
    "needs": "need " * 4_000,
    "years": "years of experience with " * 800,
}


@pytest.mark.parametrize("text", [*HOSTILE.values(), *LONG.values()], ids=[*HOSTILE, *LONG])
def test_no_text_takes_long_to_read(text: str) -> None:
    begun = time.process_time()
    redacted(text, PRIVATE)
    has_contact(text)
    for kind in QuestionKind:
        classify(text[:1000], ("Yes", "No"), kind, "gb")
    assert time.process_time() - begun < QUICK
