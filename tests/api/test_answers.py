"""The answer bank: one answer a topic and scope, sealed, with where it came from; and approved topics."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from models.answer import Answer, ApprovedTopic
from models.answer_bank import ELSEWHERE, scope_of, write_value
from models.answering_enums import AnswerProvenance, QuestionKind, Topic
from models.base import now
from models.database import seal_of
from models.topics.classify import classify
from tests.api.client import Api, Person, assert_problem, store

T = Topic

BANK = "/api/answers/"


async def put(person: Person, **body: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """Put an answer that is taken, and return it."""
    answer = await person.request("PUT", BANK, json=body)
    assert answer.status_code == 200, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


@pytest.mark.parametrize(
    "value", ["Two words", "日本\nline", True, False, 0, 12, 7.5, ["a", "b"], "true", "13"]
)
async def test_an_answer_is_kept_as_it_was_given(api: Api, value: object) -> None:
    person = await api.person()
    kept = await put(person, topic="how_heard", value=value)
    assert (kept["topic"], kept["scope"], kept["provenance"]) == ("how_heard", "", "person")
    assert kept["value"] == value
    assert type(kept["value"]) is type(value)
    assert (await person.get(BANK)).json() == [kept]


async def test_an_answer_takes_the_place_of_an_earlier_one_to_the_same_topic_and_scope(api: Api) -> None:
    person = await api.person()
    first = await put(person, topic="years_with", scope="Python", value=3)
    second = await put(person, topic="years_with", scope=" python ", value=4)
    other = await put(person, topic="years_with", scope="C++", value=5)
    assert second["id"] == first["id"] != other["id"]
    assert second["created_at"] == first["created_at"]
    assert second["updated_at"] > first["updated_at"]
    listed = (await person.get(BANK)).json()
    assert [(each["scope"], each["value"]) for each in listed] == [("c++", 5), ("python", 4)]


async def test_first_answers_at_once_make_one(api: Api) -> None:
    person = await api.person()
    await asyncio.gather(*(put(person, topic="relocation", value=bool(n % 2)) for n in range(6)))
    assert len((await person.get(BANK)).json()) == 1


async def test_the_list_is_narrowed_to_a_topic(api: Api) -> None:
    person = await api.person()
    await put(person, topic="relocation", value=True)
    await put(person, topic="sponsorship", scope="de", value=False)
    await put(person, topic="sponsorship", scope="GB", value=True)
    found = (await person.get(BANK, params={"topic": "sponsorship"})).json()
    assert [each["scope"] for each in found] == ["de", "gb"]
    assert_problem(await person.get(BANK, params={"topic": "hobbies"}), 422, "invalid")


@pytest.mark.parametrize(
    ("topic", "scope", "kept"),
    [
        (T.WORK_AUTHORISATION, "GB", "gb"),
        (T.WORK_AUTHORISATION, "Germany", "de"),
        (T.SPONSORSHIP, "Ireland", "ie"),
        (T.SALARY_EXPECTATION, "gb", "gb"),
        (T.SALARY_EXPECTATION, "GB/GBP/year", "gb"),
        (T.SALARY_EXPECTATION, "gb / month / USD", "gb/usd/month"),
        (T.YEARS_WITH, "Node.JS", "node js"),
        (T.LANGUAGE_LEVEL, "Deutsch", "german"),
        (T.LANGUAGE_LEVEL, "Klingon", "klingon"),
        (T.NOTICE_PERIOD, "", ""),
        (T.NOTICE_PERIOD, "Weeks", "weeks"),
        (T.ONSITE_DAYS_OK, "3", "3"),
        (T.RELOCATION, " ", ""),
    ],
)
async def test_a_scope_is_kept_in_one_form(api: Api, topic: Topic, scope: str, kept: str) -> None:
    person = await api.person()
    assert (await put(person, topic=topic, scope=scope, value="x"))["scope"] == kept


@pytest.mark.parametrize(
    ("topic", "scope"),
    [
        (T.WORK_AUTHORISATION, ""),
        (T.WORK_AUTHORISATION, "Atlantis"),
        (T.WORK_AUTHORISATION, "Germany and France"),
        (T.SPONSORSHIP, "g"),
        (T.SALARY_EXPECTATION, ""),
        (T.SALARY_EXPECTATION, "usd"),
        (T.SALARY_EXPECTATION, "gb/fortnight"),
        (T.SALARY_EXPECTATION, "gb/usd/eur"),
        (T.YEARS_WITH, "?!"),
        (T.LANGUAGE_LEVEL, ""),
        (T.NOTICE_PERIOD, "years"),
        (T.ONSITE_DAYS_OK, "8"),
        (T.RELOCATION, "gb"),
        (T.YEARS_WITH, "x" * 81),
    ],
)
async def test_a_scope_that_makes_no_sense_is_refused(api: Api, topic: Topic, scope: str) -> None:
    person = await api.person()
    answer = await person.request("PUT", BANK, json={"topic": topic, "scope": scope, "value": "x"})
    problem = assert_problem(answer, 422, "invalid")
    assert [each["loc"] for each in problem["errors"]] == [["body", "scope"]]
    assert (await person.get(BANK)).json() == []


async def test_a_scope_that_is_needed_and_left_out_is_asked_for(api: Api) -> None:
    person = await api.person()
    answer = await person.request("PUT", BANK, json={"topic": "work_authorisation", "value": True})
    assert assert_problem(answer, 422, "invalid")["errors"][0]["loc"] == ["body", "scope"]


@pytest.mark.parametrize(
    ("label", "kind", "topic", "scope"),
    [
        ("Are you authorised to work in Germany?", QuestionKind.BOOLEAN, T.WORK_AUTHORISATION, "de"),
        ("Are you legally authorised to work in this country?", QuestionKind.BOOLEAN, None, "United Kingdom"),
        ("How many years of experience do you have with Node.js?", QuestionKind.NUMBER, None, "Node.js"),
        ("What is your level of German?", QuestionKind.TEXT, T.LANGUAGE_LEVEL, "German"),
        ("What is your desired salary?", QuestionKind.TEXT, T.SALARY_EXPECTATION, "GB"),
        ("Desired monthly salary in USD", QuestionKind.TEXT, T.SALARY_EXPECTATION, "gb/usd/month"),
    ],
)
def test_the_banks_scope_is_the_one_that_questions_have(
    label: str, kind: QuestionKind, topic: Topic | None, scope: str
) -> None:
    found = classify(label, ["Yes", "No"] if kind is QuestionKind.BOOLEAN else [], kind, "gb")
    assert found.topic is not None
    assert topic in {None, found.topic}
    assert scope_of(found.topic, scope) == found.scope


@pytest.mark.parametrize("topic", ELSEWHERE)
async def test_what_has_its_own_place_is_refused_and_the_place_is_told(api: Api, topic: Topic) -> None:
    person = await api.person()
    answer = await person.request("PUT", BANK, json={"topic": topic, "value": "canary"})
    (error,) = assert_problem(answer, 422, "invalid")["errors"]
    assert error["loc"] == ["body", "topic"]
    assert ELSEWHERE[topic] in error["msg"]
    assert "canary" not in answer.text


@pytest.mark.parametrize("topic", [T.WHY_COMPANY, T.WHY_ROLE, T.PREVIOUSLY_EMPLOYED_HERE, T.REFERRAL])
async def test_what_is_true_of_one_employer_is_not_kept_for_another(api: Api, topic: Topic) -> None:
    person = await api.person()
    answer = await person.request("PUT", BANK, json={"topic": topic, "value": "x"})
    assert "employer" in assert_problem(answer, 422, "invalid")["errors"][0]["msg"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        None,
        [],
        [""],
        {"a": 1},
        "x" * 20_001,
        ["x"] * 51,
        "a\0b",
        10**13,
        [1],
        -1e13,
    ],
)
async def test_a_value_that_makes_no_sense_is_refused(api: Api, value: object) -> None:
    person = await api.person()
    answer = await person.request("PUT", BANK, json={"topic": "how_heard", "value": value})
    assert_problem(answer, 422, "invalid")


async def test_numbers_that_are_none_are_refused(api: Api) -> None:
    person = await api.person()
    for word in ("NaN", "Infinity", "1e999"):
        content = f'{{"topic": "how_heard", "value": {word}}}'.encode()
        headers = {"Content-Type": "application/json"}
        answer = await person.request("PUT", BANK, content=content, headers=headers)
        assert answer.status_code in {400, 422}, answer.text


async def test_an_answer_that_is_changed_is_the_persons_own(api: Api) -> None:
    person = await api.person()
    answer = Answer(
        user_id=person.id,
        topic=T.WHY_ROLE,
        provenance=AnswerProvenance.APPROVED_DRAFT,
        value_sealed=b"",
    )
    async with api.database.begin() as session:
        seal = await seal_of(session, api.context.keys, person.id)
        write_value(answer, "drafted", AnswerProvenance.APPROVED_DRAFT, seal)
        session.add(answer)
    (listed,) = (await person.get(BANK)).json()
    assert (listed["value"], listed["provenance"]) == ("drafted", "approved_draft")
    changed = (await person.patch(f"{BANK}{answer.id}", json={"value": "mine"})).json()
    assert (changed["value"], changed["provenance"]) == ("mine", "person")
    assert changed["updated_at"] > listed["updated_at"]


async def test_a_deleted_answer_is_gone(api: Api) -> None:
    person = await api.person()
    kept = await put(person, topic="relocation", value=True)
    assert (await person.request("DELETE", f"{BANK}{kept['id']}")).status_code == 204
    assert (await person.get(BANK)).json() == []
    assert_problem(await person.request("DELETE", f"{BANK}{kept['id']}"), 404, "not-found")
    assert_problem(await person.patch(f"{BANK}{uuid4()}", json={"value": "x"}), 404, "not-found")


async def test_answers_are_their_persons_alone_and_do_not_lie_open(api: Api) -> None:
    owner, other = await api.person(), await api.person()
    kept = await put(owner, topic="health", value="canary")
    assert (await other.get(BANK)).json() == []
    path = f"{BANK}{kept['id']}"
    assert_problem(await other.patch(path, json={"value": "x"}), 404, "not-found")
    assert_problem(await other.request("DELETE", path), 404, "not-found")
    assert_problem(await api.http.get(BANK), 401, "unauthenticated")
    (row,) = await api.database.rows("SELECT answer::text AS row FROM answer", {})
    assert "canary" not in row["row"]
    assert b"canary".hex() not in row["row"]


async def test_an_approved_topic_is_listed_and_can_be_taken_back(api: Api) -> None:
    person, other = await api.person(), await api.person()
    for topic in (T.WHY_ROLE, T.HARDEST_PROBLEM):
        await store(api.database, ApprovedTopic(user_id=person.id, topic=topic, approved_at=now()))
    path = f"{BANK}approved-topics"
    listed = (await person.get(path)).json()
    assert [each["topic"] for each in listed] == ["hardest_problem", "why_role"]
    assert (await other.get(path)).json() == []
    assert_problem(await other.request("DELETE", f"{path}/why_role"), 404, "not-found")
    assert (await person.request("DELETE", f"{path}/why_role")).status_code == 204
    assert [each["topic"] for each in (await person.get(path)).json()] == ["hardest_problem"]
    assert_problem(await person.request("DELETE", f"{path}/why_role"), 404, "not-found")
    assert_problem(await person.request("DELETE", f"{path}/nonsense"), 422, "invalid")


async def test_the_bank_has_a_limit(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.answers.ANSWERS_MAX", 2)
    person = await api.person()
    for skill in ("python", "go"):
        await put(person, topic="years_with", scope=skill, value=1)
    body = {"topic": "years_with", "scope": "rust", "value": 1}
    assert_problem(await person.request("PUT", BANK, json=body), 409, "conflict")
    # an answer that is there already can still be changed
    await put(person, topic="years_with", scope="go", value=2)
