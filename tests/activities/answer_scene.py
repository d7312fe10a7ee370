"""A scene for the steps that answer a form: a person in PostgreSQL, and the OpenAI stand-in over HTTP."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from pydantic import HttpUrl
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities.auto_apply.answering import answer
from activities.auto_apply.context import Context
from activities.auto_apply.taking import take_answers
from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from activities.vendors.openai import OpenAI, new_openai_client
from activities.vendors.skyvern import Skyvern
from local.keys import OPENAI_API_KEY
from local.openai.app import create_app
from local.openai.config import OpenAIConfig
from local.serving import serve
from models.account import Account
from models.answer import Answer
from models.answer_bank import BankValue, read_value, write_value
from models.answering_enums import AnswerProvenance, AnswerSource, LogKind, QuestionKind, Topic
from models.application import Application, application_locked
from models.application_log import LogEntry, broken_at, log_of
from models.automation import Automation
from models.database import Database
from models.enums import ApplicationState, Origin
from models.event import Event
from models.facts import Facts
from models.job import Job
from models.notification import Notification
from models.profile import Identity, Preferences, Profile, Resume, profile_of
from models.question import GivenAnswer, Question, Value, questions_of
from models.resume_enums import ResumeFormat
from models.sealed import KeyRing, Seal, place_of
from models.topics.classify import classify
from settings import SkyvernSettings
from tests.activities.people import add_job
from workflows.messages import ApplicationRef, Asked, TakeAnswers, Taken

IDENTITY = Identity(
    first_name="Ada",
    last_name="Lovelace",
    email="ada@example.org",
    phone="+44 20 7946 0000",
    location="London, United Kingdom",
    linkedin=HttpUrl("https://www.linkedin.com/in/ada"),
)
RESUME = """\
Ada Lovelace
ada@example.org | +44 20 7946 0000
Data Engineer at Analytical Engines since 2019
Built batch pipelines in Python and SQL.
Gender: female
"""
_people = count(1)


@dataclass(frozen=True)
class Ask:
    """A question of a form, as it is read there."""

    label: str
    kind: QuestionKind = QuestionKind.TEXT
    options: tuple[str, ...] = ()
    required: bool = True
    max_length: int | None = None
    hint: str | None = None


@dataclass
class Scene:
    """One person, with helpers that make forms and read what the steps left of them."""

    database: Database
    context: Context
    account: Account
    seal: Seal
    vendor: httpx.AsyncClient

    @property
    def user_id(self) -> UUID:
        return self.account.id

    async def form(
        self,
        *asked: Ask,
        state: ApplicationState = ApplicationState.PREPARING,
        **job: Any,  # noqa: ANN401 -- any column
    ) -> ApplicationRef:
        """Store an application whose form asks this."""
        place = await add_job(self.database, **job)
        application, entry = Application.queue(self.user_id, place, Origin.PERSON)
        application.state = state
        async with self.database.begin() as session:
            session.add(application)
            await session.flush()
            session.add(entry)
            session.add_all(_question(application, at, each, place) for at, each in enumerate(asked))
        return ApplicationRef(application_id=application.id, user_id=self.user_id, job_id=place.id)

    async def answer(self, ref: ApplicationRef, attempt: int = 3) -> Asked:
        """Run the step; by default as its last try with the model."""
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt)
        return await environment.run(answer, self.context, ref)

    async def give(
        self, ref: ApplicationRef, at: int, value: Value | None, *, remember: bool = False
    ) -> UUID:
        """Store a given answer, as the API does, and return its question's id."""
        question = (await self.questions(ref))[at]
        given = GivenAnswer(
            question_id=question.id,
            application_id=ref.application_id,
            user_id=self.user_id,
            remember=remember,
        )
        if value is not None:
            place = place_of("given_answer", "value_sealed", question.id)
            given.value_sealed = self.seal.seal_text(_json(value), place)
        async with self.database.begin() as session:
            session.add(given)
        return question.id

    async def take(self, ref: ApplicationRef, *question_ids: UUID) -> Taken:
        request = TakeAnswers(application=ref, question_ids=list(question_ids))
        return await take_answers(self.context, request)

    async def tell(
        self, facts: Facts | None = None, wanted: Preferences | None = None, rules: Automation | None = None
    ) -> None:
        """Change the person's profile."""
        async with self.database.begin() as session:
            profile = (await session.exec(profile_of(self.user_id))).one()
            if facts is not None:
                place = place_of("profile", "facts_sealed", profile.id)
                profile.facts_sealed = self.seal.seal_text(facts.model_dump_json(), place)
            if wanted is not None:
                profile.preferences = wanted.model_dump(mode="json")
            if rules is not None:
                profile.automation = rules.model_dump(mode="json")

    async def bank(self, topic: Topic, value: BankValue, scope: str = "") -> None:
        """Keep an answer in the bank."""
        kept = Answer(
            user_id=self.user_id,
            topic=topic,
            scope=scope,
            provenance=AnswerProvenance.PERSON,
            value_sealed=b"",
        )
        write_value(kept, value, AnswerProvenance.PERSON, self.seal)
        async with self.database.begin() as session:
            session.add(kept)

    async def banked(self) -> dict[tuple[Topic, str], Any]:
        async with self.database.begin() as session:
            kept = (await session.exec(select(Answer))).all()
        return {(each.topic, each.scope): read_value(each, self.seal) for each in kept}

    async def questions(self, ref: ApplicationRef) -> Sequence[Question]:
        async with self.database.begin() as session:
            return (await session.exec(questions_of(ref.application_id))).all()

    async def answers(self, ref: ApplicationRef) -> list[tuple[Value | None, AnswerSource | None]]:
        """Return each question's answer with its source."""
        return [(each.read_answer(self.seal), each.source) for each in await self.questions(ref)]

    async def application(self, ref: ApplicationRef) -> Application:
        async with self.database.begin() as session:
            return await session.get_one(Application, ref.application_id)

    async def change(self, ref: ApplicationRef, **columns: object) -> None:
        """Set columns of an application's row."""
        async with self.database.begin() as session:
            application = (await session.exec(application_locked(ref.application_id))).one()
            for name, value in columns.items():
                setattr(application, name, value)

    async def close_job(self, ref: ApplicationRef, **columns: object) -> None:
        async with self.database.begin() as session:
            job = await session.get_one(Job, ref.job_id)
            for name, value in columns.items():
                setattr(job, name, value)

    async def logged(self, ref: ApplicationRef) -> list[LogEntry]:
        """Return the entries about answers, having checked that the log is whole."""
        async with self.database.begin() as session:
            entries = (await session.exec(log_of(ref.application_id))).all()
        assert broken_at(entries) is None
        return [each for each in entries if each.kind is LogKind.ANSWERED]

    async def notifications(self, ref: ApplicationRef) -> Sequence[Notification]:
        query = select(Notification).where(Notification.application_id == ref.application_id)
        async with self.database.begin() as session:
            return (await session.exec(query)).all()

    async def events(self) -> Sequence[Event]:
        async with self.database.begin() as session:
            return (await session.exec(select(Event).order_by(col(Event.number)))).all()

    async def script(self, **script: object) -> None:
        """Prescribe the model's next answer."""
        done = await self.vendor.post("/_control/script", json=script)
        assert done.status_code == 201, done.text

    async def asked_of_model(self) -> list[dict[str, Any]]:
        """Return the bodies of the requests that the model got."""
        seen: list[dict[str, Any]] = (await self.vendor.get("/_control/requests")).json()
        return seen


