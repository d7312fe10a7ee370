"""A worker with the real steps on a real Temporal, but for those that ask a vendor or the model."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from temporalio import activity

from activities.auto_apply.activities import AutoApplyActivities
from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from activities.vendors.client import new_client
from activities.vendors.openai import OpenAI, new_openai_client
from activities.vendors.skyvern import Skyvern
from models.answering_enums import QuestionKind, Topic
from models.application import Application, application_locked
from models.base import now
from models.enums import ApplicationState
from models.question import Question
from settings import SkyvernSettings
from tests.api.application_scene import add_question
from tests.api.applied import put
from tests.api.client import PATIENCE, Api, Person
from tests.workflows.running import worker_with
from tests.workflows.scripted import ScriptedFollowUp, ScriptedNotify
from workflows.messages import ApplicationRef

NOWHERE = "http://127.0.0.1:9"
"""Nobody listens there."""


@dataclass(frozen=True)
class Offline(AutoApplyActivities):
    """The real steps; documents are not made, since that asks the model."""

    @activity.defn
    async def make_documents(self, application: ApplicationRef) -> None:
        """Do nothing."""


@asynccontextmanager
async def working(api: Api, address: str) -> AsyncIterator[None]:
    """Run a worker on the app's own database until the block ends."""
    context = api.context
    installation = InstallationKeys(adzuna=AdzunaKeys("", ""), skyvern=ApiKey(""), openai=ApiKey(""))
    async with new_client(NOWHERE, 1.0) as client, new_openai_client(NOWHERE, 1.0) as away:
        steps = Offline(
            database=context.database,
            keys=context.keys,
            credentials=CredentialStore(context.database, context.keys, installation),
            skyvern=Skyvern(client),
            settings=SkyvernSettings(),
            public_url=NOWHERE,
            model=OpenAI(away, "none", 1),
        )
        async with worker_with(address, steps, ScriptedNotify(), ScriptedFollowUp(), codec=context.codec):
            yield


async def read_form(api: Api, person: Person) -> tuple[Application, list[Question]]:
    """Queue an application whose form was read: an optional name, a required choice and a required number."""
    application = await put(api.database, person.id, ApplicationState.QUEUED)
    questions = [
        await add_question(api, application, 1, label="Nickname", topic=Topic.PREFERRED_NAME),
        await add_question(
            api,
            application,
            2,
            label="Do you hold a licence?",
            kind=QuestionKind.SINGLE,
            options=["Yes, I do", "No, I do not"],
            topic=Topic.DRIVERS_LICENCE,
            required=True,
        ),
        await add_question(
            api,
            application,
            3,
            label="Desired pay",
            kind=QuestionKind.NUMBER,
            required=True,
            max_length=7,
            topic=Topic.SALARY_EXPECTATION,
        ),
    ]
    async with api.database.begin() as session:
        (await session.exec(application_locked(application.id))).one().scouted_at = now()
    return application, questions


def begin(api: Api, application: Application) -> None:
    """Start an application's workflow, as its POST does."""
    ref = ApplicationRef(
        application_id=application.id, user_id=application.user_id, job_id=application.job_id
    )
    api.context.flows.start_auto_apply(ref)


async def become(person: Person, application: Application, state: ApplicationState) -> dict[str, Any]:
    """Wait until an application is in a state, and return it as it is shown then."""
    async with asyncio.timeout(PATIENCE):
        while True:
            detail: dict[str, Any] = (await person.get(f"/api/applications/{application.id}")).json()
            if detail["state"] == state.value:
                return detail
            await asyncio.sleep(0.02)
