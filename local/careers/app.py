"""The employer's careers site as an ASGI app: adverts, forms, and what happens when a form is posted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.types import ASGIApp

from local.careers import pages
from local.careers.applying import Outcome, post_page, show_page
from local.careers.ledger import Ledger
from local.faults import install
from local.form_kinds import FormKind, kind_of

SLOW_SECONDS = 2.0
MAX_SLUG = 200
NEWEST = 20
_GONE = 410
_REDIRECT = 303


def create_app(database: Path, slow_seconds: float = SLOW_SECONDS) -> ASGIApp:
    """Return the careers site over the ledger at `database`; `slow_seconds` is how slow the slow kind is."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.ledger = Ledger(database)
        yield
        app.state.ledger.close()

    app = FastAPI(title="Careers site", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.slow_seconds = slow_seconds
    _add_site(app)
    _add_control(app)

    async def reset() -> None:
        app.state.ledger.clear()

    install(app, reset)
    return app


def _add_site(app: FastAPI) -> None:
    @app.get("/")
    async def index() -> HTMLResponse:
        ledger: Ledger = app.state.ledger
        return HTMLResponse(pages.index(ledger.latest(NEWEST), ledger.count()))

    @app.get("/jobs/{slug}")
    async def advert(slug: str) -> HTMLResponse:
        return HTMLResponse(pages.advert(slug[:MAX_SLUG]))

    @app.get("/jobs/{slug}/apply")
    async def form(slug: str, page: int = 0) -> Response:
        slug = slug[:MAX_SLUG]
        return await _wall(app, slug) or _answer(show_page(slug, page))

    @app.post("/jobs/{slug}/apply")
    async def post(request: Request, slug: str) -> Response:
        slug = slug[:MAX_SLUG]
        if wall := await _wall(app, slug):
            return wall
        async with request.form() as posted:
            return _answer(await post_page(app.state.ledger, slug, posted))

    @app.get("/login")
    async def login(request: Request) -> HTMLResponse:
        return HTMLResponse(pages.login(request.query_params.get("next", "/")))

    @app.post("/login")
    async def refuse(request: Request) -> HTMLResponse:
        body = parse_qs((await request.body()).decode(errors="replace"))
        return HTMLResponse(pages.login(body.get("next", ["/"])[0]), status_code=403)


async def _wall(app: FastAPI, slug: str) -> Response | None:
    """Return what stands in front of the form, or nothing where the form may be shown."""
    kind = kind_of(slug)
    if kind is FormKind.SLOW:
        await asyncio.sleep(app.state.slow_seconds)
    if kind is FormKind.BROKEN:
        return HTMLResponse(pages.broken(), status_code=500)
    if kind is FormKind.CLOSED:
        return HTMLResponse(pages.closed(slug), status_code=_GONE)
    if kind is FormKind.LOGIN:
        return RedirectResponse(f"/login?next={pages.path_of(slug)}/apply", status_code=_REDIRECT)
    return None


def _answer(outcome: Outcome) -> Response:
    return HTMLResponse(outcome.html, status_code=outcome.status)


def _add_control(app: FastAPI) -> None:
    @app.get("/_control/ledger")
    async def ledger(
        email: Annotated[str | None, Query()] = None, slug: Annotated[str | None, Query()] = None
    ) -> JSONResponse:
        return JSONResponse(app.state.ledger.submissions(email, slug))

    @app.get("/_control/ledger/count")
    async def count(
        email: Annotated[str | None, Query()] = None, slug: Annotated[str | None, Query()] = None
    ) -> JSONResponse:
        return JSONResponse({"count": app.state.ledger.count(email, slug)})
