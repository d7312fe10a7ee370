"""DOOR: the worker. It connects, builds the activities, registers them, and drains on SIGTERM."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TypeVar

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

import telemetry
from activities.account_erasure.activities import AccountErasureActivities
from activities.account_erasure.context import Context as ErasureContext
from activities.account_export.activities import AccountExportActivities
from activities.auto_apply.activities import AutoApplyActivities
from activities.auto_apply_sweep import AutoApplySweepActivities
from activities.chat_turn import ChatTurnActivities
from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from activities.follow_up import FollowUpActivities, FollowUpDays
from activities.interceptors import ActivityTelemetry
from activities.job_fetch.activities import JobFetchActivities
from activities.job_fetch.options import FetchOptions
from activities.job_upkeep.activities import JobUpkeepActivities
from activities.job_upkeep.expiry import Ages
from activities.notify import NotifyActivities
from activities.reconcile import ReconcileActivities
from activities.retention.activities import KeptDays, RetentionActivities
from activities.token_mail import TokenMailActivities
from activities.vendors.adzuna import AdzunaClient, SearchQuery
from activities.vendors.client import new_client
from activities.vendors.mail import Mailer
from activities.vendors.openai import OpenAI, new_openai_client
from activities.vendors.skyvern import Skyvern
from models.database import Database
from models.fetch_key import CallLimits
from models.payload_keys import DatabasePayloadKeys
from models.sealed import KeyRing
from settings import Settings
from workflows import account_steps, steps
from workflows.codec import Codec
from workflows.ids import TASK_QUEUE
from workflows.wire import connect

GRACE = timedelta(seconds=30)
STICKY = timedelta(seconds=5)
"""After this time, what waits for a worker that was killed is given to any other."""

RETRY_SECONDS = 1.0

Done = TypeVar("Done")
Activity = Callable[..., Awaitable[object]]

log = structlog.get_logger(__name__)


async def main(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then let what runs come to its end for half a minute."""
    stopping = _stop_signal()
    async with AsyncExitStack() as stack:
        stack.callback(
            telemetry.serve_metrics(
                settings.telemetry.worker_metrics_host, settings.telemetry.worker_metrics_port
            )
        )
        database, keys = _database(settings), _key_ring(settings)
        stack.push_async_callback(database.close)
        activities = await stack.enter_async_context(_activities(settings, database, keys))
        codec = Codec(DatabasePayloadKeys(keys, database), settings.temporal.namespace)
        client = await _until_there("Temporal", lambda: _connect(settings, codec), stopping)
        if client is None:
            return
        worker = Worker(
            client,
            task_queue=TASK_QUEUE,
            activities=activities,
            interceptors=[ActivityTelemetry()],
            graceful_shutdown_timeout=GRACE,
            sticky_queue_schedule_to_start_timeout=STICKY,
            max_concurrent_activities=settings.temporal.max_concurrent_activities,
            max_cached_workflows=settings.temporal.max_cached_workflows,
        )
        async with worker:
            log.info("working", task_queue=TASK_QUEUE)
            await stopping.wait()
            log.info("draining")


def _stop_signal() -> asyncio.Event:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


async def _connect(settings: Settings, codec: Codec) -> Client:
    temporal = settings.temporal
    return await connect(temporal.address, temporal.namespace, codec, tls=temporal.tls)


async def _until_there(
    name: str, attempt: Callable[[], Awaitable[Done]], stopping: asyncio.Event
) -> Done | None:
    """Try until it works; None when the process is asked to stop meanwhile."""
    while not stopping.is_set():
        try:
            return await attempt()
        except (OSError, RuntimeError, RPCError) as error:
            log.warning("not there yet", server=name, error=type(error).__name__)
        try:
            await asyncio.wait_for(stopping.wait(), RETRY_SECONDS)
        except TimeoutError:
            continue
    return None


