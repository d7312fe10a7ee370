"""Step `remind`: a person is reminded of an application that waits for them, once a reminder."""

from activities.auto_apply.context import Context
from activities.auto_apply.rows import asks_of, lock, tell
from models.enums import ApplicationState, NotificationKind
from workflows.messages import Remind, Told

S = ApplicationState
WAITS = frozenset({S.NEEDS_INPUT, S.AWAITING_APPROVAL})
REMINDERS_A_WAIT = 3


async def remind(context: Context, request: Remind) -> Told:
    """Remind, unless the application waits no longer. Every wait has reminders of its own."""
    async with context.database.begin() as session:
        application = await lock(session, request.application.application_id)
        if application.state not in WAITS:
            return Told()
        earlier = await asks_of(session, application.id, *WAITS) - 1
        number = max(earlier, 0) * REMINDERS_A_WAIT + request.number
        told = await tell(session, application, NotificationKind.APPLICATION_REMINDER, number)
        return Told(notification_id=told)
