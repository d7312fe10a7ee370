"""What happens to a submitted application in the following month."""

from dataclasses import dataclass

from temporalio import activity

from models.database import Database
from workflows.messages import ApplicationRef, FollowUpPlan, Told
from workflows.steps import FollowUpSteps


@dataclass(frozen=True)
class FollowUpActivities(FollowUpSteps):
    """Reminds by `database`."""

    database: Database

    @activity.defn
    async def plan_follow_up(self, application: ApplicationRef) -> FollowUpPlan:
        """Say when to tell what."""
        raise NotImplementedError

    @activity.defn
    async def remind_to_follow_up(self, application: ApplicationRef) -> Told:
        """Remind."""
        raise NotImplementedError

    @activity.defn
    async def propose_ghosted(self, application: ApplicationRef) -> Told:
        """Propose."""
        raise NotImplementedError
