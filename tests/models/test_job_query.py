"""What people write into a search, taken apart; cursors; and squares of the globe."""

import math
from random import Random
from uuid import uuid4

import pytest

from models.base import now
from models.search.cursor import JobCursor, Sort
from models.search.near import EARTH_KM, Point
from models.search.wanted import Part, parts_of, words_of

Parts = list[Part]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python developer", [Part("python"), Part("developer")]),
        ('"data scientist" python', [Part("data scientist"), Part("python")]),
        ("python -senior", [Part("python"), Part("senior", is_excluded=True)]),
        ('python -"team lead"', [Part("python"), Part("team lead", is_excluded=True)]),
        ("nurse OR carer uk", [Part("nurse"), Part("carer", is_alternative=True), Part("uk")]),
        ("a OR b OR c", [Part("a"), Part("b", is_alternative=True), Part("c", is_alternative=True)]),
        ("nurse or carer", [Part("nurse"), Part("or"), Part("carer")]),
        ("OR nurse OR", [Part("nurse")]),
        ("nurse OR -carer", [Part("nurse"), Part("carer", is_excluded=True)]),
        ("-carer OR nurse", [Part("carer", is_excluded=True), Part("nurse")]),
        ("full-stack C++", [Part("full stack"), Part("C++")]),
        ('"unfinished phrase', [Part("unfinished phrase")]),
        ("& | ! () - -- \"\" ''", []),
        ("😀 nurse", [Part("nurse")]),
        ("ممرضة", [Part("ممرضة")]),
    ],
)
def test_a_search_is_taken_apart_as_its_writer_means_it(text: str, expected: Parts) -> None:
    assert parts_of(text) == expected


def test_a_text_filter_has_words_only() -> None:
    assert words_of("full-stack & (python)") == ["full stack", "(python)"]


@pytest.mark.parametrize(
    ("sort", "key"),
    [(Sort.NEWEST, now()), (Sort.RELEVANCE, 12345), (Sort.SALARY, 48123.456789), (Sort.SCORE, 71)],
)
def test_a_cursor_comes_back_as_it_went(sort: Sort, key: float) -> None:
    cursor = JobCursor(sort, key, uuid4(), now())
    assert JobCursor.parse(str(cursor)) == cursor


def far_from(point: Point, bearing: float, km: float) -> Point:
    """Return the point at so many kilometres in a direction."""
    latitude, angle = math.radians(point.latitude), km / EARTH_KM
    height = math.asin(
        math.sin(latitude) * math.cos(angle) + math.cos(latitude) * math.sin(angle) * math.cos(bearing)
    )
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(latitude),
        math.cos(angle) - math.sin(latitude) * math.sin(height),
    )
    longitude = (point.longitude + math.degrees(turn) + 540) % 360 - 180
    return Point(math.degrees(height), longitude)


@pytest.mark.parametrize(
    "middle",
    [
        Point(51.5, -0.12),
        Point(-36.85, 174.76),
        Point(0, 179.9),
        Point(0, -180),
        Point(71, 25),
        Point(-89.9, 3),
    ],
)
@pytest.mark.parametrize("radius", [1, 50, 500])
def test_the_squares_around_a_point_hold_its_whole_circle(middle: Point, radius: int) -> None:
    rng = Random(radius)
    cells = set(middle.cells(radius))
    for _ in range(500):
        there = far_from(middle, rng.uniform(0, 2 * math.pi), rng.uniform(0, radius))
        cell = math.floor((there.latitude + 90) * 2) * 720 + math.floor((there.longitude + 180) * 2)
        assert cell in cells


def test_a_small_circle_touches_few_squares() -> None:
    assert len(Point(51.5, -0.12).cells(10)) <= 6
    assert len(Point(51.5, -0.12).cells(50)) <= 16


@pytest.mark.parametrize(
    "text", ["", "51.5", "51.5;0", "91,0", "0,181", "nan,0", "1e3,0", "51.5,0,0", "\u0665\u0661,\u0660"]
)
def test_what_is_no_point_of_the_globe_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        Point.parse(text)
