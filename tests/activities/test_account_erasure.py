"""An erasure locks out, stops what makes work, deletes every row, and leaves a receipt without a name."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from sqlmodel import select

from activities.account_erasure.rows import ROWS_A_PAGE, tables_in_order
from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from models.account import Account
from models.account_enums import ErasureState, ErasureStep, SessionEnd, TokenPurpose
from models.api_key import ApiKey as Key
from models.audit import AuditEntry
from models.base import now
from models.enums import ApplicationState, AutomationMode, NotificationKind
from models.erasure import erasures_of
from models.errors import TooLateError
from models.job_search import JobSearch, SavedSearch, SearchTerms
from models.login_session import LoginSession
from models.notification import Notification
from models.one_time_token import OneTimeToken
from models.privacy.register import REGISTER
from models.privacy.shape import NOBODY
from models.profile import Profile
from models.standing import STANDING_CHANNEL
from models.tables import all_tables
from tests.activities.erasure_scene import Erasing, dump, erasing, left
from tests.activities.export_world import plant
from tests.activities.people import KEYS, add_application, add_job, add_person
from tests.activities.sweep_scene import add_easy, match, matches_of, queue
from workflows.account_messages import ErasureRef

S = ApplicationState
STAYS = {"audit_entry"}
"""Of what is a person's, what an erasure leaves: ids that lead nowhere."""


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Erasing]:
    """The steps over a database of our own."""
    async with erasing(database_url) as scene:
        yield scene


async def erase(scene: Erasing, ref: ErasureRef) -> None:
    """Do all steps that need nothing but the database."""
    for step in ("delete_rows", "tell_erased", "destroy_key"):
        await scene.run(step, ref)


async def test_the_wait_is_what_is_left_of_the_cooling_off_period(scene: Erasing) -> None:
    person = await add_person(scene.database)
    ref = await scene.ask(person, timedelta(hours=24))
    wait = await scene.run("await_erasure", ref)
    assert 86_390 < wait.seconds <= 86_400
    assert (await scene.run("await_erasure", ErasureRef(erasure_id=uuid4()))).seconds is None


async def test_what_is_overdue_waits_no_more(scene: Erasing) -> None:
    ref = await scene.ask(await add_person(scene.database), -timedelta(days=3))
    assert (await scene.run("await_erasure", ref)).seconds == 0.0


async def test_what_was_undone_is_never_begun(scene: Erasing) -> None:
    person = await add_person(scene.database)
    ref = await scene.ask(person)
    async with scene.database.begin() as session:
        (await session.exec(erasures_of(person))).one().undo()
    assert (await scene.run("await_erasure", ref)).seconds is None
    assert await scene.run("freeze", ref) is False
    for step in ("delete_rows", "destroy_key", "erase_at_vendors", "tell_erased"):
        await scene.run(step, ref)
    assert {"account", "profile", "resume"} <= set(await left(scene.database, person))


@pytest.mark.parametrize("turn", range(5))
async def test_either_it_is_undone_or_it_begins(scene: Erasing, turn: int) -> None:
    person = await add_person(scene.database)
    ref = await scene.ask(person)

    async def undo() -> bool:
        async with scene.database.begin() as session:
            # as the API does it
            await session.get(Account, person, with_for_update={"key_share": True})
            erasure = (await session.exec(erasures_of(person).with_for_update())).one()
            try:
                erasure.undo()
            except TooLateError:
                return False
            return True

    undone, begun = await asyncio.gather(undo(), scene.run("freeze", ref))
    assert undone is not begun
    state = (await scene.row(ref)).state
    assert state is (ErasureState.UNDONE if undone else ErasureState.ERASING)


async def test_freezing_locks_the_account_and_stops_its_automation(scene: Erasing) -> None:
    world = await plant(scene.database, "ada")
    await scene.begun(world.user_id)
    async with scene.database.begin() as session:
        account = await session.get_one(Account, world.user_id)
        profile = (await session.exec(select(Profile))).one()
    assert account.erasing_at is not None
    assert (profile.automation_mode, profile.wishes_changed_at) == (AutomationMode.OFF, None)


async def test_a_login_a_key_and_a_token_that_are_still_good_end_with_the_freeze(scene: Erasing) -> None:
    person, until = await add_person(scene.database), now() + timedelta(days=1)
    login = LoginSession(user_id=person, last_used_at=now(), expires_at=until)
    key = Key(user_id=person, name_sealed=b"", prefix="jbk_", key_hash="h", scopes=[], expires_at=until)
    token = OneTimeToken.by_mail_for(person, TokenPurpose.RESET_PASSWORD, timedelta(days=1))
    async with scene.database.begin() as session:
        session.add_all([login, key, token])
    await scene.begun(person)
    async with scene.database.begin() as session:
        login = await session.get_one(LoginSession, login.id)
        key, token = await session.get_one(Key, key.id), await session.get_one(OneTimeToken, token.id)
    assert (login.ended_by, login.ended_at is not None) == (SessionEnd.ERASING, True)
    assert None not in (key.revoked_at, token.used_at)


