"""A person's own key is used before the installation's, opens only in its place, and never shows."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlmodel import select

from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from models.database import Database, seal_of
from models.enums import Vendor
from models.errors import SealError
from models.integration import Integration
from models.sealed import place_of
from tests.activities.people import KEYS, add_person

INSTALLATION = InstallationKeys(AdzunaKeys("id", "canary-a"), ApiKey("canary-s"), ApiKey("canary-o"))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[CredentialStore]:
    """A store over a database of our own."""
    database = Database(database_url)
    yield CredentialStore(database, KEYS, INSTALLATION)
    await database.close()


async def bring(store: CredentialStore, user_id: UUID, vendor: Vendor, key: str) -> None:
    """Store a person's own key as the API does."""
    integration = Integration(user_id=user_id, vendor=vendor, credentials_sealed=b"")
    text = f'{{"vendor": "{vendor}", "api_key": "{key}"}}'
    async with store.database.begin() as session:
        seal = await seal_of(session, KEYS, user_id)
        place = place_of("integration", "credentials_sealed", integration.id)
        integration.credentials_sealed = seal.seal_text(text, place)
        session.add(integration)


async def test_who_brings_nothing_uses_the_installations(store: CredentialStore) -> None:
    person = await add_person(store.database)
    assert await store.skyvern(person) == INSTALLATION.skyvern
    assert await store.openai(person) == INSTALLATION.openai
    assert await store.adzuna() == INSTALLATION.adzuna


async def test_an_own_key_counts_for_its_vendor_and_its_person_only(store: CredentialStore) -> None:
    person, other = await add_person(store.database), await add_person(store.database)
    await bring(store, person, Vendor.SKYVERN, "own-skyvern-key")
    assert await store.skyvern(person) == ApiKey("own-skyvern-key", own=True)
    assert await store.openai(person) == INSTALLATION.openai
    assert await store.skyvern(other) == INSTALLATION.skyvern


async def test_a_key_that_was_moved_to_another_row_does_not_open(store: CredentialStore) -> None:
    person = await add_person(store.database)
    await bring(store, person, Vendor.SKYVERN, "own-skyvern-key")
    await bring(store, person, Vendor.OPENAI, "own-openai-key")
    async with store.database.begin() as session:
        first, second = (await session.exec(select(Integration))).all()
        first.credentials_sealed = second.credentials_sealed
    with pytest.raises(SealError):
        await getattr(store, first.vendor.value)(person)


def test_no_key_shows() -> None:
    assert "canary" not in f"{INSTALLATION!r} {INSTALLATION.adzuna} {INSTALLATION.skyvern}"
