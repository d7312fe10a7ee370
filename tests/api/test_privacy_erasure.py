"""An erasure is asked for twice by the person alone, undone until it begins, and proven by a receipt."""

import asyncio
import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp
import pytest
from sqlmodel import col, select, update

from api.second_factor import new_recovery_codes, new_secret
from models.account import Account
from models.account_enums import ErasureState, Scope
from models.audit import AuditEntry, Deed
from models.base import now
from models.enums import EventKind, NotificationKind
from models.erasure import Erasure, erasure_locked, hash_of_subject
from models.event import Event
from models.notification import Notification
from models.one_time_token import OneTimeToken
from settings import LimitSettings
from tests.api.client import PASSWORD, Api, ApiAt, Person, assert_problem

PATH = "/api/privacy/erasure"
CONFIRM = f"{PATH}/confirm"


async def ask(person: Person, **body: str) -> httpx.Response:
    """Ask for the first time."""
    return await person.post(PATH, json={"password": PASSWORD, **body})


async def confirm(person: Person, token: str, **body: str) -> httpx.Response:
    """Ask for the second time."""
    return await person.post(CONFIRM, json={"password": PASSWORD, "token": token, **body})


async def asked_twice(person: Person) -> dict[str, Any]:
    """Ask twice, and return the erasure that cools off."""
    token = (await ask(person)).json()["token"]
    answer = await confirm(person, token)
    assert answer.status_code == 202, answer.text
    erasure: dict[str, Any] = answer.json()
    return erasure


async def begin(api: Api, erasure_id: str, *, close: bool = False) -> None:
    """Pass the point of no return, and with `close` come to the end, as the steps do."""
    async with api.database.begin() as session:
        erasure = (await session.exec(erasure_locked(UUID(erasure_id)))).one()
        assert erasure.begin()
        erasure.count({"resume": 2})
        if close:
            erasure.close()


