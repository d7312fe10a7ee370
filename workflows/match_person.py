"""One person matched anew, as soon as their wishes have changed: the sweep would do it within the hour."""

from temporalio import workflow

from workflows.job_messages import PersonRef
from workflows.policies import DATABASE_STEP
from workflows.steps import AutoApplySweepSteps


@workflow.defn
class MatchPerson:
    """Matches the person, by what they wish when that is done."""

    @workflow.run
    async def run(self, person: PersonRef) -> None:
        """Match them."""
        await workflow.execute_activity_method(AutoApplySweepSteps.match_person, person, **DATABASE_STEP)
