"""Answers in the form of one question: exact or not at all, and whatever does not fit shows its fault."""

from datetime import date
from random import Random
from uuid import uuid4

import pytest

from models.answering_enums import QuestionKind, Topic
from models.fitting import Days, Outside, Typed, fit, given_shape, refit
from models.question import Question, Value
from models.yes_no import decline_option, is_yes_no
from workflows.desk import fault_of
from workflows.messages import AnswerShape, GivenShape

K = QuestionKind
NOTICE = ("None", "1 week", "2 weeks", "1 month", "2 months", "3 months", "More than 3 months")
YEARS = ("Less than 1 year", "1 - 3 years", "4 - 6 years", "7+ years")


def question(
    kind: QuestionKind, *options: str, max_length: int | None = None, topic: Topic | None = None
) -> Question:
    return Question(
        application_id=uuid4(),
        user_id=uuid4(),
        position=1,
        label="?",
        kind=kind,
        options=list(options),
        max_length=max_length,
        topic=topic,
    )


@pytest.mark.parametrize(
    ("asked", "value", "entered"),
    [
        (question(K.SINGLE, "Yes", "No"), True, "Yes"),
        (question(K.SINGLE, "Ja", "Nein"), False, "Nein"),
        (question(K.SINGLE, "Oui", "Non", "Je ne souhaite pas répondre"), False, "Non"),
        (question(K.SINGLE, "Sí", "No"), True, "Sí"),
        (question(K.SINGLE, "Tak", "Nie"), "yes", "Tak"),
        (question(K.SINGLE, "Yes, I am authorised", "No, I am not"), True, "Yes, I am authorised"),
        (question(K.BOOLEAN), True, "Yes"),
        (question(K.BOOLEAN, "yes"), True, "yes"),
        (question(K.BOOLEAN, "I agree"), True, "I agree"),
        (question(K.SINGLE, "I agree", "I do not agree", topic=Topic.CONSENT), True, "I agree"),
        (question(K.SINGLE, "Yes", topic=Topic.CONSENT), True, "Yes"),
        (question(K.SINGLE, *NOTICE), Days(0), "None"),
        (question(K.SINGLE, *NOTICE), Days(14), "2 weeks"),
        (question(K.SINGLE, *NOTICE), Days(30), "1 month"),
        (question(K.SINGLE, *NOTICE), Days(31), "1 month"),
        (question(K.SINGLE, *NOTICE), Days(120), "More than 3 months"),
        (question(K.SINGLE, "Sofort", "1 Monat", "3 Monate"), Days(90), "3 Monate"),
        (question(K.SINGLE, *YEARS), 0.5, "Less than 1 year"),
        (question(K.SINGLE, *YEARS), 2, "1 - 3 years"),
        (question(K.SINGLE, *YEARS), 12, "7+ years"),
        (question(K.SINGLE, "1+", "3+", "5+"), 4, "3+"),
        (question(K.SINGLE, "£30,000 - £40,000", "£41,000 - £50,000"), 45_000, "£41,000 - £50,000"),
        (question(K.SINGLE, "30k-40k", "41k-50k"), 45_000, "41k-50k"),
        (question(K.SINGLE, "LinkedIn", "Other"), "linkedin", "LinkedIn"),
        (question(K.MULTI, "English", "French", "German"), ["german", "English"], ["English", "German"]),
        (question(K.MULTI, "English"), "English", ["English"]),
        (question(K.SINGLE), "Leeds", "Leeds"),
        (question(K.TEXT), True, "Yes"),
        (question(K.TEXT), Days(30), "30 days"),
        (question(K.TEXT), "  a \n b ", "a b"),
        (question(K.TEXTAREA), "a\nb", "a\nb"),
        (question(K.NUMBER), 6.0, "6"),
        (question(K.NUMBER), 2.5, "2.5"),
        (question(K.NUMBER), "60,000", "60000"),
        (question(K.NUMBER), "60 000", "60000"),
        (question(K.NUMBER), "60k", "60000"),
        (question(K.DATE), date(2027, 2, 1), "2027-02-01"),
        (question(K.DATE), "01.02.2027", "2027-02-01"),
        (question(K.TEXT, max_length=3), "abc", "abc"),
    ],
)
def test_an_answer_that_fits_is_entered(asked: Question, value: Typed, entered: Value) -> None:
    assert fit(asked, value) == entered


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        # no such option, or more than one that it may be
        (question(K.SINGLE, "Red", "Green"), "Blue"),
        (question(K.SINGLE, "Red", "Green"), True),
        (question(K.SINGLE, "Yes, as a citizen", "Yes, as a resident", "No"), True),
        (question(K.SINGLE, "Yes, but only with sponsorship", "No"), True),
        (question(K.SINGLE, "Yes, I need a visa", "No", topic=Topic.WORK_AUTHORISATION), True),
        (question(K.SINGLE, "Citizen", "Visa holder", "No restrictions"), False),
        (question(K.SINGLE, "Yes, a car", "Bicycle"), True),
        (question(K.SINGLE, "1-3 years", "3-5 years"), 3),
        (question(K.SINGLE, *NOTICE), Days(45)),
        (question(K.SINGLE, "Short", "Long"), Days(30)),
        (question(K.SINGLE, "<5", ">5"), "5"),
        (question(K.SINGLE, "A", "B"), ["A", "B"]),
        (question(K.MULTI, "A", "B"), ["A", "C"]),
        (question(K.MULTI, "A", "B"), []),
        (question(K.SINGLE, "I agree", "I do not agree"), True),
        (question(K.BOOLEAN, "I agree"), False),
        (question(K.BOOLEAN), "perhaps"),
        # unreadable as its kind, or too long: nothing is cut
        (question(K.NUMBER), "sixty"),
        (question(K.NUMBER), "5 years"),
        (question(K.NUMBER), -5),
        (question(K.NUMBER), "-5"),
        (question(K.NUMBER), True),
        (question(K.NUMBER), float("nan")),
        (question(K.NUMBER), Days(30)),
        (question(K.DATE), "01/02/2027"),
        (question(K.DATE), "soon"),
        (question(K.TEXT, max_length=3), "abcd"),
        (question(K.TEXT, max_length=3), "🙂🙂"),
        (question(K.TEXT), "   "),
        (question(K.TEXT), "a\x00b"),
        (question(K.TEXT), "\ud800"),
        (question(K.FILE), "my file"),
    ],
)
def test_an_answer_that_does_not_fit_is_none(asked: Question, value: Typed) -> None:
    assert fit(asked, value) is None


