"""The last administrator does not go by an erasure either, alone or by several who leave at once."""

import asyncio

import pytest

from models.account import Account
from models.base import now
from models.enums import Role
from tests.api.client import PASSWORD, Api, Person, assert_problem

PATH = "/api/privacy/erasure"
BECAUSE = {"reason": "they leave the company"}


async def token_of(person: Person) -> str:
    """Ask for an erasure the first time."""
    answer = await person.post(PATH, json={"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


async def leave(person: Person, token: str) -> int:
    """Ask for it the second time, and return how that was answered."""
    answer = await person.post(f"{PATH}/confirm", json={"password": PASSWORD, "token": token})
    return answer.status_code


async def test_the_last_administrator_is_not_erased_and_a_user_is(api: Api) -> None:
    admin, person, locked = await api.administrator(), await api.person(), await api.administrator()
    await locked.change(locked_at=now())
    answer = await admin.post(PATH, json={"password": PASSWORD})
    assert "make somebody else one first" in assert_problem(answer, 409, "conflict")["detail"]
    assert await leave(person, await token_of(person)) == 202


async def test_who_became_the_last_one_between_the_two_askings_is_not_erased(api: Api) -> None:
    admin, other = await api.administrator(), await api.administrator()
    token = await token_of(admin)
    await other.change(role=Role.USER)
    assert await leave(admin, token) == 409
    assert_problem(await admin.get(PATH), 404, "not-found")


async def test_of_administrators_who_leave_at_once_one_is_left(api: Api) -> None:
    admins = [await api.administrator() for _ in range(3)]
    tokens = [await token_of(each) for each in admins]
    answers = await asyncio.gather(*map(leave, admins, tokens))
    assert sorted(answers) == [202, 202, 409]


@pytest.mark.parametrize(
    ("method", "deed", "members"), [("POST", "lock", {}), ("PUT", "role", {"role": "user"})]
)
async def test_who_is_about_to_be_erased_does_not_count_as_an_administrator_who_is_left(
    api: Api, method: str, deed: str, members: dict[str, str]
) -> None:
    staying, leaving = await api.administrator(), await api.administrator()
    assert await leave(leaving, await token_of(leaving)) == 202
    path = f"/api/admin/users/{staying.id}/{deed}"
    refused = await leaving.request(method, path, json={**BECAUSE, **members})
    assert_problem(refused, 409, "conflict")
    async with api.database.begin() as session:
        account = await session.get_one(Account, staying.id)
    assert (account.role, account.locked_at) == (Role.ADMIN, None)
    # until then they administer as before, and those who stay may take it from them
    person = await api.person()
    assert (await leaving.post(f"/api/admin/users/{person.id}/lock", json=BECAUSE)).status_code == 200
    path = f"/api/admin/users/{leaving.id}/{deed}"
    assert (await staying.request(method, path, json={**BECAUSE, **members})).status_code == 200


async def test_a_lock_and_a_departure_at_once_leave_one(api: Api) -> None:
    admins = [await api.administrator() for _ in range(2)]
    token = await token_of(admins[0])
    lock = admins[0].post(f"/api/admin/users/{admins[1].id}/lock", json=BECAUSE)
    left, locked = await asyncio.gather(leave(admins[0], token), lock)
    assert sorted((left, locked.status_code)) in ([200, 409], [202, 409])
