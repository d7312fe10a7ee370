"""The second factor: each code is good once, also where many show it at once, and few are guessed."""

import asyncio
import time
from typing import Any

import httpx
import pyotp
import pytest
from sqlmodel import col, select, update

from api.second_factor import STEP_SECONDS, check_code, new_secret
from models.account import Account
from models.audit import AuditEntry, Deed
from models.enums import NotificationKind
from models.notification import Notification
from models.recovery_code import RecoveryCode
from tests.api.client import PASSWORD, Api, ApiAt, Person, assert_problem

ADA = "ada@example.org"
TOTP = "/api/auth/totp"


@pytest.fixture
async def ada(api: Api) -> Person:
    """Somebody who has an account."""
    return await api.person(ADA)


def code_of(secret: str, steps: int = 1) -> str:
    """Return a code some steps from now; the next one is good already, and newer than the present one."""
    return str(pyotp.TOTP(secret).at(time.time(), counter_offset=steps))


async def begin(person: Person) -> str:
    """Ask for a secret."""
    answer = await person.post(TOTP, json={"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["secret"])


async def enable(person: Person) -> tuple[str, list[str]]:
    """Switch a second factor on by the present code."""
    secret = await begin(person)
    answer = await person.post(f"{TOTP}/confirm", json={"code": code_of(secret, 0)})
    assert answer.status_code == 200, answer.text
    codes: list[str] = answer.json()["codes"]
    return secret, codes


async def log_in(api: Api, code: str | None = None, password: str = PASSWORD) -> httpx.Response:
    """Log in as Ada."""
    body = {"email": ADA, "password": password} | ({} if code is None else {"code": code})
    return await api.http.post("/api/auth/login", json=body)


async def proven(
    person: Person, method: str, path: str, code: str, password: str = PASSWORD
) -> httpx.Response:
    """Ask for what needs password and code."""
    return await person.request(method, path, json={"password": password, "code": code})


async def test_with_a_second_factor_the_password_alone_lets_nobody_in(api: Api, ada: Person) -> None:
    secret, _ = await enable(ada)
    assert (await ada.get("/api/auth/me")).json()["totp_enabled"] is True
    assert_problem(await log_in(api), 401, "second-factor-required")
    # who does not know the password is not told that there is a second factor
    assert_problem(await log_in(api, password="a wrong password"), 401, "unauthenticated")
    assert_problem(await log_in(api, "000000"), 401, "unauthenticated")
    assert (await log_in(api, code_of(secret))).status_code == 200


async def test_the_uri_holds_what_authenticators_need(api: Api, ada: Person) -> None:
    answer = (await ada.post(TOTP, json={"password": PASSWORD})).json()
    parsed = pyotp.parse_uri(answer["uri"])
    assert (parsed.secret, parsed.name, parsed.issuer) == (answer["secret"], ADA, "Jobraker")


async def test_a_secret_counts_once_it_is_confirmed(api: Api, ada: Person) -> None:
    first, second = await begin(ada), await begin(ada)
    assert (await log_in(api)).status_code == 200
    assert_problem(await ada.post(f"{TOTP}/confirm", json={"code": code_of(first)}), 403, "forbidden")
    assert (await ada.post(f"{TOTP}/confirm", json={"code": code_of(second, 0)})).status_code == 200
    assert_problem(await ada.post(f"{TOTP}/confirm", json={"code": code_of(second)}), 409, "conflict")
    assert_problem(await ada.post(TOTP, json={"password": PASSWORD}), 409, "conflict")


async def test_a_code_is_good_once_and_so_is_no_older_one(api: Api, ada: Person) -> None:
    secret, _ = await enable(ada)
    code = code_of(secret)
    assert (await log_in(api, code)).status_code == 200
    assert_problem(await log_in(api, code), 401, "unauthenticated")
    for older in (0, -1):
        assert_problem(await log_in(api, code_of(secret, older)), 401, "unauthenticated")


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
async def test_a_code_of_another_time_is_wrong(api: Api, ada: Person, steps: int) -> None:
    secret, _ = await enable(ada)
    await ada.change(totp_last_step=None)
    step, answer = 0, None
    # once more where the next step began between making the code and showing it
    while step != int(time.time()) // STEP_SECONDS:
        step = int(time.time()) // STEP_SECONDS
        answer = await log_in(api, code_of(secret, steps))
    assert answer is not None
    assert_problem(answer, 401, "unauthenticated")


async def test_a_code_of_a_secret_that_is_replaced_meanwhile_is_wrong(api: Api, ada: Person) -> None:
    secret, _ = await enable(ada)
    async with api.database.begin() as session:
        account = await session.get_one(Account, ada.id)
        seal = account.seal(api.context.keys)
    async with api.database.begin() as session:
        new_secret(await session.get_one(Account, ada.id), seal)
    async with api.database.begin() as session:
        assert not await check_code(session, account, seal, code_of(secret))


async def test_of_25_uses_of_a_code_at_once_one_counts(api: Api, ada: Person) -> None:
    secret, codes = await enable(ada)
    async with api.database.begin() as session:
        account = await session.get_one(Account, ada.id)
    seal = account.seal(api.context.keys)

    async def use(code: str) -> bool:
        async with api.database.begin() as session:
            return await check_code(session, account, seal, code)

    for code in (code_of(secret), codes[0]):
        used = await asyncio.gather(*(use(code) for _ in range(25)))
        assert used.count(True) == 1


async def test_recovery_codes_let_in_once_each_however_they_are_typed(api: Api, ada: Person) -> None:
    _, codes = await enable(ada)
    assert len(set(codes)) == 10
    assert (await log_in(api, codes[0])).status_code == 200
    assert_problem(await log_in(api, codes[0]), 401, "unauthenticated")
    async with api.database.begin() as session:
        written = (await session.exec(select(AuditEntry.action))).all()
    assert list(written).count(Deed.RECOVERY_CODE_USED) == 1
    typed = f" {codes[1].upper().replace('-', ' ')} "
    assert (await log_in(api, typed)).status_code == 200
    assert_problem(await log_in(api, codes[1]), 401, "unauthenticated")


async def test_the_codes_of_one_person_are_not_good_for_another(api: Api, ada: Person) -> None:
    _, codes = await enable(ada)
    bob = await api.person("bob@example.org")
    secret, _ = await enable(bob)
    for code in (codes[0], code_of(secret)):
        body = {"email": "bob@example.org", "password": PASSWORD, "code": code}
        expected = 200 if code != codes[0] else 401
        assert (await api.http.post("/api/auth/login", json=body)).status_code == expected


async def test_new_recovery_codes_replace_the_old_ones(api: Api, ada: Person) -> None:
    secret, old = await enable(ada)
    answer = await proven(ada, "POST", f"{TOTP}/recovery-codes", code_of(secret))
    new = answer.json()["codes"]
    assert not set(new) & set(old)
    assert_problem(await log_in(api, old[0]), 401, "unauthenticated")
    assert (await log_in(api, new[0])).status_code == 200


async def test_switching_it_on_ends_other_logins_and_is_told_and_written_down(api: Api, ada: Person) -> None:
    other = Person(api, ada.id, ADA, (await log_in(api)).json())
    secret, _ = await enable(ada)
    assert [(await each.get("/api/auth/me")).status_code for each in (ada, other)] == [200, 401]
    assert (await proven(ada, "DELETE", TOTP, code_of(secret))).status_code == 204
    assert (await log_in(api)).status_code == 200
    async with api.database.begin() as session:
        told = set((await session.exec(select(Notification.kind))).all())
        written = (await session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id)))).all()
        left = (await session.exec(select(RecoveryCode))).all()
    assert told >= {NotificationKind.SECOND_FACTOR_ENABLED, NotificationKind.SECOND_FACTOR_DISABLED}
    assert list(written) == ["second_factor.enabled", "second_factor.disabled"]
    assert left == []


