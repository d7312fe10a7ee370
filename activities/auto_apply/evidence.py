"""Step `copy_evidence`: the run's screenshots, copied in and sealed before their links expire."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.auto_apply.account import Account, account_of
from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure, vendor_failures
from activities.auto_apply.rows import lock
from activities.vendors.client import CredentialsRefusedError, GarbageError, RefusedError
from activities.vendors.skyvern_runs import Artifact
from models.answering_enums import LogKind
from models.application import Attempt
from models.base import new_id, now
from models.database import seal_of
from models.enums import EndReason
from models.evidence import Evidence
from models.sealed import Seal, place_of
from workflows.messages import AttemptRef

IMAGES_MAX = 30
"""Of a longer run the newest are kept: they show the form as it was sent, and the confirmation."""

TRIES_MAX = 8
"""The workflow goes on to notify the person only after this step, so it must not wait for long."""


async def copy_evidence(context: Context, ref: AttemptRef) -> int:
    """Copy what is not there yet; return how many images the application has."""
    try:
        return await _copy(context, ref)
    except ApplicationError as failure:
        if activity.info().attempt < TRIES_MAX:
            raise
        raise final_failure(EndReason.PROVIDER_ERROR, failure.message) from None


@dataclass(frozen=True)
class _Album:
    """The run, the artifacts that were copied before, and the seal for new ones."""

    run_id: str
    known: frozenset[str]
    seal: Seal


async def _copy(context: Context, ref: AttemptRef) -> int:
    album = await _open_album(context, ref)
    account = await account_of(context, ref.user_id)
    with vendor_failures():
        copied, expired = await _copy_listed(context, ref, account, album, None)
        if expired:
            # links expire: a fresh list has fresh ones, and is asked for once
            more, expired = await _copy_listed(context, ref, account, album, expired)
            copied += more
    if expired:
        activity.logger.warning("the links of %d screenshots lead nowhere", len(expired))
    return len(album.known) + copied


async def _copy_listed(
    context: Context, ref: AttemptRef, account: Account, album: _Album, only: frozenset[str] | None
) -> tuple[int, frozenset[str]]:
    """Copy what the vendor lists, or `only` some of it; return how many, and those whose links are dead."""
    copied, dead = 0, set()
    for artifact in (await context.skyvern.screenshots(account.key, album.run_id))[:IMAGES_MAX]:
        if artifact.artifact_id in album.known or (only is not None and artifact.artifact_id not in only):
            continue
        try:
            copied += await _copy_one(context, ref, artifact, album.seal)
        except (CredentialsRefusedError, RefusedError):
            dead.add(artifact.artifact_id)
    return copied, frozenset(dead)


async def _open_album(context: Context, ref: AttemptRef) -> _Album:
    query = select(Evidence.artifact_id).where(Evidence.application_id == ref.application_id)
    async with context.database.begin() as session:
        attempt = await session.get(Attempt, ref.attempt_id)
        if attempt is None or attempt.run_id is None:
            raise final_failure(EndReason.PROVIDER_ERROR, "this attempt has no run")
        known = frozenset((await session.exec(query)).all())
        seal = await seal_of(session, context.keys, ref.user_id)
    return _Album(attempt.run_id, known, seal)


async def _copy_one(context: Context, ref: AttemptRef, artifact: Artifact, seal: Seal) -> bool:
    """Copy one image; one that is none is passed over for the others' sake.

    CredentialsRefusedError or RefusedError where its link leads nowhere (any more).
    """
    if artifact.url is None or not context.skyvern.may_fetch(artifact.url):
        activity.logger.warning("a screenshot is nowhere that it can be fetched from")
        return False
    try:
        image = await context.skyvern.download(artifact.url)
    except GarbageError as error:
        activity.logger.warning("a screenshot was passed over: %s", error.word)
        return False
    row_id = new_id()
    sha256 = hashlib.sha256(image.content).hexdigest()
    values = {
        "id": row_id,
        "created_at": now(),
        "application_id": ref.application_id,
        "user_id": ref.user_id,
        "artifact_id": artifact.artifact_id,
        "media_type": image.media_type,
        "sha256": sha256,
        "size": len(image.content),
        "content_sealed": seal.seal(image.content, place_of("evidence", "content_sealed", row_id)),
    }
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        statement = insert(Evidence).values(**values).on_conflict_do_nothing()
        stored = await session.exec(statement.returning(col(Evidence.id)))
        if stored.scalar_one_or_none() is None:
            return False
        entry = application.log(
            LogKind.EVIDENCE_COPIED,
            evidence_id=str(row_id),
            sha256=sha256,
            size=len(image.content),
        )
        session.add(entry)
    return True
