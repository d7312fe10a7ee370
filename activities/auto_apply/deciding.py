"""Steps `decide` and `approve`: what may go on alone, what its person must see, and what they approved."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.asking import asked_of, missing
from activities.auto_apply.context import Context
from activities.auto_apply.rows import announce, asks_of, conclusion_of, end, lock, move, tell
from models.answer import ApprovedTopic
from models.answering_enums import AnswerSource, LogKind
from models.application import BEHIND_FENCE, Application
from models.application_log import LogEntry, log_of
from models.automation import Automation
from models.base import now
from models.database import seal_of
from models.enums import Actor, ApplicationState, AutomationMode, EndReason, NotificationKind, Origin
from models.fingerprint import normal_company
from models.job import Job
from models.profile import Profile, profile_of
from models.question import Question, questions_of
from models.shown import load_shown
from workflows.messages import ApplicationRef, Approved, ApproveShown, Asked, Conclusion

S = ApplicationState
IN_HAND = frozenset({S.PREPARING, S.AWAITING_APPROVAL})
APPROVED_BEFORE = BEHIND_FENCE | {S.APPROVED, S.SUBMITTED, S.UNKNOWN_OUTCOME}


async def decide(context: Context, ref: ApplicationRef) -> Asked:
    """Approve in auto mode where its conditions hold, else show it to the person and say how it stands."""
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        if application.state not in IN_HAND:
            return await _as_it_stands(session, application)
        reason = await _over(session, application)
        if reason is not None:
            return _asked(await end(session, application, S.EXPIRED, Actor.SYSTEM, reason))
        questions = (await session.exec(questions_of(application.id))).all()
        if missing(questions):
            if application.state is S.AWAITING_APPROVAL:
                await move(session, application, S.PREPARING, Actor.SYSTEM)
            return asked_of(application)
        profile = (await session.exec(profile_of(application.user_id))).one_or_none()
        rules = profile.read_automation() if profile is not None else Automation()
        shown_hash = await _shown_hash(session, context, application)
        if application.state is S.PREPARING and await _may_go_on(session, application, profile, questions):
            session.add_all(application.approve(Actor.SYSTEM, shown_hash, rules.undo_minutes))
            await announce(session, application)
            return asked_of(application)
        notification_id = await _show(session, application, shown_hash, rules.input_days)
        return asked_of(application, questions, shown_hash, notification_id)


def _asked(conclusion: Conclusion) -> Asked:
    return Asked(state=conclusion.state, reason=conclusion.reason, notification_id=conclusion.notification_id)


async def _as_it_stands(session: AsyncSession, application: Application) -> Asked:
    if application.state is S.APPROVED:
        return asked_of(application)
    return _asked(await conclusion_of(session, application))


async def _over(session: AsyncSession, application: Application) -> EndReason | None:
    """Say why nobody needs to decide any more."""
    job = await session.get_one(Job, application.job_id)
    if job.expired_at is not None:
        return EndReason.JOB_CLOSED
    waits = application.state is S.AWAITING_APPROVAL and _was_asked(application)
    if waits and application.deadline_at is not None and application.deadline_at <= now():
        return EndReason.DEADLINE_PASSED
    return None


def _was_asked(application: Application) -> bool:
    """Tell whether the person's time runs: not yet where the application was just sent back to them."""
    return application.asked_at is not None and application.asked_at >= application.moved_at


async def _shown_hash(session: AsyncSession, context: Context, application: Application) -> str:
    seal = await seal_of(session, context.keys, application.user_id)
    return (await load_shown(session, application, seal)).hash(seal)


