"""What keeps jobs in order beside their fetching: expiry, prices in euro, the names that ads use, pruning."""

from dataclasses import dataclass

from temporalio import activity

from activities.job_upkeep.expiry import Ages, expire
from activities.job_upkeep.prices import price
from activities.job_upkeep.pruning import prune
from activities.job_upkeep.terms import learn
from models.database import Database
from workflows.job_messages import UpkeepPage
from workflows.steps import JobUpkeepSteps


@dataclass
class JobUpkeepActivities(JobUpkeepSteps):
    """Does each piece by `database`, a page a call."""

    database: Database
    ages: Ages

    @activity.defn
    async def expire_jobs(self) -> UpkeepPage:
        """Mark jobs as expired that no fetch has brought for long and that are old."""
        return await expire(self.database, self.ages)

    @activity.defn
    async def price_jobs(self) -> UpkeepPage:
        """Compute salaries in euro anew where the rates have changed."""
        return await price(self.database)

    @activity.defn
    async def learn_terms(self) -> UpkeepPage:
        """Add the names that new jobs use to those that typing help knows."""
        return await learn(self.database)

    @activity.defn
    async def prune_jobs(self) -> UpkeepPage:
        """Delete matches of expired jobs, searches that nobody wants, and old calls of the ledger."""
        return await prune(self.database)
