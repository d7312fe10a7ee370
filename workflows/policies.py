"""Timeouts and retries by kind of step, derived from what repeating the step can do."""

from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy

DATABASE_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=10)
)
VENDOR_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2))
MODEL_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=4)
ONCE = RetryPolicy(maximum_attempts=1)

SILENCE = timedelta(seconds=20)
"""After which a step that beats is given to another worker: four beats. Nobody waits longer for the dead."""


class StepOptions(TypedDict, total=False):
    """The keyword arguments of execute_activity_method that a policy fixes."""

    start_to_close_timeout: timedelta
    schedule_to_close_timeout: timedelta
    heartbeat_timeout: timedelta
    retry_policy: RetryPolicy


DATABASE_STEP = StepOptions(
    start_to_close_timeout=timedelta(seconds=12),
    schedule_to_close_timeout=timedelta(days=7),
    retry_policy=DATABASE_RETRY,
)
"""Touches the database only and may be repeated; it outlasts an outage of days."""

UPKEEP_STEP = StepOptions(
    start_to_close_timeout=timedelta(seconds=60),
    schedule_to_close_timeout=timedelta(minutes=20),
    retry_policy=DATABASE_RETRY,
)
"""Goes through many rows of the database; what fails is done by the next run."""

VENDOR_STEP = StepOptions(
    start_to_close_timeout=timedelta(minutes=3),
    schedule_to_close_timeout=timedelta(days=1),
    heartbeat_timeout=SILENCE,
    retry_policy=VENDOR_RETRY,
)
"""Asks a vendor for something that may be asked again."""

FETCH_STEP = StepOptions(
    start_to_close_timeout=timedelta(minutes=2),
    schedule_to_close_timeout=timedelta(minutes=20),
    heartbeat_timeout=timedelta(seconds=60),
    retry_policy=VENDOR_RETRY,
)
"""Asks a vendor for something that the next schedule asks for anyway."""

MODEL_STEP = StepOptions(
    start_to_close_timeout=timedelta(minutes=5),
    schedule_to_close_timeout=timedelta(minutes=10),
    heartbeat_timeout=timedelta(seconds=15),
    retry_policy=MODEL_RETRY,
)
"""Asks the model while a person waits: each try is billed."""

ANSWER_STEP = StepOptions(
    start_to_close_timeout=timedelta(minutes=5),
    schedule_to_close_timeout=timedelta(days=7),
    heartbeat_timeout=SILENCE,
    retry_policy=DATABASE_RETRY,
)
"""Uses the model where it can be had and goes on without it; each repetition may be billed."""

ERASURE_STEP = StepOptions(
    start_to_close_timeout=timedelta(minutes=5),
    schedule_to_close_timeout=timedelta(days=90),
    heartbeat_timeout=SILENCE,
    retry_policy=VENDOR_RETRY,
)
"""Takes away, and may be repeated; whatever it needs may be away for weeks, and then a new run begins."""

ERASURE_VENDOR_STEP = StepOptions(
    start_to_close_timeout=timedelta(minutes=10),
    schedule_to_close_timeout=timedelta(days=90),
    heartbeat_timeout=SILENCE,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=10)),
)
"""Has a vendor take away what it has; one that is down for days is asked every ten minutes."""

EXPORT_STEP = StepOptions(
    start_to_close_timeout=timedelta(hours=2),
    schedule_to_close_timeout=timedelta(days=1),
    heartbeat_timeout=SILENCE,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5), maximum_attempts=20
    ),
)
"""Reads all of a person's data, from the beginning each time; after an hour of failures they may ask anew."""

LAST_MAIL_STEP = StepOptions(
    start_to_close_timeout=timedelta(minutes=3),
    schedule_to_close_timeout=timedelta(hours=12),
    heartbeat_timeout=SILENCE,
    retry_policy=VENDOR_RETRY,
)
"""Writes to somebody for the last time; nothing waits longer for a mail server."""

POLL_BACKOFF = 1.5
SCOUT_SLOWER = 4
SUBMIT_MARGIN = timedelta(seconds=5)


def submit_step(call_seconds: float) -> StepOptions:
    """Return the options of the one step that must never be repeated: a vendor's write with an effect."""
    limit = timedelta(seconds=call_seconds) + SUBMIT_MARGIN
    return StepOptions(
        start_to_close_timeout=limit, schedule_to_close_timeout=timedelta(days=1), retry_policy=ONCE
    )


def watch_step(poll_seconds: float, poll_max_seconds: float, limit: timedelta) -> StepOptions:
    """Return the options of a poll that is made of retries; at the limit the step fails."""
    return StepOptions(
        start_to_close_timeout=timedelta(seconds=60),
        schedule_to_close_timeout=limit,
        heartbeat_timeout=SILENCE,
        retry_policy=RetryPolicy(
            initial_interval=timedelta(seconds=poll_seconds),
            maximum_interval=timedelta(seconds=poll_max_seconds),
            backoff_coefficient=POLL_BACKOFF,
        ),
    )


def scout_step(poll_seconds: float, limit_seconds: float) -> StepOptions:
    """Return the options of the look at a form: a poll made of retries that goes on until the limit."""
    return watch_step(poll_seconds, poll_seconds * SCOUT_SLOWER, timedelta(seconds=limit_seconds))
