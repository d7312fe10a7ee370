"""Reads what a form asks without entering anything, page by page where its steps can be visited."""

import re

from local.skyvern.agent.applying import Walk, application_form
from local.skyvern.agent.endings import terminated
from local.skyvern.browser.obstacles import NOT_A_FORM, Obstacle, obstacle_on
from local.skyvern.browser.page import Page
from local.skyvern.browser.reading import Values, questions_on

_STEP = re.compile(r"[?&](page|step)=\d+")


async def scout(walk: Walk, url: str) -> Values:
    """Return the questions of the form behind an address, and the obstacle before it if there is one.

    An obstacle ends the run only where the caller defined a code for it.
    """
    first = await walk.to_form(url)
    obstacle = obstacle_on(first)
    if obstacle is None and application_form(first) is None:
        obstacle = Obstacle(NOT_A_FORM, "The page holds no application form.")
    if obstacle is not None and obstacle.code in walk.mapping:
        raise terminated(obstacle, walk.mapping)
    pages: list[Page] = [first]
    if obstacle is None:
        # The first step is the page that is open already.
        later = [link.href for link in first.links if _STEP.search(link.href)][1:]
        pages += [await walk.load(href) for href in later]
    return questions_on(pages, obstacle)
