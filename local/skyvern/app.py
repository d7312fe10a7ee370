"""Skyvern's stand-in as an ASGI app: its wire contract over a browser that really fills in forms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from local.faults import install
from local.skyvern.config import SkyvernConfig
from local.skyvern.errors import add_handlers, body_of
from local.skyvern.routes import control, files, replay, runs, workflows
from local.skyvern.services import open_services


def create_app(config: SkyvernConfig) -> ASGIApp:
    """Return the stand-in; its background work lives as long as the app's lifespan."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(config) as services:
            app.state.services = services
            yield

    app = FastAPI(title="Skyvern", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    for router in (
        runs.router,
        workflows.router,
        files.router,
        files.signed_router,
        replay.router,
        control.router,
    ):
        app.include_router(router)
    add_handlers(app)

    async def reset() -> None:
        await app.state.services.reset()

    install(app, reset, body_of)
    app.add_middleware(_SlashTwins)
    return app


class _SlashTwins:
    """Serves every path also with a slash at its end."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) > 1:
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self.app(scope, receive, send)
