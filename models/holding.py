"""For how long an approved application is held back before it may be sent."""

from datetime import datetime

from models.application import Application
from models.automation import Automation
from models.enums import Origin

SWITCHED_OFF_SECONDS = 900.0
"""How often it is looked whether the installation's kill switch is still on."""


def hold_seconds(application: Application, automation: Automation, at: datetime, paused: bool) -> float:
    """Return the seconds from `at` for which an application must not be sent; 0 where it may go now.

    It may still be undone, its person keeps quiet hours, or has paused what the sweep asked for, or applying
    is `paused` for the installation. Where several hold, the longest counts: whoever waits looks again then.
    """
    holds = [automation.quiet_seconds(at)]
    if application.undo_until is not None:
        holds.append((application.undo_until - at).total_seconds())
    if application.origin is Origin.SWEEP:
        holds.append(automation.paused_seconds(at))
    if paused:
        holds.append(SWITCHED_OFF_SECONDS)
    return max(0.0, *holds)
