"""Making what people have beside applications: answers, messages, searches, résumés, credentials."""

import hashlib
from uuid import uuid4

from sqlmodel import col, update

from models.answer import ApprovedTopic
from models.answering_enums import Topic
from models.chat import ChatMessage, place_of_text
from models.enums import ChatRole, ChatState, NotificationKind
from models.json_resume import JsonResume
from models.notification import Notification
from models.profile import Resume
from models.resume_enums import ResumeFormat
from models.resume_rows import store_structured
from models.sealed import place_of
from tests.api.application_scene import seal_of
from tests.api.client import Api, Person, store
from tests.api.matrix.expected import Ids, Maker

STRUCTURED = {"work": [{"name": "Analytical Engines", "position": "Engineer"}]}
OPENAI = {"vendor": "openai", "api_key": "sk-matrix-not-a-real-key"}
SKYVERN = {**OPENAI, "vendor": "skyvern"}


async def an_answer(_: Api, person: Person) -> Ids:
    """Make an answer in the bank."""
    body = {"topic": "notice_period", "value": "one month"}
    answer = await person.put("/api/answers/", json=body)
    assert answer.status_code == 200, answer.text
    return {"answer_id": answer.json()["id"]}


async def an_approved_topic(api: Api, person: Person) -> Ids:
    """Make a topic whose drafts may be sent."""
    async with api.database.begin() as session:
        await session.merge(ApprovedTopic(user_id=person.id, topic=Topic.WHY_ROLE))
    return {"topic": Topic.WHY_ROLE.value}


async def no_running_answer(api: Api, person: Person) -> Ids:
    """End whatever the assistant is about to say."""
    running = col(ChatMessage.state).in_([ChatState.QUEUED, ChatState.STREAMING])
    mine = update(ChatMessage).where(col(ChatMessage.user_id) == person.id, running)
    async with api.database.begin() as session:
        await session.exec(mine.values(state=ChatState.DONE))
    return {}


def a_message(state: ChatState) -> Maker:
    """Return what makes a message of the assistant in a state."""

    async def make(api: Api, person: Person) -> Ids:
        await no_running_answer(api, person)
        message = ChatMessage(user_id=person.id, role=ChatRole.ASSISTANT, state=state)
        seal = await seal_of(api, person.id)
        message.text_sealed = seal.seal_text("Twice.", place_of_text(message.id))
        await store(api.database, message)
        return {"message_id": str(message.id)}

    return make


async def a_search(_: Api, person: Person) -> Ids:
    """Make a saved search, in the place of earlier ones."""
    for each in (await person.get("/api/searches/")).json():
        assert (await person.delete(f"/api/searches/{each['id']}")).status_code == 204
    body = {"country": "gb", "what": f"engineer {uuid4().hex}"}
    answer = await person.post("/api/searches/", json=body)
    assert answer.status_code == 201, answer.text
    return {"search_id": answer.json()["id"]}


async def a_resume(api: Api, person: Person) -> Ids:
    """Make a résumé with its structured form."""
    seal = await seal_of(api, person.id)
    resume = Resume(
        user_id=person.id,
        format=ResumeFormat.PDF,
        size=4,
        sha256=hashlib.sha256(b"%PDF").hexdigest(),
        file_name_sealed=b"",
        original_sealed=b"",
        text_sealed=b"",
    )
    for column in ("file_name_sealed", "original_sealed", "text_sealed"):
        setattr(resume, column, seal.seal_text("Ada", place_of("resume", column, resume.id)))
    store_structured(resume, JsonResume.model_validate(STRUCTURED), seal)
    await store(api.database, resume)
    return {"resume_id": str(resume.id)}


async def credentials(_: Api, person: Person) -> Ids:
    """Make credentials for a vendor."""
    assert (await person.put("/api/integrations/", json=SKYVERN)).status_code == 200
    return {"vendor": "skyvern"}


async def a_notification(api: Api, person: Person) -> Ids:
    """Tell the person something."""
    told = Notification(user_id=person.id, kind=NotificationKind.STRONG_MATCHES)
    await store(api.database, told)
    return {"notification_id": str(told.id)}
