"""The kill switch for applying: an administrator's alone, kept, announced, and seen in the figures."""

import asyncio

import pytest
from sqlmodel import select

from models.base import now
from models.event import Event
from models.installation import Installation, is_applying_paused
from tests.api.client import Api, Person, assert_problem, somebody_waits

SWITCH = "/api/admin/applying"


async def switched(admin: Person, *, paused: bool) -> None:
    """Set the switch."""
    answer = await admin.request("PUT", SWITCH, json={"paused": paused})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"paused": paused}
    assert (await admin.get(SWITCH)).json() == {"paused": paused}


async def figure(api: Api) -> str:
    """Return what Prometheus reads of the switch."""
    lines = (await api.http.get("/metrics")).text.splitlines()
    (line,) = [line for line in lines if line.startswith("jobraker_applying_paused ")]
    return line.split()[1]


async def test_the_switch_is_off_until_an_administrator_sets_it_and_says_who_did(api: Api) -> None:
    admin = await api.administrator()
    assert (await admin.get(SWITCH)).json() == {"paused": False}
    assert await figure(api) == "0.0"
    before = now()
    await switched(admin, paused=True)
    assert await figure(api) == "1.0"
    async with api.database.begin() as session:
        assert await is_applying_paused(session)
        row = (await session.exec(select(Installation))).one()
        assert row.applying_paused_by == admin.id
        assert row.applying_paused_at is not None
        assert before <= row.applying_paused_at <= now()
    await switched(admin, paused=False)
    async with api.database.begin() as session:
        assert not await is_applying_paused(session)
        assert (await session.exec(select(Installation))).one().applying_paused_by is None


async def test_setting_it_again_changes_nothing_and_announces_nothing(api: Api) -> None:
    admin, person = await api.administrator(), await api.person()
    for paused in (False, True, True, False):
        await switched(admin, paused=paused)
    async with api.database.begin() as session:
        events = (await session.exec(select(Event).where(Event.kind == "applying.paused"))).all()
    assert [each.data for each in events] == [{"paused": 1}, {"paused": 0}]
    assert {each.user_id for each in events} == {admin.id}
    assert person.id != admin.id


async def test_nobody_else_may_see_or_set_it(api: Api) -> None:
    person = await api.person()
    assert_problem(await person.get(SWITCH), 403, "forbidden")
    assert_problem(await person.request("PUT", SWITCH, json={"paused": True}), 403, "forbidden")
    assert_problem(await api.http.put(SWITCH, json={"paused": True}), 401, "unauthenticated")
    async with api.database.begin() as session:
        assert not await is_applying_paused(session)


@pytest.mark.parametrize("body", [{}, {"paused": None}, {"paused": "perhaps"}, []])
async def test_a_switch_that_is_neither_on_nor_off_is_refused(api: Api, body: object) -> None:
    admin = await api.administrator()
    assert_problem(await admin.request("PUT", SWITCH, json=body), 422, "invalid")


async def test_once_it_is_on_nobody_who_had_looked_before_is_still_on_the_way(api: Api) -> None:
    admin = await api.administrator()
    async with api.database.begin() as crossing:
        assert not await is_applying_paused(crossing)
        setting = asyncio.create_task(switched(admin, paused=True))
        await somebody_waits(api.database)
        assert not setting.done()
    await setting


async def test_the_figure_says_that_it_does_not_know(api: Api) -> None:
    async with api.database.begin() as session:
        await (await session.connection()).exec_driver_sql("ALTER TABLE installation RENAME TO elsewhere")
    assert await figure(api) == "NaN"