OPTIONS = ("Yes", "No", "1 month", "Decline to answer", "5-10", "Äpfel")
TEXTS = (
    *OPTIONS,
    "",
    " ",
    "yes",
    "apfel",
    "60k",
    "2027-01-02",
    "a\x00",
    "🙂" * 9,
    "word " * 6,
    "No, not yet",
)
ROUNDS = 3_000


def anything(random: Random) -> tuple[Question, Typed]:
    """Return any question with any answer."""
    options = random.sample(OPTIONS, random.randint(0, 4))
    limit = random.choice([None, random.randint(1, 20)])
    values: list[Typed] = [
        random.random() < 0.5,
        random.randint(-3, 100),
        random.choice([0.5, 1e300, float("inf"), float("nan")]),
        random.choice(TEXTS),
        random.choices(TEXTS, k=random.randint(0, 3)),
    ]
    return question(random.choice(list(K)), *options, max_length=limit), random.choice(values)


def test_an_answer_shows_a_fault_exactly_where_it_does_not_fit() -> None:
    random = Random(7)
    for _ in range(ROUNDS):
        asked, value = anything(random)
        shape = AnswerShape(
            question_id=asked.id,
            kind=asked.kind,
            required=asked.required,
            options=len(asked.options),
            max_length=asked.max_length,
        )
        fault = fault_of(GivenShape(question_id=asked.id, **vars(given_shape(asked, value))), shape)
        assert (fault is None) == (fit(asked, value) is not None), (asked, value, fault)


def test_what_is_chosen_is_always_an_option_and_what_is_typed_is_never_too_long() -> None:
    random = Random(11)
    for _ in range(ROUNDS):
        asked, value = anything(random)
        entered = refit(asked, value)
        if entered is None:
            continue
        if asked.options and asked.kind in {K.SINGLE, K.MULTI, K.BOOLEAN}:
            assert set([entered] if isinstance(entered, str) else entered) <= set(asked.options)
        elif asked.max_length is not None and asked.kind is not K.BOOLEAN:
            assert len(entered) <= asked.max_length


def test_the_outside_of_an_answer_counts_what_is_known_and_unknown() -> None:
    assert given_shape(question(K.MULTI, "A", "B"), ["A", "C"]) == Outside(chosen=1, unknown=1)
    assert given_shape(question(K.NUMBER), "x") == Outside(is_readable=False)
    assert given_shape(question(K.TEXT, max_length=2), "abc") == Outside(length=3)


def test_an_answer_goes_into_another_form_by_what_it_says() -> None:
    assert refit(question(K.SINGLE, "Oui", "Non"), "No, I do not") == "Non"
    assert refit(question(K.SINGLE, "Oui", "Non", "Je préfère ne pas répondre"), "Decline to answer") == (
        "Je préfère ne pas répondre"
    )
    assert refit(question(K.SINGLE, "Oui", "Non"), "Decline to answer") is None
    assert refit(question(K.SINGLE, "Oui", "Non"), "Yes, but not yet") is None


@pytest.mark.parametrize(
    "option",
    [
        "Prefer not to say",
        "I prefer not to answer",
        "Decline to self-identify",
        "Decline To State",
        "I don't wish to answer",
        "I do not want to answer",
        "I'd rather not say",
        "Keine Angabe",
        "Möchte ich nicht angeben",
        "Je préfère ne pas répondre",
        "Prefiero no contestar",
        "Preferisco non rispondere",
        "Zeg ik liever niet",
        "Wolę nie odpowiadać",
        "Prefiro não responder",
    ],
)
def test_a_way_of_not_answering_is_found_in_every_language(option: str) -> None:
    assert decline_option(("Yes", "No", option)) == option
    assert is_yes_no(("Yes", "No", option))


def test_two_ways_of_not_answering_are_none() -> None:
    assert decline_option(("Prefer not to say", "Decline to answer")) is None
    assert decline_option(("Yes", "No")) is None
