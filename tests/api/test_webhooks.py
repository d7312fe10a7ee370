"""Skyvern's webhook: a doorbell that only the holder of the right key can ring."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from models.application import Application, Attempt
from models.enums import Origin
from tests.api.client import Api, ApiAt, Person, assert_problem, job_with, store
from tests.api.configured import SKYVERN_KEY

VECTOR = (
    Path(__file__).parents[3]
    / "shared"
    / "vendors"
    / "recorded"
    / "skyvern"
    / "webhook_signature_vector.json"
)
RECORDED = VECTOR.parent / "webhook_workflow_completed.json"
OWN_KEY = "sk-the-persons-own-key"


def signature_of(body: bytes, key: str = SKYVERN_KEY) -> str:
    """Sign a body as Skyvern does."""
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


async def attempt_of(api: Api, person: Person) -> Attempt:
    """Store an application that crossed the fence, and return its attempt."""
    job = job_with()
    application, _ = Application.queue(person.id, job, Origin.PERSON)
    attempt = Attempt(
        application_id=application.id,
        user_id=person.id,
        number=1,
        attempt_key=f"{application.id}-1",
        account_hash="h",
        vendor_workflow_id="wpid_1",
        file_id="file_1",
        payload_sealed=b"",
    )
    await store(api.database, job, application, attempt)
    return attempt


async def notify(
    api: Api, attempt_key: str, body: bytes, signature: str | None, **headers: str
) -> httpx.Response:
    """Call the webhook."""
    signed = {} if signature is None else {"x-skyvern-signature": signature}
    return await api.http.post(
        "/api/webhooks/skyvern", params={"attempt": attempt_key}, content=body, headers={**signed, **headers}
    )


async def run_id_of(api: Api, attempt_id: UUID) -> str | None:
    """Read the run that is stored with an attempt."""
    async with api.database.begin() as session:
        return (await session.get_one(Attempt, attempt_id)).run_id


async def test_the_recorded_signature_opens_the_door(api: Api) -> None:
    if not VECTOR.exists():
        pytest.skip("the recorded webhooks are not beside this checkout")
    vector: dict[str, Any] = json.loads(VECTOR.read_bytes())
    assert vector["api_key"] == SKYVERN_KEY
    attempt = await attempt_of(api, await api.person())
    body, signature = vector["raw_body"].encode(), vector["headers"]["x-skyvern-signature"]
    answer = await notify(api, attempt.attempt_key, body, signature)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await run_id_of(api, attempt.id) == "wr_1"


async def test_a_recorded_notice_of_another_attempt_leaves_no_run(api: Api) -> None:
    if not RECORDED.exists():
        pytest.skip("the recorded webhooks are not beside this checkout")
    attempt = await attempt_of(api, await api.person())
    body = RECORDED.read_bytes()
    assert (await notify(api, attempt.attempt_key, body, signature_of(body))).status_code == 204
    assert await run_id_of(api, attempt.id) is None
    notice = json.loads(body)
    notice["parameters"]["application_id"] = attempt.attempt_key
    body = json.dumps(notice).encode()
    assert (await notify(api, attempt.attempt_key, body, signature_of(body))).status_code == 204
    assert await run_id_of(api, attempt.id) == notice["workflow_run_id"]


async def test_a_second_notice_changes_nothing(api: Api) -> None:
    attempt = await attempt_of(api, await api.person())
    for run in ("wr_1", "wr_1", "wr_2"):
        body = json.dumps({"run_id": run}).encode()
        assert (await notify(api, attempt.attempt_key, body, signature_of(body))).status_code == 204
    assert await run_id_of(api, attempt.id) == "wr_1"


async def test_a_run_belongs_to_one_attempt(api: Api) -> None:
    person = await api.person()
    first, second = await attempt_of(api, person), await attempt_of(api, person)
    body = b'{"run_id": "wr_1"}'
    for attempt in (first, second):
        assert (await notify(api, attempt.attempt_key, body, signature_of(body))).status_code == 204
    assert await run_id_of(api, second.id) is None


BODY = b'{"run_id":"wr_1","status":"completed"}'


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "0" * 64,
        signature_of(BODY, "another key"),
        signature_of(BODY + b" "),
        signature_of(BODY).upper(),
        signature_of(BODY)[:-1],
        "é" * 64,
    ],
)
async def test_a_wrong_signature_is_refused_and_changes_nothing(api: Api, signature: str | None) -> None:
    attempt = await attempt_of(api, await api.person())
    headers = [] if signature is None else [(b"x-skyvern-signature", signature.encode())]
    answer = await api.http.request(
        "POST",
        "/api/webhooks/skyvern",
        params={"attempt": attempt.attempt_key},
        content=BODY,
        headers=headers,
    )
    assert_problem(answer, 403, "forbidden")
    assert await run_id_of(api, attempt.id) is None
    assert (await notify(api, attempt.attempt_key, BODY, signature_of(BODY))).status_code == 204


async def test_an_unknown_attempt_is_refused_like_a_wrong_signature(api: Api) -> None:
    attempt = await attempt_of(api, await api.person())
    wrong = await notify(api, attempt.attempt_key, BODY, "0" * 64)
    unknown = await notify(api, "nobodys-1", BODY, signature_of(BODY))
    assert_problem(unknown, 403, "forbidden")
    assert unknown.content == wrong.content


async def test_the_persons_own_key_takes_the_place_of_the_installations(api: Api) -> None:
    person = await api.person()
    attempt = await attempt_of(api, person)
    credentials = {"vendor": "skyvern", "api_key": OWN_KEY}
    assert (await person.request("PUT", "/api/integrations/", json=credentials)).status_code == 200
    assert_problem(await notify(api, attempt.attempt_key, BODY, signature_of(BODY)), 403, "forbidden")
    own = await notify(api, attempt.attempt_key, BODY, signature_of(BODY, OWN_KEY))
    assert own.status_code == 204


async def test_one_persons_key_opens_no_other_persons_door(api: Api) -> None:
    person, other = await api.person(), await api.person()
    credentials = {"vendor": "skyvern", "api_key": OWN_KEY}
    await person.request("PUT", "/api/integrations/", json=credentials)
    attempt = await attempt_of(api, other)
    forged = await notify(api, attempt.attempt_key, BODY, signature_of(BODY, OWN_KEY))
    assert_problem(forged, 403, "forbidden")


async def test_without_any_key_nothing_is_believed(api_at: ApiAt) -> None:
    async with api_at(skyvern_key="") as api:
        attempt = await attempt_of(api, await api.person())
        answer = await notify(api, attempt.attempt_key, BODY, signature_of(BODY, ""))
        assert_problem(answer, 403, "forbidden")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"wr_1"',
        b'{"run_id": 1}',
        b'{"run_id": ""}',
        b'{"run_id": "wr\\u0000"}',
        b'{"run_id": "' + b"x" * 101 + b'"}',
        b'{"run_id": "wr_1", "parameters": {"application_id": "another-1"}}',
        b'{"run_id": "wr_1"' + b"[" * 200_000,
        b"[" * 200_000,
        b"\xff\xfe",
        b'{"run_id": ' + b"9" * 10_000 + b"}",
    ],
    ids=range(14),
)
async def test_a_signed_body_that_makes_no_sense_rings_and_stores_nothing(api: Api, body: bytes) -> None:
    attempt = await attempt_of(api, await api.person())
    assert (await notify(api, attempt.attempt_key, body, signature_of(body))).status_code == 204
    assert await run_id_of(api, attempt.id) is None


@pytest.mark.parametrize("attempt", ["", "x" * 101, "a\0b", "a b", "'; --", "é"])
async def test_an_attempt_that_cannot_be_ours_is_refused(api: Api, attempt: str) -> None:
    assert_problem(await notify(api, attempt, BODY, signature_of(BODY)), 422, "invalid")


async def test_a_body_over_a_megabyte_is_refused(api: Api) -> None:
    attempt = await attempt_of(api, await api.person())
    body = b" " * (1024 * 1024 + 1)
    problem = assert_problem(
        await notify(api, attempt.attempt_key, body, signature_of(body)), 413, "too-large"
    )
    assert "1048576" in problem["detail"]


async def test_a_notice_moves_no_state(api: Api) -> None:
    attempt = await attempt_of(api, await api.person())
    await notify(api, attempt.attempt_key, BODY, signature_of(BODY))
    async with api.database.begin() as session:
        assert (await session.get_one(Application, attempt.application_id)).state == "queued"
        assert (await session.get_one(Attempt, attempt.id)).state == "open"
