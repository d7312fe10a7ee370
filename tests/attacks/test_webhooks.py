"""Forged and replayed notices of Skyvern: an old one moves nothing, and a flood reaches nobody behind us."""

import asyncio
import json

import pytest

from models.application import Application, Attempt
from models.enums import ApplicationState, AttemptState
from tests.api.client import Api, assert_problem
from tests.api.test_webhooks import BODY, attempt_of, notify, run_id_of, signature_of

FLOOD = 300


@pytest.mark.parametrize("name", ["x-skyvern-signature", "X-SKYVERN-SIGNATURE", "X-Skyvern-Signature"])
async def test_the_name_of_the_header_may_be_written_in_any_case(api: Api, name: str) -> None:
    attempt = await attempt_of(api, await api.person())
    answer = await api.http.post(
        "/api/webhooks/skyvern",
        params={"attempt": attempt.attempt_key},
        content=BODY,
        headers={name: signature_of(BODY)},
    )
    assert answer.status_code == 204


@pytest.mark.parametrize(
    "headers",
    [
        {"x-skyvern-signature": f"sha256={signature_of(BODY)}"},
        {"x-skyvern-signature": f"{signature_of(BODY)}, {signature_of(BODY)}"},
        {"x-signature": signature_of(BODY)},
        {"authorization": f"Bearer {signature_of(BODY)}"},
        {"x-skyvern-timestamp": "4102444800", "x-skyvern-signature": "0" * 64},
        {"cookie": f"x-skyvern-signature={signature_of(BODY)}"},
    ],
    ids=range(6),
)
async def test_a_signature_counts_in_its_place_and_form_only(api: Api, headers: dict[str, str]) -> None:
    attempt = await attempt_of(api, await api.person())
    answer = await api.http.post(
        "/api/webhooks/skyvern", params={"attempt": attempt.attempt_key}, content=BODY, headers=headers
    )
    assert_problem(answer, 403, "forbidden")
    query = {"attempt": attempt.attempt_key, "x-skyvern-signature": signature_of(BODY)}
    assert_problem(await api.http.post("/api/webhooks/skyvern", params=query, content=BODY), 403, "forbidden")
    assert await run_id_of(api, attempt.id) is None


@pytest.mark.parametrize(
    "other",
    [
        BODY.replace(b"wr_1", b"wr_2"),
        BODY + b"\n",
        BODY[:-1],
        BODY.replace(b":", b": "),
        json.dumps(dict(reversed(list(json.loads(BODY).items())))).encode(),
        b"",
    ],
    ids=range(6),
)
async def test_a_signature_is_good_for_no_other_body(api: Api, other: bytes) -> None:
    attempt = await attempt_of(api, await api.person())
    answer = await notify(api, attempt.attempt_key, other, signature_of(BODY))
    assert_problem(answer, 403, "forbidden")
    assert await run_id_of(api, attempt.id) is None


async def test_no_empty_key_can_be_brought_to_sign_with(api: Api) -> None:
    person = await api.person()
    for key in ("", " ", "\t" * 10, "short"):
        credentials = {"vendor": "skyvern", "api_key": key}
        assert_problem(await person.put("/api/integrations/", json=credentials), 422, "invalid")
    attempt = await attempt_of(api, person)
    forged = await notify(api, attempt.attempt_key, BODY, signature_of(BODY, ""))
    assert_problem(forged, 403, "forbidden")


@pytest.mark.parametrize("timestamp", ["0", "4102444800", "-1", "x", ""])
async def test_the_timestamp_which_nobody_signs_decides_nothing(api: Api, timestamp: str) -> None:
    attempt = await attempt_of(api, await api.person())
    headers = {"x-skyvern-timestamp": timestamp}
    answer = await notify(api, attempt.attempt_key, BODY, signature_of(BODY), **headers)
    assert answer.status_code == 204


async def test_a_notice_that_is_replayed_after_the_end_changes_nothing(api: Api) -> None:
    attempt = await attempt_of(api, await api.person())
    assert (await notify(api, attempt.attempt_key, BODY, signature_of(BODY))).status_code == 204
    async with api.database.begin() as session:
        application = await session.get_one(Application, attempt.application_id)
        application.state = ApplicationState.SUBMITTED
        (await session.get_one(Attempt, attempt.id)).state = AttemptState.ENDED
    before = await _rows(api)
    for body in (BODY, BODY.replace(b"completed", b"failed"), BODY.replace(b"wr_1", b"wr_9")):
        for _ in range(3):
            answer = await notify(api, attempt.attempt_key, body, signature_of(body))
            assert answer.status_code == 204
    assert await _rows(api) == before


async def test_a_notice_of_one_attempt_that_is_sent_to_another_gives_it_no_run(api: Api) -> None:
    person = await api.person()
    first, second = await attempt_of(api, person), await attempt_of(api, person)
    body = json.dumps({"run_id": "wr_1", "parameters": {"application_id": first.attempt_key}}).encode()
    assert (await notify(api, second.attempt_key, body, signature_of(body))).status_code == 204
    assert await run_id_of(api, second.id) is None
    assert (await notify(api, first.attempt_key, body, signature_of(body))).status_code == 204
    assert await run_id_of(api, first.id) == "wr_1"


async def test_a_flood_of_notices_is_answered_and_leaves_one_run(api: Api) -> None:
    attempt = await attempt_of(api, await api.person())
    bodies = [b'{"run_id": "wr_%d"}' % (n % 7) for n in range(FLOOD)]
    answers = await asyncio.gather(
        *(notify(api, attempt.attempt_key, body, signature_of(body)) for body in bodies)
    )
    assert {answer.status_code for answer in answers} <= {204, 503}
    assert [answer.status_code for answer in answers].count(204) > 0
    run = await run_id_of(api, attempt.id)
    assert run is not None
    assert run.startswith("wr_")
    body = b'{"run_id": "wr_later"}'
    assert (await notify(api, attempt.attempt_key, body, signature_of(body))).status_code == 204
    assert await run_id_of(api, attempt.id) == run


async def test_a_flood_of_forgeries_rings_at_no_workflow(api: Api) -> None:
    attempt = await attempt_of(api, await api.person())
    answers = await asyncio.gather(
        *(notify(api, attempt.attempt_key, BODY, f"{n:064x}") for n in range(FLOOD))
    )
    assert {answer.status_code for answer in answers} <= {403, 503}
    assert api.context.flows.pending == 0
    assert await run_id_of(api, attempt.id) is None


async def _rows(api: Api) -> list[object]:
    query = (
        "SELECT a::text AS application, t::text AS attempt, (SELECT count(*) FROM application_log) AS log,"
        " (SELECT count(*) FROM notification) AS told FROM application a"
        " JOIN submit_attempt t ON t.application_id = a.id"
    )
    return [dict(row) for row in await api.database.rows(query, {})]
