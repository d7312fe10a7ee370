"""Steps `tell_erased` and `destroy_key`: the last mail, and then the account itself with its key."""

import structlog
from sqlmodel import col, delete
from temporalio.exceptions import ApplicationError

from activities.account_erasure.context import Context, Subject, count, subject_of
from activities.account_erasure.freezing import forget_searches
from activities.account_erasure.rows import unname
from activities.heartbeat import beating
from activities.vendors.client import VendorError
from activities.vendors.mail import Mail, MailRefusedError
from models.account import Account
from models.account_enums import ErasureState, ErasureStep
from models.erasure import Erasure, erasure_locked
from workflows.account_messages import ErasureRef

MAILS = "mails"
SUBJECT = "Your Jobraker account was erased"
TEXT = (
    "Everything that Jobraker kept about you has been deleted, as you asked, and the key that could have\n"
    "opened what was encrypted goes with it. Employers to whom you applied keep what was sent to them.\n\n"
    "What is left is a receipt without personal data. Its number: {number}\n"
    "It can be seen at {address}\n\n"
    "This is the last mail that you get from us."
)

_log = structlog.get_logger(__name__)


async def tell_erased(context: Context, ref: ErasureRef) -> None:
    """Send the last mail once, to who can still be written to."""
    subject = await subject_of(context, ref.erasure_id, ErasureStep.DESTROY_KEY)
    mail = await _mail(context, subject) if subject is not None and context.mailer.is_set else None
    if subject is None or mail is None:
        return
    try:
        async with beating():
            await context.mailer.send(mail)
    except MailRefusedError:
        _log.warning("mail refused", erasure_id=str(subject.erasure_id))
        return
    except VendorError as error:
        raise ApplicationError(str(error), type=error.word) from None
    await count(context, subject, {MAILS: 1})


async def _mail(context: Context, subject: Subject) -> Mail | None:
    async with context.database.begin() as session:
        account = await session.get(Account, subject.user_id)
        erasure = await session.get_one(Erasure, subject.erasure_id)
        # of a try whose end was lost
        if account is None or erasure.counts.get(MAILS):
            return None
        address = f"{context.public_url}/api/privacy/receipts/{erasure.id}"
        return Mail(account.email, SUBJECT, TEXT.format(number=erasure.id, address=address), str(erasure.id))


async def destroy_key(context: Context, ref: ErasureRef) -> None:
    """Delete the account, and its key with it, in the transaction that closes the receipt.

    Whatever was written for it since its rows were deleted goes along: everything of a person points at it.
    What an administrator has meanwhile said of it in the audit log loses its reason too.
    """
    async with context.database.begin() as session:
        erasure = (await session.exec(erasure_locked(ref.erasure_id))).one_or_none()
        if erasure is None or erasure.user_id is None or erasure.state is not ErasureState.ERASING:
            return
        erasure.step = ErasureStep.DESTROY_KEY
        await unname(session, erasure.user_id)
        erasure.count(await forget_searches(session, erasure.user_id))
        gone = await session.exec(delete(Account).where(col(Account.id) == erasure.user_id))
        erasure.count({Account.__tablename__: gone.rowcount})
        erasure.close()
