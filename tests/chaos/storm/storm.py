"""A storm over a whole stack: people apply while its parts are killed, then all is mended and waited for."""

import asyncio
import time
from collections import Counter
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import httpx

from local.throwaway import LocalStack
from models.database import Database
from models.job import Job
from tests.chaos.storm.jobs import store_jobs
from tests.chaos.storm.killing import Killer
from tests.chaos.storm.last_words import say, tell_what_waits
from tests.chaos.storm.options import Options
from tests.chaos.storm.people import StormPerson, storm_person
from tests.chaos.storm.verdict import Judge, Verdict
from tests.chaos.storm.weather import Weather
from tests.e2e.people import found

POSTING_SHARE = 0.9
"""Within which share of the storm everybody has asked, so that the last kills find work as well."""

MENDED_SECONDS = 60.0
CALM_SECONDS = 900.0
TOLD_SECONDS = 30.0
LOOK_SECONDS = 1.0


class Storm:
    """One storm over one stack, with a plan that its options make."""

    def __init__(self, stack: LocalStack, options: Options) -> None:
        self._stack = stack
        self._options = options
        self.killer = Killer(stack, options.draw("parts"))
        self._weather = Weather(stack, options.draw("weather"))

    async def blow(self) -> Verdict:
        """Blow over, wait until every application has ended or the deadline is over, and judge."""
        jobs = await self._jobs()
        async with AsyncExitStack() as stack:
            people = [
                await stack.enter_async_context(self._person(number))
                for number in range(self._options.people)
            ]
            async with asyncio.TaskGroup() as tasks:
                attending = [tasks.create_task(person.attend()) for person in people]
                await self._blow(people, jobs)
                await self._mend()
                await self._calm(people)
                for task in attending:
                    task.cancel()
            did = sum((each.did for each in people), Counter[str]())
            say("the people: " + ", ".join(f"{count} {what}" for what, count in sorted(did.items())))
            return await Judge(self._stack).judge(people)

    async def _jobs(self) -> list[Job]:
        database = Database(self._stack.database_url)
        try:
            return await store_jobs(database, self._options.applications, self._options.draw("jobs"))
        finally:
            await database.close()

    def _person(self, number: int) -> AbstractAsyncContextManager[StormPerson]:
        return storm_person(self._stack.api, number, self._options.draw(f"person {number}"))

    async def _blow(self, people: list[StormPerson], jobs: list[Job]) -> None:
        pauses = self._options.pauses
        began, draw = time.monotonic(), self._options.draw("moments")
        moments = sorted(draw.uniform(0, POSTING_SHARE * sum(pauses)) for _ in jobs)
        raging = asyncio.create_task(self._weather.rage())
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.killer.kill(pauses))
                for person in people:
                    tasks.create_task(person.repent(draw.uniform(0, sum(pauses))))
                for number, (moment, job) in enumerate(zip(moments, jobs, strict=True)):
                    tasks.create_task(_apply(people[number % len(people)], job, began + moment))
        finally:
            raging.cancel()
            await asyncio.wait([raging])
        killed, seconds = self.killer.killed, time.monotonic() - began
        say(f"{len(killed)} kills in {seconds:.0f} s: {' '.join(killed)}")

    async def _mend(self) -> None:
        """Wait until everything is there again and the weather is fair."""

        async def is_mended() -> bool:
            try:
                await self._weather.clear()
            except httpx.HTTPError:
                return False
            return await asyncio.to_thread(self._stack.is_ready)

        await found(is_mended, "everything mended", MENDED_SECONDS)

    async def _calm(self, people: list[StormPerson]) -> None:
        """Wait until nothing is under way any more, or for as long as a storm may be waited for."""
        began = told = time.monotonic()
        while time.monotonic() - began < CALM_SECONDS:
            left = [line for person in people for line in await person.under_way()]
            if not left and not sum([await person.repeat() for person in people]):
                say(f"all ended {time.monotonic() - began:.0f} s after the storm")
                return
            if time.monotonic() - told > TOLD_SECONDS:
                told = time.monotonic()
                states = Counter(line.split()[-1] for line in left)
                say(f"under way {told - began:.0f} s after the storm: {dict(states)}")
            await asyncio.sleep(LOOK_SECONDS)
        say("still under way: " + ", ".join(left))
        await tell_what_waits(self._stack)


async def _apply(person: StormPerson, job: Job, moment: float) -> None:
    await asyncio.sleep(moment - time.monotonic())
    await person.apply(job)
