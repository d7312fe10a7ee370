"""The matrix of rights: every route of the document, asked by everybody there is.

What is expected of each route stands in tests/api/matrix/of_*.py; a route of which nothing is expected fails.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from starlette.routing import Mount, Route
from uuid_utils.compat import uuid7

from api.app import create_app
from api.problems import ERRORS_MAX
from models.tables import all_tables
from tests.api.application_scene import seal_of
from tests.api.configured import settings_for
from tests.api.matrix.asking import ask, fingerprint, row_ids
from tests.api.matrix.expected import Access, Expected, constant
from tests.api.matrix.routes import EXPECTATIONS, UNDESCRIBED, WHERE, Operation, faults_of, operations_of
from tests.api.matrix.world import REASON, Asker, World, refusals, world_at
from tests.servers import Postgres, terminate_all

pytestmark = pytest.mark.asyncio(loop_scope="module")

APP = create_app(settings_for("postgresql://nobody@127.0.0.1:1/none"))
OPERATIONS = operations_of(APP.openapi())
KNOWN = [each for each in OPERATIONS if str(each) in EXPECTATIONS]
GUARDED = [each for each in KNOWN if EXPECTATIONS[str(each)].access is not Access.PUBLIC]
PERSONAL = [each for each in GUARDED if EXPECTATIONS[str(each)].access is not Access.ADMIN]
NAMING = [each for each in KNOWN if each.ids]

WRITING = [each for each in KNOWN if each.fields and not EXPECTATIONS[str(each)].is_open]

UNREAD = {404, 405, 422}
"""What is no id is refused as one, or is no part of any address."""

MALFORMED = ("null", "%2E%2E%2Fx", "%00", "1' OR '1'='1", f"{uuid4()}0", "\u0660" * 32)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(postgres: Postgres, temporal_process: str) -> AsyncIterator[World]:
    """Everybody and everything, once for all operations."""
    with postgres.database() as url:
        async with world_at(url, temporal_process) as world:
            yield world
    await terminate_all(temporal_process)


async def test_every_route_has_an_expectation() -> None:
    assert faults_of(APP.openapi(), EXPECTATIONS) == []


async def test_no_route_is_kept_out_of_the_document() -> None:
    served = {
        getattr(each, "path_format", each.path) for each in APP.routes if isinstance(each, Route | Mount)
    }
    described = {each.path for each in OPERATIONS}
    assert served - described == UNDESCRIBED


async def test_a_new_route_is_told_where_its_expectation_belongs() -> None:
    document: dict[str, Any] = {"paths": {"/api/new/": {"get": {}}}}
    assert faults_of(document, {}) == [f"GET /api/new/ has no expectation: {WHERE}."]
    assert faults_of({"paths": {}}, {"GET /api/old/": Expected(Access.PUBLIC, 200)}) == [
        "GET /api/old/ is expected and does not exist: take it out."
    ]


@pytest.mark.parametrize("operation", GUARDED, ids=str)
async def test_who_is_not_let_in_is_refused_and_changes_nothing(world: World, operation: Operation) -> None:
    expected = EXPECTATIONS[str(operation)]
    person, ids = await world.made(expected)
    askers = await world.kept_out(expected)
    before = await fingerprint(world.api.database, person.id)
    answers: dict[str, int] = {}
    for asker, headers in askers.items():
        answers[asker] = (await ask(world.api.http, operation, expected, headers, ids)).status
    assert answers == refusals(expected)
    assert await fingerprint(world.api.database, person.id) == before


@pytest.mark.parametrize("operation", PERSONAL, ids=str)
async def test_whose_it_is_not_finds_nothing_and_changes_nothing(world: World, operation: Operation) -> None:
    expected = EXPECTATIONS[str(operation)]
    person, ids = await world.made(expected)
    before = await fingerprint(world.api.database, person.id)
    theirs = await row_ids(world.api.database, person.id) - set(ids.values())
    for other in await world.others(expected.access):
        answer = await ask(world.api.http, operation, expected, other.headers, ids)
        assert answer.status == expected.for_others(operation.path), answer.text
        assert [each for each in theirs if each in answer.text] == []
    assert await fingerprint(world.api.database, person.id) == before


@pytest.mark.parametrize("operation", KNOWN, ids=str)
async def test_who_is_let_in_gets_what_is_there(world: World, operation: Operation) -> None:
    expected = EXPECTATIONS[str(operation)]
    lasts = operation.method == "GET" and not expected.varies
    seen: list[object] = []
    person, ids = await world.made(expected)
    entries = await world.entries()
    for asker, headers in (await world.let_in(expected, person)).items():
        answer = await ask(world.api.http, operation, expected, headers, ids)
        assert answer.status == expected.status, f"{asker}: {answer.text}"
        seen.append(answer.shown)
        told = (await world.entries())[len(entries) :]
        entries += told
        assert len(told) == (asker == Asker.ACTING and expected.access is Access.ME)
        for entry in told:
            assert (entry.action, entry.object_id) == (str(operation), operation.object_of(ids))
            assert entry.reason(await seal_of(world.api, person.id)) == REASON
        if not lasts:
            _, ids = await world.made(expected)
    if lasts:
        assert seen == seen[:1] * len(seen)


@pytest.mark.parametrize("operation", NAMING, ids=str)
async def test_no_id_is_guessed_and_none_of_another_kind_is_taken(world: World, operation: Operation) -> None:
    expected = EXPECTATIONS[str(operation)]
    person, ids = await world.made(expected)
    headers = (await world.let_in(expected, person)).popitem()[1]
    before = await fingerprint(world.api.database, person.id)
    for name in operation.ids:
        foreign = {value for kind, value in world.foreign.items() if kind != name}
        absent = {str(uuid4()), str(uuid7()), str(person.id), *foreign} - {ids[name]}
        answers: dict[str, int] = {}
        for guess in (*absent, *MALFORMED):
            answer = await ask(world.api.http, operation, expected, headers, {**ids, name: guess})
            answers[guess] = answer.status
        assert {guess: answers[guess] for guess in absent} == dict.fromkeys(absent, expected.unknown)
        assert {answers[guess] for guess in MALFORMED} <= UNREAD
    assert await fingerprint(world.api.database, person.id) == before


@pytest.mark.parametrize("operation", WRITING, ids=str)
async def test_no_column_of_any_table_is_set_by_naming_it(world: World, operation: Operation) -> None:
    expected = EXPECTATIONS[str(operation)]
    person, ids = await world.made(expected)
    headers = (await world.let_in(expected, person)).popitem()[1]
    body = expected.json(ids) if expected.json else {}
    assert isinstance(body, dict)
    columns = {column.name for table in all_tables().values() for column in table.columns}
    strange = sorted(columns - operation.fields)
    before = await fingerprint(world.api.database, person.id)
    for start in range(0, len(strange), ERRORS_MAX):
        named = dict.fromkeys(strange[start : start + ERRORS_MAX], "1")
        sending = replace(expected, json=constant({**named, **body}))
        answer = await ask(world.api.http, operation, sending, headers, ids)
        assert answer.status == 422, answer.text
        errors = json.loads(answer.content)["errors"]
        assert {each["loc"][-1] for each in errors if each["type"] == "extra_forbidden"} == named.keys()
    assert await fingerprint(world.api.database, person.id) == before
