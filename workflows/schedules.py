"""Which workflow runs how often; upserted from here and nowhere else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from workflows.account_messages import RetentionPlace
from workflows.auto_apply_sweep import AutoApplySweep
from workflows.ids import JOB_FETCH_ID, RECONCILE_ID, RETENTION_ID, SWEEP_ID, TASK_QUEUE, UPKEEP_ID
from workflows.job_fetch import JobFetch
from workflows.job_messages import SweepCursor, UpkeepPlace
from workflows.job_upkeep import JobUpkeep
from workflows.reconcile import Reconcile
from workflows.retention import Retention

CATCH_UP = timedelta(minutes=10)
JITTER_SHARE = 20


@dataclass(frozen=True)
class Intervals:
    """How often each schedule fires."""

    fetch: timedelta
    sweep: timedelta
    reconcile: timedelta
    upkeep: timedelta = timedelta(hours=1)
    retention: timedelta = timedelta(days=1)


def schedules(intervals: Intervals) -> dict[str, Schedule]:
    """Return every schedule by its id, which is also the prefix of its workflows' ids."""
    fetch = ScheduleActionStartWorkflow(JobFetch.run, id=JOB_FETCH_ID, task_queue=TASK_QUEUE)
    sweep = ScheduleActionStartWorkflow(AutoApplySweep.run, SweepCursor(), id=SWEEP_ID, task_queue=TASK_QUEUE)
    reconcile = ScheduleActionStartWorkflow(Reconcile.run, id=RECONCILE_ID, task_queue=TASK_QUEUE)
    upkeep = ScheduleActionStartWorkflow(JobUpkeep.run, UpkeepPlace(), id=UPKEEP_ID, task_queue=TASK_QUEUE)
    retention = ScheduleActionStartWorkflow(
        Retention.run, RetentionPlace(), id=RETENTION_ID, task_queue=TASK_QUEUE
    )
    return {
        JOB_FETCH_ID: _every(intervals.fetch, fetch),
        SWEEP_ID: _every(intervals.sweep, sweep),
        RECONCILE_ID: _every(intervals.reconcile, reconcile),
        UPKEEP_ID: _every(intervals.upkeep, upkeep),
        RETENTION_ID: _every(intervals.retention, retention),
    }


def _every(interval: timedelta, action: ScheduleActionStartWorkflow) -> Schedule:
    return Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=interval)], jitter=interval / JITTER_SHARE),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
    )


async def upsert(client: Client, intervals: Intervals) -> None:
    """Create each schedule or bring it up to date; safe to run at every start and by several at once.

    A schedule that an operator paused stays paused.
    """
    for schedule_id, schedule in schedules(intervals).items():
        try:
            await client.create_schedule(schedule_id, schedule)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(schedule_id).update(_keeping_state(schedule))


def _keeping_state(schedule: Schedule) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    def change(current: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = current.description.schedule.state
        return ScheduleUpdate(schedule=schedule)

    return change
