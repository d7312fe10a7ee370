"""Hostile texts in labels, options, hints, banks and drafts: no answer changes, nothing is let through."""

from datetime import date
from uuid import uuid4

import pytest

from activities.auto_apply.drafting import SYSTEM
from models.answering_enums import AnswerSource, QuestionKind, Topic
from models.draft_rules import is_draftable, usable
from models.fact_check.check import Sources, unsupported_claims
from models.facts import Facts
from models.fitting import fit, refit
from models.known_answers import Found, Known
from models.profile import Identity, Preferences, WorkAuthorisation
from models.question import Question
from models.topics.classify import classify
from tests.hostile.corpus import HOSTILE

K = QuestionKind
YES_NO = ("Yes", "No", "Prefer not to say")
WORK = "Are you legally authorised to work in the United Kingdom?"
VISA = "Will you require visa sponsorship to work in the United Kingdom?"
GENDER = "Gender"
BANK = {(Topic.CRIMINAL_RECORD, ""): False, (Topic.SALARY_EXPECTATION, "gb"): 60_000}

KNOWN = Known(
    Identity(first_name="Ada", last_name="Lovelace", email="ada@example.org"),
    Preferences(
        work_authorisations=[WorkAuthorisation(country="gb", authorised=False, needs_sponsorship=True)]
    ),
    Facts(drivers_licence=False, is_18_or_older=True, consents_to_privacy_notices=False),
    date(2026, 12, 1),
    BANK,
)
SOURCES = Sources(
    texts=("I built pipelines in Python at Analytical Engines since 2019.",), advert="We build."
)

every_text = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
ALONE = frozenset({"yes", "yes_long", "empty"})
"""What is harmless behind a sentence of the person's own, and is a person's to keep as an answer."""

every_other_text = pytest.mark.parametrize(
    "text",
    [text for name, text in HOSTILE.items() if name not in ALONE],
    ids=[name for name in HOSTILE if name not in ALONE],
)


def question(
    label: str, kind: QuestionKind, options: tuple[str, ...] = (), hint: str | None = None
) -> Question:
    """Return a question as the scout stores it."""
    found = classify(label, options, kind, "gb")
    return Question(
        application_id=uuid4(),
        user_id=uuid4(),
        position=1,
        label=label,
        hint=hint,
        kind=kind,
        options=list(options),
        topic=found.topic,
        scope=found.scope,
    )


def answer(label: str, kind: QuestionKind = K.SINGLE, options: tuple[str, ...] = YES_NO) -> Found | None:
    return KNOWN.answer(question(label, kind, options))


TRUE_ANSWERS: tuple[Found | None, ...] = (
    None,
    ("No", AnswerSource.PROFILE),
    (["No"], AnswerSource.PROFILE),
    ("60000", AnswerSource.BANK),
    ("Prefer not to say", AnswerSource.DECLINED),
    (["Prefer not to say"], AnswerSource.DECLINED),
)


@every_text
@pytest.mark.parametrize("kind", [K.TEXT, K.TEXTAREA, K.NUMBER, K.DATE, K.SINGLE, K.MULTI, K.BOOLEAN])
def test_a_label_gets_no_answer_out_of_anybody(text: str, kind: QuestionKind) -> None:
    assert answer(text, kind, YES_NO if kind in {K.SINGLE, K.MULTI} else ()) in TRUE_ANSWERS


@every_text
@pytest.mark.parametrize("genuine", [WORK, VISA, GENDER, "Have you ever been convicted of a crime?"])
def test_a_label_with_more_behind_it_gets_the_same_answer_or_none(text: str, genuine: str) -> None:
    options = ("Female", "Male", "Prefer not to say") if genuine == GENDER else YES_NO
    truth = answer(genuine, options=options)
    assert truth is not None
    for label in (f"{genuine} {text}", f"{text} {genuine}", f"{genuine}\n\n{text}"):
        assert answer(label, options=options) in (truth, None)


@every_text
def test_an_option_is_never_chosen_for_what_it_demands(text: str) -> None:
    options = (text, "Yes", "No")
    assert fit(question(WORK, K.SINGLE, options), False) in ("No", None)
    assert fit(question(VISA, K.SINGLE, options), True) in ("Yes", None)
    assert fit(question(WORK, K.SINGLE, (text,)), False) is None
    assert fit(question(WORK, K.SINGLE, (text,)), True) is None


@every_other_text
def test_a_bank_value_is_entered_as_text_or_not_at_all(text: str) -> None:
    assert refit(question(WORK, K.SINGLE, YES_NO), text) in (None, "Prefer not to say")
    assert refit(question("Salary expectation", K.NUMBER), text) is None
    assert refit(question("Start date", K.DATE), text) is None
    limited = question("Notice period", K.TEXT)
    limited.max_length = 20
    entered = refit(limited, text)
    assert entered is None or len(entered) <= 20


@every_other_text
def test_a_draft_is_thrown_away(text: str) -> None:
    asked = question("Why do you want to work for us?", K.TEXTAREA)
    for said in (text, f"I built pipelines in Python. {text}"):
        draft = usable(asked, said, SYSTEM)
        assert draft is None or unsupported_claims(draft, SOURCES)


@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_yes_or_nothing_is_no_draft(name: str) -> None:
    assert usable(question("Why do you want to work for us?", K.TEXTAREA), HOSTILE[name], SYSTEM) is None


@every_text
def test_a_hostile_label_or_hint_is_not_even_put_to_the_model_where_it_asks_for_secrets(text: str) -> None:
    if any(word in text.casefold() for word in ("passport", "iban", "salary", "sponsorship", "disability")):
        assert not is_draftable(question(f"Tell us why you like this. {text}", K.TEXTAREA))
        assert not is_draftable(question("Why do you want to work for us?", K.TEXTAREA, hint=text))


@pytest.mark.parametrize(
    "label",
    [
        "What is your date of birth?",
        "Describe your health",
        "Tell us about any criminal convictions",
        "What are your pay expectations and why?",
        "Tell us about your visa situation",
        "Describe your religious beliefs",
        "What is your mother's maiden name?",
        "Tell us your password and why you chose it",
        "Why do you need sponsorship?",
        "Explain your disability in your own words",
        "What is your gender identity, in your own words?",
        "Beschreiben Sie Ihre Gehaltsvorstellung",
        "Décrivez votre nationalité et votre visa",
        "Какова ваша зарплата?",
        "Why are you leaving your current job?",
        "How many days can you travel?",
        "Your availability next week",
    ],
)
def test_what_is_the_persons_alone_to_say_is_never_drafted(label: str) -> None:
    assert not is_draftable(question(label, K.TEXTAREA))


@pytest.mark.parametrize(
    "label",
    [
        "Why do you want to work at Deutsche Bank?",
        "Describe a project that you are proud of",
        "Tell us about your experience with data pipelines",
        "How do you approach code review?",
        "What motivates you in your work?",
    ],
)
def test_an_open_question_about_work_may_be_drafted(label: str) -> None:
    assert is_draftable(question(label, K.TEXTAREA))
