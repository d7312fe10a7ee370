"""The words of a search: languages, phrases, exclusions, stop words, typos, and whatever else is written."""

from datetime import timedelta

import pytest

from models.base import now
from models.term import TermWord
from tests.api.client import Api, Person, assert_problem, job_with, store

HOUR = timedelta(hours=1)


async def found(person: Person, **filters: str | int | bool) -> list[str]:
    """Return the titles that a search finds, in their order."""
    answer = await person.get("/api/jobs/", params=filters)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


MARKET = [
    job_with(title="Senior Python Developer", description="You write tests for a café.", posted_at=now()),
    job_with(title="Nurse", description="Python is a plus. Machine learning too.", company="Care & Co"),
    job_with(title="Full-stack engineer (C++/C#)", description="Machine tools. Learning on the job."),
    job_with(title="The Manager", description="Engineering of bridges."),
    job_with(
        title="Softwareentwickler (m/w/d)",
        description="Sie entwickeln und testen Häuser.",
        country="de",
        currency="EUR",
        location="München",
        area=["Deutschland", "München"],
    ),
    job_with(
        title="Van driver",
        description="Deliveries.",
        country="nl",
        currency="EUR",
        location="Utrecht",
        area=["NL"],
    ),
]


@pytest.fixture
async def person(api: Api) -> Person:
    """Somebody who searches a small market."""
    moment = now()
    for age, job in enumerate(MARKET):
        job.posted_at = moment - age * HOUR
    await store(api.database, *(job_with(**job.model_dump(exclude={"id"})) for job in MARKET))
    return await api.person()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("python", {"Senior Python Developer", "Nurse"}),
        ("PYTHON developers", {"Senior Python Developer"}),
        ("writing", {"Senior Python Developer"}),
        ("cafe", {"Senior Python Developer"}),
        ("python -nurse", {"Senior Python Developer"}),
        ("python -senior", {"Nurse"}),
        ('"machine learning"', {"Nurse"}),
        ("machine learning", {"Nurse", "Full-stack engineer (C++/C#)"}),
        ("nurse OR driver", {"Nurse", "Van driver"}),
        ("full stack", {"Full-stack engineer (C++/C#)"}),
        ("full-stack", {"Full-stack engineer (C++/C#)"}),
        ("c++", {"Full-stack engineer (C++/C#)"}),
        ("c#", {"Full-stack engineer (C++/C#)"}),
        ("haus", {"Softwareentwickler (m/w/d)"}),
        ("muenchen", set()),
        ("munchen", {"Softwareentwickler (m/w/d)"}),
        ("nurse london", {"Nurse"}),
        ("care", {"Nurse"}),
        ("the engineer", {"Full-stack engineer (C++/C#)", "The Manager"}),
        ("the", {"The Manager"}),
        ("van driver", {"Van driver"}),
        ("car driver", set()),
        ("und testen", {"Softwareentwickler (m/w/d)"}),
        ("& python !", {"Senior Python Developer", "Nurse"}),
        ("&", set()),
        ("-python -driver -manager -stack", {"Softwareentwickler (m/w/d)"}),
    ],
)
async def test_words_find_what_they_mean(person: Person, query: str, expected: set[str]) -> None:
    assert set(await found(person, q=query)) == expected


async def test_words_go_with_all_other_filters(person: Person) -> None:
    assert await found(person, q="python", title="nurse") == ["Nurse"]
    assert await found(person, q="python", country="de") == []
    assert await found(person, q="entwickler", country="de") == []
    assert await found(person, q="entwickeln", country="de") == ["Softwareentwickler (m/w/d)"]
    assert await found(person, q="python", remote=True) == []
    assert len(await found(person, q="python", remote=False)) == 2


async def test_a_word_in_the_title_is_worth_more_than_one_in_the_text(person: Person) -> None:
    assert await found(person, q="python") == ["Senior Python Developer", "Nurse"]
    assert await found(person, q="engineering") == ["Full-stack engineer (C++/C#)", "The Manager"]
    assert await found(person, q="python", sort="newest") == ["Senior Python Developer", "Nurse"]


async def test_of_equal_jobs_the_newer_one_is_more_relevant(api: Api) -> None:
    person = await api.person()
    ages = [40, 0, 10]
    await store(
        api.database, *(job_with(title=f"Cook {age}", posted_at=now() - timedelta(days=age)) for age in ages)
    )
    assert await found(person, q="cook") == ["Cook 0", "Cook 10", "Cook 40"]


