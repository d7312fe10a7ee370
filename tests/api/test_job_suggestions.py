"""Typing help for titles, companies and places, and the mending of words that no ad has."""

from typing import Any

import pytest

from models.base import now
from models.enums import TermKind
from models.search.typos import distance, mended
from models.term import COMMON_TITLE, Term, TermWord, normal_term
from tests.api.client import Api, Person, assert_problem, store

T = TermKind.TITLE


def term(shown: str, jobs: int = COMMON_TITLE, country: str = "gb", kind: TermKind = T) -> Term:
    """Return a name that so many jobs of a country use."""
    return Term(kind=kind, country=country, normal=normal_term(shown), shown=shown, jobs=jobs, seen_at=now())


def word(text: str, jobs: int = 10) -> TermWord:
    """Return a word that so many jobs use."""
    return TermWord(word=text, jobs=jobs, seen_at=now())


async def items(person: Person, text: str, kind: TermKind = T, **more: str) -> list[dict[str, Any]]:
    """Return what is suggested."""
    answer = await person.get("/api/jobs/suggestions", params={"kind": kind.value, "text": text, **more})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def suggested(person: Person, text: str, kind: TermKind = T, **more: str) -> list[str]:
    """Return the names that are suggested."""
    return [item["text"] for item in await items(person, text, kind, **more)]


def names() -> list[Term]:
    """Return names of each kind."""
    return [
        term("Engineering Manager", 50),
        term("Software Engineer", 90),
        term("Engineer", 70),
        term("Entwickler für C++", 5),
        term("Bengal cat keeper", 400),
        term("Junior Engineer (rare)", 1),
        term("Engels & Sons", 8, kind=TermKind.COMPANY),
        term("Łódź", 9, "pl", TermKind.PLACE),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("engi", ["Software Engineer", "Engineer", "Engineering Manager", "Junior Engineer (rare)"]),
        ("ENGINEERING  m", ["Engineering Manager"]),
        ("software eng", ["Software Engineer"]),
        ("fur", ["Entwickler für C++"]),
        ("c++", ["Entwickler für C++"]),
        ("b", ["Bengal cat keeper"]),
        ("j", ["Junior Engineer (rare)"]),
        ("%", []),
        ("_", []),
        ("n%", []),
        ("'; DROP TABLE term; --", []),
    ],
)
async def test_names_begin_with_the_text_or_have_a_word_that_does(
    api: Api, text: str, expected: list[str]
) -> None:
    person = await api.person()
    await store(api.database, *names())
    assert await suggested(person, text) == expected


async def test_each_kind_has_its_own_names(api: Api) -> None:
    person = await api.person()
    await store(api.database, *names())
    assert await suggested(person, "eng", TermKind.COMPANY) == ["Engels & Sons"]
    assert await suggested(person, "lodz", TermKind.PLACE) == ["Łódź"]
    assert await suggested(person, "łó", TermKind.PLACE) == ["Łódź"]


async def test_jobs_of_all_countries_are_counted_together_or_those_of_one(api: Api) -> None:
    person = await api.person()
    await store(
        api.database,
        term("Chef", 10, "gb"),
        term("CHEF", 20, "de"),
        # rare here, and part of the sum all the same
        term("chef", 1, "fr"),
        term("Chef de partie", 25, "fr"),
    )
    assert await items(person, "chef") == [
        {"text": "CHEF", "country": None, "jobs": 31},
        {"text": "Chef de partie", "country": "fr", "jobs": 25},
    ]
    assert await items(person, "chef", country="FR") == [
        {"text": "Chef de partie", "country": "fr", "jobs": 25},
        {"text": "chef", "country": "fr", "jobs": 1},
    ]
    assert await items(person, "chef", country="nl") == []


async def test_at_most_ten_are_suggested_those_of_the_most_jobs(api: Api) -> None:
    person = await api.person()
    await store(api.database, *(term(f"Nurse {n}", n) for n in range(1, 25)))
    assert await suggested(person, "nurse") == [f"Nurse {n}" for n in range(24, 14, -1)]


