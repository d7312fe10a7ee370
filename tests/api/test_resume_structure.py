"""The structured form of a résumé: set and read by its owner alone."""

import pytest

from models.json_resume import JsonResume
from models.profile import resumes_of
from models.resume_rows import store_structured
from tests.api.application_scene import seal_of
from tests.api.client import Api, Person, assert_problem
from tests.models.resumes import ADA

STRUCTURED = ADA.model_dump(mode="json", by_alias=True)


async def resume_of(person: Person) -> dict[str, object]:
    """Return a person's only résumé as the list shows it."""
    listed: list[dict[str, object]] = (await person.get("/api/resumes/")).json()
    return listed[0]


async def path_of(person: Person) -> str:
    return f"/api/resumes/{(await resume_of(person))['id']}/structured"


async def test_a_structured_form_is_set_and_read(api: Api) -> None:
    person = await api.applicant()
    path = await path_of(person)
    assert (await resume_of(person))["is_structured"] is False
    assert_problem(await person.get(path), 404, "not-found")
    full = {**STRUCTURED, "meta": {"version": "v1"}, "references": [{"name": "x"}]}
    full["basics"] = {**STRUCTURED["basics"], "email": "ada@example.org"}
    put = await person.put(path, json=full)
    assert (put.status_code, put.json()) == (200, STRUCTURED)
    assert (await person.get(path)).json() == STRUCTURED
    assert (await resume_of(person))["is_structured"] is True


async def test_a_note_that_there_is_none_is_none(api: Api) -> None:
    person = await api.applicant()
    async with api.database.begin() as session:
        resume = (await session.exec(resumes_of(person.id))).one()
        store_structured(resume, None, await seal_of(api, person.id))
    assert (await resume_of(person))["is_structured"] is False
    assert_problem(await person.get(await path_of(person)), 404, "not-found")


async def test_another_persons_structured_form_is_not_there(api: Api) -> None:
    owner, other = await api.applicant(), await api.applicant()
    path = await path_of(owner)
    await owner.put(path, json=STRUCTURED)
    assert_problem(await other.get(path), 404, "not-found")
    assert_problem(await other.put(path, json=STRUCTURED), 404, "not-found")
    assert (await owner.get(path)).json() == STRUCTURED


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"meta": {}},
        {"work": [{"position": "x"}]},
        {"work": [{"name": "x", "startDate": "2020-13"}]},
        {"work": [{"name": "x", "startDate": "yesterday"}]},
        {"skills": [{"name": "a\u0000b"}]},
        {"skills": [{"name": "x" * 301}]},
        {"work": [{"name": "x"}] * 41},
        {"work": [{"name": "x", "highlights": ["x" * 4000] * 16}]},
        [],
    ],
)
async def test_an_odd_structured_form_is_refused(api: Api, document: object) -> None:
    person = await api.applicant()
    answer = await person.put(await path_of(person), json=document)
    assert answer.status_code == 422, answer.text
    assert (await resume_of(person))["is_structured"] is False


async def test_nothing_of_it_lies_open_in_the_database(api: Api) -> None:
    person = await api.applicant()
    await person.put(await path_of(person), json=STRUCTURED)
    stored = (await api.database.rows("SELECT resume::text AS row FROM resume", {}))[0]["row"]
    assert "Analytical" not in stored
    assert b"Analytical".hex() not in stored


def test_dates_that_are_empty_are_none() -> None:
    resume = JsonResume.model_validate({"work": [{"name": "x", "startDate": "2020", "endDate": ""}]})
    assert resume.work[0].end_date is None
