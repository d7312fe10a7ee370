"""Reads what a form asks on the page that is open: an extraction looks, and neither clicks nor enters."""

from local.skyvern.agent.applying import Walk, application_form
from local.skyvern.agent.endings import terminated
from local.skyvern.browser.obstacles import NOT_A_FORM, Obstacle, obstacle_on
from local.skyvern.browser.page import Page
from local.skyvern.browser.reading import Values, questions_on


def read_form(walk: Walk, page: Page) -> Values:
    """Return the questions of the form on a page, or the obstacle in its place.

    An obstacle ends the run only where the caller defined a code for it.
    """
    obstacle = obstacle_on(page)
    if obstacle is None and application_form(page) is None:
        obstacle = Obstacle(NOT_A_FORM, "The page holds no application form.")
    if obstacle is not None and obstacle.code in walk.mapping:
        raise terminated(obstacle, walk.mapping)
    return questions_on([page], obstacle)
