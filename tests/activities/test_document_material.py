"""What the model is told of a résumé: nothing that is its owner's alone, and back again."""

import time

from activities.auto_apply.document_material import bounded, told_of
from models.json_resume import JsonResume, strings_of
from models.sensitive import REDACTED, redacted
from tests.models.resumes import ADA

SECRET = "Reach me at ada@example.org or +44 20 7946 0000"
PRIVATE = frozenset({"Ada", "Lovelace"})


def with_highlight(text: str) -> JsonResume:
    document = ADA.model_dump(by_alias=True)
    document["work"][0]["highlights"] = ["Led a team of 5 engineers", text]
    return JsonResume.model_validate(document)


def test_what_is_left_out_comes_back_where_it_was_kept() -> None:
    resume = with_highlight(SECRET)
    told = told_of(resume, PRIVATE)
    said = list(strings_of(told.document))
    assert not any("ada@example.org" in each or "7946" in each for each in said)
    assert told.restore(told.document) == resume


def test_what_is_the_persons_alone_is_not_told_at_all() -> None:
    told = told_of(with_highlight("Salary: 90,000 GBP"), PRIVATE)
    assert told.document.work[0].highlights == ["Led a team of 5 engineers"]


def test_dates_and_names_stay_as_they_are() -> None:
    assert told_of(ADA, PRIVATE).document == ADA


def test_a_resume_of_one_endless_word_is_searched_in_time() -> None:
    start = time.perf_counter()
    assert redacted(bounded("a" * 200_000), PRIVATE) == REDACTED
    assert time.perf_counter() - start < 2
