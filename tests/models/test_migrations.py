"""Migrations lead to just the tables that the models describe, and lose nothing of what was there before."""

from importlib import import_module
from pkgutil import iter_modules
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import models
from models.application import Application
from models.application_log import broken_at, log_of
from models.base import new_id
from models.database import Database, driver_url
from models.enums import ApplicationState, Stage
from models.installation import is_applying_paused
from models.migrate import alembic_config, upgrade
from models.profile import profile_of

S = ApplicationState

ADVERT = "https://www.adzuna.co.uk/jobs/details/"


@pytest.mark.filterwarnings("ignore:.*expression-based index.*")
def test_the_migrated_database_is_what_the_models_describe(database_url: str) -> None:
    for module in iter_modules(models.__path__):
        if not module.ispkg:
            import_module(f"models.{module.name}")
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def first_schema(url: str) -> psycopg.Connection:
    """Bring an empty database to the first schema and return a connection to it."""
    command.upgrade(alembic_config(url), "0001")
    return psycopg.connect(url, autocommit=True)


def person(connection: psycopg.Connection, mode: str) -> UUID:
    """Store a person whose automation is in a mode."""
    user_id = uuid4()
    connection.execute(
        "INSERT INTO account (id, created_at, email, password_hash, role, master_key_id, data_key)"
        " VALUES (%s, now(), %s, 'x', 'user', 'k', '')",
        [user_id, f"{user_id}@example.org"],
    )
    connection.execute(
        "INSERT INTO profile (id, created_at, user_id, preferences, automation_mode, daily_cap)"
        " VALUES (%s, now(), %s, '{}', %s, 5)",
        [uuid4(), user_id, mode],
    )
    return user_id


def application(connection: psycopg.Connection, user_id: UUID, url: str, *states: str) -> UUID:
    """Store an application that has been through these states, each half a second after the one before."""
    job_id, application_id = new_id(), new_id()
    connection.execute(
        "INSERT INTO job (id, created_at, source, source_id, country, title, company, description, location,"
        " area, remote, salary_predicted, currency, category, category_label, url, posted_at, content_key,"
        " fingerprint, seen_at) VALUES (%s, now(), 'adzuna', %s, 'gb', 'Cook', 'Café Ltd', 'd', 'London',"
        " '{}', false, false, 'GBP', 'c', 'c', %s, now(), 'k', 'f', now())",
        [job_id, str(job_id), url],
    )
    connection.execute(
        "INSERT INTO application (id, created_at, user_id, job_id, fingerprint, origin, state, retryable,"
        " moved_at) VALUES (%s, now(), %s, %s, %s, 'person', %s, false, now())",
        [application_id, user_id, job_id, str(job_id), states[-1]],
    )
    for number, (before, after) in enumerate(zip([None, *states], states, strict=False)):
        connection.execute(
            "INSERT INTO application_transition (id, created_at, application_id, user_id, from_state,"
            " to_state, actor) VALUES (%s, now() + %s * interval '500 ms', %s, %s, %s, %s, 'system')",
            [new_id(), number, application_id, user_id, before, after],
        )
    return application_id


async def test_moves_of_before_become_a_log_whose_chain_holds(empty_database_url: str) -> None:
    with first_schema(empty_database_url) as connection:
        user_id = person(connection, "off")
        made = [
            application(connection, user_id, f"{ADVERT}1", "queued", "preparing", "failed"),
            application(connection, user_id, f"{ADVERT}2", "queued"),
        ]
    upgrade(empty_database_url)
    database = Database(empty_database_url)
    async with database.begin() as session:
        for application_id, count in zip(made, (3, 1), strict=True):
            log = (await session.exec(log_of(application_id))).all()
            assert len(log) == count
            assert broken_at(log) is None
            row = await session.get_one(Application, application_id)
            assert (row.log_length, row.log_head) == (count, log[-1].hash)
            assert log[-1].data["to"] == row.state
    await database.close()


async def test_what_was_applied_for_before_still_locks_and_counts(empty_database_url: str) -> None:
    with first_schema(empty_database_url) as connection:
        user_id = person(connection, "off")
        sent = application(connection, user_id, f"{ADVERT}1?utm_source=x", "queued", "submitted")
        # the same page twice was no obstacle before
        again = application(connection, user_id, f"{ADVERT}1?utm_source=y", "queued")
    upgrade(empty_database_url)
    database = Database(empty_database_url)
    async with database.begin() as session:
        rows = [await session.get_one(Application, each) for each in (sent, again)]
    assert {row.company_key for row in rows} == {"cafe"}
    assert len({row.apply_url for row in rows}) == 2
    assert "https://adzuna.co.uk/jobs/details/1" in {row.apply_url for row in rows}
    assert [row.stage for row in rows] == [Stage.APPLIED, None]
    await database.close()


async def test_automation_that_was_on_goes_on_and_nothing_is_paused(empty_database_url: str) -> None:
    with first_schema(empty_database_url) as connection:
        on, off = person(connection, "auto"), person(connection, "off")
    upgrade(empty_database_url)
    database = Database(empty_database_url)
    async with database.begin() as session:
        profiles = [(await session.exec(profile_of(user_id))).one() for user_id in (on, off)]
        assert not await is_applying_paused(session)
    assert [profile.wishes_changed_at is not None for profile in profiles] == [True, False]
    assert profiles[0].read_automation().min_score == 70
    await database.close()
