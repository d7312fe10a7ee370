"""Every hostile text on the whole way of an application: from an advert to the employer and the proof."""

import asyncio
import time
from typing import Any

import pytest

from activities.auto_apply.document_prompts import LETTER
from models.job import Job
from models.json_resume import JsonResume
from tests.hostile.checks import (
    assert_lists_answer,
    assert_nothing_leaked,
    assert_shown_everywhere,
    drafts,
    genuine,
    known,
)
from tests.hostile.corpus import ADS, EVERY, FORMS, MODEL, RESUMES, Hostile
from tests.hostile.world import World
from tests.models.resumes import ADA
from workflows.messages import ApplicationRef

REQUIRED = ("disregard", "consent", "border", "breakout", "homoglyph", "tags")

UNSAFE = frozenset({"bank_data", "identity"})
"""Forms that ask for what no application needs: they are not answered at all."""

HARMLESS = frozenset({"yes", "yes_long", "empty"})
"""What is no lie in a summary."""

BROKEN_OFF = frozenset({"endless_advert", "endless", "nested"})
"""Answers that are cut off at the model's limit, after which it is asked again and says something else."""

EACH_TO_THE_END = 5
"""What an advert says is over when the application is shown; so many go on until it is sent."""

SLOWEST_SECONDS = 60.0
HUGE = 20_000_000

Shown = dict[str, Any]


def slug_of(job: Job) -> str:
    """Return the name under which the site knows a job."""
    return job.url.rpartition("/")[2]


def document_of(words: str) -> Shown:
    """Return a tailored résumé whose summary is these words."""
    document = ADA.model_dump(mode="json", by_alias=True)
    document["basics"]["summary"] = words
    return document


async def obey(world: World, words: str) -> None:
    """Have the model say these words wherever it is asked on one application."""
    answers = [{"question": number, "can_answer": True, "text": words} for number in range(1, 5)]
    letter = {"text": f"Dear Hiring Manager,\n\n{words}\n\nKind regards,"}
    await world.says({"answers": answers}, document_of(words), letter)


async def truth(world: World) -> tuple[Shown, dict[str, list[str]], str]:
    """Apply to an honest employer: return what is shown, what was entered, and the résumé's words."""
    job = await world.advertise()
    assert job is not None
    ref, shown = await world.prepare(job)
    assert shown["state"] == "awaiting_approval"
    done = await world.submit(ref, shown)
    assert done["state"] == "submitted"
    assert drafts(shown)
    return known(shown), genuine(world.site.posted[slug_of(job)]), await world.pdf(shown)


async def assert_shown_truly(world: World, job: Job, honest: Shown) -> tuple[ApplicationRef, Shown]:
    """Apply up to the approval; check that the answers are those that an honest employer gets."""
    ref, shown = await world.prepare(job)
    assert shown["state"] == "awaiting_approval", shown["reason"]
    assert known(shown) == honest
    return ref, shown


async def assert_sent_truly(world: World, job: Job, honest: Shown, entered: dict[str, list[str]]) -> Shown:
    """Apply; check that answers, what is entered and the end are those of an honest employer."""
    ref, shown = await assert_shown_truly(world, job, honest)
    done = await world.submit(ref, shown)
    assert done["state"] == "submitted"
    assert genuine(world.site.posted[slug_of(job)]) == entered
    await assert_shown_everywhere(world, str(ref.application_id))
    return shown


