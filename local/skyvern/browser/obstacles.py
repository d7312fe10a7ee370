"""What stands between an applicant and a form, told from the page alone."""

import re
from dataclasses import dataclass

from local.skyvern.browser.page import Control, Kind, Page

JOB_CLOSED = "job_closed"
LOGIN_REQUIRED = "login_required"
CAPTCHA = "captcha"
MISSING_ANSWER = "missing_answer"
UNSAFE_REQUEST = "unsafe_request"
NOT_A_FORM = "not_a_job_application"

_CLOSED = re.compile(
    r"no longer (open|available|accepting)|(job|position|vacancy|role) (is|has been) (closed|filled)",
    re.IGNORECASE,
)
_UNSAFE = re.compile(
    r"social[- ]security|\bssn\b|national insurance number|bank account|\biban\b|sort code|routing number"
    r"|credit card|passport (number|copy)|identity (card|document)|\bselfie\b",
    re.IGNORECASE,
)
_GONE = (404, 410)


@dataclass(frozen=True)
class Obstacle:
    """Why nothing can be submitted: a code of the field, and the reason in words."""

    code: str
    reason: str


def obstacle_on(page: Page) -> Obstacle | None:
    """Return what keeps an applicant from applying on this page, or None."""
    if page.status in _GONE or _CLOSED.search(page.text):
        return Obstacle(JOB_CLOSED, "The page says that the job is closed.")
    if page.control_of_kind(Kind.PASSWORD):
        return Obstacle(LOGIN_REQUIRED, "The site asks to sign in before the form can be seen.")
    if page.has_captcha:
        return Obstacle(CAPTCHA, "The form is guarded by a captcha.")
    unsafe = [c.label for form in page.forms for c in form.controls if is_unsafe(c)]
    if unsafe:
        return Obstacle(UNSAFE_REQUEST, f"The form asks for: {'; '.join(unsafe)}")
    return None


def is_unsafe(control: Control) -> bool:
    """Tell whether a control asks for what no application needs: bank, identity or social-security data."""
    return _UNSAFE.search(control.label) is not None
