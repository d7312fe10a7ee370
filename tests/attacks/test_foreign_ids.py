"""Other people's ids where they do not belong: beside one's own in a path, and in lists within a body."""

from typing import Any
from uuid import uuid4

import pytest

from models.enums import ApplicationState
from tests.api.client import Api, Person, assert_problem
from tests.api.matrix.asking import fingerprint
from tests.api.matrix.expected import Maker
from tests.api.matrix.makers import an_application, asked, interviewed, proven, shown

ONE = "/api/applications/{application_id}"
PARTS: list[tuple[str, str, str, Maker]] = [
    ("GET", f"{ONE}/evidence/{{evidence_id}}", "evidence_id", proven),
    ("GET", f"{ONE}/documents/{{document}}", "document", shown),
    ("PATCH", f"{ONE}/interviews/{{interview_id}}", "interview_id", interviewed),
    ("DELETE", f"{ONE}/interviews/{{interview_id}}", "interview_id", interviewed),
]
BULK: list[tuple[str, Maker]] = [("approve", shown), ("cancel", an_application(ApplicationState.QUEUED))]


def body_of(deed: str, application_id: str, shown_hash: str) -> dict[str, Any]:
    """Return what a bulk route takes about one application."""
    if deed == "cancel":
        return {"application_ids": [application_id]}
    return {"items": [{"application_id": application_id, "shown_hash": shown_hash}]}


async def two(api: Api) -> tuple[Person, Person]:
    """Return who attacks, and whom."""
    return await api.person(), await api.person()


@pytest.mark.parametrize(("method", "path", "part", "make"), PARTS)
async def test_no_part_of_anothers_is_reached_through_ones_own_nor_the_other_way_round(
    api: Api, method: str, path: str, part: str, make: Maker
) -> None:
    mallory, ada = await two(api)
    own, theirs = await make(api, mallory), await make(api, ada)
    before = await fingerprint(api.database, ada.id)
    options: dict[str, Any] = {"json": {"notes": "mine"}} if method == "PATCH" else {}
    refusals = set()
    for mixed in (
        {**own, part: theirs[part]},
        {**theirs, part: own[part]},
        {**own, part: str(uuid4())},
        theirs,
    ):
        answer = await mallory.request(method, path.format(**mixed), **options)
        refusals.add(assert_problem(answer, 404, "not-found")["title"])
    assert len(refusals) == 1
    assert await fingerprint(api.database, ada.id) == before
    assert (await mallory.request(method, path.format(**own), **options)).is_success


@pytest.mark.parametrize(("deed", "make"), BULK)
async def test_anothers_id_in_a_list_is_answered_as_one_that_nothing_has(
    api: Api, deed: str, make: Maker
) -> None:
    mallory, ada = await two(api)
    theirs = await make(api, ada)
    before = await fingerprint(api.database, ada.id)
    shown_hash, told = theirs.get("shown_hash", "0" * 64), []
    for application_id in (theirs["application_id"], str(uuid4())):
        body = body_of(deed, application_id, shown_hash)
        (result,) = (await mallory.post(f"/api/applications/bulk/{deed}", json=body)).json()
        assert (result["id"], result["status"]) == (application_id, 404)
        told.append({**result, "id": None})
    assert told[0] == told[1]
    assert await fingerprint(api.database, ada.id) == before


async def test_anothers_question_is_not_answered_through_ones_own_application(api: Api) -> None:
    mallory, ada = await two(api)
    own, theirs = await asked(api, mallory), await asked(api, ada)
    before = await fingerprint(api.database, ada.id)
    told = []
    for question_id in (theirs["question_id"], str(uuid4())):
        body = {"answers": [{"question_id": question_id, "value": "Yes"}]}
        answer = await mallory.put(f"/api/applications/{own['application_id']}/answers", json=body)
        assert answer.is_client_error, answer.text
        told.append(answer.text.replace(question_id, "?"))
    assert told[0] == told[1]
    assert await fingerprint(api.database, ada.id) == before


async def test_a_list_that_goes_on_behind_anothers_id_shows_nothing_of_theirs(api: Api) -> None:
    mallory, ada = await two(api)
    await ada.patch("/api/profile/", json={"daily_cap": 4})
    theirs = await interviewed(api, ada)
    for path in ("/api/applications/", "/api/notifications/", "/api/chat/messages", "/api/privacy/audit"):
        for cursor in (theirs["application_id"], theirs["interview_id"], str(ada.id)):
            answer = await mallory.get(path, params={"cursor": cursor})
            assert answer.status_code in {200, 404, 422}, answer.text
            if answer.status_code == 200:
                assert answer.json()["items"] == []