async def set_factor(api: Api, person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Switch a second factor on; return what makes its codes, and the recovery codes."""
    async with api.database.begin() as session:
        account = await session.get_one(Account, person.id)
        seal = account.seal(api.context.keys)
        secret = new_secret(account, seal)
        account.totp_confirmed_at = now()
        codes, rows = new_recovery_codes(account, seal)
        session.add_all(rows)
    return pyotp.TOTP(secret), codes


async def test_the_first_asking_shows_what_goes_and_does_nothing(api: Api) -> None:
    person = await api.applicant()
    answer = await ask(person)
    assert answer.status_code == 200
    plan = answer.json()
    assert plan["cooling_off_hours"] == 24
    assert plan["rows"]["resume"] == plan["rows"]["profile"] == plan["rows"]["login_session"] == 1
    assert "chat_message" not in plan["rows"]
    assert_problem(await person.get(PATH), 404, "not-found")
    assert (await person.get("/api/auth/me")).status_code == 200


async def test_the_second_asking_begins_the_cooling_off_period(api: Api) -> None:
    person = await api.person()
    before = now()
    erasure = await asked_twice(person)
    async with api.database.begin() as session:
        row = await session.get_one(Erasure, UUID(erasure["id"]))
        kinds = set(await session.exec(select(Notification.kind).where(Notification.user_id == person.id)))
        events = set(await session.exec(select(Event.kind).where(Event.user_id == person.id)))
        query = (
            select(AuditEntry.action).where(AuditEntry.subject_id == person.id).order_by(col(AuditEntry.id))
        )
        deeds = list(await session.exec(query))
    assert (row.state, row.user_id) == (ErasureState.COOLING_OFF, person.id)
    assert timedelta(hours=24) <= row.due_at - before < timedelta(hours=24, minutes=1)
    assert kinds == {NotificationKind.ERASURE_SCHEDULED}
    assert EventKind.ERASURE_CHANGED in events
    assert deeds == [Deed.ERASURE_ASKED, Deed.ERASURE_CONFIRMED]
    assert (await person.get(PATH)).json() == erasure


async def test_while_it_cools_off_the_person_can_work_on_and_undo_it(api: Api) -> None:
    person = await api.person()
    erasure = await asked_twice(person)
    login = await api.http.post("/api/auth/login", json={"email": person.email, "password": PASSWORD})
    assert login.status_code == 200
    undone = await person.delete(PATH)
    assert undone.status_code == 200
    assert (undone.json()["id"], undone.json()["state"]) == (erasure["id"], "undone")
    assert_problem(await person.delete(PATH), 409, "conflict")
    again = await asked_twice(person)
    assert again["id"] != erasure["id"]


async def test_once_begun_there_is_no_way_back(api: Api) -> None:
    person = await api.person()
    erasure = await asked_twice(person)
    await begin(api, erasure["id"])
    assert_problem(await person.delete(PATH), 409, "too-late")


async def test_of_one_account_there_is_one_erasure(api: Api) -> None:
    person = await api.person()
    token = (await ask(person)).json()["token"]
    assert (await confirm(person, token)).status_code == 202
    assert_problem(await confirm(person, token), 422, "unprocessable")
    assert_problem(await ask(person), 409, "under-way")


async def test_of_many_confirmations_at_once_one_wins(api: Api) -> None:
    person = await api.person()
    token = (await ask(person)).json()["token"]
    answers = await asyncio.gather(*(confirm(person, token) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [202, *[422] * 7]


@pytest.mark.parametrize("body", [{"password": "wrong horse battery"}])
async def test_without_the_right_password_nothing_is_told(api: Api, body: dict[str, str]) -> None:
    person = await api.person()
    assert_problem(await person.post(PATH, json=body), 403, "forbidden")
    token = (await ask(person)).json()["token"]
    assert_problem(await person.post(CONFIRM, json={**body, "token": token}), 403, "forbidden")
    assert (await confirm(person, token)).status_code == 202


async def test_a_token_is_good_once_for_its_person_and_for_a_while(api: Api) -> None:
    person, other = await api.person(), await api.person()
    token = (await ask(person)).json()["token"]
    assert_problem(await confirm(other, token), 422, "unprocessable")
    assert_problem(await confirm(person, "0" * 96), 422, "unprocessable")
    newer = (await ask(person)).json()["token"]
    assert_problem(await confirm(person, token), 422, "unprocessable")
    async with api.database.begin() as session:
        await session.exec(update(OneTimeToken).values(expires_at=now() - timedelta(seconds=1)))
    assert_problem(await confirm(person, newer), 422, "unprocessable")


async def test_with_a_second_factor_both_askings_want_a_code(api: Api) -> None:
    person = await api.person()
    totp, codes = await set_factor(api, person)
    assert_problem(await ask(person), 401, "second-factor-required")
    assert_problem(await ask(person, code="000000"), 403, "forbidden")
    code = totp.now()
    answer = await ask(person, code=code)
    assert answer.status_code == 200
    token = answer.json()["token"]
    assert_problem(await confirm(person, token), 401, "second-factor-required")
    # each code is good once, here as well
    assert_problem(await confirm(person, token, code=code), 403, "forbidden")
    assert (await confirm(person, token, code=codes[0])).status_code == 202


async def test_nobody_asks_in_a_persons_stead(api: Api) -> None:
    person, admin = await api.person(), await api.administrator()
    key = await person.with_key(*Scope)
    headers = {"X-Act-For": str(person.id), "X-Reason": "they wrote to us"}
    for method, path in (("POST", PATH), ("POST", CONFIRM), ("DELETE", PATH), ("GET", PATH)):
        body = {"password": PASSWORD, "token": "0" * 96}
        answer = await api.http.request(method, path, json=body)
        assert_problem(answer, 401, "unauthenticated")
        assert_problem(await key.request(method, path, json=body), 403, "forbidden")
        answer = await admin.request(method, path, json=body, headers=headers)
        assert_problem(answer, 403, "forbidden")


async def test_asking_too_often_is_refused_with_the_time_to_wait(api_at: ApiAt) -> None:
    async with api_at(limits=LimitSettings(erasure_account="2/1d", receipt_address="1/1h")) as api:
        person = await api.person()
        assert [(await ask(person)).status_code for _ in range(2)] == [200, 200]
        refused = await ask(person)
        assert_problem(refused, 429, "rate-limited")
        assert int(refused.headers["Retry-After"]) > 3600
        other = await api.person()
        assert (await ask(other)).status_code == 200
        number = uuid4()
        answers = [await api.http.get(f"/api/privacy/receipts/{number}") for _ in range(2)]
        assert [each.status_code for each in answers] == [404, 429]


async def test_a_receipt_is_public_and_names_nobody(api: Api) -> None:
    person = await api.person()
    erasure = await asked_twice(person)
    await begin(api, erasure["id"], close=True)
    answer = await api.http.get(f"/api/privacy/receipts/{erasure['id']}")
    assert answer.status_code == 200
    receipt = answer.json()
    assert receipt["state"] == "erased"
    assert receipt["counts"] == {"resume": 2}
    assert receipt["subject_hash"] == hash_of_subject(person.id)
    assert str(person.id) not in answer.text
    assert person.email not in answer.text
    # whoever has the receipt can see that nothing of it was changed
    told = receipt.pop("receipt_hash")
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"))
    assert told == hashlib.sha256(text.encode()).hexdigest()


async def test_a_receipt_that_nobody_has_is_not_found(api: Api) -> None:
    assert_problem(await api.http.get(f"/api/privacy/receipts/{uuid4()}"), 404, "not-found")


async def test_a_clock_elsewhere_changes_no_hash(api: Api) -> None:
    person = await api.person()
    erasure = await asked_twice(person)
    await begin(api, erasure["id"], close=True)
    path = f"/api/privacy/receipts/{erasure['id']}"
    before = (await api.http.get(path)).json()
    async with api.database.engine.connect() as connection:
        name = connection.engine.url.database
        await connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET timezone = "Asia/Tokyo"')
        await connection.commit()
    await api.database.engine.dispose()
    assert (await api.http.get(path)).json() == before
