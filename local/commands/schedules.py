"""Brings Temporal up to date: the schedules and, on a server of our own, the namespace."""

from datetime import timedelta

from local.commands.accounts import key_ring
from models.payload_keys import InstallationPayloadKeys
from settings import Settings
from workflows.codec import Codec
from workflows.namespace import ensure_namespace
from workflows.schedules import Intervals, upsert
from workflows.wire import connect


async def upsert_schedules(settings: Settings, *, with_namespace: bool = False) -> None:
    """Create or update every schedule, after the namespace with its search attributes where asked for."""
    temporal = settings.temporal
    # schedules are nobody's: no person's key is asked for
    codec = Codec(InstallationPayloadKeys(key_ring(settings)), temporal.namespace)
    client = await connect(temporal.address, temporal.namespace, codec, tls=temporal.tls)
    if with_namespace:
        await ensure_namespace(client, temporal.namespace, temporal.retention_days)
    await upsert(client, _intervals(settings))


def _intervals(settings: Settings) -> Intervals:
    return Intervals(
        fetch=timedelta(minutes=settings.adzuna.fetch_minutes),
        sweep=timedelta(minutes=settings.apply.sweep_minutes),
        reconcile=timedelta(seconds=settings.apply.reconcile_seconds),
        upkeep=timedelta(minutes=settings.jobs.upkeep_minutes),
    )
