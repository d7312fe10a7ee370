"""Walks from an advert to its form, fills it page by page, and submits it once."""

from dataclasses import dataclass

from local.skyvern.agent.endings import REACH_MAX_RETRIES, REACH_MAX_STEPS, failed, terminated, timed_out
from local.skyvern.agent.steps import Steps
from local.skyvern.browser.facts import Facts
from local.skyvern.browser.fill import fill
from local.skyvern.browser.obstacles import MISSING_ANSWER, NOT_A_FORM, Obstacle, obstacle_on
from local.skyvern.browser.page import Form, Page
from local.skyvern.browser.session import Browser, BrowserError, Filled, Upload
from local.skyvern.run import Run, RunMode

TRIES = 3
MAX_PAGES = 12
_CLIENT_ERROR = 400


@dataclass
class Walk:
    """One run's browser with what it may enter, its files by the parameters that name them.

    `mapping` holds the error codes that the caller defined.
    """

    run: Run
    browser: Browser
    steps: Steps
    facts: Facts
    files: dict[str, Upload]
    mapping: dict[str, str]

    async def load(self, url: str) -> Page:
        """Open an address, trying again where the site does not answer."""
        reason = ""
        for _ in range(TRIES):
            await self.steps.begin()
            try:
                page = await self.browser.follow(url)
            except (BrowserError, ValueError) as error:
                reason = str(error)
                continue
            self.steps.shoot(page)
            return page
        raise failed(REACH_MAX_RETRIES, f"Max retries per step ({TRIES}) exceeded: {reason}")

    async def to_form(self, url: str) -> Page:
        """Open a job's address and follow its Apply link; the page may still hold an obstacle."""
        page = await self.load(url)
        for _ in range(MAX_PAGES):
            link = next((link.href for link in page.links if "apply" in link.text.lower()), "")
            if obstacle_on(page) or application_form(page) or not link:
                break
            page = await self.load(link)
        return page


def application_form(page: Page) -> Form | None:
    """Return the form that an application is posted with, or None."""
    form = page.form
    return form if form is not None and form.method == "post" and form.controls else None


async def reach(walk: Walk, url: str) -> Page:
    """Walk to the form behind an address and leave it as it is.

    Raises RunEndedError where an obstacle stands in the way, or where there is no form.
    """
    page = await walk.to_form(url)
    if (obstacle := obstacle_on(page)) is not None:
        raise terminated(obstacle, walk.mapping)
    if application_form(page) is None:
        raise terminated(Obstacle(NOT_A_FORM, "The page holds no application form."), walk.mapping)
    return page


async def apply(walk: Walk, url: str) -> Page:
    """Apply for the job at an address and return the page that follows the submission.

    Raises RunEndedError where an obstacle stands in the way, where a required answer was not given, or
    where the site fails; a submission is never posted again.
    """
    page = await walk.to_form(url)
    for _ in range(MAX_PAGES):
        obstacle, form = obstacle_on(page), application_form(page)
        if obstacle is not None:
            raise terminated(obstacle, walk.mapping)
        if form is None:
            raise terminated(Obstacle(NOT_A_FORM, "The page holds no application form."), walk.mapping)
        filling = fill(form, walk.facts, walk.files)
        walk.steps.shoot(page, filling.filled)
        if filling.missing:
            reason = f"The form requires answers that were not given: {'; '.join(filling.missing)}"
            raise terminated(Obstacle(MISSING_ANSWER, reason), walk.mapping)
        if form.submits:
            return await _submit(walk, filling.filled)
        page = await _post(walk, filling.filled)
    raise failed(REACH_MAX_STEPS, "The form has no end.")


async def _submit(walk: Walk, filled: Filled) -> Page:
    if not walk.run.after_submit:
        _end_as_told(walk.run.mode)
    await walk.steps.begin()
    walk.steps.before_submitting()
    page = await _send(walk, filled)
    if walk.run.after_submit:
        _end_as_told(walk.run.mode)
    return page


async def _post(walk: Walk, filled: Filled) -> Page:
    await walk.steps.begin()
    return await _send(walk, filled)


async def _send(walk: Walk, filled: Filled) -> Page:
    try:
        page = await walk.browser.post(filled)
    except (BrowserError, ValueError) as error:
        raise failed(REACH_MAX_RETRIES, f"The page was sent and not answered: {error}") from error
    walk.steps.shoot(page)
    if page.status >= _CLIENT_ERROR:
        reason = f"The form was refused: {' '.join(page.alerts) or page.heading}"
        raise terminated(Obstacle(MISSING_ANSWER, reason), walk.mapping)
    return page


def _end_as_told(mode: RunMode) -> None:
    if mode is RunMode.MAX_STEPS:
        raise failed(REACH_MAX_STEPS, "The agent has reached the maximum number of steps.")
    if mode is RunMode.TIMED_OUT:
        raise timed_out()
