"""The steps of one application as activities; each is told in the file that it calls."""

from dataclasses import dataclass

from temporalio import activity

from activities.auto_apply import (
    answering,
    concluding,
    deciding,
    documents,
    evidence,
    fence,
    finding,
    preparing,
    reminding,
    scouting,
    staging,
    submitting,
    taking,
)
from activities.auto_apply.context import Context
from activities.heartbeat import beating
from workflows.messages import (
    ApplicationRef,
    Approved,
    ApproveShown,
    Asked,
    AttemptRef,
    AttemptRun,
    Conclusion,
    EndApplication,
    Fence,
    OpenAttempt,
    Prepared,
    Remind,
    Staged,
    Submission,
    TakeAnswers,
    Taken,
    Told,
    VoidAttempt,
)
from workflows.steps import AutoApplySteps


@dataclass(frozen=True)
class AutoApplyActivities(Context, AutoApplySteps):
    """What the workflow decides, done."""

    @activity.defn
    async def prepare(self, application: ApplicationRef) -> Prepared:
        """Begin preparing the application, or end it."""
        return await preparing.prepare(self, application)

    @activity.defn
    async def scout(self, application: ApplicationRef) -> Conclusion:
        """Read the form."""
        async with beating():
            return await scouting.scout(self, application)

    @activity.defn
    async def answer_form(self, application: ApplicationRef) -> Asked:
        """Answer what can be answered, and ask for the rest."""
        async with beating():
            return await answering.answer(self, application)

    @activity.defn
    async def make_documents(self, application: ApplicationRef) -> None:
        """Make the résumé and the letter."""
        async with beating():
            await documents.make_documents(self, application)

    @activity.defn
    async def decide(self, application: ApplicationRef) -> Asked:
        """Approve it in auto mode, or show it to the person."""
        return await deciding.decide(self, application)

    @activity.defn
    async def take_answers(self, request: TakeAnswers) -> Taken:
        """Take the person's answers over."""
        return await taking.take_answers(self, request)

    @activity.defn
    async def approve(self, request: ApproveShown) -> Approved:
        """Approve what the person was shown."""
        return await deciding.approve(self, request)

    @activity.defn
    async def remind(self, request: Remind) -> Told:
        """Make a reminder."""
        return await reminding.remind(self, request)

    @activity.defn
    async def stage(self, application: ApplicationRef) -> Staged:
        """Have our workflow and the résumé ready at the vendor."""
        async with beating():
            return await staging.stage(self, application)

    @activity.defn
    async def open_attempt(self, request: OpenAttempt) -> Fence:
        """Commit the attempt's row."""
        return await fence.open_attempt(self, request)

    @activity.defn
    async def submit(self, attempt: AttemptRef) -> Submission:
        """Post once."""
        return await submitting.submit(self, attempt)

    @activity.defn
    async def look_up(self, attempt: AttemptRef) -> Submission:
        """Find the run."""
        async with beating():
            return await finding.look_up(self, attempt)

    @activity.defn
    async def record_run(self, run: AttemptRun) -> None:
        """Store the run's id."""
        await fence.record_run(self, run)

    @activity.defn
    async def void_attempt(self, void: VoidAttempt) -> Fence:
        """Settle an attempt of which it is proven that nothing was sent."""
        return await fence.void_attempt(self, void)

    @activity.defn
    async def watch_run(self, attempt: AttemptRef) -> None:
        """Return when the run has ended."""
        async with beating():
            await concluding.watch_run(self, attempt)

    @activity.defn
    async def conclude(self, attempt: AttemptRef) -> Conclusion:
        """Move the application by what the ended run proves."""
        async with beating():
            return await concluding.conclude(self, attempt)

    @activity.defn
    async def give_up(self, attempt: AttemptRef) -> Conclusion:
        """Stop the run at the deadline."""
        async with beating():
            return await concluding.give_up(self, attempt)

    @activity.defn
    async def copy_evidence(self, attempt: AttemptRef) -> int:
        """Copy the screenshots in."""
        async with beating():
            return await evidence.copy_evidence(self, attempt)

    @activity.defn
    async def end(self, request: EndApplication) -> Conclusion:
        """End the application."""
        return await concluding.end_application(self, request)
