"""The step that answers a form, over a real database: where answers come from, and who is asked."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from temporalio.exceptions import ApplicationError

from models.answering_enums import AnswerSource, QuestionKind, Topic
from models.automation import Automation
from models.base import now
from models.enums import ApplicationState, EndReason, NotificationKind, PayPeriod
from models.facts import Demographics, Facts, Pay, SkillYears
from models.profile import Preferences, WorkAuthorisation
from tests.activities.answer_scene import Ask, Scene, open_scene

K, S, Source = QuestionKind, ApplicationState, AnswerSource

YES_NO = ("Yes", "No")
WORK = Ask("Are you legally authorised to work in the United Kingdom?", K.SINGLE, YES_NO)
VISA = Ask("Will you now or in the future require visa sponsorship?", K.SINGLE, YES_NO)
SALARY = Ask("Salary expectation per year", K.NUMBER)
NOTICE = Ask("Notice period", K.SINGLE, ("None", "1 week", "1 month", "More than 3 months"))
WHY = Ask("Why do you want to work for us?", K.TEXTAREA, max_length=300)
GENDER = Ask("Gender", K.SINGLE, ("Female", "Male", "Decline to answer"), required=False)
GROUNDED = "I built batch pipelines in Python and SQL."


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    async with open_scene(database_url) as scene:
        yield scene


def drafts(*texts: str) -> str:
    """Return what the model says where it answers the questions in their order."""
    answers = [{"question": n, "can_answer": True, "text": text} for n, text in enumerate(texts, start=1)]
    return json.dumps({"answers": answers})


async def test_the_profile_answers_what_it_holds(scene: Scene) -> None:
    await scene.tell(
        Facts(
            notice_period_days=30,
            start_date=date(2099, 1, 2),
            years_with=[SkillYears(skill="Python", years=6)],
        ),
        Preferences(work_authorisations=[_right("gb", authorised=True)]),
    )
    ref = await scene.form(
        Ask("First name"),
        Ask("E-mail address"),
        Ask("Résumé / CV", K.FILE),
        Ask("LinkedIn profile"),
        WORK,
        VISA,
        NOTICE,
        Ask("Earliest start date", K.DATE),
        Ask("How many years of experience do you have with Python?", K.NUMBER),
        Ask("I agree to the privacy notice for applicants", K.BOOLEAN, ("yes",)),
    )
    asked = await scene.answer(ref)
    assert (asked.state, asked.questions) == (S.PREPARING, [])
    assert await scene.answers(ref) == [
        ("Ada", Source.PROFILE),
        ("ada@example.org", Source.PROFILE),
        ("resume", Source.DOCUMENT),
        ("https://www.linkedin.com/in/ada", Source.PROFILE),
        ("Yes", Source.PROFILE),
        ("No", Source.PROFILE),
        ("1 month", Source.PROFILE),
        ("2099-01-02", Source.PROFILE),
        ("6", Source.PROFILE),
        ("yes", Source.PROFILE),
    ]
    [entry] = await scene.logged(ref)
    assert entry.data["profile"] == 9
    assert entry.data["document"] == 1
    assert entry.data["missing"] == 0


def _right(country: str, *, authorised: bool) -> WorkAuthorisation:
    return WorkAuthorisation(country=country, authorised=authorised, needs_sponsorship=not authorised)


async def test_the_right_to_work_never_crosses_a_border(scene: Scene) -> None:
    await scene.tell(wanted=Preferences(work_authorisations=[_right("de", authorised=True)]))
    await scene.bank(Topic.WORK_AUTHORISATION, True, "fr")
    ref = await scene.form(WORK, VISA)
    asked = await scene.answer(ref)
    assert asked.state is S.NEEDS_INPUT
    assert await scene.answers(ref) == [(None, None), (None, None)]


async def test_the_bank_answers_where_the_profile_is_silent_and_never_against_it(scene: Scene) -> None:
    await scene.tell(Facts(notice_period_days=7))
    await scene.bank(Topic.NOTICE_PERIOD, "1 month")
    await scene.bank(Topic.SALARY_EXPECTATION, 60_000, "gb")
    await scene.bank(Topic.BACKGROUND_CHECK, True)
    ref = await scene.form(NOTICE, SALARY, Ask("Will you undergo a background check?", K.SINGLE, YES_NO))
    await scene.answer(ref)
    assert await scene.answers(ref) == [
        ("1 week", Source.PROFILE),
        ("60000", Source.BANK),
        ("Yes", Source.BANK),
    ]


async def test_desired_pay_is_told_in_the_currency_asked_for_and_current_pay_only_where_allowed(
    scene: Scene,
) -> None:
    pay = Pay(amount=65_000, currency="GBP")
    facts = Facts(
        expected_pay=[pay, Pay(amount=80_000, currency="EUR")],
        current_pay=Pay(amount=50_000, currency="GBP", period=PayPeriod.YEAR),
    )
    await scene.tell(facts)
    current = Ask("Current salary", K.NUMBER, required=False)
    both = Ask("Current and desired salary", K.TEXT, required=False)
    ref = await scene.form(SALARY, current, both, Ask("Salary expectation in USD", K.NUMBER, required=False))
    await scene.answer(ref)
    nothing = (None, None)
    assert await scene.answers(ref) == [("65000", Source.PROFILE), nothing, nothing, nothing]
    await scene.tell(facts.model_copy(update={"may_tell_current_pay": True}))
    await scene.answer(ref)
    assert (await scene.answers(ref))[1] == ("50000", Source.PROFILE)


async def test_demographic_questions_are_declined_unless_the_person_tells(scene: Scene) -> None:
    race = Ask("Race", K.SINGLE, ("Asian", "White"), required=False)
    ref = await scene.form(GENDER, race)
    await scene.answer(ref)
    assert await scene.answers(ref) == [("Decline to answer", Source.DECLINED), (None, None)]
    await scene.tell(Facts(demographics=Demographics(gender="female")))
    await scene.answer(ref)
    assert await scene.answers(ref) == [("Female", Source.PROFILE), (None, None)]
    assert await scene.asked_of_model() == []


async def test_open_questions_are_drafted_once_and_shown_as_drafts(scene: Scene) -> None:
    await scene.script(text=drafts(GROUNDED))
    ref = await scene.form(WHY, SALARY)
    asked = await scene.answer(ref)
    assert asked.state is S.NEEDS_INPUT
    assert await scene.answers(ref) == [(GROUNDED, Source.DRAFT), (None, None)]
    await scene.answer(ref)
    assert len(await scene.asked_of_model()) == 1
    assert [entry.data["draft"] for entry in await scene.logged(ref)] == [1]


async def test_a_question_that_the_model_cannot_answer_is_put_to_the_person_and_not_to_it_again(
    scene: Scene,
) -> None:
    await scene.script(text=json.dumps({"answers": [{"question": 1, "can_answer": False, "text": ""}]}))
    ref = await scene.form(WHY)
    assert (await scene.answer(ref)).state is S.NEEDS_INPUT
    assert (await scene.answer(ref)).state is S.NEEDS_INPUT
    assert len(await scene.asked_of_model()) == 1


async def test_a_model_that_is_away_is_asked_again_and_then_done_without(scene: Scene) -> None:
    ref = await scene.form(WHY)
    for attempt in (1, 2):
        await scene.script(error="server_error")
        with pytest.raises(ApplicationError) as caught:
            await scene.answer(ref, attempt)
        assert not caught.value.non_retryable
    await scene.script(error="server_error")
    assert (await scene.answer(ref, 3)).state is S.NEEDS_INPUT
    assert len(await scene.asked_of_model()) == 3


async def test_a_model_that_will_never_answer_is_asked_once(scene: Scene) -> None:
    await scene.script(error="insufficient_quota")
    ref = await scene.form(WHY)
    assert (await scene.answer(ref, 1)).state is S.NEEDS_INPUT


async def test_no_prompt_holds_contact_pay_right_to_work_or_demographics(scene: Scene) -> None:
    await scene.tell(
        Facts(
            expected_pay=[Pay(amount=65_123, currency="GBP")],
            demographics=Demographics(gender="female", race="Secretrace"),
            street="1 Hidden Street",
            postcode="ZZ1 1ZZ",
        ),
        Preferences(titles=["Data Engineer"], work_authorisations=[_right("gb", authorised=True)]),
    )
    ref = await scene.form(WHY, SALARY, GENDER, WORK)
    await scene.answer(ref)
    [request] = await scene.asked_of_model()
    told = json.dumps(request)
    assert "Analytical Engines" in told
    hidden = (
        "ada@example.org",
        "7946",
        "Lovelace",
        "Hidden",
        "ZZ1",
        "65123",
        "female",
        "Secretrace",
        "Gender",
    )
    assert [word for word in (*hidden, "linkedin", "authorised to work in") if word in told] == []


async def test_only_a_missing_required_answer_asks_the_person_and_tells_them_once(scene: Scene) -> None:
    await scene.tell(rules=Automation(input_days=3))
    ref = await scene.form(SALARY, Ask("Middle initial", required=False))
    asked = await scene.answer(ref)
    assert asked.state is S.NEEDS_INPUT
    assert [each.required for each in asked.questions] == [True, False]
    assert asked.asked_at is not None
    assert asked.deadline_at == asked.asked_at + timedelta(days=3)
    again = await scene.answer(ref)
    assert again.notification_id is None
    [told] = await scene.notifications(ref)
    assert (told.kind, told.id) == (NotificationKind.APPLICATION_NEEDS_INPUT, asked.notification_id)
    assert len(await scene.logged(ref)) == 1


async def test_an_application_goes_on_once_nothing_is_missing(scene: Scene) -> None:
    ref = await scene.form(SALARY)
    await scene.answer(ref)
    await scene.tell(Facts(expected_pay=[Pay(amount=65_000, currency="GBP")]))
    assert (await scene.answer(ref)).state is S.PREPARING
    assert (await scene.application(ref)).state is S.PREPARING


async def test_at_the_deadline_an_unanswered_application_expires(scene: Scene) -> None:
    ref = await scene.form(SALARY)
    await scene.answer(ref)
    await scene.change(ref, deadline_at=now() - timedelta(seconds=1))
    asked = await scene.answer(ref)
    assert (asked.state, asked.reason) == (S.EXPIRED, EndReason.DEADLINE_PASSED)
    assert (await scene.answer(ref)).state is S.EXPIRED


async def test_a_job_that_has_closed_ends_it(scene: Scene) -> None:
    ref = await scene.form(SALARY)
    await scene.close_job(ref, expired_at=now())
    asked = await scene.answer(ref)
    assert (asked.state, asked.reason) == (S.EXPIRED, EndReason.JOB_CLOSED)


@pytest.mark.parametrize("state", [S.CANCELLED, S.APPROVED, S.AWAITING_APPROVAL, S.SUBMITTED])
async def test_an_application_that_is_elsewhere_stays_as_it_is(scene: Scene, state: ApplicationState) -> None:
    ref = await scene.form(Ask("First name"), state=state)
    assert (await scene.answer(ref)).state is state
    assert await scene.answers(ref) == [(None, None)]


async def test_what_the_profile_no_longer_says_is_taken_away(scene: Scene) -> None:
    await scene.tell(wanted=Preferences(work_authorisations=[_right("gb", authorised=True)]))
    ref = await scene.form(WORK)
    assert (await scene.answer(ref)).state is S.PREPARING
    await scene.tell(wanted=Preferences())
    assert (await scene.answer(ref)).state is S.NEEDS_INPUT
    assert await scene.answers(ref) == [(None, None)]


async def test_a_required_file_that_nobody_can_give_ends_it_with_its_reason(scene: Scene) -> None:
    ref = await scene.form(Ask("Copy of your diploma", K.FILE))
    asked = await scene.answer(ref)
    assert (asked.state, asked.reason) == (S.FAILED, EndReason.MISSING_ANSWER)


async def test_a_letter_to_be_typed_in_waits_for_the_documents(scene: Scene) -> None:
    ref = await scene.form(Ask("Cover letter", K.TEXTAREA))
    assert (await scene.answer(ref)).state is S.PREPARING
    assert await scene.answers(ref) == [(None, None)]
