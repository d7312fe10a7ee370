"""The step that takes the person's answers over: entered, remembered, and shared with what else waits."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from models.answering_enums import AnswerSource, LogKind, QuestionKind, Topic
from models.application_log import LogEntry, log_of
from models.enums import Actor, ApplicationState
from models.facts import Facts
from models.question import GivenAnswer
from models.shown import load_shown
from tests.activities.answer_scene import Ask, Scene, open_scene
from workflows.messages import ApplicationRef

K, S, Source = QuestionKind, ApplicationState, AnswerSource

YES_NO = ("Yes", "No")
WORK = Ask("Are you legally authorised to work in the United Kingdom?", K.SINGLE, YES_NO)
ARBEIT = Ask("Haben Sie eine Arbeitserlaubnis für Grossbritannien?", K.SINGLE, ("Ja", "Nein"))
WORK_US = Ask("Are you legally authorised to work in the United States?", K.SINGLE, YES_NO)
NOTICE = Ask("Notice period", K.SINGLE, ("None", "1 month", "3 months"))
WHY = Ask("Why do you want to work for us?", K.TEXTAREA)
ODD = Ask("Your favourite colour", K.TEXT)


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    async with open_scene(database_url) as scene:
        yield scene


async def last_move(scene: Scene, ref: ApplicationRef) -> tuple[object, object]:
    """Return where an application was last moved to, and by whom."""
    async with scene.database.begin() as session:
        entries = await session.exec(log_of(ref.application_id).where(LogEntry.kind == LogKind.MOVED))
        return [(entry.data["to"], entry.data["actor"]) for entry in entries][-1]


async def test_a_given_answer_is_entered_as_the_persons_and_its_row_is_gone(scene: Scene) -> None:
    ref = await scene.form(WORK, ODD, state=S.NEEDS_INPUT)
    given = [await scene.give(ref, 0, "Yes"), await scene.give(ref, 1, "Blue")]
    taken = await scene.take(ref, *given)
    assert (taken.state, taken.missing, taken.shown_hash, taken.others) == (S.PREPARING, 0, None, [])
    assert await scene.answers(ref) == [("Yes", Source.PERSON), ("Blue", Source.PERSON)]
    async with scene.database.begin() as session:
        assert (await session.exec(select(GivenAnswer))).all() == []
    assert [entry.data["person"] for entry in await scene.logged(ref)] == [2]
    assert (await scene.answer(ref)).state is S.PREPARING
    assert await scene.answers(ref) == [("Yes", Source.PERSON), ("Blue", Source.PERSON)]


async def test_the_last_missing_answer_sends_an_application_on_in_the_same_transaction(scene: Scene) -> None:
    ref = await scene.form(WORK, ODD, state=S.NEEDS_INPUT)
    some = await scene.take(ref, await scene.give(ref, 1, "Blue"))
    assert (some.state, some.missing) == (S.NEEDS_INPUT, 1)
    last = await scene.take(ref, await scene.give(ref, 0, "Yes"))
    assert (last.state, last.missing) == (S.PREPARING, 0)
    assert (await scene.application(ref)).state is S.PREPARING
    assert await last_move(scene, ref) == ("preparing", Actor.USER)
    assert (await scene.answer(ref)).state is S.PREPARING


async def test_what_is_answered_along_with_it_goes_on_too(scene: Scene) -> None:
    ref = await scene.form(NOTICE, state=S.NEEDS_INPUT)
    whole = await scene.form(NOTICE, state=S.NEEDS_INPUT)
    half = await scene.form(NOTICE, ODD, state=S.NEEDS_INPUT)
    await scene.take(ref, await scene.give(ref, 0, "1 month"))
    assert (await scene.application(whole)).state is S.PREPARING
    assert await last_move(scene, whole) == ("preparing", Actor.USER)
    assert (await scene.application(half)).state is S.NEEDS_INPUT


async def test_an_answer_that_comes_after_the_last_missing_one_is_entered_too(scene: Scene) -> None:
    ref = await scene.form(NOTICE, ODD, state=S.PREPARING)
    taken = await scene.take(ref, await scene.give(ref, 1, "Blue"))
    assert taken.state is S.PREPARING
    assert await scene.answers(ref) == [(None, None), ("Blue", Source.PERSON)]


async def test_taken_twice_nothing_changes_and_the_same_others_are_named(scene: Scene) -> None:
    ref = await scene.form(NOTICE, state=S.NEEDS_INPUT)
    other = await scene.form(NOTICE, state=S.NEEDS_INPUT)
    given = await scene.give(ref, 0, "1 month")
    first = await scene.take(ref, given)
    events = len(await scene.events())
    assert first.others == [other]
    assert await scene.take(ref, given) == first
    assert len(await scene.events()) == events
    assert len(await scene.logged(other)) == 1


async def test_one_answer_answers_every_waiting_form_that_asks_the_same_in_its_own_words(
    scene: Scene,
) -> None:
    ref = await scene.form(WORK, state=S.NEEDS_INPUT)
    german = await scene.form(ARBEIT, NOTICE, state=S.NEEDS_INPUT)
    abroad = await scene.form(WORK_US, state=S.NEEDS_INPUT)
    shown = await scene.form(WORK, state=S.AWAITING_APPROVAL)
    ended = await scene.form(WORK, state=S.CANCELLED)
    taken = await scene.take(ref, await scene.give(ref, 0, "Yes"))
    assert taken.others == [german]
    assert await scene.answers(german) == [("Ja", Source.PERSON), (None, None)]
    for elsewhere in (abroad, shown, ended):
        assert await scene.answers(elsewhere) == [(None, None)]


async def test_of_a_form_that_asks_for_two_countries_only_the_one_is_answered(scene: Scene) -> None:
    ref = await scene.form(WORK, state=S.NEEDS_INPUT)
    both = await scene.form(WORK_US, WORK, state=S.NEEDS_INPUT)
    taken = await scene.take(ref, await scene.give(ref, 0, "Yes"))
    assert taken.others == [both]
    assert await scene.answers(both) == [(None, None), ("Yes", Source.PERSON)]


@pytest.mark.parametrize("value", ["3 months", None])
async def test_what_the_person_said_of_another_form_stands(scene: Scene, value: str | None) -> None:
    other = await scene.form(NOTICE, ODD, state=S.NEEDS_INPUT)
    await scene.take(other, await scene.give(other, 0, value))
    ref = await scene.form(NOTICE, state=S.NEEDS_INPUT)
    assert (await scene.take(ref, await scene.give(ref, 0, "1 month"))).others == []
    assert await scene.answers(other) == [(value, Source.PERSON), (None, None)]


async def test_a_job_without_a_named_country_counts_as_the_jobs_country(scene: Scene) -> None:
    unnamed = Ask("Are you legally authorised to work?", K.SINGLE, YES_NO)
    ref = await scene.form(WORK, state=S.NEEDS_INPUT)
    british = await scene.form(unnamed, state=S.NEEDS_INPUT, country="gb")
    await scene.form(unnamed, state=S.NEEDS_INPUT, country="fr")
    taken = await scene.take(ref, await scene.give(ref, 0, "No"))
    assert taken.others == [british]
    assert await scene.answers(british) == [("No", Source.PERSON)]


async def test_another_persons_form_is_never_answered(scene: Scene, database_url: str) -> None:
    async with open_scene(database_url) as other:
        theirs = await other.form(NOTICE, state=S.NEEDS_INPUT)
        ref = await scene.form(NOTICE, state=S.NEEDS_INPUT)
        taken = await scene.take(ref, await scene.give(ref, 0, "1 month"))
        assert taken.others == []
        assert await other.answers(theirs) == [(None, None)]


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (WHY, "I like your engines."),
        (ODD, "Blue"),
        (Ask("Have you ever worked for us?", K.SINGLE, YES_NO), "No"),
        (Ask("Are you willing to relocate?", K.SINGLE, YES_NO), "Yes"),
        (Ask("Do you know anyone who works here?", K.TEXT), "Bob"),
    ],
)
async def test_what_was_said_to_one_employer_is_not_said_to_another(
    scene: Scene, asked: Ask, value: str
) -> None:
    ref = await scene.form(asked, state=S.NEEDS_INPUT)
    other = await scene.form(asked, state=S.NEEDS_INPUT)
    taken = await scene.take(ref, await scene.give(ref, 0, value))
    assert taken.others == []
    assert await scene.answers(other) == [(None, None)]


async def test_an_answer_that_does_not_fit_the_other_form_leaves_it_unanswered(scene: Scene) -> None:
    ref = await scene.form(NOTICE, state=S.NEEDS_INPUT)
    other = await scene.form(Ask("Notice period", K.SINGLE, ("Short", "Long")), state=S.NEEDS_INPUT)
    taken = await scene.take(ref, await scene.give(ref, 0, "1 month"))
    assert taken.others == []
    assert await scene.answers(other) == [(None, None)]


async def test_an_answer_is_remembered_only_where_the_person_says_so(scene: Scene) -> None:
    ref = await scene.form(WORK, NOTICE, WHY, ODD, state=S.NEEDS_INPUT)
    given = [
        await scene.give(ref, 0, "Yes", remember=True),
        await scene.give(ref, 1, "1 month"),
        await scene.give(ref, 2, "I like your engines.", remember=True),
        await scene.give(ref, 3, "Blue", remember=True),
    ]
    await scene.take(ref, *given)
    assert await scene.banked() == {(Topic.WORK_AUTHORISATION, "gb"): True}
    later = await scene.form(ARBEIT, WORK_US)
    await scene.answer(later)
    assert await scene.answers(later) == [("Ja", Source.BANK), (None, None)]


async def test_a_remembered_answer_replaces_an_earlier_one(scene: Scene) -> None:
    await scene.bank(Topic.NOTICE_PERIOD, "3 months")
    ref = await scene.form(NOTICE, state=S.NEEDS_INPUT)
    await scene.take(ref, await scene.give(ref, 0, "1 month", remember=True))
    assert await scene.banked() == {(Topic.NOTICE_PERIOD, ""): "1 month"}


async def test_an_answer_taken_away_by_the_person_stays_away(scene: Scene) -> None:
    await scene.tell(Facts(notice_period_days=30))
    ref = await scene.form(NOTICE)
    await scene.answer(ref)
    await scene.change(ref, state=S.AWAITING_APPROVAL)
    taken = await scene.take(ref, await scene.give(ref, 0, None))
    assert taken.state is S.PREPARING
    assert (await scene.answer(ref)).state is S.NEEDS_INPUT
    assert await scene.answers(ref) == [(None, Source.PERSON)]


async def test_an_edit_of_what_awaits_approval_changes_its_hash(scene: Scene) -> None:
    ref = await scene.form(NOTICE, state=S.AWAITING_APPROVAL)
    first = await scene.take(ref, await scene.give(ref, 0, "1 month"))
    second = await scene.take(ref, await scene.give(ref, 0, "3 months"))
    assert first.state is second.state is S.AWAITING_APPROVAL
    assert first.shown_hash != second.shown_hash
    async with scene.database.begin() as session:
        shown = await load_shown(session, await scene.application(ref), scene.seal)
    assert second.shown_hash == shown.hash(scene.seal)


async def test_answers_to_an_application_that_was_cancelled_meanwhile_are_dropped(scene: Scene) -> None:
    ref = await scene.form(NOTICE, state=S.CANCELLED)
    taken = await scene.take(ref, await scene.give(ref, 0, "1 month"))
    assert taken.state is S.CANCELLED
    assert await scene.answers(ref) == [(None, None)]


async def test_no_words_of_an_answer_lie_open(scene: Scene) -> None:
    ref = await scene.form(ODD, state=S.NEEDS_INPUT)
    await scene.take(ref, await scene.give(ref, 0, "unmistakable", remember=True))
    async with scene.database.reader() as connection:
        for table in (b"application_question", b"application_log", b"event", b"answer", b"given_answer"):
            query = b"SELECT string_agg(t::text, '') AS dump FROM " + table + b" t"
            row = await (await connection.execute(query)).fetchone()
            dump = (row or {})["dump"] or ""
            assert "unmistakable" not in dump
            assert b"unmistakable".hex() not in dump