async def test_pages_by_relevance_follow_each_other_also_while_jobs_come_in(api: Api) -> None:
    person = await api.person()
    jobs = [job_with(title=f"Cook {n}", posted_at=now() - n * HOUR) for n in range(7)]
    await store(api.database, *jobs)
    seen: list[str] = []
    parameters: dict[str, str | int | bool] = {"q": "cook", "limit": 3}
    for _ in range(3):
        page = (await person.get("/api/jobs/", params=parameters)).json()
        seen += [item["title"] for item in page["items"]]
        parameters["cursor"] = page["next_cursor"] or ""
        await store(api.database, job_with(title="Cook of cooks"))
    assert seen == [f"Cook {n}" for n in range(7)]
    assert parameters["cursor"] == ""


async def test_a_mistyped_word_is_mended_and_the_answer_says_so(person: Person) -> None:
    words = [TermWord(word=word, jobs=2, seen_at=now()) for word in ("python", "developer", "nurse")]
    await store(person.api.database, *words)
    page = (await person.get("/api/jobs/", params={"q": "pyhton developer", "limit": 1})).json()
    assert [item["title"] for item in page["items"]] == ["Senior Python Developer"]
    assert page["corrected"] == "python developer"
    page = (await person.get("/api/jobs/", params={"title": "nusre"})).json()
    assert ([item["title"] for item in page["items"]], page["corrected"]) == (["Nurse"], "nurse")


async def test_a_mended_search_has_a_second_page(api: Api) -> None:
    person = await api.person()
    await store(api.database, TermWord(word="nurse", jobs=2, seen_at=now()))
    await store(api.database, *(job_with(title="Nurse") for _ in range(3)))
    first = (await person.get("/api/jobs/", params={"title": "nusre", "limit": 2})).json()
    behind = {"title": "nusre", "limit": 2, "cursor": first["next_cursor"]}
    second = (await person.get("/api/jobs/", params=behind)).json()
    assert len({item["id"] for item in (*first["items"], *second["items"])}) == 3


async def test_nothing_is_mended_where_something_is_found_or_nothing_is_near(person: Person) -> None:
    await store(person.api.database, TermWord(word="python", jobs=2, seen_at=now()))
    for query in ("testing", "xqzwvy", "python xqzwvy"):
        assert (await person.get("/api/jobs/", params={"q": query})).json()["corrected"] is None


HOSTILE = [
    "' OR 1=1 --",
    "');DROP TABLE job;--",
    "a' & 'b",
    "a | b & !c <-> d:*A",
    "\\",
    "\\'\\\\''",
    "'''':*",
    "%s %(me)s {j} {{}}",
    "$1 $$ $tag$",
    "(((((((",
    '"""""',
    '-"-"-',
    "- - - OR OR",
    "::tsquery",
    "x" * 300,
    "é" * 300,
    "\u202eesreveR\u202c عربي עברית",
    "👩‍👩‍👧 🏳️‍🌈",
    "漢字 かな 한국어",
    "a\u0301\u0301\u0301",
    "\ufeff\u200b",
    "=gb ~python '=remote'",
    "http://a.b/c?d=e&f='g' x@y.zz 1.2.3 -5e10 /etc/passwd <b>bold</b> &amp;",
    "\ufb01 \u00df \u0130 \u0131 \u01c6",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["q", "title", "company", "location", "category"])
async def test_whatever_is_written_is_answered(person: Person, name: str, text: str) -> None:
    answer = await person.get("/api/jobs/", params={name: text, "count": True, "facets": True})
    assert answer.status_code in {200, 422}, answer.text
    for country in ("gb", "pl"):
        again = await person.get("/api/jobs/", params={name: text, "country": country})
        assert again.status_code == answer.status_code


@pytest.mark.parametrize("text", ["a\0b", "x" * 10_000, "a\nb", "a\ud800b", "a " * 100])
@pytest.mark.parametrize("name", ["q", "title", "company", "location", "category", "near", "cursor"])
async def test_what_no_ad_can_hold_is_refused(person: Person, name: str, text: str) -> None:
    if name == "category" and text == "a " * 100:
        text = "a " * 500
    path = (
        "/api/jobs/?" + name + "=" + "".join(f"%{byte:02x}" for byte in text.encode(errors="surrogatepass"))
    )
    answer = await person.get(path)
    if "\ud800" in text and answer.status_code == 200:
        # what is no UTF-8 was replaced before it reached us
        return
    assert_problem(answer, 422, "invalid")


async def test_an_ad_cannot_pass_for_what_it_is_not(api: Api) -> None:
    person = await api.person()
    await store(api.database, job_with(title="=remote ~nurse =de", description="'=remote' =it-jobs ~nurse"))
    assert await found(person, title="nurse", remote=True) == []
    assert await found(person, q="nurse", country="de") == []
