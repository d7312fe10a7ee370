"""DOOR: the API as an ASGI app; `uvicorn --factory api.app:create` serves it."""

import asyncio
import gc
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from types import FrameType

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

import telemetry
from api import problems
from api.account_rules import AccountRules
from api.codec_cookie import CodecCookies
from api.context import Context
from api.cors import Cors
from api.described import Described
from api.events import Hub
from api.flows import FlowStarter
from api.limiting import Limiter
from api.metrics import Metrics
from api.middleware import Edge, Rules
from api.payload_desk import PayloadDesk
from api.resume_text import ResumeReader
from api.routes import (
    admin,
    admin_audit,
    admin_fetch,
    admin_users,
    answers,
    api_keys,
    application_answers,
    application_bulk,
    application_documents,
    application_evidence,
    application_lists,
    application_progress,
    applications,
    auth,
    chat,
    codec,
    docs,
    events,
    exchange_rates,
    health,
    integrations,
    job_marks,
    job_matches,
    job_suggestions,
    jobs,
    notifications,
    passwords,
    privacy_audit,
    privacy_consents,
    privacy_erasure,
    privacy_export,
    profile,
    registration,
    resumes,
    searches,
    second_factor,
    sessions,
    webhooks,
)
from api.security import Passwords, Tokens
from api.standing import Standing
from models.database import SEARCHING, Database
from models.fetch_key import CallLimits
from models.payload_keys import DatabasePayloadKeys
from models.sealed import KeyRing
from settings import Environment, Settings
from workflows.codec import Codec

TITLE = "Jobraker"
DESCRIPTION = (
    "Finds jobs, applies to them at most once and with proof, and answers questions. "
    "Every refusal is a problem (RFC 9457) whose `type` is stable."
)
VERSION = "0.1.0"
# of two that may fit an address the first one answers: the lists of applications before one by its id, and
# the words behind /api/jobs/ before one job
ROOMS = (
    *(job_suggestions, job_marks, job_matches, jobs),
    *(application_lists, application_bulk, applications, application_answers),
    *(application_evidence, application_documents, application_progress),
    *(
        answers,
        chat,
        events,
        registration,
        passwords,
        second_factor,
        auth,
        sessions,
        api_keys,
        profile,
        searches,
    ),
    *(resumes, integrations, notifications, exchange_rates, admin, admin_fetch, webhooks, health, docs),
    *(admin_users, admin_audit, codec, privacy_audit, privacy_consents, privacy_erasure, privacy_export),
)


def create() -> FastAPI:
    """Return the app that the environment describes."""
    settings = Settings()
    telemetry.configure(settings.telemetry, settings.environment.value)
    app = create_app(settings)
    # what was imported lives as long as the process: the collector need not look at it again and again
    gc.collect()
    gc.freeze()
    return app


def create_app(settings: Settings) -> FastAPI:
    """Return the app that the settings describe; it connects to nothing before its lifespan begins."""
    context = _context(settings)
    app = Described(
        title=TITLE,
        description=DESCRIPTION,
        version=VERSION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # its spans and logs would hold what people send
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.context = context
    problems.install(app)
    for room in ROOMS:
        # taken over as they are: an included router is matched route by route a second time at each request
        app.router.routes.extend(room.router.routes)
    app.mount(docs.ASSETS, docs.assets)
    app.add_middleware(Edge, rules=_rules(settings), metrics=context.metrics)
    if settings.api.proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.api.proxies)
    return app


def _rules(settings: Settings) -> Rules:
    api = settings.api
    is_called = api.cors_origins or api.codec_origins
    return Rules(
        upload_max=api.max_body_bytes,
        https_only=settings.environment is Environment.PRODUCTION,
        hosts=frozenset(map(str.encode, settings.host_names)),
        cors=Cors.of(api.cors_origins, api.codec_origins) if is_called else None,
    )


def _context(settings: Settings) -> Context:
    url = settings.database.url.get_secret_value()
    security = settings.security
    keys = {name: security.master_key(name) for name in security.master_keys}
    metrics, hub = Metrics(), Hub(url)
    database = Database(
        url,
        settings.database.pool_size,
        settings.database.reader_pool_size,
        settings.database.timeout_seconds,
        SEARCHING,
    )
    temporal = settings.temporal
    ring = KeyRing(keys, security.current_master_key)
    codec = Codec(DatabasePayloadKeys(ring, database), temporal.namespace)
    flows = FlowStarter(temporal.address, temporal.namespace, codec, tls=temporal.tls)
    metrics.gauge("jobraker_listening", "Whether live events are heard.", hub.listening.is_set)
    metrics.gauge("jobraker_streams", "Open event streams.", lambda: hub.streams)
    metrics.gauge("jobraker_temporal_calls_pending", "Calls to Temporal under way.", lambda: flows.pending)
    return Context(
        database=database,
        keys=ring,
        codec=codec,
        # what was destroyed is not opened by what is remembered
        payload_desk=PayloadDesk(DatabasePayloadKeys(ring, database, 0, 0), temporal.namespace),
        codec_cookies=CodecCookies(
            {name: key.get_secret_value() for name, key in security.jwt_keys.items()},
            security.current_jwt_key,
            frozenset(settings.api.codec_origins),
            settings.api.public_url,
        ),
        passwords=Passwords(),
        tokens=Tokens(
            {name: key.get_secret_value() for name, key in security.jwt_keys.items()},
            security.current_jwt_key,
            timedelta(minutes=security.access_token_minutes),
            timedelta(days=security.refresh_token_days),
        ),
        standing=Standing(database, hub),
        admin_totp=security.admin_totp,
        accounts=_account_rules(settings),
        terms_version=settings.privacy.terms_version,
        cooling_off=timedelta(hours=settings.privacy.erasure_hours),
        export_link=timedelta(minutes=settings.privacy.export_link_minutes),
        public_url=settings.api.public_url,
        flows=flows,
        hub=hub,
        resumes=ResumeReader(),
        metrics=metrics,
        resume_max=settings.api.max_resume_bytes,
        daily_cap=settings.apply.daily_cap,
        searches_per_person=settings.jobs.searches_per_person,
        skyvern_key=settings.skyvern.api_key.get_secret_value().encode(),
        call_limits=_call_limits(settings),
        allow_private_urls=settings.apply.allow_private_urls,
        limiter=Limiter.of(database, keys[security.current_master_key], settings.limits.model_dump()),
    )


def _account_rules(settings: Settings) -> AccountRules:
    security = settings.security
    return AccountRules(
        security.confirm_email,
        timedelta(hours=security.confirm_email_hours),
        timedelta(minutes=security.reset_password_minutes),
    )


def _call_limits(settings: Settings) -> CallLimits:
    adzuna = settings.adzuna
    return CallLimits(
        adzuna.calls_per_minute, adzuna.calls_per_day, adzuna.calls_per_week, adzuna.calls_per_month
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    context: Context = app.state.context
    listening = asyncio.create_task(context.hub.run())
    try:
        with _on_termination(context.hub.close):
            yield
    finally:
        context.hub.close()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await context.flows.close()
        await context.database.close()


@contextmanager
def _on_termination(end_streams: Callable[[], None]) -> Iterator[None]:
    """End the streams as soon as the process is asked to stop: the server itself waits for them first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    # only where a server waits for the signal: nobody else's default is taken away
    servers = {number: handler for number, handler in handlers.items() if callable(handler)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(end_streams)
        servers[signal.Signals(number)](number, frame)

    for number in servers:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in servers.items():
            signal.signal(number, handler)
