"""Step `erase_at_vendors`: runs are cancelled and files deleted where they were uploaded.

What is done is forgotten row by row: the attempts and looks that are left are what is still to do.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, func, select
from temporalio.exceptions import ApplicationError

from activities.account_erasure.context import Context, Subject, subject_of
from activities.auto_apply.account import hash_of
from activities.heartbeat import beating
from activities.vendors.client import (
    CredentialsRefusedError,
    RateLimitedError,
    RefusedError,
    VendorError,
)
from models.account_enums import ErasureStep
from models.application import Attempt, VendorWorkflow
from models.base import now
from models.database import seal_of
from models.erasure import erasure_locked
from models.errors import JobrakerError, SealError
from models.scout import Scout
from models.sealed import Seal, place_of
from models.vendor_file import VendorFile
from workflows.account_messages import ErasureRef, Remaining

A_PAGE = 20
PATIENCE = timedelta(days=21)
"""A vendor that is away for longer is given up: the law leaves a month (GDPR, article 12(3)).

It then shows in the receipt as unreachable; files at Skyvern expire there by themselves within days.
"""

RUNS, FILES, UNREACHABLE = "runs_cancelled", "files_deleted", "unreachable"
FILE_NAMES = ("resume", "letter")
"""The parameters of a run that name files."""


@dataclass(frozen=True)
class Item:
    """An attempt, a look at a form, or a file: what may be at the vendor because of it.

    `key` is what its run can be found by, "" of a file. `sent_at` is when the vendor was asked for the run,
    None where it never was.
    """

    row: type[Attempt] | type[Scout] | type[VendorFile]
    id: UUID
    account_hash: str
    key: str
    run_id: str | None
    sent_at: datetime | None
    files: tuple[str, ...] = ()


async def erase_at_vendors(context: Context, ref: ErasureRef) -> Remaining:
    """Cancel runs and delete files, a page a call; say how much is left.

    404 is done. What no key of ours opens is counted as unreachable, and stops nothing; what the vendor
    cannot do now is a failure of this step, which is repeated.
    """
    subject = await subject_of(context, ref.erasure_id, ErasureStep.ERASE_AT_VENDORS)
    if subject is None:
        return Remaining(count=0)
    keys = await _keys(context, subject.user_id)
    async with beating():
        for item in await _page(context, subject):
            # a call whose answer was lost may still land
            if item.run_id is None and item.sent_at is not None and now() - item.sent_at < context.settle:
                continue
            await _forget(context, subject, item, await _erase(context, subject, item, keys))
    left = await _left(context, subject)
    if left == 0:
        await _forget_workflows(context, keys)
    return Remaining(count=left)


async def _keys(context: Context, user_id: UUID) -> dict[str, str]:
    """Return the API keys that we have, by their hashes: the installation's, and the person's own."""
    keys = [context.credentials.installation.skyvern.key]
    # what does not open cannot be asked with
    with suppress(JobrakerError):
        keys.append((await context.credentials.skyvern(user_id)).key)
    return {hash_of(key): key for key in keys if key and key.isascii() and key.isprintable()}


async def _page(context: Context, subject: Subject) -> list[Item]:
    """Return some of what is still to do: any, so that what cannot be done yet hides nothing."""
    looks = select(Scout).where(Scout.user_id == subject.user_id)
    attempts = select(Attempt).where(Attempt.user_id == subject.user_id)
    files = select(VendorFile).where(VendorFile.user_id == subject.user_id)
    async with context.database.begin() as session:
        found = [_look(each) for each in await session.exec(looks.order_by(func.random()).limit(A_PAGE))]
        rows = (await session.exec(attempts.order_by(func.random()).limit(A_PAGE - len(found)))).all()
        uploads = (await session.exec(files.order_by(func.random()).limit(A_PAGE))).all()
        try:
            seal = await seal_of(session, context.keys, subject.user_id) if rows else None
        except SealError:
            seal = None
    found += [_attempt(each, seal) for each in rows]
    # a file that a run holds goes with the run
    return [*found, *(_file(each) for each in uploads)]


def _look(row: Scout) -> Item:
    return Item(Scout, row.id, row.account_hash, f"scout-{row.id}", row.run_id, row.created_at)


def _attempt(row: Attempt, seal: Seal | None) -> Item:
    files = dict.fromkeys(filter(None, (row.file_id, *_files_sent(row, seal))))
    return Item(Attempt, row.id, row.account_hash, row.attempt_key, row.run_id, row.posted_at, tuple(files))


def _file(row: VendorFile) -> Item:
    return Item(VendorFile, row.id, row.account_hash, "", None, None, (row.file_id,))


def _files_sent(row: Attempt, seal: Seal | None) -> tuple[str, ...]:
    """Return the files that the payload names; none where it does not open."""
    if seal is None:
        return ()
    try:
        payload = seal.open(row.payload_sealed, place_of("submit_attempt", "payload_sealed", row.id))
        parameters = json.loads(payload)
    except (SealError, ValueError):
        return ()
    return tuple(str(parameters[name]) for name in FILE_NAMES if parameters.get(name))


async def _erase(context: Context, subject: Subject, item: Item, keys: Mapping[str, str]) -> dict[str, int]:
    """Take away what is at the vendor; return the counts for the receipt."""
    key, counts = keys.get(item.account_hash), dict.fromkeys((RUNS, FILES, UNREACHABLE), 0)
    if key is None:
        return {UNREACHABLE: 1}
    try:
        for run_id in await _runs_of(context, key, item):
            counts[RUNS] += await context.skyvern.cancel_run(key, run_id)
        for file_id in item.files:
            counts[FILES] += await context.skyvern.delete_file(key, file_id)
    except (CredentialsRefusedError, RefusedError):
        counts[UNREACHABLE] = 1
    except VendorError as error:
        if now() - subject.began_at < PATIENCE:
            raise _later(error) from None
        counts[UNREACHABLE] = 1
    return counts


async def _runs_of(context: Context, key: str, item: Item) -> list[str]:
    """Return the runs that a row led to: its own, or where an answer was lost what the vendor lists."""
    if item.run_id is not None or item.sent_at is None:
        return [item.run_id] if item.run_id is not None else []
    try:
        rows = await context.skyvern.find_runs(key, item.key)
    except RefusedError as error:
        # its search refuses what takes it too long
        raise VendorError(str(error)) from None
    runs = [await context.skyvern.get_run(key, row.run_id) for row in rows]
    return [run.run_id for run in runs if run.attempt_key == item.key]


def _later(error: VendorError) -> ApplicationError:
    asked = error.retry_after if isinstance(error, RateLimitedError) else None
    wait = timedelta(seconds=asked) if asked is not None else None
    return ApplicationError(str(error), type=error.word, next_retry_delay=wait)


async def _forget(context: Context, subject: Subject, item: Item, counts: Mapping[str, int]) -> None:
    """Delete the row of what is done, and count it, in one transaction."""
    async with context.database.begin() as session:
        erasure = (await session.exec(erasure_locked(subject.erasure_id))).one()
        gone = await session.exec(delete(item.row).where(col(item.row.id) == item.id))
        if gone.rowcount:
            erasure.count({**counts, str(item.row.__tablename__): 1})


async def _left(context: Context, subject: Subject) -> int:
    async with context.database.begin() as session:
        counts = [
            (await session.exec(select(func.count()).where(col(row.user_id) == subject.user_id))).one()
            for row in (Scout, Attempt, VendorFile)
        ]
    return sum(counts)


async def _forget_workflows(context: Context, keys: Mapping[str, str]) -> None:
    """Forget which workflows of ours are in the person's own account, which is theirs."""
    own = [each for each in keys if each != hash_of(context.credentials.installation.skyvern.key)]
    async with context.database.begin() as session:
        await session.exec(delete(VendorWorkflow).where(col(VendorWorkflow.account_hash).in_(own)))
