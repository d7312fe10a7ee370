"""Making what requests are about, in the database of the matrix: jobs and applications in their states."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models.answering_enums import DocumentKind, QuestionKind, Topic
from models.application import Application
from models.base import now
from models.enums import ApplicationState, AttemptState, Stage
from models.interview import Interview
from tests.api.application_scene import (
    add_attempt,
    add_document,
    add_question,
    add_screenshot,
    confirmed,
    shown_hash,
)
from tests.api.applied import put
from tests.api.client import Api, Person, job_with, store
from tests.api.matrix.expected import Ids, Maker

S = ApplicationState
LONG_AGO = timedelta(days=40)


async def a_job(api: Api, _: Person) -> Ids:
    """Make an advertised job."""
    job = job_with()
    await store(api.database, job)
    return {"job_id": str(job.id)}


def ids_of(application: Application) -> Ids:
    """Return what a request about an application names."""
    return {"application_id": str(application.id)}


async def queued(api: Api, person: Person, state: ApplicationState, **values: Any) -> Application:  # noqa: ANN401 -- columns
    """Store an application of some days ago, so that no limit of today counts it."""
    return await put(api.database, person.id, state, created_at=now() - LONG_AGO, **values)


def an_application(state: ApplicationState) -> Maker:
    """Return what makes an application in a state."""

    async def make(api: Api, person: Person) -> Ids:
        return ids_of(await queued(api, person, state))

    return make


async def asked(api: Api, person: Person) -> Ids:
    """Make an application whose form asks for something."""
    application = await queued(api, person, S.NEEDS_INPUT)
    question = await add_question(api, application, 1, required=True)
    return {**ids_of(application), "question_id": str(question.id)}


async def shown(api: Api, person: Person) -> Ids:
    """Make an application that awaits approval, with a letter and a résumé."""
    application = await queued(api, person, S.AWAITING_APPROVAL)
    await add_question(api, application, 1, kind=QuestionKind.TEXTAREA, topic=Topic.COVER_LETTER)
    document = await add_document(api, application, DocumentKind.RESUME)
    await add_document(api, application, DocumentKind.COVER_LETTER, text="Dear all")
    shown = await shown_hash(api, application)
    return {**ids_of(application), "document": str(document.id), "shown_hash": shown}


async def unknown(api: Api, person: Person) -> Ids:
    """Make an application of which nobody knows whether it went through."""
    application = await queued(api, person, S.UNKNOWN_OUTCOME)
    await add_attempt(api, application, state=AttemptState.RUNNING)
    return ids_of(application)


async def proven(api: Api, person: Person) -> Ids:
    """Make a submitted application with its proof."""
    application = await queued(api, person, S.SUBMITTED, stage=Stage.APPLIED)
    await add_question(api, application, 1, answer="Yes")
    await add_document(api, application, DocumentKind.RESUME)
    await add_attempt(api, application, state=AttemptState.ENDED)
    await confirmed(api, application, "Thank you")
    screenshot = await add_screenshot(api, application)
    return {**ids_of(application), "evidence_id": str(screenshot.id)}


async def interviewed(api: Api, person: Person) -> Ids:
    """Make a submitted application with an interview."""
    application = await queued(api, person, S.SUBMITTED, stage=Stage.APPLIED)
    interview = Interview(
        application_id=application.id,
        user_id=person.id,
        at=datetime(2026, 12, 1, tzinfo=UTC),
        stage=Stage.ONSITE,
    )
    await store(api.database, interview)
    return {**ids_of(application), "interview_id": str(interview.id)}
