"""Step `stage`: our workflow and the person's documents, ready at the vendor. It may be repeated."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.account import Account, account_of
from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure, vendor_failures
from activities.auto_apply.payload import file_name, wants_letter_file
from activities.auto_apply.person import load_person
from activities.auto_apply.vendor_workflows import workflow_id_of
from activities.vendors.skyvern import Upload
from activities.vendors.skyvern_apply import APPLY
from models.answering_enums import DocumentKind, LogKind
from models.application import Application, Attempt
from models.application_log import log_of
from models.automation import Automation
from models.base import now
from models.claims import account_frees_at, host_frees_at
from models.database import seal_of
from models.enums import ApplicationState, EndReason
from models.erasure import is_being_erased
from models.evidence import Document, documents_of
from models.holding import hold_seconds
from models.installation import is_applying_paused
from models.profile import Profile, profile_of, resumes_of
from models.question import questions_of
from models.sealed import Seal, place_of
from models.vendor_file import VendorFile
from workflows.messages import ApplicationRef, Staged

ERASING_SECONDS = 3600.0
"""How long what belongs to somebody who is being erased is held: it is gone by then."""

NOTHING_STAGED = Staged(vendor_workflow_id="", file_id="")


@dataclass(frozen=True)
class _Parcel:
    """What is to be uploaded, and the hash by which it was approved."""

    resume: Upload
    letter: Upload | None
    approved_hash: str | None


async def stage(context: Context, ref: ApplicationRef) -> Staged:
    """Find or make the workflow, and upload the documents; nothing of an application that may not be sent.

    A résumé that an earlier attempt uploaded is used again: a file can be bound to one run ever.
    """
    parcel = await _parcel(context, ref)
    if isinstance(parcel, Staged):
        return parcel
    account = await account_of(context, ref.user_id)
    with vendor_failures():
        workflow_id = await workflow_id_of(context, account, APPLY)
        file_id = await _file_of_earlier_attempt(context, ref, account, parcel.approved_hash)
        if file_id is None:
            file_id = await _upload(context, ref, account, parcel.resume)
        letter = parcel.letter
        letter_id = await _upload(context, ref, account, letter) if letter is not None else None
    return Staged(vendor_workflow_id=workflow_id, file_id=file_id, letter_file_id=letter_id)


async def _upload(context: Context, ref: ApplicationRef, account: Account, upload: Upload) -> str:
    """Upload a file, and note its id: whoever is erased has it deleted, also where no run ever got it."""
    file_id = await context.skyvern.upload_file(account.key, upload)
    async with context.database.begin() as session:
        session.add(VendorFile(user_id=ref.user_id, account_hash=account.hash, file_id=file_id))
    return file_id


async def seconds_held(session: AsyncSession, application: Application) -> float:
    """Return for how many seconds an approved application must not be sent; 0 where it may go now.

    Whoever decides by it holds the rows of the profile and of the application.
    """
    profile, at = (await session.exec(profile_of(application.user_id))).one_or_none(), now()
    held = await seconds_still(session, application, profile, at)
    if profile is None:
        return held
    # others have been sent, and have gone to the same site, since this one was queued and its form read
    frees = [await account_frees_at(session, profile, at)]
    if application.host is not None:
        frees.append(await host_frees_at(session, profile, application.host, at))
    return max([held, *((each - at).total_seconds() for each in frees if each is not None)])


async def seconds_still(
    session: AsyncSession, application: Application, profile: Profile | None, at: datetime
) -> float:
    """Return for how many seconds nothing is sent, whatever was sent before: no cap is counted."""
    if await is_being_erased(session, application.user_id):
        return ERASING_SECONDS
    rules = profile.read_automation() if profile is not None else Automation()
    return hold_seconds(application, rules, at, await is_applying_paused(session))


async def _parcel(context: Context, ref: ApplicationRef) -> _Parcel | Staged:
    async with context.database.begin() as session:
        application = await session.get(Application, ref.application_id)
        if application is None or application.state is not ApplicationState.APPROVED:
            return NOTHING_STAGED
        held = await seconds_held(session, application)
        if held > 0:
            return NOTHING_STAGED.model_copy(update={"wait": held})
        if application.approved_hash is None:
            # approved before forms were read: what is sent is the newest résumé
            return _Parcel(await _newest_resume(session, context, ref.user_id), None, None)
        seal = await seal_of(session, context.keys, ref.user_id)
        documents = (await session.exec(documents_of(application.id))).all()
        questions = (await session.exec(questions_of(application.id))).all()
        uploads = {each.kind: _upload_of(each, seal) for each in documents}
        if DocumentKind.RESUME not in uploads:
            raise final_failure(EndReason.PROFILE_INCOMPLETE, "there is no résumé")
        letter = uploads.get(DocumentKind.COVER_LETTER) if wants_letter_file(questions, documents) else None
        return _Parcel(uploads[DocumentKind.RESUME], letter, application.approved_hash)


def _upload_of(document: Document, seal: Seal) -> Upload:
    name_place = place_of("application_document", "file_name_sealed", document.id)
    place = place_of("application_document", "content_sealed", document.id)
    return Upload(
        name=seal.open_text(document.file_name_sealed, name_place),
        media_type=document.media_type,
        content=seal.open(document.content_sealed, place),
    )


async def _file_of_earlier_attempt(
    context: Context, ref: ApplicationRef, account: Account, approved_hash: str | None
) -> str | None:
    """Return the file of the first attempt in this account, if the same was approved for it."""
    query = (
        select(Attempt.number, Attempt.file_id)
        .where(Attempt.application_id == ref.application_id, Attempt.account_hash == account.hash)
        .order_by(col(Attempt.number))
        .limit(1)
    )
    async with context.database.begin() as session:
        first = (await session.exec(query)).first()
        if first is None:
            return None
        number, file_id = first
        entries = (await session.exec(log_of(ref.application_id))).all()
    sent = {
        entry.data["attempt"]: entry.data["shown_hash"]
        for entry in entries
        if entry.kind is LogKind.ATTEMPT_OPENED
    }
    return file_id if sent.get(number) == approved_hash else None


async def _newest_resume(session: AsyncSession, context: Context, user_id: UUID) -> Upload:
    resume = (await session.exec(resumes_of(user_id).limit(1))).first()
    if resume is None:
        raise final_failure(EndReason.PROFILE_INCOMPLETE, "there is no résumé")
    person = await load_person(session, context.keys, user_id)
    return Upload(
        name=file_name(person.identity, resume.format),
        media_type=resume.format.media_type,
        content=person.seal.open(resume.original_sealed, place_of("resume", "original_sealed", resume.id)),
    )
