"""The sentences that say why a job fits: made of the evidence, and of nothing else."""

import pytest

from models.match.score import Component
from models.match_words import listed, why


def part(
    name: str, score: int | None, evidence: list[str], missing: list[str] | None = None, weight: int = 10
) -> Component:
    """Return a component."""
    return Component(name=name, weight=weight, score=score, evidence=evidence, missing=missing or [])


@pytest.mark.parametrize(
    ("component", "sentences"),
    [
        (part("skills", 50, ["python", "sql"]), ["It asks for what you know: python and sql."]),
        (part("skills", 0, [], ["scala"]), ["It also asks for scala."]),
        (part("title", 100, ["data", "engineer"]), ["Its title is one that you look for: data engineer."]),
        (
            part("title", 85, ["software_developer"]),
            ["Its title is one that you look for: software developer."],
        ),
        (part("title", 20, ["data"]), ["Its title has something of what you look for: data."]),
        (part("experience", 100, ["senior"]), ["Your experience fits: senior."]),
        (part("experience", 20, ["senior"], ["9 years"]), ["It asks for another experience: 9 years."]),
        (part("location", 100, ["remote"]), ["It can be done from home."]),
        (part("location", 40, ["willing to relocate"], ["Leeds"]), ["You are willing to move for it."]),
        (part("location", 80, ["gb"]), ["It is in a country that you look for work in."]),
        (
            part("location", 90, ["Leeds, UK", "12 km from york"]),
            ["It is where you look for work: Leeds, UK, 12 km from york."],
        ),
        (part("pay", 100, ["60000 GBP"]), ["The employer offers at least what you aim at: 60000 GBP."]),
        (
            part("pay", 60, ["50000 GBP"], ["60000 a year"]),
            [
                "The employer offers at least the least that you ask for: 50000 GBP.",
                "It does not say to pay 60000 a year.",
            ],
        ),
        (part("pay", None, [], ["your pay"]), []),
        (part("extras", 100, ["posted 0 days ago"]), []),
        (part("unheard of", 100, ["x"], ["y"]), []),
    ],
)
def test_a_component_is_said_in_words(component: Component, sentences: list[str]) -> None:
    assert why([component]) == sentences


def test_the_weightiest_comes_first_and_one_sentence_speaks_against() -> None:
    said = why(
        [
            part("pay", 100, ["60000 GBP"]),
            part("skills", 60, ["python"], ["scala", "kafka"], weight=30),
            part("experience", 0, [], ["9 years"], weight=20),
        ]
    )
    assert said == [
        "It asks for what you know: python.",
        "The employer offers at least what you aim at: 60000 GBP.",
        "It asks for another experience: 9 years.",
    ]


def test_a_long_list_says_how_much_more_there_is() -> None:
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 more"
    assert listed(["a"]) == "a"
