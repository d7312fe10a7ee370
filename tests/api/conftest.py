"""The whole app in this process, over a real database; Temporal is away unless a test brings it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Unpack

import pytest

from tests.api.client import Api, ApiAt, running_app, served_app
from tests.api.configured import Changes, settings_for
from tests.api.post import Post, post_of


@pytest.fixture
def api_at(database_url: str) -> ApiAt:
    """What runs the app with other settings, such as a Temporal that is there."""

    @asynccontextmanager
    async def run(**changes: Unpack[Changes]) -> AsyncIterator[Api]:
        async with running_app(settings_for(database_url, **changes)) as api:
            yield api

    return run


@pytest.fixture
async def api(api_at: ApiAt) -> AsyncIterator[Api]:
    """The app as it mostly is."""
    async with api_at() as api:
        yield api


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Api]:
    """The app behind a real socket, for what is streamed."""
    async with served_app(settings_for(database_url)) as api:
        yield api


@pytest.fixture
async def post(api: Api) -> AsyncIterator[Post]:
    """The app with a mail server, and what is mailed."""
    async with post_of(api) as post:
        yield post
