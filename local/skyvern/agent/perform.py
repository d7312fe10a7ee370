"""Performs one run: its blocks in order, each with its own end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from local.skyvern.agent.applying import Walk, apply, reach
from local.skyvern.agent.endings import REACH_MAX_RETRIES, RunEndedError, failed
from local.skyvern.agent.scouting import read_form
from local.skyvern.agent.steps import Steps
from local.skyvern.browser.facts import Facts, file_key, gather
from local.skyvern.browser.page import Page
from local.skyvern.browser.reading import asks_for_questions, confirmation_on, shaped
from local.skyvern.browser.session import Browser, Upload
from local.skyvern.run import Block, Json, Round, Run, RunMode, Status
from local.skyvern.stores import Stores

_PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_NEVER_SUBMIT = re.compile(r"\b(?:never|do not|don't|without)\s+submit\b", re.IGNORECASE)
"""Words of a goal with which an agent stops before a form that it has reached."""

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
        walk = Walk(run, browser, steps, Facts(), {}, {})
        files, ending = await self._files(run, browser), Ending(Status.COMPLETED)
        for definition in run.definition["blocks"]:
            block = await _perform(walk, definition, files, {**run.parameters, **_outputs(ending.blocks)})
            ending.blocks.append(block)
            if block.status is not Status.COMPLETED and not definition.get("continue_on_failure"):
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


def _outputs(blocks: Sequence[Block]) -> Json:
    """Return what earlier blocks left, by the names under which a template finds it."""
    return {
        f"{block.label}_output": {"extracted_information": block.extracted_information} for block in blocks
    }


async def _perform(walk: Walk, definition: Json, files: dict[str, Upload], values: Json) -> Block:
    if definition["block_type"] == "for_loop":
        return await _perform_loop(walk, definition, files, values)
    return await _perform_block(walk, definition, files, values)


async def _perform_loop(walk: Walk, definition: Json, files: dict[str, Upload], values: Json) -> Block:
    """Do a loop's blocks for each value of the list that its reference names."""
    walk.steps.begin_block()
    loop = Block(label=definition["label"], task_id=walk.steps.task_id, status=Status.COMPLETED, rounds=[])
    found = _value_of(definition["loop_variable_reference"].strip("{} "), values)
    over = found if isinstance(found, list) else []
    if not over and not definition.get("complete_if_empty"):
        loop.status, loop.failure_reason = Status.FAILED, "There is nothing to loop over."
        return loop
    for value in over:
        done = Round(value=value, blocks=[])
        loop.rounds = [*(loop.rounds or ()), done]
        for inner in definition["loop_blocks"]:
            block = await _perform_block(walk, inner, files, {**values, "current_value": value})
            done.blocks.append(block)
            if block.status is Status.COMPLETED or inner.get("continue_on_failure"):
                continue
            if definition.get("next_loop_on_failure"):
                break
            loop.status, loop.failure_reason, loop.errors = block.status, block.failure_reason, block.errors
            return loop
    return loop


async def _perform_block(walk: Walk, definition: Json, files: dict[str, Upload], values: Json) -> Block:
    walk.steps.begin_block()
    most = definition.get("max_steps_per_run")
    walk.steps.limit = walk.steps.count + int(most) if most else walk.run.max_steps
    walk.mapping = {
        **(walk.run.definition.get("error_code_mapping") or {}),
        **(definition.get("error_code_mapping") or {}),
    }
    handed = _handed(walk.run, definition)
    walk.facts = gather(handed)
    walk.files = {key: file for key, file in files.items() if key in {file_key(name) for name in handed}}
    block = Block(label=definition["label"], task_id=walk.steps.task_id, status=Status.COMPLETED)
    try:
        block.extracted_information = await _do_block(walk, definition, values)
    except RunEndedError as ended:
        block.status, block.failure_reason, block.errors = ended.status, ended.reason, ended.errors
    if walk.browser.page is not None:
        walk.steps.shoot_final(walk.browser.page)
    block.artifact_ids = walk.steps.artifact_ids
    return block


def _handed(run: Run, definition: Json) -> Json:
    """Return what a block may enter: the parameters that it names, or that are written into its goal."""
    if not run.is_workflow:
        return run.parameters
    named = {parameter["key"] for parameter in definition.get("parameters") or ()}
    named |= set(_PLACEHOLDER.findall(definition.get("navigation_goal") or ""))
    return {key: value for key, value in run.parameters.items() if key in named}


async def _do_block(walk: Walk, definition: Json, values: Json) -> object:
    url = _rendered(definition.get("url") or "", values)
    if definition["block_type"] == "navigation":
        act = reach if _NEVER_SUBMIT.search(definition.get("navigation_goal") or "") else apply
        await act(walk, url)
        return None
    page = await walk.load(url) if url else walk.browser.page
    if page is None:
        raise failed(REACH_MAX_RETRIES, "There is no page to read.")
    await walk.steps.begin()
    schema = definition.get("data_schema")
    return shaped(read_form(walk, page) if asks_for_questions(schema) else confirmation_on(page), schema)


def _rendered(template: str, values: Json) -> str:
    return _PLACEHOLDER.sub(lambda found: str(_value_of(found[1], values) or ""), template)


def _value_of(path: str, values: Json) -> object:
    """Return what a dotted path leads to, None where it leads nowhere."""
    found: object = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _task_output(run: Run, page: Page | None) -> object:
    """Return a task's output: the first engine never extracts, whatever schema it was given."""
    schema = run.request.get("data_extraction_schema")
    if run.is_workflow or page is None or schema is None or run.mode is RunMode.NULL_OUTPUT:
        return None
    return shaped(confirmation_on(page), schema) if run.request["engine"] in _READING_ENGINES else None
