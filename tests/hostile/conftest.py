"""A hostile world for each test, and everything that is logged in it."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.auto_apply import document_model
from tests.hostile.world import World, open_world

HASTE = 0.001


@pytest.fixture
async def world(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A person with a structured résumé, and a model that is asked again without waiting."""
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(document_model, "WAIT_SECONDS", HASTE)
    async with open_world(database_url, tmp_path) as world:
        assert (await world.resume()).status_code == 201
        await world.structure()
        yield world
