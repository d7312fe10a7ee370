"""Rates: just so many get through, however many ask at once and over however many replicas."""

import asyncio
from ipaddress import ip_network

import psycopg
import pytest

from api.limiting import Limit, refusal, subject_of
from models.errors import RateLimitedError
from models.rate import Allowance
from settings import LimitSettings
from tests.api.client import Api, ApiAt

TEN = int(LimitSettings().login_account.partition("/")[0])
ACCOUNT = Limit.LOGIN_ACCOUNT


async def let_through(api: Api, subject: object, limit: Limit = ACCOUNT) -> bool:
    """Take one and tell whether there was one."""
    try:
        await api.context.limiter.take(limit, subject)
    except RateLimitedError:
        return False
    return True


async def pass_time(api: Api, seconds: float) -> None:
    """Move what was counted into the past."""
    async with api.database.reader() as connection:
        await connection.execute("UPDATE rate SET paid_at = paid_at - make_interval(secs => %s)", [seconds])


def test_the_limits_are_those_of_the_settings() -> None:
    assert {limit.value for limit in Limit} == LimitSettings.model_fields.keys()


async def test_fifty_at_once_over_two_replicas_let_exactly_ten_through(api_at: ApiAt) -> None:
    async with api_at() as one, api_at() as other:
        asked = [let_through(api, "somebody") for _ in range(25) for api in (one, other)]
        assert sum(await asyncio.gather(*asked)) == TEN
        assert not await let_through(one, "somebody")
        assert not await let_through(other, "somebody")


async def test_one_persons_limit_never_blocks_another_nor_another_limit(api: Api) -> None:
    assert [await let_through(api, "one") for _ in range(TEN + 1)] == [True] * TEN + [False]
    assert await let_through(api, "other")
    assert await let_through(api, "one", Limit.CODE_ACCOUNT)


async def test_who_waits_as_long_as_was_said_is_let_through_once(api: Api) -> None:
    for _ in range(TEN):
        await api.context.limiter.take(ACCOUNT, "one")
    with pytest.raises(RateLimitedError) as refused:
        await api.context.limiter.take(ACCOUNT, "one")
    wait = refused.value.retry_after
    assert 88 <= wait <= 90
    await pass_time(api, wait - 2)
    assert not await let_through(api, "one")
    await pass_time(api, 2)
    assert await let_through(api, "one")
    assert not await let_through(api, "one")


async def test_a_refusal_costs_nothing(api: Api) -> None:
    assert sum([await let_through(api, "one") for _ in range(TEN + 20)]) == TEN
    await pass_time(api, 90)
    assert await let_through(api, "one")


async def test_a_long_silence_saves_up_no_more_than_the_limit(api: Api) -> None:
    await api.context.limiter.take(ACCOUNT, "one")
    await pass_time(api, 1_000_000)
    assert sum([await let_through(api, "one") for _ in range(TEN + 5)]) == TEN


async def test_what_is_given_back_can_be_taken_again(api: Api) -> None:
    for _ in range(3 * TEN):
        await api.context.limiter.take(ACCOUNT, "one")
        await api.context.limiter.give_back(ACCOUNT, "one")
    await api.context.limiter.give_back(ACCOUNT, "nobody")
    assert sum([await let_through(api, "one") for _ in range(TEN + 5)]) == TEN


async def test_no_subject_can_be_read_in_the_table(api: Api, database_url: str) -> None:
    await api.context.limiter.take(ACCOUNT, "canary@example.org")
    with psycopg.connect(database_url) as connection:
        ((key,),) = connection.execute("SELECT key FROM rate").fetchall()
    assert len(bytes.fromhex(key)) == 32


@pytest.mark.parametrize(
    ("host", "subject"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", str(ip_network("2001:db8:1:2::/64"))),
        ("fe80::1%eth0", "fe80::/64"),
        ("a-name", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_counts_as_what_one_customer_has(host: str, subject: str) -> None:
    assert subject_of(host) == subject


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (0.2, "1 second"),
        (1.1, "2 seconds"),
        (60, "60 seconds"),
        (61, "2 minutes"),
        (3601, "2 hours"),
        (-1, "1 second"),
    ],
)
def test_a_refusal_says_when(wait: float, said: str) -> None:
    refused = refusal(wait)
    assert f"try again in {said}." in refused.detail
    assert refused.retry_after >= wait


@pytest.mark.parametrize("text", ["10/15m", "1/1s", "600/10h", "5/1d"])
def test_a_rate_is_read(text: str) -> None:
    allowance = Allowance.parse(text)
    assert allowance.cost * allowance.count == pytest.approx(allowance.period)


@pytest.mark.parametrize(
    "text", ["", "0/1m", "10/0m", "10", "10/m", "10/15w", "-1/1s", "10/15m ", "\u0661/1s"]
)
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Allowance.parse(text)