async def _may_go_on(
    session: AsyncSession, application: Application, profile: Profile | None, questions: Sequence[Question]
) -> bool:
    """Tell whether auto mode's conditions hold: the person's thresholds, and no draft they do not know.

    Who has asked for a job has decided already that it is good enough.
    """
    if application.mode is not AutomationMode.AUTO or profile is None:
        return False
    if application.origin is Origin.SWEEP:
        if profile.automation_mode is not AutomationMode.AUTO:
            return False
        rules = profile.read_automation()
        score, confidence = application.score, application.confidence
        if score is None or score < rules.min_score:
            return False
        if confidence is None or confidence < rules.min_confidence:
            return False
    drafted = {each.topic for each in questions if each.required and each.source is AnswerSource.DRAFT}
    known = select(ApprovedTopic.topic).where(ApprovedTopic.user_id == application.user_id)
    return not drafted or drafted <= set((await session.exec(known)).all())


async def is_revoked(session: AsyncSession, application: Application) -> bool:
    """Tell whether the rules alone approved what the sweep chose, and its person lets them no longer.

    They may have switched auto mode off within the undo window, or have blocked the company.
    """
    if application.origin is not Origin.SWEEP:
        return False
    approvals = await session.exec(log_of(application.id).where(LogEntry.kind == LogKind.APPROVED))
    last = next(reversed(approvals.all()), None)
    if last is None or last.data["actor"] != Actor.SYSTEM.value:
        return False
    profile = (await session.exec(profile_of(application.user_id))).one_or_none()
    if profile is None or profile.automation_mode is not AutomationMode.AUTO:
        return True
    blocked = {normal_company(company) for company in profile.read_preferences().blocked_companies}
    return application.company_key in blocked


async def _show(session: AsyncSession, application: Application, shown_hash: str, days: float) -> UUID | None:
    """Lay the application out before its person, and tell them the first time of each wait."""
    before = application.log_length
    if application.state is S.PREPARING:
        session.add(application.ask(S.AWAITING_APPROVAL, days))
    elif not _was_asked(application):
        application.ask_again(days)
    if await _last_shown(session, application.id) != shown_hash:
        session.add(application.log(LogKind.SHOWN, shown_hash=shown_hash))
    if application.log_length > before:
        await announce(session, application)
    number = await asks_of(session, application.id, S.AWAITING_APPROVAL)
    return await tell(session, application, NotificationKind.APPLICATION_AWAITS_APPROVAL, number)


async def _last_shown(session: AsyncSession, application_id: UUID) -> str | None:
    entries = await session.exec(log_of(application_id))
    hashes = [entry.data["shown_hash"] for entry in entries if entry.kind is LogKind.SHOWN]
    return hashes[-1] if hashes else None


async def approve(context: Context, request: ApproveShown) -> Approved:
    """Approve for the person exactly what the hash names; approved twice it is approved once.

    `stale` says that something else would be sent by now. Any state but these says that it is too late.
    """
    async with context.database.begin() as session:
        application = await lock(session, request.application.application_id)
        if application.state in APPROVED_BEFORE:
            return _approved(application, stale=application.approved_hash != request.shown_hash)
        if application.state is not S.AWAITING_APPROVAL:
            return _approved(application)
        questions = (await session.exec(questions_of(application.id))).all()
        shown_hash = await _shown_hash(session, context, application)
        if shown_hash != request.shown_hash or missing(questions):
            return _approved(application, stale=True)
        profile = (await session.exec(profile_of(application.user_id))).one_or_none()
        rules = profile.read_automation() if profile is not None else Automation()
        session.add_all(application.approve(Actor.USER, shown_hash, rules.undo_minutes))
        await _know_drafts(session, application, questions)
        await announce(session, application)
        return _approved(application)


def _approved(application: Application, *, stale: bool = False) -> Approved:
    return Approved(state=application.state, stale=stale, undo_until=application.undo_until)


async def _know_drafts(
    session: AsyncSession, application: Application, questions: Sequence[Question]
) -> None:
    """Remember of which topics the person has approved a draft: auto mode may draft those alone."""
    topics = {each.topic for each in questions if each.source is AnswerSource.DRAFT}
    for topic in sorted(topic for topic in topics if topic is not None):
        values = {"user_id": application.user_id, "topic": topic, "approved_at": now()}
        await session.exec(insert(ApprovedTopic).values(**values).on_conflict_do_nothing())
