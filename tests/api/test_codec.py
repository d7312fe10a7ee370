"""The codec server: administrators open payloads, whom they were about is told, and nobody else gets in."""

import base64
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlmodel import delete, select
from temporalio.api.common.v1 import Payload
from temporalio.converter import WorkflowSerializationContext

from models.account import Account
from models.audit import AuditEntry
from models.key_ids import installation_key_id, user_key_id
from tests.api.client import Api, ApiAt, Person, assert_problem
from tests.api.sse import until
from tests.workflows.keyed import sealed_in
from workflows.codec import Codec, key_id_of
from workflows.ids import match_person_id
from workflows.wire import connect

REASON = "why was nothing sent — ticket 7"
HEADERS = {"X-Reason": quote(REASON)}
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"canary"')
Json = dict[str, Any]


def json_of(*payloads: Payload) -> Json:
    """Return payloads as Temporal's UI sends them."""
    return {
        "payloads": [
            {
                "metadata": {name: base64.b64encode(each.metadata[name]).decode() for name in each.metadata},
                "data": base64.b64encode(each.data).decode(),
            }
            for each in payloads
        ]
    }


def payloads_of(answer: httpx.Response) -> list[Payload]:
    """Return the payloads of an answer."""
    assert answer.status_code == 200, answer.text
    return [
        Payload(
            metadata={name: base64.b64decode(value) for name, value in each["metadata"].items()},
            data=base64.b64decode(each["data"]),
        )
        for each in answer.json()["payloads"]
    ]


async def sealed_for(api: Api, workflow_id: str) -> Payload:
    """Return a payload as a workflow of this id has it."""
    context = WorkflowSerializationContext("jobraker", workflow_id)
    (sealed,) = await api.context.codec.with_context(context).encode([PLAIN])
    return sealed


async def entries(api: Api) -> list[AuditEntry]:
    """Return the whole audit log."""
    async with api.database.begin() as session:
        return list(await session.exec(select(AuditEntry)))


async def read_by(person: Person) -> list[tuple[str, str]]:
    """Return what a person reads of what was done with their data, and why."""
    items = (await person.get("/api/privacy/audit")).json()["items"]
    return [(each["action"], each["reason"]) for each in items]


async def test_payloads_are_opened_in_their_order_and_each_person_is_told_once(api: Api) -> None:
    admin, ada, bob = await api.administrator(), await api.person(), await api.person()
    of_ada = [await sealed_for(api, match_person_id(ada.id)) for _ in range(2)]
    mixed = [of_ada[0], PLAIN, await sealed_for(api, "job-fetch"), of_ada[1]]
    answer = await admin.post("/api/codec/decode", json=json_of(*mixed), headers=HEADERS)
    assert payloads_of(answer) == [PLAIN] * 4
    assert await read_by(ada) == [("payloads.decoded", REASON)]
    assert await read_by(bob) == []
    assert {each.subject_id for each in await entries(api)} == {ada.id, None}
    assert {each.actor_id for each in await entries(api)} == {admin.id}


async def test_what_is_not_ours_is_handed_back_as_it_came_and_nobody_is_told(api: Api) -> None:
    admin = await api.administrator()
    body = {"payloads": [{"metadata": {"encoding": "eA=="}, "data": "eA==", "externalPayloads": []}, {}]}
    answer = await admin.post("/api/codec/decode", json=body, headers=HEADERS)
    assert answer.json()["payloads"][0] == body["payloads"][0]
    assert await entries(api) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_is_sealed_by_hand_is_sealed_by_the_installations_key(api: Api, method: str) -> None:
    admin = await api.administrator()

    async def ask(act: str, *payloads: Payload) -> list[Payload]:
        path, body = f"/api/codec/{act}", json_of(*payloads)
        headers = {**HEADERS, "X-Namespace": "jobraker"}
        if method == "POST":
            return payloads_of(await admin.post(path, json=body, headers=headers))
        return payloads_of(await admin.get(path, params={"payloads": json.dumps(body)}, headers=headers))

    sealed = await ask("encode", PLAIN, PLAIN)
    assert {key_id_of(each) for each in sealed} == {installation_key_id("test")}
    assert await ask("decode", *sealed) == [PLAIN, PLAIN]
    assert await api.context.codec.decode(sealed) == [PLAIN, PLAIN]
    assert [each.action for each in await entries(api)] == ["payloads.encoded", "payloads.decoded"]


async def test_a_key_that_is_not_there_is_named_and_nothing_is_opened(api: Api) -> None:
    admin, ada, bob = await api.administrator(), await api.person(), await api.person()
    payloads = [await sealed_for(api, match_person_id(each.id)) for each in (ada, bob)]
    async with api.database.begin() as session:
        await session.exec(delete(Account).where(Account.id == bob.id))  # type: ignore[arg-type]  # a column
    answer = await admin.post("/api/codec/decode", json=json_of(*payloads), headers=HEADERS)
    problem = assert_problem(answer, 422, "unprocessable")
    assert problem["key_id"] == user_key_id(bob.id)
    assert problem["key_id"] in problem["detail"]
    assert await read_by(ada) == []
    lost = Payload(metadata={**payloads[0].metadata, "jobraker-key": b"installation/lost"}, data=b"x" * 40)
    answer = await admin.post("/api/codec/decode", json=json_of(lost), headers=HEADERS)
    assert "'lost'" in assert_problem(answer, 422, "unprocessable")["detail"]
    renamed = Payload(metadata={**payloads[0].metadata, "jobraker-key": b"installation/test"})
    renamed.data = payloads[0].data
    answer = await admin.post("/api/codec/decode", json=json_of(renamed), headers=HEADERS)
    assert assert_problem(answer, 422, "unprocessable")["key_id"] == "installation/test"
    assert await entries(api) == []


