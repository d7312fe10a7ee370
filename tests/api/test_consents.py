"""Consents: what is recorded, what a withdrawal does at once, and who may decide."""

from uuid import uuid4

import pytest
from sqlmodel import col, select

from models.account_enums import ConsentKind
from models.audit import AuditEntry
from models.consent import Consent
from models.enums import AutomationMode
from models.profile import profile_of
from tests.api.client import Api, Person, assert_problem

PATH = "/api/privacy/consents"
APPLYING, MODEL, TERMS = ConsentKind.AUTOMATED_APPLYING, ConsentKind.MODEL_PROCESSING, ConsentKind.TERMS


async def decisions(person: Person) -> list[tuple[str, bool]]:
    """Return every decision, newest first."""
    history = (await person.get(PATH)).json()["history"]
    return [(each["kind"], each["given"]) for each in history]


async def deeds(api: Api, person: Person) -> list[str]:
    """Return what the log says of a person, oldest first."""
    async with api.database.begin() as session:
        query = select(AuditEntry).where(AuditEntry.subject_id == person.id).order_by(col(AuditEntry.id))
        return [entry.action for entry in await session.exec(query)]


async def test_whoever_was_never_asked_has_decided_nothing(api: Api) -> None:
    person = await api.person()
    shown = (await person.get(PATH)).json()
    assert shown == {"version": "1", "current": [], "history": []}


async def test_a_registration_records_the_terms(api: Api) -> None:
    body = {"email": "ada@example.org", "password": "correct horse battery"}
    assert (await api.http.post("/api/auth/register", json=body)).status_code == 202
    async with api.database.begin() as session:
        (consent,) = (await session.exec(select(Consent))).all()
    assert (consent.kind, consent.given, consent.version) == (TERMS, True, "1")
    assert (await api.http.post("/api/auth/register", json=body)).status_code == 202
    async with api.database.begin() as session:
        assert len((await session.exec(select(Consent))).all()) == 1


async def test_switching_automation_on_and_off_is_recorded_as_given_and_withdrawn(api: Api) -> None:
    person = await api.person()
    for mode in ("review", "auto", "off", "off"):
        answer = await person.patch("/api/profile/", json={"automation_mode": mode})
        assert answer.status_code == 200
    assert await decisions(person) == [(APPLYING, False), (APPLYING, True)]
    assert await deeds(api, person) == ["consent.given", "consent.withdrawn"]
    current = (await person.get(PATH)).json()["current"]
    assert [(each["kind"], each["given"], each["version"]) for each in current] == [(APPLYING, False, "1")]


async def test_withdrawing_switches_the_automation_off_at_once(api: Api) -> None:
    person = await api.person()
    await person.patch("/api/profile/", json={"automation_mode": "auto"})
    answer = await person.put(f"{PATH}/{APPLYING}", json={"given": False, "version": "1"})
    assert answer.status_code == 200
    assert answer.json()["current"][0]["given"] is False
    assert (await person.get("/api/profile/")).json()["automation_mode"] == "off"
    async with api.database.begin() as session:
        profile = (await session.exec(profile_of(person.id))).one()
    assert profile.automation_mode is AutomationMode.OFF
    assert profile.wishes_changed_at is not None


async def test_agreeing_by_itself_switches_nothing_on(api: Api) -> None:
    person = await api.person()
    await person.patch("/api/profile/", json={"daily_cap": 3})
    assert (await person.put(f"{PATH}/{APPLYING}", json={"given": True, "version": "1"})).status_code == 200
    assert (await person.get("/api/profile/")).json()["automation_mode"] == "off"


async def test_the_same_decision_twice_is_one_record(api: Api) -> None:
    person = await api.person()
    for _ in range(2):
        await person.put(f"{PATH}/{MODEL}", json={"given": False, "version": "1"})
    assert await decisions(person) == [(MODEL, False)]


async def test_consent_to_other_terms_than_those_of_now_is_stale_and_a_withdrawal_never_is(api: Api) -> None:
    person = await api.person()
    answer = await person.put(f"{PATH}/{MODEL}", json={"given": True, "version": "0"})
    problem = assert_problem(answer, 409, "stale")
    assert problem["version"] == "1"
    assert await decisions(person) == []
    assert (await person.put(f"{PATH}/{MODEL}", json={"given": False, "version": "0"})).status_code == 200


async def test_the_terms_end_with_the_account_only(api: Api) -> None:
    person = await api.person()
    answer = await person.put(f"{PATH}/{TERMS}", json={"given": False, "version": "1"})
    assert "erase" in assert_problem(answer, 409, "conflict")["detail"]
    assert await decisions(person) == []


async def test_without_the_consent_no_question_is_taken_and_with_it_again(api: Api) -> None:
    person = await api.person()
    await person.put(f"{PATH}/{MODEL}", json={"given": False, "version": "1"})
    refused = await person.post("/api/chat/", json={"text": "What now?"})
    assert "model_processing" in assert_problem(refused, 403, "forbidden")["detail"]
    assert (await person.get("/api/chat/")).json()["items"] == []
    await person.put(f"{PATH}/{MODEL}", json={"given": True, "version": "1"})
    assert (await person.post("/api/chat/", json={"text": "What now?"})).status_code == 202


async def test_an_administrator_cannot_agree_for_anybody_but_may_stop_the_automation(api: Api) -> None:
    person, admin = await api.person(), await api.administrator()
    acting = {"X-Act-For": str(person.id), "X-Reason": "asked by phone"}
    on = await admin.patch("/api/profile/", json={"automation_mode": "auto"}, headers=acting)
    assert_problem(on, 403, "forbidden")
    assert (await person.get("/api/profile/")).json()["automation_mode"] == "off"
    assert_problem(await admin.get(PATH, headers=acting), 403, "forbidden")
    await person.patch("/api/profile/", json={"automation_mode": "auto"})
    off = await admin.patch("/api/profile/", json={"automation_mode": "off"}, headers=acting)
    assert off.status_code == 200
    assert (await decisions(person))[0] == (APPLYING, False)


@pytest.mark.parametrize(
    "body", [{"given": True}, {"given": "x", "version": "1"}, {"given": True, "version": ""}]
)
async def test_a_decision_needs_both_its_parts(api: Api, body: dict[str, object]) -> None:
    person = await api.person()
    assert_problem(await person.put(f"{PATH}/{MODEL}", json=body), 422, "invalid")
    unknown = await person.put(f"{PATH}/{uuid4()}", json={"given": True, "version": "1"})
    assert_problem(unknown, 422, "invalid")
