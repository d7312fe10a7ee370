"""Everything that the routes work with, and how it is put together and taken apart."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import httpx
from fastapi import Depends, Request

from local.skyvern.agent.perform import Agent
from local.skyvern.config import SkyvernConfig
from local.skyvern.errors import BAD_KEY, NO_KEY, SkyvernError
from local.skyvern.links import Links
from local.skyvern.modes import Modes
from local.skyvern.shapes import Shapes
from local.skyvern.stores import Stores, open_stores
from local.skyvern.webhooks import TIMEOUT_SECONDS, Webhooks
from local.skyvern.worker import Worker

_FORBIDDEN = 403
_CONNECTIONS = httpx.Limits(max_connections=None, max_keepalive_connections=100)


@dataclass(frozen=True)
class Services:
    """The parts of the stand-in."""

    config: SkyvernConfig
    stores: Stores
    links: Links
    shapes: Shapes
    modes: Modes
    webhooks: Webhooks
    worker: Worker

    async def reset(self) -> None:
        """Forget every run, workflow, file, link and order; what is under way is dropped."""
        await self.worker.stop()
        await self.webhooks.stop()
        self.webhooks.log.clear()
        self.stores.database.clear()
        self.modes.reset()
        self.links.restore_lifetime()


@cache
def tls() -> ssl.SSLContext:
    """Return the one TLS context of this process: reading the certificates takes a client 30 ms."""
    return ssl.create_default_context()


def open_client() -> httpx.AsyncClient:
    """Return the client that opens employers' pages and delivers webhooks."""
    return httpx.AsyncClient(timeout=TIMEOUT_SECONDS, limits=_CONNECTIONS, trust_env=False, verify=tls())


@asynccontextmanager
async def open_services(config: SkyvernConfig) -> AsyncIterator[Services]:
    """Open the database, take up what was left undone, and end everything when the block ends."""
    stores = open_stores(config.database)
    links = Links(config.public_url, config.api_key)
    shapes = Shapes(stores.artifacts, links)
    async with open_client() as client:
        backoff = config.webhook_backoff_seconds
        webhooks = Webhooks(stores.runs, shapes, client, config.api_key, backoff)
        agent = Agent(stores, client, config.careers_url, config.step_seconds)
        worker = Worker(stores, agent, webhooks)
        worker.recover()
        yield Services(config, stores, links, shapes, Modes(), webhooks, worker)
        await worker.stop()
        await webhooks.stop()
    stores.database.close()


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    services.links.learn(str(request.base_url))
    return services


Stand = Annotated[Services, Depends(_services)]


async def check_key(request: Request, services: Stand) -> None:
    """Refuse a request without the API key: 403 either way, as the real server does."""
    key = request.headers.get("x-api-key")
    if not key:
        raise SkyvernError(_FORBIDDEN, NO_KEY)
    if key != services.config.api_key:
        raise SkyvernError(_FORBIDDEN, BAD_KEY)
