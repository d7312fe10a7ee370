"""For how long an approved application is held back."""

from datetime import UTC, datetime, time, timedelta

import pytest

from models.application import Application
from models.automation import Automation
from models.base import new_id
from models.enums import ApplicationState, Origin
from models.holding import SWITCHED_OFF_SECONDS, hold_seconds

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = 3600.0


def approved(origin: Origin = Origin.PERSON, undo: timedelta | None = None) -> Application:
    """Return an approved application, with an undo window that ends so long after noon."""
    return Application(
        user_id=new_id(),
        job_id=new_id(),
        fingerprint="f",
        origin=origin,
        state=ApplicationState.APPROVED,
        undo_until=NOON + undo if undo is not None else None,
    )


def held(application: Application, rules: dict[str, object] | None = None, *, paused: bool = False) -> float:
    return hold_seconds(application, Automation.model_validate(rules or {}), NOON, paused)


def test_nothing_holds_what_nobody_holds_back() -> None:
    assert held(approved()) == 0


@pytest.mark.parametrize(("minutes", "seconds"), [(10, 600.0), (0, 0.0), (-10, 0.0)])
def test_the_undo_window_holds_to_its_end(minutes: int, seconds: float) -> None:
    assert held(approved(undo=timedelta(minutes=minutes))) == seconds


def test_quiet_hours_hold_whoever_asked() -> None:
    for origin in Origin:
        assert held(approved(origin), {"quiet_from": time(11), "quiet_to": time(14)}) == 2 * HOUR


def test_quiet_hours_are_the_persons_own() -> None:
    quiet: dict[str, object] = {"quiet_from": time(22), "quiet_to": time(7), "time_zone": "Asia/Tokyo"}
    assert held(approved(), quiet) == 0, "nine in the evening there"
    rules = Automation.model_validate(quiet)
    assert hold_seconds(approved(), rules, NOON + timedelta(hours=3), False) == 7 * HOUR


def test_a_pause_holds_only_what_the_sweep_asked_for() -> None:
    later, before = {"paused_until": NOON + timedelta(hours=5)}, {"paused_until": NOON - timedelta(hours=1)}
    assert held(approved(Origin.SWEEP), {**later}) == 5 * HOUR
    assert held(approved(Origin.PERSON), {**later}) == 0
    assert held(approved(Origin.SWEEP), {**before}) == 0


def test_while_applying_is_paused_it_is_looked_again_before_long() -> None:
    assert held(approved(), paused=True) == SWITCHED_OFF_SECONDS == 15 * 60


def test_the_longest_hold_counts() -> None:
    application = approved(Origin.SWEEP, timedelta(minutes=10))
    assert held(application, paused=True) == SWITCHED_OFF_SECONDS
    assert held(application, {"paused_until": NOON + timedelta(hours=1)}, paused=True) == HOUR