async def test_every_process_hears_that_the_person_is_locked_out(scene: Erasing) -> None:
    person = await add_person(scene.database)
    async with await psycopg.AsyncConnection.connect(scene.database.url, autocommit=True) as listener:
        await listener.execute(f"LISTEN {STANDING_CHANNEL}")
        await scene.begun(person)
        told = [each.payload async for each in listener.notifies(timeout=5.0, stop_after=1)]
    assert told == [str(person)]


async def test_freezing_cancels_what_is_not_behind_the_fence(scene: Erasing) -> None:
    person = await add_person(scene.database)
    states = {}
    for state in (S.QUEUED, S.NEEDS_INPUT, S.APPROVED, S.SUBMITTING, S.SUBMITTED):
        application = await add_application(scene.database, person, await add_job(scene.database), state)
        states[application.id] = state
    await scene.begun(person)
    async with scene.database.begin() as session:
        found = {each: (await session.get_one(type(application), each)).state for each in states}
    kept = {S.SUBMITTING, S.SUBMITTED}
    assert found == {each: state if state in kept else S.CANCELLED for each, state in states.items()}


async def test_freezing_again_changes_nothing(scene: Erasing) -> None:
    ref = await scene.begun((await plant(scene.database, "ada")).user_id)
    before = await dump(scene.database)
    assert await scene.run("freeze", ref) is True
    assert await dump(scene.database) == before


@pytest.mark.parametrize("begun", [False, True])
async def test_the_sweep_queues_nothing_for_whom_it_cools_off_or_goes_on(scene: Erasing, begun: bool) -> None:
    person, other = await add_easy(scene.database), await add_easy(scene.database)
    await add_job(scene.database)
    await match(scene.database)
    await (scene.begun(person) if begun else scene.ask(person, timedelta(hours=24)))
    assert {each.user_id for each in (await queue(scene.database)).applications} == {other}


@pytest.mark.parametrize("begun", [False, True])
async def test_who_is_being_erased_is_matched_with_no_new_job(scene: Erasing, begun: bool) -> None:
    person = await add_easy(scene.database)
    if begun:
        await match(scene.database)
        await scene.begun(person)
    await add_job(scene.database)
    await match(scene.database)
    assert len(await matches_of(scene.database, person)) == (0 if begun else 1)


async def test_what_only_the_person_searched_for_goes_and_what_others_want_stays(scene: Erasing) -> None:
    person, other = await add_person(scene.database), await add_person(scene.database)
    async with scene.database.begin() as session:
        alone, shared, default = (
            JobSearch.of(SearchTerms(country="gb", what=what), is_default=what == "default")
            for what in ("alone", "shared", "default")
        )
        session.add_all([alone, shared, default])
        await session.flush()
        wanted = [(person, alone), (person, shared), (other, shared), (person, default)]
        session.add_all([SavedSearch(user_id=user_id, search_id=each.id) for user_id, each in wanted])
    await scene.begun(person)
    async with scene.database.begin() as session:
        assert set(await session.exec(select(JobSearch.what))) == {"shared", "default"}
        assert list(await session.exec(select(SavedSearch.user_id))) == [other]


async def test_of_a_person_nothing_is_left_but_the_receipt_and_ids(scene: Erasing) -> None:
    ada, bob = await plant(scene.database, "lovelace"), await plant(scene.database, "babbage")
    before = await left(scene.database, bob.user_id)
    planted = await left(scene.database, ada.user_id)
    # a table that is added is planted, and must be erased
    assert set(planted) == {"account", "audit_entry", "erasure", *(each.name for each in tables_in_order())}
    ref = await scene.begun(ada.user_id)
    await erase(scene, ref)
    assert await left(scene.database, ada.user_id) == {"audit_entry": planted["audit_entry"] + 1}
    assert await left(scene.database, bob.user_id) == before
    texts = await dump(scene.database)
    # had the search been blind, it would not see the other one either
    assert {name for name, text in texts.items() if "babbage" in text} >= {"account", "profile", "interest"}
    # an action is a word of a closed set, planted here as one of the person's own
    about_nobody = {name for name, table in REGISTER.items() if table.owner == NOBODY}
    named = {name for name, text in texts.items() if "lovelace" in text} - about_nobody
    assert named <= {"audit_entry", "erasure"}
    ids = {str(row["id"]) for name, row in ada.rows.items() if "id" in row and name not in about_nobody}
    found = {each for each in ids if any(each in text for text in texts.values())}
    assert found == {str(ada.user_id), str(ada.rows["audit_entry"]["id"]), str(ada.rows["erasure"]["id"])}