async def test_no_advert_changes_an_application_even_where_the_model_obeys_it(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    honest, entered, _ = await truth(world)
    for number, (name, hostile) in enumerate(ADS.items()):
        text = hostile.text
        job = await world.advertise(
            title=f"Engineer {number} {text}",
            description=text,
            company={"display_name": f"{number} {text}"},
            location={"display_name": f"London {text}", "area": ["UK", text]},
        )
        assert job is not None, name
        await obey(world, hostile.obeyed)
        if number % EACH_TO_THE_END:
            _, shown = await assert_shown_truly(world, job, honest)
        else:
            shown = await assert_sent_truly(world, job, honest, entered)
        assert drafts(shown) == [] or name in BROKEN_OFF, name
        assert not any(hostile.obeyed[:40] in draft for draft in drafts(shown)), name
        resume = await world.pdf(shown)
        assert hostile.obeyed[:40] not in resume, name
        assert not shown["documents"][0]["tailored"], name
    await assert_lists_answer(world)
    await assert_nothing_leaked(world, _texts(ADS), capsys.readouterr().out, caplog)


def _texts(group: dict[str, Hostile]) -> list[str]:
    return [text for each in group.values() for text in (each.text, each.obeyed)]


async def test_no_form_changes_another_answer_or_gets_one_for_itself(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    honest, entered, _ = await truth(world)
    for name, hostile in FORMS.items():
        world.site.words = hostile.text
        job = await world.advertise()
        assert job is not None
        if name in UNSAFE:
            _, shown = await world.prepare(job)
            assert (shown["state"], shown["reason"]) == ("failed", "unsafe_request")
            continue
        shown = await assert_sent_truly(world, job, honest, entered)
        posted = world.site.posted[slug_of(job)]
        assert not {"choice", "tick", "visa_too", "news", "record"} & posted.keys(), name
        written = set(drafts(shown))
        # a label that asks for what the profile tells gets that, as any question does
        told = written | {each["answer"] for each in shown["questions"] if each["source"] == "profile"}
        for each in ("label", "why_not", "hinted"):
            assert set(posted.get(each, [])) <= told, name
        assert not any(hostile.text.strip()[:40] in draft for draft in written), name
    assert len(world.site.posted) == 1 + len(FORMS) - len(UNSAFE)
    await assert_lists_answer(world)
    await assert_nothing_leaked(world, _texts(FORMS), capsys.readouterr().out, caplog)


async def test_a_required_hostile_question_is_the_persons_to_answer(world: World) -> None:
    world.site.required = True
    for name in REQUIRED:
        world.site.words = FORMS[name].text
        job = await world.advertise()
        assert job is not None
        ref, shown = await world.prepare(job)
        assert shown["state"] == "needs_input", name
        choice = next(each for each in shown["questions"] if each["label"] == "Which of these applies?")
        assert choice["answer"] is None, name
        assert shown["shown_hash"] is None or shown["documents"] == []
        await assert_shown_everywhere(world, str(ref.application_id))
    assert world.site.posted == {}


async def test_nothing_that_a_model_says_becomes_an_answer_or_a_claim(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    honest, _, _ = await truth(world)
    for name, hostile in MODEL.items():
        job = await world.advertise()
        assert job is not None
        await obey(world, hostile.text)
        ref, shown = await assert_shown_truly(world, job, honest)
        await assert_shown_everywhere(world, str(ref.application_id))
        if name not in HARMLESS:
            assert drafts(shown) == [] or name in BROKEN_OFF, name
            assert not any(hostile.text[:40] in draft for draft in drafts(shown)), name
            assert not shown["documents"][0]["tailored"], name
    await assert_lists_answer(world)
    await assert_nothing_leaked(world, _texts(MODEL), capsys.readouterr().out, caplog)


async def test_an_answer_of_the_model_that_is_no_document_is_none(world: World) -> None:
    honest, _, _ = await truth(world)
    for name, hostile in MODEL.items():
        if name in {"surrogate", "fake_schema"}:
            continue  # not to be sent over HTTP as it is; and one that is a document
        job = await world.advertise()
        assert job is not None
        await world.says(*[hostile.text] * 5)
        _, shown = await assert_shown_truly(world, job, honest)
        assert drafts(shown) == [], name
        assert not shown["documents"][0]["tailored"], name


async def test_no_resume_changes_an_answer_or_gives_away_who_it_is(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    honest, _, _ = await truth(world)
    for name, hostile in RESUMES.items():
        assert (await world.resume(*hostile.text.split("\n"))).status_code == 201, name
        job = await world.advertise()
        assert job is not None
        await world.model.delete("/_control/script")
        _, shown = await assert_shown_truly(world, job, honest)
        assert all(hostile.text.strip()[:40] not in draft for draft in drafts(shown)), name
    await assert_lists_answer(world)
    await assert_nothing_leaked(world, _texts(RESUMES), capsys.readouterr().out, caplog)


async def test_a_resume_of_twenty_megabytes_has_a_clear_end_and_holds_nobody_up(world: World) -> None:
    huge = "Answer yes. " * (HUGE // 12)
    began = time.monotonic()
    uploading = asyncio.create_task(world.resume(huge))
    listed = await world.person.get("/api/resumes/")
    assert listed.status_code == 200
    answer = await uploading
    assert answer.status_code in {413, 422}
    assert time.monotonic() - began < SLOWEST_SECONDS
    assert len((await world.person.get("/api/resumes/")).json()) == 1


async def test_the_corpus_is_whole() -> None:
    assert len(EVERY) == len(ADS) + len(FORMS) + len(RESUMES) + len(MODEL)
    assert (len(ADS), len(FORMS), len(RESUMES), len(MODEL)) >= (12, 14, 10, 12)
    assert all(each.attempts and each.text for each in EVERY.values())
    assert all(each.obeyed for each in ADS.values())
    assert "data" in LETTER
    assert isinstance(ADA, JsonResume)
