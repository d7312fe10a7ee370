"""Consents: each decision is a record and an entry of the log, in the transaction of what it changes."""

from sqlmodel.ext.asyncio.session import AsyncSession

from api.auditing import deed_of, record
from api.context import Context
from api.security import Claims
from api.wishing import note_wishes
from models.account_enums import ConsentKind
from models.audit import Deed
from models.consent import Consent, ConsentPut, allows_model, newest_consent
from models.enums import AutomationMode
from models.errors import ConflictError, ForbiddenError, StaleError
from models.profile import profile_of

APPLYING = ConsentKind.AUTOMATED_APPLYING
OUTDATED = "The terms have changed since; read them again and name their present version."
BINDING = "The terms hold as long as the account: to end them, erase it at /api/privacy/erasure."
IN_PERSON = "Only the person can agree to applying automatically."
NO_MODEL = (
    "You have withdrawn the consent to be answered by the model, so nothing is sent to it; give it again at "
    "/api/privacy/consents/model_processing."
)


async def decide(
    session: AsyncSession, context: Context, me: Claims, kind: ConsentKind, decision: ConsentPut
) -> bool:
    """Record a decision, and do at once what it means; tell whether the person's wishes have changed.

    StaleError where consent is given to terms that are not those of now; it can be withdrawn at any time.
    ConflictError for withdrawing the terms themselves.
    """
    if kind is ConsentKind.TERMS and not decision.given:
        raise ConflictError(BINDING)
    if decision.given and decision.version != context.terms_version:
        raise StaleError(OUTDATED, version=context.terms_version)
    stopped = kind is APPLYING and not decision.given and await _stop_automation(session, me)
    await note(session, context, me, kind, given=decision.given)
    return stopped


async def note(
    session: AsyncSession, context: Context, me: Claims, kind: ConsentKind, *, given: bool
) -> None:
    """Record a decision about the terms of now, unless it is the one that holds already."""
    newest = (await session.exec(newest_consent(me.id, kind))).first()
    if newest is not None and newest.given == given and newest.version == context.terms_version:
        return
    consent = Consent(user_id=me.id, kind=kind, version=context.terms_version, given=given)
    session.add(consent)
    deed = Deed.CONSENT_GIVEN if given else Deed.CONSENT_WITHDRAWN
    await record(session, context.keys, deed_of(me, deed, consent.id))


async def note_automation(
    session: AsyncSession, context: Context, me: Claims, before: AutomationMode, after: AutomationMode
) -> None:
    """Record what switching the automation on or off says; ForbiddenError where it is not the person's word.

    An administrator who acts for somebody may switch it off, and can never agree for them.
    """
    was_on, is_on = before is not AutomationMode.OFF, after is not AutomationMode.OFF
    if was_on == is_on:
        return
    if is_on and me.actor_id is not None:
        raise ForbiddenError(IN_PERSON)
    await note(session, context, me, APPLYING, given=is_on)


async def require_model(session: AsyncSession, me: Claims) -> None:
    """ForbiddenError where the person has withdrawn the consent to the model."""
    if not await allows_model(session, me.id):
        raise ForbiddenError(NO_MODEL)


async def _stop_automation(session: AsyncSession, me: Claims) -> bool:
    """Switch the automation off; tell whether it was on.

    The lock puts this before or behind a change of the profile, and so their records in the same order.
    """
    profile = (await session.exec(profile_of(me.id).with_for_update())).first()
    if profile is None or profile.automation_mode is AutomationMode.OFF:
        return False
    profile.automation_mode = AutomationMode.OFF
    await note_wishes(session, profile)
    return True