@pytest.mark.parametrize(
    "text", ["enginer", "enigneer", "sofware enginer", "engineer software", "softwar engneer"]
)
async def test_what_is_mistyped_is_understood(api: Api, text: str) -> None:
    person = await api.person()
    await store(
        api.database,
        term("Software Engineer"),
        term("Nurse"),
        word("software"),
        word("engineer"),
        word("nurse"),
    )
    assert await suggested(person, text) == ["Software Engineer"]


async def test_also_what_one_job_alone_is_called_is_understood(api: Api) -> None:
    person = await api.person()
    await store(api.database, term("Glassblower", 1), word("glassblower", 1))
    assert await suggested(person, "glasblower") == ["Glassblower"]
    assert await suggested(person, "carpenter") == []
    assert await suggested(person, "glass blower") == ["Glassblower"]


async def test_what_begins_so_comes_before_what_is_like_it(api: Api) -> None:
    person = await api.person()
    await store(
        api.database, term("Marketeer", 900), term("Market researcher", 4), word("market"), word("marketeer")
    )
    assert await suggested(person, "market r") == ["Market researcher", "Marketeer"]
    assert await suggested(person, "marketr") == ["Marketeer", "Market researcher"]
    assert await suggested(person, "marke") == ["Marketeer", "Market researcher"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "salary"),
        ("text", ""),
        ("text", "  "),
        ("text", "x" * 101),
        ("text", "a\0b"),
        ("country", "xx"),
        ("limit", "3"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(api: Api, name: str, value: str) -> None:
    person = await api.person()
    parameters: dict[str, str | int | bool] = {"kind": "title", "text": "x", name: value}
    problem = assert_problem(await person.get("/api/jobs/suggestions", params=parameters), 422, "invalid")
    assert problem["errors"][0]["loc"] == ["query", name]


async def test_nobody_asks_without_a_token(api: Api) -> None:
    answer = await api.http.get("/api/jobs/suggestions", params={"kind": "title", "text": "x"})
    assert_problem(answer, 401, "unauthenticated")


WORDS = {
    "python": 500,
    "java": 400,
    "jazz": 1,
    "engineer": 900,
    "engineers": 20,
    "manager": 700,
    "london": 300,
}
WORDS |= {"nurse": 200, "munchen": 50, "kubernetes": 30, "senior": 800}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pyhton", "python"),
        ("Pyhton Enginer", "python engineer"),
        ("jvaa", "java"),
        ("nruse in lodnon", "nurse in london"),
        ("kubernets", "kubernetes"),
        ("Müncen", "munchen"),
        ('"senoir python"', '"senior python"'),
        ("-mangaer, engineer", "-manager, engineer"),
        # nothing to mend, or nothing that it could mean
        ("python engineer", None),
        ("PYTHON", None),
        ("jva", None),
        ("py2hton 1234567", None),
        ("zebra crossing", None),
        ("c++", None),
        ("", None),
        ("enginer " * 9, "engineer " * 9),
        ("one two three four five six seven eight nine " * 2, None),
        ("x" * 100, None),
    ],
)
async def test_unknown_words_are_mended_and_nothing_else(api: Api, text: str, expected: str | None) -> None:
    await store(api.database, *(word(text, jobs) for text, jobs in WORDS.items()))
    assert await mended(api.database, text) == expected


async def test_of_words_as_near_the_most_frequent_one_is_meant(api: Api) -> None:
    await store(api.database, word("baker", 3), word("maker", 80), word("lakers", 900))
    assert await mended(api.database, "faker") == "maker"


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [("same", "same", 0), ("", "abc", 3), ("abc", "", 3), ("abcd", "acbd", 1), ("kitten", "sitting", 3)],
)
def test_mistakes_are_counted(one: str, other: str, mistakes: int) -> None:
    assert distance(one, other) == mistakes