async def test_payloads_of_another_namespace_are_not_ours_to_open(api: Api) -> None:
    admin = await api.administrator()
    (foreign,) = await Codec(api.context.payload_desk.keys, "other").encode([PLAIN])
    answer = await admin.post("/api/codec/decode", json=json_of(foreign), headers=HEADERS)
    assert_problem(answer, 422, "unprocessable")
    headers = {**HEADERS, "X-Namespace": "other"}
    answer = await admin.post("/api/codec/decode", json=json_of(foreign), headers=headers)
    assert "X-Namespace" in assert_problem(answer, 422, "unprocessable")["detail"]


async def test_without_a_reason_nothing_is_opened(api: Api) -> None:
    admin, ada = await api.administrator(), await api.person()
    body = json_of(await sealed_for(api, match_person_id(ada.id)))
    for headers in ({}, {"X-Reason": "x"}):
        assert_problem(
            await admin.post("/api/codec/decode", json=body, headers=headers), 422, "unprocessable"
        )
    assert_problem(await admin.post("/api/codec/session", json={}), 422, "invalid")
    assert await entries(api) == []


@pytest.mark.parametrize("act", ["encode", "decode"])
async def test_nobody_but_an_administrator_who_is_logged_in_gets_in(api: Api, act: str) -> None:
    admin, ada = await api.administrator(), await api.person()
    path, body = f"/api/codec/{act}", json_of(PLAIN)
    assert_problem(await api.http.post(path, json=body, headers=HEADERS), 401, "unauthenticated")
    assert_problem(await ada.post(path, json=body, headers=HEADERS), 403, "forbidden")
    acting = {**HEADERS, "X-Act-For": str(ada.id)}
    assert_problem(await admin.post(path, json=body, headers=acting), 403, "forbidden")
    assert_problem(await ada.post("/api/codec/session", json={"reason": REASON}), 403, "forbidden")
    key = "jbk_" + "x" * 43
    headers = {**HEADERS, "Authorization": f"Bearer {key}"}
    assert_problem(await api.http.post(path, json=body, headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize(
    "payloads",
    [
        [{"data": "%%%"}],
        [{"data": "A"}],
        [{"metadata": {"encoding": "ä"}}],
        [{"metadata": {str(number): "" for number in range(51)}}],
        [{}] * 1001,
        "none",
    ],
)
async def test_what_is_no_list_of_payloads_is_refused(api: Api, payloads: object) -> None:
    admin, body = await api.administrator(), {"payloads": payloads}
    answer = await admin.post("/api/codec/decode", json=body, headers=HEADERS)
    assert_problem(answer, 422, "invalid")
    query: dict[str, str | int | bool] = {"payloads": json.dumps(body)}
    assert_problem(await admin.get("/api/codec/decode", params=query, headers=HEADERS), 422, "invalid")


async def test_bodies_and_addresses_are_bounded(api: Api) -> None:
    admin = await api.administrator()
    body = {"payloads": [{"data": "A" * 1_200_000}]}
    assert_problem(await admin.post("/api/codec/decode", json=body, headers=HEADERS), 413, "too-large")
    query: dict[str, str | int | bool] = {"payloads": json.dumps({"payloads": [{"data": "A" * 60_000}]})}
    assert_problem(await admin.get("/api/codec/decode", params=query, headers=HEADERS), 422, "invalid")
    for text in ("", "[", "{}", "[]", "[" * 20_000, '{"payloads": [{"data": 1}]}'):
        query = {"payloads": text}
        assert_problem(await admin.get("/api/codec/decode", params=query, headers=HEADERS), 422, "invalid")


async def test_what_temporal_keeps_of_a_person_can_be_read_here_and_nowhere_else(
    api_at: ApiAt, temporal_server: str
) -> None:
    plain = await connect(temporal_server, "jobraker")
    async with api_at(temporal=temporal_server) as api:
        admin, ada = await api.administrator(), await api.person()
        await ada.patch("/api/profile/", json={"preferences": {"titles": ["Cook"]}})
        await until(lambda: api.context.flows.pending == 0)
        handle = plain.get_workflow_handle(match_person_id(ada.id))
        event = (await handle.fetch_history()).events[0]
        assert set(sealed_in(event)) == {user_key_id(ada.id)}
        sealed = event.workflow_execution_started_event_attributes.input.payloads
        answer = await admin.post("/api/codec/decode", json=json_of(*sealed), headers=HEADERS)
        (opened,) = payloads_of(answer)
        assert json.loads(opened.data) == {"user_id": str(ada.id)}
