"""Exchange rates: everybody reads them, administrators set them, and salaries follow."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.job_upkeep.prices import price
from models.countries import COUNTRIES
from models.exchange_rate import PRICING_LOCK
from models.job import Job
from tests.api.client import Api, Person, assert_problem, job_with, somebody_waits, store

RATES = "/api/exchange-rates/"
SET = "/api/admin/exchange-rates"
TODAY = datetime.now(UTC).date()


def body(*rates: tuple[str, object], as_of: object = "2026-01-02") -> dict[str, Any]:
    """Return the payload of these rates."""
    return {"as_of": as_of, "rates": [{"currency": name, "per_euro": rate} for name, rate in rates]}


async def shown(person: Person) -> dict[str, tuple[float, str]]:
    """Return the rates that somebody sees."""
    answer = await person.get(RATES)
    assert answer.status_code == 200, answer.text
    return {each["currency"]: (each["per_euro"], each["as_of"]) for each in answer.json()["rates"]}


async def test_everybody_sees_a_rate_with_its_date_for_every_currency_of_ads(api: Api) -> None:
    person = await api.person()
    rates = await shown(person)
    assert set(rates) == set(COUNTRIES.values())
    assert rates["EUR"] == (1.0, "2024-12-31")
    assert (await person.get(RATES)).json()["is_applied"] is True
    assert_problem(await api.http.get(RATES), 401, "unauthenticated")


async def test_an_administrator_sets_rates_and_the_others_stay(api: Api) -> None:
    admin = await api.administrator()
    before = await shown(admin)
    answer = await admin.request("PUT", SET, json=body(("GBP", 0.9), ("sek", 11.2)))
    assert answer.status_code == 200, answer.text
    after = await shown(admin)
    assert after == {**before, "GBP": (0.9, "2026-01-02"), "SEK": (11.2, "2026-01-02")}
    assert {each["currency"] for each in answer.json()["rates"]} == set(after)


async def test_salaries_follow_and_it_is_said_when_they_have(api: Api) -> None:
    admin = await api.administrator()
    job = job_with(salary_min=30000, salary_period="year", salary_eur=1.0)
    await store(api.database, job)
    for per_euro in (0.5, 0.75):
        answer = await admin.request("PUT", SET, json=body(("GBP", per_euro)))
        assert answer.json()["is_applied"] is False
        assert (await price(api.database)).rows == 1
        assert (await admin.get(RATES)).json()["is_applied"] is True
        async with api.database.begin() as session:
            assert (await session.get_one(Job, job.id)).salary_eur == pytest.approx(30000 / per_euro)


async def test_nobody_else_may_set_them(api: Api) -> None:
    person = await api.person()
    before = await shown(person)
    assert_problem(await person.request("PUT", SET, json=body(("GBP", 0.9))), 403, "forbidden")
    assert_problem(await api.http.put(SET, json=body(("GBP", 0.9))), 401, "unauthenticated")
    assert await shown(person) == before


@pytest.mark.parametrize(
    "payload",
    [
        body(("XXX", 1.5)),
        body(("GB", 1.5)),
        body(("", 1.5)),
        body(("GBPS", 1.5)),
        body((None, 1.5)),  # type: ignore[arg-type]  # what a client may send
        body(("GBP", 0)),
        body(("GBP", -0.9)),
        body(("GBP", 1e-300)),
        body(("GBP", 1e300)),
        body(("GBP", "NaN")),
        body(("GBP", "Infinity")),
        body(("GBP", None)),
        body(("GBP", "much")),
        body(("EUR", 1.1)),
        body(("GBP", 0.9), ("gbp", 0.8)),
        body(),
        body(("GBP", 0.9), as_of=(TODAY + timedelta(days=2)).isoformat()),
        body(("GBP", 0.9), as_of="yesterday"),
        body(("GBP", 0.9), as_of=None),
        {"rates": [{"currency": "GBP", "per_euro": 0.9}]},
        {**body(("GBP", 0.9)), "more": 1},
        [],
    ],
)
async def test_what_is_no_rate_is_refused_and_nothing_is_set(api: Api, payload: object) -> None:
    admin = await api.administrator()
    before = await shown(admin)
    assert_problem(await admin.request("PUT", SET, json=payload), 422, "invalid")
    assert await shown(admin) == before
    assert (await admin.get(RATES)).json()["is_applied"] is True


async def test_today_is_no_future(api: Api) -> None:
    admin = await api.administrator()
    answer = await admin.request("PUT", SET, json=body(("EUR", 1), ("USD", 1.1), as_of=TODAY.isoformat()))
    assert answer.status_code == 200, answer.text


async def test_rates_wait_for_the_page_of_ads_that_is_coming_in(api: Api) -> None:
    admin = await api.administrator()
    async with api.database.bulk() as connection:
        await connection.execute(f"SELECT pg_advisory_xact_lock({PRICING_LOCK})".encode())
        setting = asyncio.create_task(admin.request("PUT", SET, json=body(("GBP", 0.9))))
        await somebody_waits(api.database)
        assert not setting.done()
    assert (await setting).status_code == 200
