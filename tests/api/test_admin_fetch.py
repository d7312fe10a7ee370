"""What is left of Adzuna's budget: an administrator's to see, for every key, and nothing of the keys."""

from datetime import timedelta

from models.base import now
from models.enums import CallState
from models.fetch_key import FetchCall, FetchKey
from tests.api.client import Api, assert_problem

PATH = "/api/admin/fetch-budget"


async def test_only_administrators_see_the_budget(api: Api) -> None:
    assert_problem(await api.http.get(PATH), 401, "unauthenticated")
    assert_problem(await (await api.person()).get(PATH), 403, "forbidden")
    assert (await (await api.administrator()).get(PATH)).json() == []


async def test_the_budget_says_for_each_key_what_is_used_and_left(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    me = (await person.get("/api/auth/me")).json()
    blocked_until = now() + timedelta(hours=1)
    own = FetchKey(owner_id=me["id"], digest="secret-digest", refused_at=now())
    ours = FetchKey(digest="other-digest", blocked_until=blocked_until)
    calls = [
        FetchCall(fetch_key_id=ours.id, created_at=now() - age, settled_at=now() - age, state=state)
        for age, state in (
            (timedelta(seconds=5), CallState.MADE),
            (timedelta(hours=2), CallState.MADE),
            (timedelta(hours=2), CallState.RELEASED),
            (timedelta(days=3), CallState.MADE),
            (timedelta(days=30), CallState.MADE),
            (timedelta(days=32), CallState.MADE),
        )
    ]
    async with api.database.begin() as session:
        session.add_all([own, ours])
        await session.flush()
        session.add_all([*calls, FetchCall(fetch_key_id=ours.id)])
    answer = await admin.get(PATH)
    first, second = answer.json()
    assert (first["owner_id"], second["owner_id"]) == (None, me["id"])
    assert first["windows"] == [
        {"window": "minute", "limit": 25, "used": 2, "left": 23},
        {"window": "day", "limit": 250, "used": 3, "left": 247},
        {"window": "week", "limit": 1000, "used": 4, "left": 996},
        {"window": "month", "limit": 2500, "used": 5, "left": 2495},
    ]
    assert [window["used"] for window in second["windows"]] == [0, 0, 0, 0]
    assert (first["blocked_until"] is not None, first["refused_at"]) == (True, None)
    assert (second["blocked_until"], second["refused_at"] is not None) == (None, True)
    assert "digest" not in answer.text
