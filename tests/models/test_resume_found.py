"""Whether a structured résumé is believed: only what its text says, and most of it."""

from collections.abc import Callable
from typing import Any

import pytest

from activities.vendors.strict_json import fits_schema
from models.json_resume import JsonResume, strict_schema
from models.resume_found import found_in
from tests.models.resumes import ADA, ADA_TEXT

Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> JsonResume:
    document = ADA.model_dump(by_alias=True)
    change(document)
    return JsonResume.model_validate(document)


def test_what_the_text_says_is_believed() -> None:
    assert found_in(ADA, ADA_TEXT) == ADA


def test_words_that_a_line_breaks_are_found() -> None:
    text = ADA_TEXT.replace("Python jobs", "Py-\nthon\njobs")
    assert found_in(ADA, text) == ADA


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["work"].append({"name": "Google", "startDate": "2012", "endDate": "2015"}),
        lambda d: d["work"][0].update(name="Analytical Engine Group"),
        lambda d: d["work"][0].update(position="Principal Engineer"),
        lambda d: d["work"][0].update(startDate="2018"),
        lambda d: d["work"][0].update(highlights=["Cut costs by 60% with nightly Python jobs"]),
        lambda d: d["skills"].append({"name": "Kubernetes"}),
        lambda d: d["education"][0].update(studyType="MSc"),
        lambda d: d["certificates"].append({"name": "PMP"}),
        lambda d: d["basics"].update(summary="Seasoned engineer."),
        lambda d: d["work"][1].update(endDate=None),
    ],
    ids=[
        "employer",
        "name",
        "position",
        "date",
        "number",
        "skill",
        "degree",
        "certificate",
        "summary",
        "end",
    ],
)
def test_anything_that_the_text_does_not_say_makes_it_unbelievable(change: Change) -> None:
    assert found_in(changed(change), ADA_TEXT) is None


def test_a_month_that_the_text_does_not_say_is_left_out() -> None:
    found = found_in(changed(lambda d: d["work"][1].update(startDate="2015-06")), ADA_TEXT)
    assert found is not None
    assert found.work[1].start_date == "2015"


def test_a_headline_or_level_that_the_text_does_not_say_is_left_out() -> None:
    found = found_in(changed(lambda d: d["basics"].update(label="Data Wizard")), ADA_TEXT)
    assert found is not None
    assert found.basics.label is None


def test_a_resume_of_which_much_is_missing_is_not_believed() -> None:
    assert found_in(changed(lambda d: d["work"].clear()), ADA_TEXT) is None
    assert found_in(JsonResume(), ADA_TEXT) is None


def test_the_strict_schema_takes_what_the_model_returns() -> None:
    schema = strict_schema(JsonResume)
    document = ADA.model_dump(mode="json", by_alias=True)
    assert fits_schema(document, schema)
    assert not fits_schema({**document, "name": "x"}, schema)
    assert not fits_schema({}, schema)
