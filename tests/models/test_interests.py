"""By which words a job finds the people who look for its title, and for others of the same work."""

import pytest

from models.interests import INTERESTS_MAX, interests_of


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


def titles_of(titles: list[str], countries: list[str]) -> list[str]:
    """Return the titles that a person is found by."""
    return [title for title, _, _ in interests_of(titles, countries)]


def test_other_titles_for_the_same_work_find_a_person_too() -> None:
    found = titles_of(["Registered Nurse"], ["gb"])
    assert found[0] == "registered nurse"
    assert {"nurse", "rgn"} <= set(found)
    # whatever has these words has the one word too
    assert "staff nurse" not in found
    assert not {"krankenpfleger", "infirmier"} & set(found)


def test_titles_are_looked_for_in_the_languages_of_the_countries() -> None:
    assert {"cariste", "forklift operator"} <= set(titles_of(["Forklift Driver"], ["fr"]))
    assert {"krankenpfleger", "infirmier", "nurse"} <= set(titles_of(["Nurse"], ["ch"]))
    assert {"krankenpfleger", "pflegefachfrau"} <= set(titles_of(["Krankenschwester"], []))
    assert "nurse" not in titles_of(["Krankenschwester"], [])


def test_narrower_work_belongs_to_wider_work_and_not_the_other_way() -> None:
    assert "backend developer" in titles_of(["Software Engineer"], ["gb"])
    assert "software engineer" not in titles_of(["Backend Developer"], ["gb"])


def test_of_titles_for_the_same_work_no_word_is_left_out() -> None:
    found = titles_of(["Software Engineer"], ["gb"])
    assert "tech lead" in found
    assert "tech" not in found


def test_what_is_too_common_or_unknown_adds_nothing() -> None:
    assert "developer" not in titles_of(["Software Engineer"], ["gb"])
    assert titles_of(["Beekeeper"], ["gb"]) == ["beekeeper"]
    assert titles_of([], ["gb"]) == []


def test_nobody_is_found_by_too_many() -> None:
    many = [
        "Software Engineer",
        "Nurse",
        "Accountant",
        "Chef",
        "Teacher",
        "Electrician",
        "Sales Manager",
        "Cleaner",
    ]
    found = interests_of(many, ["ch", "be", "pl", "es", "br"])
    assert len(found) == INTERESTS_MAX
    assert {title.lower() for title in many} <= {title for title, _, _ in found}
