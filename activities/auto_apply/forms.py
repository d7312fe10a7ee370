"""What a look at a form leaves: the questions, or the end of an application that has no form to fill in."""

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.context import Context
from activities.auto_apply.failures import final_failure
from activities.auto_apply.looks import Look, is_over
from activities.auto_apply.rows import announce, conclusion_of, end, lock
from activities.vendors.skyvern_form import AskedQuestion, FormRead
from models.answering_enums import LogKind
from models.application import Application
from models.base import now
from models.claims import host_cap_is_reached, profile_locked
from models.enums import Actor, ApplicationState, EndReason, Origin
from models.fingerprint import canonical_url, host_of
from models.job import Job
from models.question import Question
from models.topics.classify import classify
from workflows.messages import ApplicationRef, Conclusion

S = ApplicationState


async def store_form(context: Context, ref: ApplicationRef, look: Look, form: FormRead) -> Conclusion:
    """Store a form's questions and claim its site, in one transaction; repeated, say how it stands.

    IntegrityError where the person has another application to the same form.
    """
    async with context.database.begin() as session:
        # the profile is locked first, as by whoever queues an application: then nobody waits in a circle
        profile = (await session.exec(profile_locked(ref.user_id))).one_or_none()
        application = await lock(session, ref.application_id)
        await is_over(session, look)
        if not _is_to_be_scouted(application):
            return await conclusion_of(session, application)
        if profile is None:
            raise final_failure(EndReason.PROFILE_INCOMPLETE, "there is no profile")
        job = await session.get_one(Job, application.job_id)
        url = canonical_url(form.form_url or job.url)
        host = host_of(url)
        if host is not None and await host_cap_is_reached(session, profile, host, now()):
            return await _end(session, application, EndReason.CAP_REACHED, retryable=True)
        application.apply_url, application.host, application.scouted_at = url, host, now()
        session.add_all(
            _question(application, position, asked, job.country)
            for position, asked in enumerate(form.questions, start=1)
        )
        session.add(
            application.log(
                LogKind.SCOUTED,
                look=look.number,
                questions=len(form.questions),
                required=sum(each.required for each in form.questions),
                run_id=look.run_id,
            )
        )
        await announce(session, application)
        return Conclusion(state=application.state)


async def end_without_form(
    context: Context, ref: ApplicationRef, look: Look, reason: EndReason, *, retryable: bool = False
) -> Conclusion:
    """End an application that has no form to fill in; repeated, say how it stands."""
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        await is_over(session, look)
        if not _is_to_be_scouted(application):
            return await conclusion_of(session, application)
        return await _end(session, application, reason, retryable=retryable)


def _is_to_be_scouted(application: Application) -> bool:
    return application.state is S.PREPARING and application.scouted_at is None


async def _end(
    session: AsyncSession, application: Application, reason: EndReason, *, retryable: bool = False
) -> Conclusion:
    """Fail what a person asked for and tell them; skip in silence what the sweep did."""
    to = S.SKIPPED if application.origin is Origin.SWEEP else S.FAILED
    return await end(session, application, to, Actor.SYSTEM, reason, retryable=retryable)


def _question(application: Application, position: int, asked: AskedQuestion, country: str) -> Question:
    classified = classify(asked.label, asked.options, asked.kind, country)
    return Question(
        application_id=application.id,
        user_id=application.user_id,
        position=position,
        page=asked.page,
        field=asked.field,
        label=asked.label,
        hint=asked.hint,
        kind=asked.kind,
        required=asked.required,
        options=list(asked.options),
        max_length=asked.max_length,
        topic=classified.topic,
        scope=classified.scope,
    )
