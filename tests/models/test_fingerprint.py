"""What counts as one ad in several towns, and as one job when applying."""

import pytest

from models.fingerprint import content_key, fingerprint, normal_company, normal_title, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++ / C# Developer (m/w/d)", ["c++", "c#", "developer", "m", "w", "d"]),
        ("Ingénieur d'Études", ["ingenieur", "d", "etudes"]),
        ("Straße ÉCOLE", ["strasse", "ecole"]),
        ("データ engineer", ["テータ", "engineer"]),
        ("", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("title", "normal"),
    [
        ("Senior Python Developer", "python developer"),
        ("Développeur Python confirmé", "developpeur python"),
        ("Lead", "lead"),
        ("Junior Data Engineer II", "data engineer"),
    ],
)
def test_seniority_is_no_part_of_a_title_unless_nothing_else_is(title: str, normal: str) -> None:
    assert normal_title(title) == normal


@pytest.mark.parametrize(
    ("company", "normal"),
    [("Example Ltd.", "example"), ("Beispiel GmbH", "beispiel"), ("Co", "co"), (None, "")],
)
def test_a_legal_suffix_is_no_part_of_a_company_unless_nothing_else_is(
    company: str | None, normal: str
) -> None:
    assert normal_company(company) == normal


def key(title: str = "Data Engineer", company: str | None = "Example", place: str = "Leeds") -> str:
    """Return the fingerprint of a job in Britain."""
    return fingerprint(title, company, place, "gb", remote=False)


def test_one_job_worded_differently_is_one() -> None:
    assert key() == key("SENIOR data-engineer", "Example Ltd")


def test_sibling_jobs_in_other_towns_or_countries_differ() -> None:
    elsewhere = fingerprint("Data Engineer", "Example", "Leeds", "us", remote=False)
    assert len({key(), key(place="York"), elsewhere, key("Data Scientist"), key(company=None)}) == 5


def test_a_remote_job_is_one_wherever_it_is_advertised() -> None:
    places = {
        fingerprint("Data Engineer", "Example", place, "gb", remote=True) for place in ("Leeds", "York")
    }
    assert len(places) == 1
    assert key() not in places


def test_the_parts_of_a_key_cannot_run_into_each_other() -> None:
    assert key("Data", "Engineer Example") != key("Data Engineer", "Example")


def test_an_ad_in_several_towns_has_one_content() -> None:
    text = "We build pipelines. " * 20
    assert content_key("Data Engineer", "Example", text) == content_key("data  engineer", "Example Ltd", text)
    assert content_key("Data Engineer", "Example", text + "More.") == content_key(
        "Data Engineer", "Example", text
    )
    assert content_key("Data Engineer", "Example", "Other. " + text) != content_key(
        "Data Engineer", "Example", text
    )
