"""The Adzuna stand-in: the job search API by its wire contract, over our own ads."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from fastapi import FastAPI, Request
from fastapi.responses import Response

from local import faults, received
from local.adzuna import parameters, statistics
from local.adzuna.config import AdzunaConfig
from local.adzuna.countries import COUNTRIES
from local.adzuna.errors import (
    AdzunaError,
    HtmlError,
    authorisation_failed,
    bad_parameter,
    body_for_status,
    exception_body,
    too_many_requests,
    unsupported_country,
)
from local.adzuna.limits import Limits
from local.adzuna.market import Market
from local.adzuna.model import Document
from local.adzuna.source import GeneratedAds, RecordedAds
from local.adzuna.wire import Rendering, response

API = "/v1/api"
VERSION = {"api_version": 1, "software_version": "local"}

Span = Literal["per_minute", "per_day", "per_week", "per_month"]


def create_app(config: AdzunaConfig) -> FastAPI:
    """Build the stand-in; `/_control` has faults, requests, state and limits."""
    limits = Limits(config.database)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        limits.close()

    async def reset() -> None:
        limits.reset()

    app = FastAPI(lifespan=lifespan, openapi_url=None)
    faults.install(app, reset, body_for_status)
    received.install(app)
    _answer_errors(app)
    _add_control(app, limits)
    _add_routes(app, _Desk(config, limits))
    return app


class _Desk:
    """Lets callers in, reads what they ask and looks it up."""

    def __init__(self, config: AdzunaConfig, limits: Limits) -> None:
        self.config = config
        self.limits = limits
        recorded = config.recorded_dir
        generated = GeneratedAds(config.seed, config.ads_per_country, config.now)
        self.market = Market(generated if recorded is None else RecordedAds(recorded), config.now)

    def admit(self, request: Request, known: frozenset[str]) -> dict[str, str]:
        """Check keys, limits and names of parameters; return the parameters."""
        given = dict(request.query_params)
        accounts = {**self.config.others, self.config.app_id: self.config.app_key}
        app_id = given.get("app_id", "")
        if app_id not in accounts or given.get("app_key") != accounts[app_id]:
            raise authorisation_failed()
        if not self.limits.take(app_id, self.config.now()):
            raise too_many_requests()
        country = request.path_params.get("country")
        if country is not None and country not in COUNTRIES:
            raise unsupported_country()
        parameters.check_names(given, known)
        return given

    def page(self, given: dict[str, str], country: str, page: str) -> Document:
        """Return one page of a search; a page past the end has no results."""
        number = parameters.number({"page": page}, "page", 1)
        if number is None:
            raise bad_parameter("page")
        size = parameters.page_size(given)
        query = parameters.read_query(given)
        found = self.market.find(country, query)
        rendering = Rendering(country, given["app_id"], (*query.every, *query.some, *query.title))
        shown = found.ads[(number - 1) * size : number * size]
        content = {
            "count": len(found.ads),
            "mean": found.mean,
            "results": [rendering.job(ad) for ad in shown],
        }
        return response("JobSearchResults", content)


def _add_routes(app: FastAPI, desk: _Desk) -> None:
    _add_search(app, desk)
    _add_statistics(app, desk)

    @app.get(f"{API}/version")
    async def version(request: Request) -> Response:
        desk.admit(request, frozenset())
        return _json(response("Version", VERSION))


def _add_search(app: FastAPI, desk: _Desk) -> None:
    @app.get(f"{API}/jobs/{{country}}/search/{{page}}")
    async def search(request: Request, country: str, page: str) -> Response:
        return _json(desk.page(desk.admit(request, parameters.SEARCH), country, page))

    @app.get(f"{API}/jobs/{{country}}/categories")
    async def categories(request: Request, country: str) -> Response:
        desk.admit(request, frozenset())
        return _json(response("Categories", statistics.categories(desk.market.current(country))))


def _add_statistics(app: FastAPI, desk: _Desk) -> None:
    @app.get(f"{API}/jobs/{{country}}/histogram")
    async def histogram(request: Request, country: str) -> Response:
        query = parameters.read_query(desk.admit(request, parameters.STATISTICS))
        return _json(response("SalaryHistogram", statistics.histogram(desk.market.find(country, query).ads)))

    @app.get(f"{API}/jobs/{{country}}/top_companies")
    async def top_companies(request: Request, country: str) -> Response:
        query = parameters.read_query(desk.admit(request, parameters.STATISTICS))
        found = desk.market.find(country, query)
        return _json(response("TopCompanies", statistics.top_companies(found.ads)))

    @app.get(f"{API}/jobs/{{country}}/geodata")
    async def geodata(request: Request, country: str) -> Response:
        query = parameters.read_query(desk.admit(request, parameters.PLACED))
        found = desk.market.find(country, query)
        depth = max(1, len(query.location))
        return _json(response("JobGeoData", statistics.places(found.ads, depth)))

    @app.get(f"{API}/jobs/{{country}}/history")
    async def history(request: Request, country: str) -> Response:
        given = desk.admit(request, parameters.HISTORY)
        longest = parameters.LONGEST_HISTORY
        months = parameters.number(given, "months", 1, longest) or longest
        found = desk.market.find(country, parameters.read_query(given))
        return _json(response("HistoricalSalary", statistics.history(found.ads, months, desk.config.now())))


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(AdzunaError)
    @app.exception_handler(HtmlError)
    async def refuse(_: Request, error: AdzunaError | HtmlError) -> Response:
        return error.response()

    @app.exception_handler(404)
    async def missing(_: Request, __: Exception) -> Response:
        return _json(body_for_status(404), 404)

    @app.exception_handler(405)
    async def wrong_method(_: Request, __: Exception) -> Response:
        return _json(exception_body("METHOD_NOT_ALLOWED", "Only GET is possible"), 405)


def _add_control(app: FastAPI, limits: Limits) -> None:
    @app.put(f"{faults.CONTROL}/limits")
    async def set_limits(allowed: dict[Span, int]) -> dict[str, int]:
        limits.set({str(span): calls for span, calls in allowed.items()})
        return limits.allowed

    @app.get(f"{faults.CONTROL}/limits")
    async def get_limits() -> dict[str, int]:
        return limits.allowed


def _json(document: Document, status: int = 200) -> Response:
    body = json.dumps(document, ensure_ascii=False).encode()
    return Response(body, status, media_type="application/json;charset=utf-8")