def _json(value: Value) -> str:
    return httpx.Response(200, json=value).text


def _question(application: Application, position: int, ask: Ask, job: Job) -> Question:
    classified = classify(ask.label, ask.options, ask.kind, job.country)
    return Question(
        application_id=application.id,
        user_id=application.user_id,
        position=position,
        field=f"field-{position}",
        label=ask.label,
        hint=ask.hint,
        kind=ask.kind,
        required=ask.required,
        options=list(ask.options),
        max_length=ask.max_length,
        topic=classified.topic,
        scope=classified.scope,
    )


async def _add_person(database: Database, account: Account, seal: Seal, resume_text: str) -> None:
    profile = Profile(user_id=account.id)
    place = place_of("profile", "identity_sealed", profile.id)
    profile.identity_sealed = seal.seal_text(IDENTITY.model_dump_json(), place)
    resume = Resume(
        user_id=account.id,
        format=ResumeFormat.PDF,
        size=1,
        sha256="0",
        file_name_sealed=b"",
        original_sealed=b"",
        text_sealed=b"",
    )
    resume.text_sealed = seal.seal_text(resume_text, place_of("resume", "text_sealed", resume.id))
    async with database.begin() as session:
        session.add(account)
        await session.flush()
        session.add_all([profile, resume])


@asynccontextmanager
async def open_scene(database_url: str, resume: str = RESUME) -> AsyncIterator[Scene]:
    """Open a scene of one person; the model is the stand-in."""
    keys = KeyRing({"k1": os.urandom(32)}, "k1")
    account = Account.register(f"ada{next(_people)}@example.org", "no-hash", keys)
    seal = account.seal(keys)
    database = Database(database_url)
    installation = InstallationKeys(AdzunaKeys("", ""), ApiKey(""), ApiKey(OPENAI_API_KEY))
    async with (
        serve(create_app(OpenAIConfig(piece_seconds=0))) as url,
        httpx.AsyncClient(base_url=url) as vendor,
        httpx.AsyncClient() as nobody,
    ):
        client = new_openai_client(f"{url}/v1", 5.0)
        context = Context(
            database=database,
            keys=keys,
            credentials=CredentialStore(database, keys, installation),
            skyvern=Skyvern(nobody),
            settings=SkyvernSettings(),
            public_url="http://127.0.0.1:9",
            model=OpenAI(client, "gpt-4.1-mini", 1500),
        )
        await _add_person(database, account, seal, resume)
        try:
            yield Scene(database, context, account, seal, vendor)
        finally:
            await client.close()
            await database.close()
