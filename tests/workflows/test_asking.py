"""An application that needs answers waits for them, takes those that fit, reminds, and ends in time."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowHandle

from models.answering_enums import QuestionKind
from models.enums import ApplicationState, EndReason
from tests.workflows.running import HANG, applying, refusal_of, start, worker_with
from tests.workflows.scripted import PREPARING, ScriptedAutoApply, ScriptedNotify, an_application
from tests.workflows.scripted_person import a_choice
from workflows.auto_apply import AutoApply
from workflows.desk import BAD_ANSWER, NOT_OPEN, fault_of
from workflows.ids import notify_id
from workflows.messages import AnswerShape, Conclusion, GiveAnswers, GivenShape

S = ApplicationState
SOON = timedelta(seconds=0.3)

Handle = WorkflowHandle[AutoApply, Conclusion]


def chosen(*questions: AnswerShape, unknown: int = 0) -> GiveAnswers:
    """Choose one option of each question; `unknown` ones are none of its options."""
    return GiveAnswers(
        answers=[GivenShape(question_id=each.question_id, chosen=1, unknown=unknown) for each in questions]
    )


async def test_an_application_without_open_questions_goes_all_the_way(temporal_server: str) -> None:
    steps = ScriptedAutoApply(prepared=PREPARING, looks=[False, False, True])
    async with applying(temporal_server, steps) as handle:
        assert (await handle.result()).state is S.SUBMITTED
    order = ("scout", "answer", "make_documents", "decide", "stage", "submit")
    assert [steps.calls[step] for step in order] == [3, 1, 1, 1, 1, 1]


async def test_an_answer_by_update_lets_the_application_go_on(temporal_server: str) -> None:
    question = a_choice()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[question])
    async with applying(temporal_server, steps) as handle:
        await steps.until("answer")
        taken = await handle.execute_update(AutoApply.give_answers, chosen(question))
        assert taken.shown_hash == steps.shown_hash
        assert (await handle.result()).state is S.SUBMITTED
    assert steps.calls["answer"] == 2


async def test_a_wrong_option_is_refused_and_the_wait_goes_on(temporal_server: str) -> None:
    question = a_choice()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[question])
    async with applying(temporal_server, steps) as handle:
        await steps.until("answer")
        for wrong in (chosen(question, unknown=1), chosen(a_choice())):
            assert await refusal_of(handle.execute_update(AutoApply.give_answers, wrong)) == BAD_ANSWER
        assert (steps.calls["take_answers"], steps.state) == (0, S.NEEDS_INPUT)
        await handle.execute_update(AutoApply.give_answers, chosen(question))
        assert (await handle.result()).state is S.SUBMITTED


async def test_one_answer_of_two_is_not_enough(temporal_server: str) -> None:
    first, second = a_choice(), a_choice()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[first, second])
    async with applying(temporal_server, steps) as handle:
        await steps.until("answer")
        assert (await handle.execute_update(AutoApply.give_answers, chosen(first))).missing == 1
        assert (steps.state, steps.calls["decide"]) == (S.NEEDS_INPUT, 0)
        await handle.execute_update(AutoApply.give_answers, chosen(second))
        assert (await handle.result()).state is S.SUBMITTED
    assert steps.calls["answer"] == 2


@pytest.mark.parametrize(("unknown", "refusal"), [(0, None), (1, BAD_ANSWER)])
async def test_an_answer_that_comes_before_the_workflow_knows_is_judged_when_it_does(
    temporal_server: str, unknown: int, refusal: str | None
) -> None:
    question = a_choice()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[question], gate={"answer": asyncio.Event()})
    async with applying(temporal_server, steps) as handle:
        await steps.until("answer")
        update = asyncio.create_task(
            refusal_of(handle.execute_update(AutoApply.give_answers, chosen(question, unknown=unknown)))
        )
        await accepted(handle)
        assert not steps.calls["take_answers"]
        steps.gate["answer"].set()
        assert await update == refusal
        assert steps.calls["take_answers"] == (refusal is None)


async def accepted(handle: Handle) -> None:
    """Wait until the history says that an update was accepted."""
    while True:
        events = (await handle.fetch_history()).events
        if any(each.HasField("workflow_execution_update_accepted_event_attributes") for each in events):
            return


async def test_answers_to_an_application_that_waits_for_none_are_refused(temporal_server: str) -> None:
    question = a_choice()
    steps = ScriptedAutoApply(prepared=PREPARING, holds=[3600.0])
    async with applying(temporal_server, steps) as handle:
        await steps.until("stage")
        given = handle.execute_update(AutoApply.give_answers, chosen(question))
        assert await refusal_of(given) == NOT_OPEN


async def test_answers_that_come_as_the_application_ends_are_refused(temporal_server: str) -> None:
    question = a_choice()
    steps = ScriptedAutoApply(
        prepared=PREPARING, scouted=Conclusion(state=S.FAILED, reason=EndReason.CAPTCHA)
    )
    steps.gate["scout"] = asyncio.Event()
    async with applying(temporal_server, steps) as handle:
        await steps.until("scout")
        update = asyncio.create_task(
            refusal_of(handle.execute_update(AutoApply.give_answers, chosen(question)))
        )
        await accepted(handle)
        steps.gate["scout"].set()
        assert await update == NOT_OPEN
        assert (await handle.result()).reason is EndReason.CAPTCHA


async def test_an_answer_rings_the_others_that_it_has_answered_too(temporal_server: str) -> None:
    question, other, ended = a_choice(), an_application(), an_application()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[question], others=[other, ended])
    async with worker_with(temporal_server, steps) as client, asyncio.timeout(HANG):
        # both have the same scripted row: what is answered in one is answered in the other
        first, second = await start(client, an_application()), await start(client, other)
        await steps.until("answer", 2)
        await first.execute_update(AutoApply.give_answers, chosen(question))
        assert (await second.result()).state is S.SUBMITTED
        assert (await first.result()).state is S.SUBMITTED


@pytest.mark.parametrize(("hours", "numbers"), [(1, [1]), (24, [1, 2]), (72, [2, 3])])
async def test_the_person_is_reminded_after_an_hour_a_day_and_three(
    temporal_server: str, hours: int, numbers: list[int]
) -> None:
    question, notify = a_choice(), ScriptedNotify()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[question], asked_ago=timedelta(hours=hours) - SOON)
    async with worker_with(temporal_server, steps, notify) as client, asyncio.timeout(HANG):
        application = an_application()
        handle = await start(client, application)
        await steps.until_reminded(numbers[-1])
        await handle.signal(AutoApply.doorbell)
        await steps.until("answer", 2)
        await handle.execute_update(AutoApply.give_answers, chosen(question))
        await handle.result()
        for each in steps.news:
            await client.get_workflow_handle(notify_id(application.user_id, each)).result()
    # on a busy machine several may fall due before the wait begins: then the newest of them is sent
    assert steps.reminded == numbers[-len(steps.reminded) :]
    assert notify.sent == steps.news
    assert len(notify.sent) == 1 + len(steps.reminded)


async def test_a_ring_makes_no_reminder_of_its_own(temporal_server: str) -> None:
    question = a_choice()
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[question], asked_ago=timedelta(hours=2))
    async with applying(temporal_server, steps) as handle:
        await steps.until("remind")
        for times in range(2, 5):
            await handle.signal(AutoApply.doorbell)
            await steps.until("answer", times)
        await handle.execute_update(AutoApply.give_answers, chosen(question))
        await handle.result()
    assert steps.calls["remind"] == 1


async def test_at_the_deadline_the_application_expires(temporal_server: str) -> None:
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[a_choice()], input_time=SOON)
    async with applying(temporal_server, steps) as handle:
        conclusion = await handle.result()
    assert (conclusion.state, conclusion.reason) == (S.EXPIRED, EndReason.DEADLINE_PASSED)
    assert (steps.reminded, steps.calls["submit"]) == ([], 0)


async def test_a_deadline_before_the_next_reminder_comes_first(temporal_server: str) -> None:
    steps = ScriptedAutoApply(
        prepared=PREPARING,
        shapes=[a_choice()],
        asked_ago=timedelta(hours=2),
        input_time=timedelta(hours=2) + SOON,
    )
    async with applying(temporal_server, steps) as handle:
        assert (await handle.result()).state is S.EXPIRED
    assert steps.reminded == [1]


@pytest.mark.parametrize("end", [S.CANCELLED, S.EXPIRED])
async def test_a_ring_ends_the_wait_of_an_application_that_its_row_has_ended(
    temporal_server: str, end: ApplicationState
) -> None:
    steps = ScriptedAutoApply(prepared=PREPARING, shapes=[a_choice()])
    async with applying(temporal_server, steps) as handle:
        await steps.until("answer")
        steps.state = end
        await handle.signal(AutoApply.doorbell)
        assert (await handle.result()).state is end


async def test_a_ring_while_the_form_is_read_is_heard_at_once(temporal_server: str) -> None:
    slow = PREPARING.model_copy(update={"timing": PREPARING.timing.model_copy(update={"scout_poll": 600.0})})
    steps = ScriptedAutoApply(prepared=slow, looks=[False])
    async with applying(temporal_server, steps) as handle:
        await steps.until("scout")
        steps.state = S.CANCELLED
        await handle.signal(AutoApply.doorbell)
        assert (await handle.result()).state is S.CANCELLED
    assert steps.calls["scout"] == 2


async def test_a_form_that_is_never_read_fails_in_time_and_may_be_tried_again(temporal_server: str) -> None:
    hasty = PREPARING.model_copy(
        update={"timing": PREPARING.timing.model_copy(update={"scout_deadline": 0.3})}
    )
    steps = ScriptedAutoApply(prepared=hasty, looks=[False])
    async with applying(temporal_server, steps) as handle:
        assert (await handle.result()).reason is EndReason.TIMEOUT
    assert steps.ended[0].retryable


@pytest.mark.parametrize("reason", [EndReason.LOGIN_REQUIRED, EndReason.JOB_CLOSED])
async def test_what_the_form_proves_ends_the_application(temporal_server: str, reason: EndReason) -> None:
    steps = ScriptedAutoApply(prepared=PREPARING, scouted=Conclusion(state=S.FAILED, reason=reason))
    async with applying(temporal_server, steps) as handle:
        assert (await handle.result()).reason is reason
    assert (steps.calls["answer"], steps.ended) == (0, [])


@pytest.mark.parametrize(
    ("kind", "given", "fits"),
    [
        (QuestionKind.SINGLE, {"chosen": 1}, True),
        (QuestionKind.SINGLE, {"chosen": 2}, False),
        (QuestionKind.SINGLE, {"chosen": 0}, False),
        (QuestionKind.SINGLE, {"chosen": 0, "clears": True}, True),
        (QuestionKind.BOOLEAN, {"chosen": 1, "unknown": 1}, False),
        (QuestionKind.MULTI, {"chosen": 2}, True),
        (QuestionKind.MULTI, {"chosen": 2, "unknown": 1}, False),
        (QuestionKind.TEXT, {"length": 5}, True),
        (QuestionKind.TEXT, {"length": 6}, False),
        (QuestionKind.TEXT, {"length": 0}, False),
        (QuestionKind.NUMBER, {"length": 3, "is_readable": False}, False),
        (QuestionKind.DATE, {"length": 3}, True),
    ],
)
def test_an_answer_fits_by_its_outside(kind: QuestionKind, given: dict[str, Any], fits: bool) -> None:
    options = 0 if kind in {QuestionKind.TEXT, QuestionKind.NUMBER, QuestionKind.DATE} else 3
    shape = AnswerShape(question_id=uuid4(), kind=kind, required=True, options=options, max_length=5)
    fault = fault_of(GivenShape(question_id=shape.question_id, **given), shape)
    assert (fault is None) == fits
