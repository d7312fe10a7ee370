"""A request that is addressed to two names: the good one is no pass for the other."""

import httpx
import pytest

from settings import ApiSettings
from tests.api.client import ApiAt, assert_problem

PUBLIC, OTHER = "api.example.org", "evil.example.org"


@pytest.mark.parametrize("hosts", [(PUBLIC, OTHER), (OTHER, PUBLIC), (PUBLIC, "")])
async def test_of_two_names_both_must_be_ours(api_at: ApiAt, hosts: tuple[str, str]) -> None:
    async with api_at(api=ApiSettings(hosts=[PUBLIC])) as api:
        # made by hand: the client would join the two
        twice = httpx.Request("GET", "http://api.test/api/jobs/", headers=[("Host", name) for name in hosts])
        answer = await api.http.send(twice)
        assert_problem(answer, 421, "misdirected-request")
