"""Answers that need nobody: the bank never speaks against the profile, also where that fits no option."""

from datetime import date

import pytest

from models.answering_enums import AnswerSource, QuestionKind, Topic
from models.base import new_id
from models.facts import Facts
from models.fitting import Typed
from models.known_answers import Found, Known
from models.profile import Identity, Preferences, WorkAuthorisation
from models.question import Question

K, T = QuestionKind, Topic
IDENTITY = Identity(first_name="Ada", last_name="Lovelace", email="ada@example.org")
ONE_BOX = ("I have the right to work in the UK",)
MANY_NOES = ("Yes", "No, never had it", "No, something else")
LONG_NOTICES = ("1 month", "2 months", "3 months")


def answered(
    topic: Topic, kind: QuestionKind, options: tuple[str, ...], *, kept: Typed, authorised: bool
) -> Found | None:
    scope = "gb" if topic is T.WORK_AUTHORISATION else ""
    question = Question(
        application_id=new_id(),
        user_id=new_id(),
        position=1,
        label="?",
        kind=kind,
        required=True,
        options=list(options),
        topic=topic,
        scope=scope,
    )
    rights = [WorkAuthorisation(country="gb", authorised=authorised, needs_sponsorship=not authorised)]
    known = Known(
        identity=IDENTITY,
        preferences=Preferences(work_authorisations=rights),
        facts=Facts(notice_period_days=7, onsite_days_a_week=2),
        today=date(2026, 1, 1),
        bank={(topic, scope): kept},
    )
    return known.answer(question)


@pytest.mark.parametrize(
    ("topic", "kind", "options", "kept"),
    [
        (T.WORK_AUTHORISATION, K.BOOLEAN, ONE_BOX, True),
        (T.WORK_AUTHORISATION, K.SINGLE, MANY_NOES, True),
        (T.WORK_AUTHORISATION, K.SINGLE, MANY_NOES, "Yes"),
        (T.NOTICE_PERIOD, K.SINGLE, LONG_NOTICES, "1 month"),
        (T.ONSITE_DAYS_OK, K.SINGLE, ("4 days", "5 days"), 4),
    ],
)
def test_a_stale_answer_of_the_bank_is_not_given_where_the_profile_fits_no_option(
    topic: Topic, kind: QuestionKind, options: tuple[str, ...], kept: Typed
) -> None:
    assert answered(topic, kind, options, kept=kept, authorised=False) is None


@pytest.mark.parametrize(
    ("topic", "options", "kept"),
    [
        (T.WORK_AUTHORISATION, ("British citizen", "Visa holder", "Neither"), "British citizen"),
        (T.NOTICE_PERIOD, ("Short", "Long"), "Short"),
    ],
)
def test_the_bank_still_knows_the_words_for_what_the_profile_says(
    topic: Topic, options: tuple[str, ...], kept: str
) -> None:
    assert answered(topic, K.SINGLE, options, kept=kept, authorised=True) == (kept, AnswerSource.BANK)
