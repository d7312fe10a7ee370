"""Performs one run: its blocks in order, each with its own end."""

import re
from dataclasses import dataclass, field

import httpx

from local.skyvern.agent.applying import Walk, apply
from local.skyvern.agent.endings import REACH_MAX_RETRIES, RunEndedError, failed
from local.skyvern.agent.scouting import scout
from local.skyvern.agent.steps import Steps
from local.skyvern.browser.facts import file_key, gather
from local.skyvern.browser.page import Page
from local.skyvern.browser.reading import confirmation_on, shaped
from local.skyvern.browser.session import Browser, Upload
from local.skyvern.run import Block, Json, Run, RunMode, Status
from local.skyvern.stores import Stores

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_READING_ENGINES = frozenset({"skyvern-2.0", "skyvern-3.0"})


@dataclass
class Ending:
    """How a run ended, with what its blocks left."""

    status: Status
    blocks: list[Block] = field(default_factory=list)
    reason: str | None = None
    errors: list[Json] = field(default_factory=list)
    output: object = None


@dataclass(frozen=True)
class Agent:
    """What every run needs: the tables, an HTTP client, the careers site and the pace."""

    stores: Stores
    client: httpx.AsyncClient
    careers_url: str
    step_seconds: float

    async def perform(self, run: Run) -> Ending:
        """Do what a run asks; RunStoppedError where it was ended meanwhile."""
        browser = Browser(self.client, self.careers_url)
        steps = Steps(run, self.stores, self.step_seconds)
        walk = Walk(run, browser, steps, gather(run.parameters), await self._files(run, browser), {})
        ending = Ending(Status.COMPLETED)
        for definition in run.definition["blocks"]:
            block = await _perform_block(walk, definition)
            ending.blocks.append(block)
            if block.status is not Status.COMPLETED:
                ending.status = block.status
                ending.reason, ending.errors = block.failure_reason, block.errors
                return ending
        ending.output = _task_output(run, browser.page)
        return ending

    async def _files(self, run: Run, browser: Browser) -> dict[str, Upload]:
        """Return the files that `file_url` parameters name: bound to this run by an id, or at a URL."""
        found = {}
        for key in _file_parameters(run):
            file = await self._file(str(run.parameters.get(key) or ""), run, browser)
            if file is not None:
                found[file_key(key)] = file
        return found

    async def _file(self, named: str, run: Run, browser: Browser) -> Upload | None:
        if named.startswith(("http://", "https://")):
            return await browser.download(named)
        stored = self.stores.files.of_run(named, run.run_id)
        return Upload(stored.stored_name, stored.content) if stored is not None else None


def _file_parameters(run: Run) -> list[str]:
    typed = [
        parameter["key"]
        for parameter in run.definition.get("parameters", ())
        if parameter.get("workflow_parameter_type") == "file_url"
    ]
    return [*typed, "resume"]


async def _perform_block(walk: Walk, definition: Json) -> Block:
    walk.steps.begin_block()
    if definition.get("max_steps_per_run"):
        walk.steps.limit = walk.steps.count + int(definition["max_steps_per_run"])
    walk.mapping = {
        **(walk.run.definition.get("error_code_mapping") or {}),
        **(definition.get("error_code_mapping") or {}),
    }
    block = Block(label=definition["label"], task_id=walk.steps.task_id, status=Status.COMPLETED)
    try:
        block.extracted_information = await _do_block(walk, definition)
    except RunEndedError as ended:
        block.status, block.failure_reason, block.errors = ended.status, ended.reason, ended.errors
    if walk.browser.page is not None:
        walk.steps.shoot_final(walk.browser.page)
    block.artifact_ids = walk.steps.artifact_ids
    return block


async def _do_block(walk: Walk, definition: Json) -> object:
    url = _rendered(definition.get("url") or "", walk.run.parameters)
    if definition["block_type"] == "navigation":
        await apply(walk, url)
        return None
    schema = definition.get("data_schema")
    kinds = {block["block_type"] for block in walk.run.definition["blocks"]}
    if "navigation" not in kinds:
        return shaped(await scout(walk, url), schema)
    page = await walk.load(url) if url else walk.browser.page
    if page is None:
        raise failed(REACH_MAX_RETRIES, "There is no page to read.")
    await walk.steps.begin()
    return shaped(confirmation_on(page), schema)


def _rendered(template: str, parameters: Json) -> str:
    return _PLACEHOLDER.sub(lambda found: str(parameters.get(found[1], "")), template)


def _task_output(run: Run, page: Page | None) -> object:
    """Return a task's output: the first engine never extracts, whatever schema it was given."""
    schema = run.request.get("data_extraction_schema")
    if run.is_workflow or page is None or schema is None or run.mode is RunMode.NULL_OUTPUT:
        return None
    return shaped(confirmation_on(page), schema) if run.request["engine"] in _READING_ENGINES else None