@pytest.mark.parametrize(("method", "path"), [("DELETE", TOTP), ("POST", f"{TOTP}/recovery-codes")])
async def test_it_is_changed_with_password_and_code_only(
    api: Api, ada: Person, method: str, path: str
) -> None:
    assert_problem(await proven(ada, method, path, "000000"), 409, "conflict")
    secret, _ = await enable(ada)
    code = code_of(secret)
    assert_problem(await proven(ada, method, path, code, "a wrong password"), 403, "forbidden")
    assert_problem(await proven(ada, method, path, "000000"), 403, "forbidden")
    # neither of them has used the code up
    assert (await proven(ada, method, path, code)).is_success


async def test_a_wrong_code_changes_nothing_else(api: Api, ada: Person) -> None:
    secret = await begin(ada)
    assert_problem(await ada.post(f"{TOTP}/confirm", json={"code": "000000"}), 403, "forbidden")
    assert (await log_in(api)).status_code == 200
    assert (await ada.post(f"{TOTP}/confirm", json={"code": code_of(secret)})).status_code == 200


async def test_codes_are_guessed_ten_times_and_then_not_at_all(api: Api, ada: Person) -> None:
    secret, _ = await enable(ada)
    answers = [await log_in(api, f"{number:06}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert_problem(await log_in(api, code_of(secret)), 429, "rate-limited")
    # who is logged in has guesses of their own
    guesses = [await proven(ada, "DELETE", TOTP, f"{number:06}") for number in range(11)]
    assert [answer.status_code for answer in guesses] == [403] * 10 + [429]


async def test_a_sealed_secret_does_not_open_for_another_person(api: Api, ada: Person) -> None:
    secret, _ = await enable(ada)
    bob = await api.person("bob@example.org")
    await enable(bob)
    async with api.database.begin() as session:
        mine = await session.get_one(Account, ada.id)
        assert mine.totp_sealed is not None
        assert secret.encode() not in mine.totp_sealed
        theirs = update(Account).where(col(Account.id) == bob.id)
        await session.exec(theirs.values(totp_sealed=mine.totp_sealed))
    body = {"email": "bob@example.org", "password": PASSWORD, "code": code_of(secret)}
    assert_problem(await api.http.post("/api/auth/login", json=body), 500, "internal-error")


async def test_administrators_need_one_where_that_is_set(api_at: ApiAt) -> None:
    async with api_at(security={"admin_totp": True}) as api:
        admin = await api.administrator()
        assert_problem(await admin.get("/api/admin/job-fetch"), 403, "second-factor-unset")
        secret, _ = await enable(admin)
        assert (await admin.get("/api/admin/job-fetch")).status_code == 200
        assert (await proven(admin, "DELETE", TOTP, code_of(secret))).status_code == 204
        assert_problem(await admin.get("/api/admin/job-fetch"), 403, "second-factor-unset")


async def test_neither_secret_nor_codes_are_shown_again_or_stored_in_plain(api: Api, ada: Person) -> None:
    secret, codes = await enable(ada)
    seen: list[dict[str, Any]] = []
    for table in ("account", "recovery_code"):
        seen += await api.database.rows(f"SELECT t::text AS line FROM {table} AS t", {})  # noqa: S608 -- of ours
    text = "".join(row["line"] for row in seen) + (await ada.get("/api/auth/me")).text
    assert secret not in text
    assert secret.encode().hex() not in text
    assert not [code for code in codes if code in text or code.replace("-", "") in text]


def test_a_step_is_that_of_the_standard() -> None:
    assert pyotp.TOTP(pyotp.random_base32()).interval == STEP_SECONDS
