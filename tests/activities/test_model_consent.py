"""Without the consent nothing that a person wrote is sent to the model: no drafts, no tailoring, no chat."""

import json
from uuid import UUID

import pytest
from temporalio.exceptions import ApplicationError

from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from models.account_enums import ConsentKind
from models.answering_enums import AnswerSource, QuestionKind
from models.consent import Consent, consent_given
from models.database import Database
from models.enums import ApplicationState, ChatState
from tests.activities.answer_scene import Ask, open_scene
from tests.activities.document_scene import open_desk
from tests.activities.people import KEYS, add_person
from tests.activities.test_chat_turn import open_talk

MODEL = ConsentKind.MODEL_PROCESSING
WHY = Ask("Why do you want to work for us?", QuestionKind.TEXTAREA, max_length=300)


async def decide(database: Database, *decisions: Consent) -> None:
    """Store decisions, one after the other."""
    async with database.begin() as session:
        session.add_all(decisions)


def withdrawn(user_id: UUID) -> Consent:
    """Return the record of a withdrawal."""
    return Consent(user_id=user_id, kind=MODEL, version="1", given=False)


async def test_no_key_is_to_be_had_for_whoever_has_withdrawn_the_consent(database_url: str) -> None:
    database = Database(database_url)
    installation = InstallationKeys(AdzunaKeys("", ""), ApiKey("s"), ApiKey("o"))
    store = CredentialStore(database, KEYS, installation)
    person, other = await add_person(database), await add_person(database)
    assert await store.openai(person) == ApiKey("o"), "never asked, it goes by the contract"
    await decide(database, withdrawn(person))
    assert await store.openai(person) is None
    assert await store.openai(other) == ApiKey("o")
    assert await store.skyvern(person) == ApiKey("s")
    await decide(database, consent_given(person, MODEL, "1"))
    assert await store.openai(person) == ApiKey("o")
    await database.close()


async def test_no_answer_is_drafted_and_the_person_is_asked(database_url: str) -> None:
    async with open_scene(database_url) as scene:
        await decide(scene.database, withdrawn(scene.user_id))
        ref = await scene.form(WHY)
        asked = await scene.answer(ref, attempt=1)
        assert asked.state is ApplicationState.NEEDS_INPUT
        assert await scene.asked_of_model() == []
        assert await scene.answers(ref) == [(None, None)]


async def test_with_the_consent_it_is_drafted(database_url: str) -> None:
    async with open_scene(database_url) as scene:
        await decide(scene.database, withdrawn(scene.user_id))
        await decide(scene.database, consent_given(scene.user_id, MODEL, "1"))
        said = {"question": 1, "can_answer": True, "text": "I built batch pipelines in Python and SQL."}
        await scene.script(text=json.dumps({"answers": [said]}))
        ref = await scene.form(WHY)
        await scene.answer(ref, attempt=1)
        assert [source for _, source in await scene.answers(ref)] == [AnswerSource.DRAFT]


async def test_documents_are_made_without_the_model(database_url: str) -> None:
    async with open_desk(database_url) as desk:
        await decide(desk.scene.database, withdrawn(desk.scene.user_id))
        ref = await desk.scene.form()
        await desk.make(ref)
        assert not (await desk.resume(ref)).tailored
        assert await desk.prompts() == []


async def test_a_question_that_was_asked_before_is_answered_by_no_model(database_url: str) -> None:
    async with open_talk(database_url) as talk:
        turn = await talk.ask("What about canary street?")
        await decide(talk.database, withdrawn(talk.user_id))
        with pytest.raises(ApplicationError) as refused:
            await talk.answer(turn)
        assert refused.value.non_retryable
        await talk.fail(turn)
        message = await talk.message(turn)
        assert (message.state, message.error) == (ChatState.FAILED, "not_allowed")
        assert await talk.requests() == []
