"""What a run brings, by whose key, and when the others are next: pure decisions, tried without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from activities.job_fetch.drafting import Lane, Rules, Wanted, draft, weights_of
from activities.job_fetch.pacing import MOST_A_RUN, PROBE_AFTER, KeyUse, calls_of_run, pace_of
from models.enums import CallWindow
from models.fetch_key import CallLimits

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
RULES = Rules(AT, HALF_HOUR)
NONE_USED = dict.fromkeys(CallWindow, 0)
OURS, OWN, OWNER = UUID(int=1), UUID(int=2), UUID(int=3)


def a_search(number: int, hours: float, votes: float = 1.0, owners: tuple[UUID, ...] = ()) -> Wanted:
    """Return a search that was fetched so many hours ago."""
    return Wanted(UUID(int=1000 + number), votes, AT - timedelta(hours=hours), owners)


def a_lane(calls: int, rate: float = 2.0, key_id: UUID = OURS, owner_id: UUID | None = None) -> Lane:
    """Return a key's lane."""
    return Lane(key_id, owner_id, calls, rate)


def numbers(*searches: Wanted) -> list[UUID]:
    """Return their ids."""
    return [search.id for search in searches]


def test_the_stalest_of_equals_comes_first_and_the_rest_is_left_out_and_counted() -> None:
    young, old, older = a_search(1, 1), a_search(2, 5), a_search(3, 9)
    made = draft([young, old, older], [a_lane(2)], RULES)
    assert [turn.search_id for turn in made.turns] == numbers(older, old)
    assert made.left_out == 1


def test_the_most_wanted_of_one_age_comes_first() -> None:
    few, many = a_search(1, 5, votes=0.1), a_search(2, 5, votes=3)
    assert [turn.search_id for turn in draft([few, many], [a_lane(1)], RULES).turns] == numbers(many)


def test_age_brings_everything_to_its_turn() -> None:
    crowd = [a_search(number, 10, votes=5) for number in range(20)]
    lonely = a_search(99, 80, votes=0.01)
    assert [turn.search_id for turn in draft([*crowd, lonely], [a_lane(1)], RULES).turns] == numbers(lonely)


def test_half_of_the_weight_is_by_votes_and_half_is_even() -> None:
    weights = weights_of([a_search(1, 1, votes=3.0), a_search(2, 1, votes=1.0)])
    assert list(weights.values()) == [5.0, 3.0]
    assert weights_of([]) == {}


def test_a_failure_takes_a_part_of_the_age_and_never_makes_a_search_the_first_for_ever() -> None:
    # ten at two a run come every two and a half hours: three quarters of that are kept
    sound = [a_search(number, 2.4) for number in range(9)]
    failed = replace(a_search(99, 3), failed_at=AT - HALF_HOUR)
    assert failed.id not in {turn.search_id for turn in draft([*sound, failed], [a_lane(9)], RULES).turns}
    later = replace(a_search(99, 3.2), failed_at=AT - timedelta(hours=0.7))
    assert draft([*sound, later], [a_lane(1)], RULES).turns[0].search_id == later.id
    for_ever = replace(a_search(99, 24 * 365), failed_at=AT - HALF_HOUR)
    assert draft([*sound, for_ever], [a_lane(1)], RULES).turns[0].search_id != for_ever.id
    assert not RULES.is_due(replace(for_ever, failed_at=AT - HALF_HOUR / 3))


def test_what_was_just_brought_is_not_due_unless_somebody_asks() -> None:
    search = a_search(1, 0.2)
    made = draft([search], [a_lane(5)], RULES)
    assert (made.turns, made.left_out) == ([], 0)
    asked = draft([search], [a_lane(5)], Rules(AT, HALF_HOUR, all_due=True))
    assert [turn.search_id for turn in asked.turns] == numbers(search)


def test_an_own_key_is_asked_first_for_what_its_owner_wants_and_for_nothing_else() -> None:
    own, other = a_search(1, 9, owners=(OWNER,)), a_search(2, 5)
    lanes = [a_lane(1), a_lane(1, key_id=OWN, owner_id=OWNER)]
    made = draft([own, other], lanes, RULES)
    assert [(turn.search_id, turn.key_id) for turn in made.turns] == [(own.id, OWN), (other.id, OURS)]
    # the installation's serves where the own one has nothing left, and never the other way round
    spent = draft([own, other], [a_lane(2), a_lane(0, key_id=OWN, owner_id=OWNER)], RULES)
    assert [turn.key_id for turn in spent.turns] == [OURS, OURS]
    alone = draft([other], [a_lane(0), a_lane(9, key_id=OWN, owner_id=OWNER)], RULES)
    assert (alone.turns, alone.left_out) == ([], 1)


