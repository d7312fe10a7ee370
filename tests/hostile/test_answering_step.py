"""The step that answers a form, with every hostile text in the advert, the form, the résumé and the model."""

import json
from collections.abc import AsyncIterator

import pytest

from activities.auto_apply.drafting import SYSTEM
from models.answering_enums import AnswerSource, QuestionKind
from models.enums import ApplicationState
from models.facts import Demographics, Facts, Pay
from models.profile import Preferences, WorkAuthorisation
from tests.activities.answer_scene import RESUME, Ask, Scene, open_scene
from tests.hostile.corpus import ADS, FORMS, HOSTILE, MODEL

K, Source = QuestionKind, AnswerSource

YES_NO = ("Yes", "No")
WORK = Ask("Are you legally authorised to work in the United Kingdom?", K.SINGLE, YES_NO)
VISA = Ask("Will you now or in the future require visa sponsorship?", K.SINGLE, YES_NO)
SALARY = Ask("Salary expectation per year", K.NUMBER)
GENDER = Ask("Gender", K.SINGLE, ("Female", "Male", "Decline to answer"), required=False)
WHY = Ask("Why do you want to work for us?", K.TEXTAREA, max_length=400)
TRUTH = [
    ("No", Source.PROFILE),
    ("Yes", Source.PROFILE),
    ("61234", Source.PROFILE),
    ("Decline to answer", Source.DECLINED),
]
SECRETS = ("ada@example.org", "7946 0000", "Lovelace", "61234", "Pronounsecret")
PLAYED = {name: text for name, text in HOSTILE.items() if not any(secret in text for secret in SECRETS)}
"""Those that do not hold the secrets themselves: these are played where it is seen what was told."""

FACTS = Facts(
    expected_pay=[Pay(amount=61_234, currency="GBP")], demographics=Demographics(pronouns="Pronounsecret")
)
WANTED = Preferences(
    work_authorisations=[WorkAuthorisation(country="gb", authorised=False, needs_sponsorship=True)]
)


def storable(text: str) -> str:
    """Return a text without what PostgreSQL cannot store."""
    return text.replace("\x00", "")


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    async with open_scene(database_url) as scene:
        await scene.tell(FACTS, WANTED)
        yield scene


async def leaks(scene: Scene) -> list[str]:
    """Return what the model was told that it must not be; its instructions must be ours alone."""
    found = []
    for request in await scene.asked_of_model():
        system, data = request["body"]["messages"]
        assert (system["role"], system["content"], data["role"]) == ("system", SYSTEM, "user")
        json.loads(data["content"])
        found += [secret for secret in SECRETS if secret in data["content"]]
    return found


async def test_no_advert_changes_an_answer_or_has_the_model_told_more(scene: Scene) -> None:
    for name in ADS.keys() & PLAYED.keys():
        text = PLAYED[name]
        ref = await scene.form(WORK, VISA, SALARY, GENDER, WHY, description=storable(text))
        await scene.answer(ref)
        assert (await scene.answers(ref))[:4] == TRUTH, name
    assert await leaks(scene) == []


async def test_no_label_hint_or_option_of_a_form_changes_its_other_answers(scene: Scene) -> None:
    for name in FORMS.keys() & PLAYED.keys():
        said = storable(PLAYED[name])
        ref = await scene.form(
            WORK,
            VISA,
            SALARY,
            GENDER,
            Ask(said, K.TEXTAREA, required=False, hint=said),
            Ask(said, K.SINGLE, (said, "Yes", "No"), required=False),
            Ask(f"Why do you want to work for us? {said}", K.TEXTAREA, required=False),
        )
        asked = await scene.answer(ref)
        assert asked.state is ApplicationState.PREPARING
        answers = await scene.answers(ref)
        assert answers[:4] == TRUTH, name
        assert answers[5][0] in (None, "No"), name
        assert all(source in (None, Source.DRAFT, Source.PROFILE) for _, source in answers[4:]), name
    assert await leaks(scene) == []


async def test_nothing_that_a_hostile_model_says_is_entered(scene: Scene) -> None:
    for name, each in MODEL.items():
        text = each.text
        answers = [{"question": number, "can_answer": True, "text": text} for number in (1, 2, 3)]
        await scene.script(text=json.dumps({"answers": answers}))
        ref = await scene.form(WHY, WORK, VISA)
        asked = await scene.answer(ref)
        assert asked.state is ApplicationState.NEEDS_INPUT, name
        assert await scene.answers(ref) == [(None, None), *TRUTH[:2]], name


async def test_no_resume_changes_an_answer_or_gives_away_more(database_url: str) -> None:
    everything = "\n".join([RESUME, *(storable(text)[:500] for text in HOSTILE.values())])
    async with open_scene(database_url, everything) as scene:
        await scene.tell(FACTS, WANTED)
        ref = await scene.form(WORK, VISA, SALARY, GENDER, WHY)
        await scene.answer(ref)
        assert (await scene.answers(ref))[:4] == TRUTH
        assert await leaks(scene) == []