@asynccontextmanager
async def _activities(settings: Settings, database: Database, keys: KeyRing) -> AsyncIterator[list[Activity]]:
    """Build every activity with what it works with; at the end all connections to vendors are given back."""
    mail = settings.mail
    credentials = CredentialStore(database, keys, _installation(settings))
    mailer = Mailer(
        mail.host, mail.port, mail.sender, mail.username, mail.password.get_secret_value(), mail.starttls
    )
    model = settings.openai
    follow_up = FollowUpDays(settings.apply.follow_up_days, settings.apply.ghosted_days)
    async with AsyncExitStack() as stack:
        adzuna = await stack.enter_async_context(
            AdzunaClient(settings.adzuna.base_url, settings.adzuna.timeout_seconds)
        )
        skyvern = await stack.enter_async_context(
            new_client(settings.skyvern.base_url, settings.skyvern.timeout_seconds)
        )
        client = await stack.enter_async_context(new_openai_client(model.base_url, model.timeout_seconds))
        openai = OpenAI(client, model.model, model.max_completion_tokens)
        yield activities_of(
            AutoApplyActivities(
                database,
                keys,
                credentials,
                Skyvern(skyvern),
                settings.skyvern,
                settings.api.public_url,
                openai,
                settings.apply.allow_private_urls,
            ),
            FollowUpActivities(database, follow_up),
            AutoApplySweepActivities(database),
            ChatTurnActivities(
                database,
                keys,
                credentials,
                openai,
                model.history_messages,
            ),
            JobFetchActivities(database, adzuna, credentials, _fetch_options(settings)),
            JobUpkeepActivities(database, Ages(settings.jobs.unseen_days, settings.jobs.old_days)),
            NotifyActivities(database, mailer),
            ReconcileActivities(database, mailer.is_set, follow_up),
            AccountErasureActivities(_erasure(settings, credentials, Skyvern(skyvern), mailer)),
            AccountExportActivities(database, keys, timedelta(days=settings.privacy.export_days)),
            RetentionActivities(database, _kept(settings)),
            TokenMailActivities(database, keys, mailer, settings.api.public_url),
        )


def _database(settings: Settings) -> Database:
    database = settings.database
    return Database(
        database.url.get_secret_value(),
        database.pool_size,
        database.reader_pool_size,
        database.timeout_seconds,
    )


def _key_ring(settings: Settings) -> KeyRing:
    security = settings.security
    keys = {name: security.master_key(name) for name in security.master_keys}
    return KeyRing(keys, security.current_master_key)


def _installation(settings: Settings) -> InstallationKeys:
    adzuna = settings.adzuna
    return InstallationKeys(
        AdzunaKeys(adzuna.app_id, adzuna.app_key.get_secret_value()),
        ApiKey(settings.skyvern.api_key.get_secret_value()),
        ApiKey(settings.openai.api_key.get_secret_value()),
    )


def _kept(settings: Settings) -> KeptDays:
    privacy = settings.privacy
    return KeptDays(
        chat=privacy.chat_days,
        events=privacy.event_days,
        notifications=privacy.notification_days,
        evidence=privacy.evidence_days,
        jobs=privacy.expired_job_days,
        audit=privacy.audit_days,
        logins=privacy.login_days,
        unconfirmed=privacy.unconfirmed_days,
        receipts=privacy.receipt_days,
    )


def _erasure(
    settings: Settings, credentials: CredentialStore, skyvern: Skyvern, mailer: Mailer
) -> ErasureContext:
    return ErasureContext(
        credentials.database,
        credentials.keys,
        credentials,
        skyvern,
        mailer,
        settings.api.public_url,
        timedelta(seconds=settings.privacy.erasure_grace_seconds),
        timedelta(seconds=settings.skyvern.settle_seconds),
    )


def _fetch_options(settings: Settings) -> FetchOptions:
    adzuna = settings.adzuna
    searches = [SearchQuery(each.country, each.what, each.where) for each in adzuna.searches]
    return FetchOptions(
        searches,
        adzuna.results_per_page,
        adzuna.pages_per_search,
        limits=CallLimits(
            adzuna.calls_per_minute, adzuna.calls_per_day, adzuna.calls_per_week, adzuna.calls_per_month
        ),
        interval=timedelta(minutes=adzuna.fetch_minutes),
    )


def activities_of(*implementations: object) -> list[Activity]:
    """Return the methods by which these classes implement the steps of their contracts."""
    return [
        getattr(each, name)
        for each in implementations
        for contract in CONTRACTS
        if isinstance(each, contract)
        for name in sorted(contract.__abstractmethods__)
    ]


CONTRACTS = (
    steps.AutoApplySteps,
    steps.AutoApplySweepSteps,
    steps.ChatTurnSteps,
    steps.FollowUpSteps,
    steps.JobFetchSteps,
    steps.JobUpkeepSteps,
    steps.NotifySteps,
    steps.ReconcileSteps,
    account_steps.TokenMailSteps,
    account_steps.AccountErasureSteps,
    account_steps.AccountExportSteps,
    account_steps.RetentionSteps,
)

if __name__ == "__main__":
    read = Settings()
    telemetry.configure(read.telemetry, read.environment.value)
    asyncio.run(main(read))
    telemetry.leave(0)
