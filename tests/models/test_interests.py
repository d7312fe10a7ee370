"""By which word a job finds the people who look for its title."""

import pytest

from models.interests import interests_of


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        (["Senior Data Engineer"], [("data engineer", "data", ["data", "engineer"])]),
        (["Engineer"], [("engineer", "engineer", ["engineer"])]),
        (["Software Engineer"], [("software engineer", "software", ["software", "engineer"])]),
        (
            ["Backend Developer Kotlin"],
            [("backend developer kotlin", "backend", ["backend", "developer", "kotlin"])],
        ),
        (["Ingénieur Réseaux"], [("ingenieur reseaux", "reseaux", ["ingenieur", "reseaux"])]),
        (["cook", "Cook", "Junior COOK"], [("cook", "cook", ["cook"])]),
        (["data data"], [("data data", "data", ["data"])]),
        (["(.*)", "%", ""], []),
        (["Lead"], [("lead", "lead", ["lead"])]),
    ],
)
def test_a_title_is_found_by_its_rarest_word(
    titles: list[str], found: list[tuple[str, str, list[str]]]
) -> None:
    assert interests_of(titles) == found