def test_of_several_own_keys_the_one_with_most_left_is_asked() -> None:
    poor, rich = a_lane(1, key_id=OWN, owner_id=OWNER), a_lane(7, key_id=UUID(int=8), owner_id=UUID(int=9))
    made = draft([a_search(1, 9, owners=(OWNER, UUID(int=9)))], [a_lane(50), poor, rich], RULES)
    assert [turn.key_id for turn in made.turns] == [rich.key_id]


def test_further_pages_are_had_of_what_is_left_by_who_is_first() -> None:
    searches = [a_search(number, 9 - number) for number in range(3)]
    made = draft(searches, [a_lane(6)], Rules(AT, HALF_HOUR, pages=3))
    assert [turn.pages for turn in made.turns] == [3, 2, 1]
    assert [turn.pages for turn in draft(searches, [a_lane(3)], Rules(AT, HALF_HOUR, pages=3)).turns] == [
        1,
        1,
        1,
    ]


def test_each_search_is_told_when_it_is_next() -> None:
    searches = [a_search(number, 50 - number) for number in range(10)]
    told = draft(searches, [a_lane(2)], RULES).next_at
    waits = [(told[search.id] or AT) - AT for search in searches]
    # ten equals at two a run: each comes every fifth run, those that are brought now last of all
    assert waits[:2] == [5 * HALF_HOUR, 5 * HALF_HOUR]
    assert waits[2:] == sorted(waits[2:])
    assert (waits[2], waits[3], waits[9]) == (HALF_HOUR, HALF_HOUR, 4 * HALF_HOUR)


def test_without_a_usable_key_nobody_knows_when() -> None:
    search = a_search(1, 9)
    assert draft([search], [], RULES).next_at == {search.id: None}
    assert draft([search], [a_lane(0, rate=0.0)], RULES).next_at == {search.id: None}
    blocked = Lane(OURS, None, 0, 2.0, AT + timedelta(hours=7))
    assert draft([search], [blocked], RULES).next_at == {search.id: AT + timedelta(hours=7)}


def test_a_month_in_full_runs_keeps_within_its_limit_and_uses_all_of_it() -> None:
    limits, calls, level = CallLimits(), 0, 0.0
    pace, spent = pace_of(limits), []
    for _ in range(31 * 48):
        level = max(0.0, level - pace.rate * 1800)
        now = calls_of_run(KeyUse(NONE_USED, level), limits, AT)
        calls, level = calls + now, level + now
        spent.append(now)
    assert 0.99 * limits.month < calls <= limits.month
    # the first run catches up, and from then on it is one or two
    assert (spent[0], set(spent[1:])) == (100, {1, 2})


def test_what_a_run_spends_too_much_is_saved_by_the_next() -> None:
    pace = pace_of(CallLimits())
    assert calls_of_run(KeyUse(NONE_USED, pace.burst + 5), CallLimits(), AT) == 0
    assert calls_of_run(KeyUse(NONE_USED, pace.burst + 5), CallLimits(), AT, paced=False) == 100


@pytest.mark.parametrize("window", [CallWindow.DAY, CallWindow.WEEK, CallWindow.MONTH])
@pytest.mark.parametrize("paced", [True, False])
def test_a_run_is_never_planned_over_a_limit(window: CallWindow, paced: bool) -> None:
    limits = CallLimits()
    for left, calls in ((3, 3), (0, 0), (-2, 0)):
        used = {**NONE_USED, window: limits.of(window) - left}
        assert calls_of_run(KeyUse(used), limits, AT, paced=paced) == calls


def test_the_tightest_window_sets_the_pace() -> None:
    by_day = pace_of(CallLimits(day=10))
    assert by_day.burst == 1
    assert by_day.rate * 86_400 == pytest.approx(9)
    assert calls_of_run(KeyUse(NONE_USED), CallLimits(10**6, 10**6, 10**7, 10**8), AT) == MOST_A_RUN


def test_a_key_that_is_blocked_or_refused_gets_no_calls_and_a_day_later_one() -> None:
    limits = CallLimits()
    assert calls_of_run(KeyUse(NONE_USED, blocked_until=AT + HALF_HOUR), limits, AT) == 0
    assert calls_of_run(KeyUse(NONE_USED, blocked_until=AT), limits, AT) > 1
    assert calls_of_run(KeyUse(NONE_USED, refused_at=AT - HALF_HOUR), limits, AT) == 0
    assert calls_of_run(KeyUse(NONE_USED, refused_at=AT - PROBE_AFTER), limits, AT) == 1
