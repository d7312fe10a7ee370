"""The acts of the demo, in their order: from a stranger's registration to the assistant's answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from local.demo.acts.applying import apply_until_submitted
from local.demo.acts.asking import ask
from local.demo.acts.finding import fetch, search, slug_of, with_questions
from local.demo.acts.matching import match, save_search, show_brought
from local.demo.acts.proving import Witness, prove
from local.demo.acts.untrue import UntrueError
from local.demo.api import Api, ProblemError
from local.demo.person import RESUME_NAME, Person, fill_in_profile, register
from local.demo.running import Running
from local.demo.screen import Act, Screen
from models.enums import AutomationMode

QUICK_SECONDS = 15.0
FETCH_SECONDS = 40.0
MATCH_SECONDS = 30.0
APPLY_SECONDS = 120.0
ANSWER_SECONDS = 60.0

Json = dict[str, Any]


class DemoFailedError(Exception):
    """An act failed, and the screen has said which one and why."""


@dataclass
class Story:
    """Plays against a running stack as an invented applicant, and as its administrator for the fetch."""

    running: Running
    screen: Screen
    applicant: Api
    admin: Api
    person: Person

    async def play(self) -> None:
        """Play every act; DemoFailedError where one fails or takes too long."""
        async with self._act("register", QUICK_SECONDS) as act:
            act.show("waiting for the mail that confirms the e-mail")
            await register(self.applicant, self.person, self.running.mailbox)
            act.outcome = f"{self.person.email}, confirmed by mail"
        async with self._act("profile", QUICK_SECONDS) as act:
            resume = await fill_in_profile(self.applicant, self.person)
            act.outcome = f"{RESUME_NAME}, {resume['size']:,} bytes, {resume['characters']} characters read"
        jobs = await self._find()
        asking = with_questions(jobs)
        await self._apply("review", asking, AutomationMode.REVIEW)
        # the answers are remembered: forms that ask the same need nobody any more
        await self._apply("alone", asking, AutomationMode.AUTO)
        async with self._act("assistant", ANSWER_SECONDS) as act:
            await ask(act, self.applicant)

    async def _find(self) -> list[Json]:
        """Bring jobs, those of a saved search among them, and return what is found; show what fits best."""
        async with self._act("saved", QUICK_SECONDS) as act:
            search_id = await save_search(act, self.applicant)
        async with self._act("fetch", FETCH_SECONDS) as act:
            secrets = self.running.secrets
            await self.admin.login(secrets.admin_email, secrets.admin_password)
            await fetch(act, self.admin)
            await show_brought(act, self.applicant, search_id)
        async with self._act("search", QUICK_SECONDS) as act:
            jobs = await search(act, self.applicant)
        async with self._act("match", MATCH_SECONDS) as act:
            await match(act, self.applicant)
        return jobs

    async def _apply(self, name: str, jobs: list[Json], mode: AutomationMode) -> None:
        """Apply to the first job that can be applied to, and prove it."""
        async with self._act(name, APPLY_SECONDS) as act:
            job, application = await apply_until_submitted(act, self.applicant, jobs, mode)
        async with self._act("proof", QUICK_SECONDS) as act:
            witness = Witness(self.running.careers, self.person.email)
            await prove(act, self.applicant, application["id"], slug_of(job), witness)

    @asynccontextmanager
    async def _act(self, name: str, seconds: float) -> AsyncIterator[Act]:
        with self.screen.act(name) as act:
            try:
                async with asyncio.timeout(seconds):
                    yield act
            except TimeoutError:
                act.failed(f"it took longer than {seconds:.0f} s")
                raise DemoFailedError from None
            except (ProblemError, UntrueError) as error:
                act.failed(str(error))
                raise DemoFailedError from error
            except httpx.HTTPError as error:
                act.failed(f"{type(error).__name__} {error}")
                raise DemoFailedError from error
            act.done()
