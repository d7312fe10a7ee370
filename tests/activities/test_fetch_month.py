"""A small month of fetching, lived through as the bench does: no limit is passed, and no search starves."""

from datetime import timedelta

from bench.fetch_crowd import FetchCrowd
from bench.fetch_month import figures_of, simulate
from models.enums import CallWindow
from models.fetch_key import SPANS, CallLimits

LIMITS = CallLimits(minute=4, day=40, week=120, month=400)
CROWD = FetchCrowd(searches=24, hoarders=(10, 5), shared=3, defaults=2, own_keys=1)
RUNS = 300


async def test_in_a_busy_week_no_window_is_passed_and_every_search_has_its_turn(database_url: str) -> None:
    outcome = await simulate(database_url, CROWD, RUNS, LIMITS)
    for window in SPANS:
        assert 0 < outcome.most[window] <= LIMITS.of(window), window
    assert outcome.most[CallWindow.MINUTE] == LIMITS.minute
    assert outcome.never == 0
    assert outcome.calls > RUNS * timedelta(minutes=30) / SPANS[CallWindow.MONTH] * LIMITS.month
    figures = {figure.name: figure for figure in figures_of(outcome, CROWD, LIMITS)}
    assert [name for name, figure in figures.items() if not figure.is_met] == []


async def test_the_figures_count_what_was_done_and_not_what_was_allowed(database_url: str) -> None:
    outcome = await simulate(database_url, CROWD, 3, CallLimits(minute=100, day=500, week=500, month=500))
    figures = {figure.name: figure for figure in figures_of(outcome, CROWD, LIMITS)}
    assert not figures["fetch_calls_a_minute"].is_met
