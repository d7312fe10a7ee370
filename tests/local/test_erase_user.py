"""`jobraker erase-user`: asks for the e-mail again, and has the same erasure begin that people ask for."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from rich.console import Console
from sqlmodel import select

from local.commands.accounts import AccountError
from local.commands.erase_user import erase_user
from models.account import Account
from models.account_enums import AuditActor, ErasureState
from models.audit import AuditEntry, Deed
from models.base import now
from models.database import Database
from models.erasure import Erasure
from settings import Settings
from tests.api.configured import RING, settings_for
from workflows.ids import account_erasure_id
from workflows.wire import connect

EMAIL = "ada@example.org"
Done = TypeVar("Done")


def with_database(url: str, do: Callable[[Database], Awaitable[Done]]) -> Done:
    """Do something with the database in a loop of its own, as the command does."""

    async def done() -> Done:
        database = Database(url)
        try:
            return await do(database)
        finally:
            await database.close()

    return asyncio.run(done())


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings of an installation with one account, whose Temporal is away."""

    async def add(database: Database) -> None:
        async with database.begin() as session:
            session.add(Account.register(EMAIL, "x", RING))

    with_database(database_url, add)
    return settings_for(database_url)


def erase(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    email: str = EMAIL,
    *,
    at_once: bool = False,
) -> str:
    """Run the command with something typed; return what it said."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    console = Console(file=io.StringIO(), width=200)
    erase_user(settings, email, console, at_once=at_once)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def erasures(settings: Settings) -> list[Erasure]:
    """Return what there is of erasures."""

    async def read(database: Database) -> list[Erasure]:
        async with database.begin() as session:
            return list(await session.exec(select(Erasure)))

    return with_database(settings.database.url.get_secret_value(), read)


def test_the_cooling_off_period_begins(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    said = erase(settings, monkeypatch, "ADA@example.org")
    (erasure,) = erasures(settings)
    assert erasure.state is ErasureState.COOLING_OFF
    assert timedelta(hours=23) < erasure.due_at - now() <= timedelta(hours=24)
    assert str(erasure.id) in said
    assert "Temporal is away" in said


def test_without_the_cooling_off_period_it_is_due_now(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(settings, monkeypatch, EMAIL)
    erase(settings, monkeypatch, EMAIL, at_once=True)
    (erasure,) = erasures(settings)
    assert erasure.due_at <= now()


def test_the_audit_log_tells_that_it_was_no_person(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase(settings, monkeypatch, EMAIL)

    async def read(database: Database) -> AuditEntry:
        async with database.begin() as session:
            return (await session.exec(select(AuditEntry))).one()

    entry = with_database(settings.database.url.get_secret_value(), read)
    assert (entry.actor, entry.action) == (AuditActor.SYSTEM, Deed.ERASURE_CONFIRMED)


@pytest.mark.parametrize(
    ("typed", "email"), [("", EMAIL), ("eve@example.org", EMAIL), ("eve@a.org", "eve@a.org")]
)
def test_another_e_mail_erases_nobody(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, typed: str, email: str
) -> None:
    with pytest.raises(AccountError, match="nothing was done"):
        erase(settings, monkeypatch, typed, email)
    assert erasures(settings) == []


def test_the_workflow_is_started_and_rung(
    database_url: str, settings: Settings, temporal_process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = settings_for(database_url, temporal=temporal_process)
    assert "Temporal is away" not in erase(there, monkeypatch, EMAIL)
    assert "Temporal is away" not in erase(there, monkeypatch, EMAIL, at_once=True)
    (erasure,) = erasures(there)

    async def read() -> str:
        client = await connect(temporal_process, "jobraker")
        handle = client.get_workflow_handle(account_erasure_id(erasure.id))
        history = (await handle.fetch_history()).to_json()
        await handle.terminate()
        return history

    assert '"signalName": "changed"' in asyncio.run(read())