async def test_the_receipt_counts_what_was_deleted(scene: Erasing) -> None:
    world = await plant(scene.database, "ada")
    planted = await left(scene.database, world.user_id)
    ref = await scene.begun(world.user_id)
    await erase(scene, ref)
    erasure = await scene.row(ref)
    assert (erasure.state, erasure.step, erasure.user_id) == (
        ErasureState.ERASED,
        ErasureStep.DESTROY_KEY,
        None,
    )
    counted = {name: count for name, count in planted.items() if name not in {"audit_entry", "erasure"}}
    # the events of the notifications and of the erasure itself have come to it
    assert erasure.counts.pop("event") > counted.pop("event")
    assert erasure.counts == counted
    assert erasure.receipt_hash is not None


async def test_every_step_may_be_repeated(scene: Erasing) -> None:
    ref = await scene.begun((await plant(scene.database, "ada")).user_id)
    await erase(scene, ref)
    before = await dump(scene.database)
    await erase(scene, ref)
    for step in ("freeze", "await_erasure", "erase_at_vendors"):
        await scene.run(step, ref)
    assert await dump(scene.database) == before


async def test_rows_go_page_by_page(scene: Erasing) -> None:
    person = await add_person(scene.database)
    async with scene.database.begin() as session:
        kind = NotificationKind.NEW_LOGIN
        session.add_all(Notification(user_id=person, kind=kind) for _ in range(ROWS_A_PAGE + 5))
    ref = await scene.begun(person)
    assert (await scene.run("delete_rows", ref)).count == 0
    assert set(await left(scene.database, person)) == {"account", "audit_entry", "erasure"}
    assert (await scene.row(ref)).counts["notification"] == ROWS_A_PAGE + 5


async def test_a_killed_step_goes_on_where_it_was(scene: Erasing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.account_erasure.rows.SECONDS_A_CALL", 0.0)
    world = await plant(scene.database, "ada")
    ref = await scene.begun(world.user_id)
    assert (await scene.run("delete_rows", ref)).count == len(tables_in_order())
    monkeypatch.undo()
    assert (await scene.run("delete_rows", ref)).count == 0


async def test_an_entry_of_the_audit_log_keeps_its_ids_and_loses_its_reason(scene: Erasing) -> None:
    person, admin = await add_person(scene.database), await add_person(scene.database)
    async with scene.database.begin() as session:
        seals = [(await session.get_one(Account, each)).seal(KEYS) for each in (person, admin)]
        about_person = AuditEntry.by_admin(admin, "GET /api/profile/", person)
        about_admin = AuditEntry.by_admin(person, "GET /api/profile/", admin)
        about_person.explain("they asked me to", seals[0])
        about_admin.explain("I wanted to know", seals[1])
        session.add_all([about_person, about_admin])
    await erase(scene, await scene.begun(person))
    async with scene.database.begin() as session:
        first = await session.get_one(AuditEntry, about_person.id)
        second = await session.get_one(AuditEntry, about_admin.id)
    assert (first.actor_id, first.subject_id, first.reason_sealed) == (admin, person, None)
    assert second.actor_id == person
    assert second.reason(seals[1]) == "I wanted to know"


async def test_what_comes_late_goes_with_the_account(scene: Erasing) -> None:
    person = await add_person(scene.database)
    ref = await scene.begun(person)
    await scene.run("delete_rows", ref)
    await add_application(scene.database, person, await add_job(scene.database))
    await scene.run("destroy_key", ref)
    assert set(await left(scene.database, person)) == {"audit_entry"}


async def test_an_account_that_went_otherwise_holds_no_erasure_up(scene: Erasing) -> None:
    person = await add_person(scene.database)
    ref = await scene.ask(person)
    async with scene.database.begin() as session:
        await session.delete(await session.get_one(Account, person))
    assert await scene.run("freeze", ref) is True
    await scene.run("erase_at_vendors", ref)
    await erase(scene, ref)
    assert (await scene.row(ref)).state is ErasureState.ERASED


async def test_who_registers_again_is_a_new_person(scene: Erasing) -> None:
    person = await add_person(scene.database)
    async with scene.database.begin() as session:
        email = (await session.get_one(Account, person)).email
    await erase(scene, await scene.begun(person))
    again = Account.register(email, "x", KEYS)
    async with scene.database.begin() as session:
        session.add(again)
    assert again.id != person
    assert set(await left(scene.database, again.id)) == {"account"}


def test_everything_of_a_person_goes_with_the_account() -> None:
    keys = [key for table in all_tables().values() for key in table.foreign_keys]
    to_people = [key for key in keys if key.column.table.name == "account"]
    assert len(to_people) > 20
    actions = {str(key.parent): key.ondelete for key in to_people}
    assert {name for name, action in actions.items() if action != "CASCADE"} == {
        "installation.applying_paused_by"
    }
    assert actions["installation.applying_paused_by"] == "SET NULL"


async def test_their_own_key_to_adzuna_is_used_no_more(scene: Erasing) -> None:
    store = CredentialStore(
        scene.database, KEYS, InstallationKeys(AdzunaKeys("", ""), ApiKey("k"), ApiKey("k"))
    )
    world = await plant(scene.database, "ada")
    await scene.begun(world.user_id)
    # of who is being erased no own key is used any more
    assert world.user_id not in await store.adzuna_digests()
