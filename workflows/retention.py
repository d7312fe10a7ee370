"""Daily: what is older than the settings keep it is deleted, one kind after the other, page by page."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

from models.account_enums import RetainedKind
from workflows.account_messages import RetentionPage, RetentionPlace
from workflows.account_steps import RetentionSteps
from workflows.policies import UPKEEP_STEP

KINDS = tuple(RetainedKind)


@workflow.defn
class Retention:
    """Deletes every kind to its end; one that fails is left to the next run and stops no other."""

    @workflow.run
    async def run(self, place: RetentionPlace) -> int:
        """Go on from a place and return how many rows were deleted in all."""
        count, behind = place.count, place.behind
        for number, kind in enumerate(KINDS[place.number :], place.number):
            more = True
            while more:
                if workflow.info().is_continue_as_new_suggested():
                    workflow.continue_as_new(RetentionPlace(number=number, behind=behind, count=count))
                try:
                    page = await workflow.execute_activity_method(
                        RetentionSteps.prune, RetentionPage(kind=kind, behind=behind), **UPKEEP_STEP
                    )
                except ActivityError as error:
                    if is_cancelled_exception(error):
                        raise
                    workflow.logger.warning("retention is left to the next run", extra={"kind": kind.value})
                    break
                count, more, behind = count + page.count, page.more, page.behind
            behind = None
        return count
