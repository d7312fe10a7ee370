"""Mass assignment: no request takes a field that its description does not name, at any depth."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.app import create_app
from models.profile import Preferences
from tests.api.client import Api, assert_problem
from tests.api.configured import settings_for

ANYTHING = "00000000-0000-7000-8000-000000000000"
JSON = "application/json"

OPEN = {
    *("JsonResume", "Basics", "Work", "Volunteer", "Education", "Skill"),
    *("Language", "Project", "Certificate", "Award", "Publication", "Interest"),
    *("PayloadsJson", "PayloadJson"),
}
"""Forms that are others' and open: what they add is left out.

A résumé in the JSON Resume schema, so that one from elsewhere can be brought (all of it is the person's own
text); and Temporal's payloads, to which its newer versions may add.
"""

FORBIDDEN = {
    "id": ANYTHING,
    "user_id": ANYTHING,
    "role": "admin",
    "state": "submitted",
    "score": 100,
    "created_at": "2020-01-01T00:00:00Z",
    "email_confirmed_at": "2020-01-01T00:00:00Z",
    "locked_at": None,
    "password_hash": "x",
    "run_id": "x",
    "__proto__": {"role": "admin"},
    "given": [],
}
"""Names of columns that are nobody's to set, with values that would fit."""


def schemas_in(part: object, schemas: dict[str, Any], seen: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a schema with its name, through all references, each once."""
    for each in part if isinstance(part, list) else [part]:
        if isinstance(each, dict):
            yield from _in_one(each, schemas, seen)


def _in_one(
    part: dict[str, Any], schemas: dict[str, Any], seen: set[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    name = str(part.get("$ref", "")).rpartition("/")[2]
    if name in seen:
        return
    if name:
        seen.add(name)
        part = schemas[name]
    if part.get("type") == "object" or "properties" in part:
        yield name, part
    for key, value in part.items():
        if key not in {"default", "examples", "additionalProperties"}:
            yield from schemas_in(list(value.values()) if key == "properties" else value, schemas, seen)


def bodies() -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Yield method, path and content of every request's body, and all schemas."""
    document = create_app(settings_for("postgresql://nobody@127.0.0.1:1/none")).openapi()
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            if "requestBody" in described:
                yield method, path, described["requestBody"]["content"], document["components"]["schemas"]


def test_every_body_of_the_document_refuses_unknown_fields_at_every_depth() -> None:
    found, seen = 0, set[str]()
    for method, path, content, schemas in bodies():
        for name, schema in schemas_in(content, schemas, seen):
            found += 1
            # a map takes any name, and values of one kind
            if name not in OPEN and schema.get("properties"):
                assert schema.get("additionalProperties") is False, (method, path, name or schema)
    assert found > 30
    assert seen >= OPEN, "an exception is no longer needed"


async def test_fields_that_are_nobodys_to_set_are_refused_by_every_route(api: Api) -> None:
    person = await api.administrator()
    asked = 0
    for method, path, content, schemas in bodies():
        if JSON not in content or next(schemas_in(content[JSON], schemas, set()))[0] in OPEN:
            continue
        named = {
            property_
            for _, schema in schemas_in(content[JSON], schemas, set())
            for property_ in schema.get("properties", {})
        }
        sent = {name: value for name, value in FORBIDDEN.items() if name not in named}
        vendor = {"vendor": "openai"} if "vendor" in named else {}
        url = re.sub(r"\{\w+\}", ANYTHING, path)
        answer = await person.request(method.upper(), url, json={**sent, **vendor})
        if answer.status_code in {403, 404, 422} and "errors" not in answer.json():
            # an id of another shape, or a word for one: never taken for the fields
            assert answer.status_code != 422, (method, path, answer.text)
            continue
        refused = {
            str(error["loc"][-1])
            for error in assert_problem(answer, 422, "invalid")["errors"]
            if error["type"] == "extra_forbidden"
        }
        assert refused >= set(sent), (method, path, answer.text)
        asked += 1
    assert asked > 20


async def test_what_is_nested_in_a_profile_takes_nothing_unknown_either(api: Api) -> None:
    person = await api.person()
    for body in (
        {"preferences": {"titels": ["Nurse"]}},
        {"preferences": {"work_authorisations": [{"country": "gb", "authorised": True, "visa": 1}]}},
        {"automation": {"min_scor": 1}},
        {"facts": {"demographics": {"religion": "x"}}},
        {"identity": {"first_name": "A", "last_name": "B", "email": "a@b.co", "role": "admin"}},
    ):
        problem = assert_problem(await person.patch("/api/profile/", json=body), 422, "invalid")
        assert "extra_forbidden" in {error["type"] for error in problem["errors"]}


@pytest.mark.parametrize("value", [0, 1, "yes", "false", "", [], None])
async def test_a_switch_takes_yes_or_no_and_nothing_that_may_mean_it(api: Api, value: object) -> None:
    admin = await api.administrator()
    assert_problem(await admin.put("/api/admin/applying", json={"paused": value}), 422, "invalid")
    body = {"facts": {"may_tell_current_pay": value}}
    assert_problem(await admin.patch("/api/profile/", json=body), 422, "invalid")


async def test_of_a_resume_from_elsewhere_only_what_is_known_is_kept(api: Api) -> None:
    person = await api.applicant()
    (resume,) = (await person.get("/api/resumes/")).json()
    foreign = {
        "$schema": "https://example.org/schema.json",
        "basics": {"label": "Engineer", "name": "Eve", "user_id": ANYTHING},
        "work": [{"name": "Acme", "x-role": "admin"}],
        "user_id": ANYTHING,
    }
    answer = await person.put(f"/api/resumes/{resume['id']}/structured", json=foreign)
    assert answer.status_code == 200, answer.text
    kept = json.dumps((await person.get(f"/api/resumes/{resume['id']}/structured")).json())
    assert "Acme" in kept
    assert not [word for word in ("Eve", "x-role", ANYTHING, "$schema") if word in kept]


def test_what_another_version_stored_can_still_be_read() -> None:
    stored = {"titles": ["Nurse"], "of_a_later_version": 1, "work_authorisations": []}
    assert Preferences.stored(stored).titles == ["Nurse"]


async def test_a_form_takes_nothing_beside_its_file(api: Api) -> None:
    person = await api.person()
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="' + name + b"\r\n\r\n" + value + b"\r\n"
        for name, value in ((b'file"; filename="cv.txt"', b"Ada, engineer"), (b'user_id"', ANYTHING.encode()))
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await person.post("/api/resumes/", content=parts + b"--x--\r\n", headers=headers)
    problem = assert_problem(answer, 422, "unprocessable")
    assert "nothing beside" in problem["detail"]
