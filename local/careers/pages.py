"""The pages of the careers site: advert, form, confirmation, the obstacles, and the index."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from local.careers import html
from local.careers.checks import Value
from local.careers.fields import Control
from local.careers.forms import Pages
from local.form_kinds import FormKind, kind_of, number_of

_TITLES = ("Software Engineer", "Data Analyst", "Nurse", "Account Manager", "Electrician", "Product Designer")
_COMPANIES = ("Alder & Finch", "Brightwater Labs", "Cobalt Foods", "Dunmore Rail", "Elm Street Clinic")
_TOWNS = ("Leeds", "Lyon", "Austin", "Rostock", "Halifax")
_STEP_NAMES = ("Your details", "Documents", "Questions")

CAPTCHA = (
    '<div class="captcha" data-captcha="challenge"><strong>Security check</strong>'
    "<p>Confirm that you are human: type the letters in the picture.</p>"
    '<input type="text" name="captcha_response" aria-label="Captcha" required></div>'
)


@dataclass
class FormState:
    """What a form shows: the page's index, a draft's token, what was typed, what was wrong."""

    page: int = 0
    draft: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""


def path_of(slug: str) -> str:
    """Return the advert's path."""
    return f"/jobs/{quote(slug, safe='')}"


def title_of(slug: str) -> str:
    """Return the invented title of a job."""
    return _TITLES[number_of(slug, "title", len(_TITLES))]


def _heading(slug: str) -> str:
    company = _COMPANIES[number_of(slug, "company", len(_COMPANIES))]
    town = _TOWNS[number_of(slug, "town", len(_TOWNS))]
    return (
        f'<h1>{escape(title_of(slug))}</h1><p class="meta">{escape(company)} · {escape(town)} · '
        f"Reference {escape(slug)}</p>"
    )


def advert(slug: str) -> str:
    """Return the advert with its Apply link, or with the news that the job is gone."""
    if kind_of(slug) is FormKind.CLOSED:
        return closed(slug)
    text = (
        f"{_heading(slug)}<p>We are looking for a colleague who likes good work and good company. You would "
        "join a small team, learn from it and teach it.</p><ul><li>Fair pay and fair hours</li>"
        "<li>Time and money for learning</li><li>Flexible place of work</li></ul>"
        f'<p><a class="button" rel="apply" href="{path_of(slug)}/apply">Apply for this job</a></p>'
    )
    return html.frame(title_of(slug), text)


def closed(slug: str) -> str:
    """Return the page of a job that is gone."""
    text = (
        f'{_heading(slug)}<p class="notice bad">This job is closed: we are no longer accepting applications.'
        "</p>"
    )
    return html.frame(f"{title_of(slug)} (closed)", text)


def form(slug: str, pages: Pages, state: FormState) -> str:
    """Return one page of the form, with what was typed and what was wrong."""
    page = pages[state.page]
    has_file = any(f.control is Control.FILE for f in page)
    encoding = "multipart/form-data" if has_file else "application/x-www-form-urlencoded"
    drawn = "".join(html.draw_field(f, state.values.get(f.name), state.errors.get(f.name, "")) for f in page)
    last = state.page == len(pages) - 1
    hidden = ""
    if len(pages) > 1:
        hidden = (
            f'<input type="hidden" name="page" value="{state.page}">'
            f'<input type="hidden" name="draft" value="{escape(state.draft)}">'
        )
    text = (
        f"{_heading(slug)}{_steps(slug, pages, state.page)}{_notice(state)}"
        f'<form id="application-form" method="post" action="{path_of(slug)}/apply" enctype="{encoding}">'
        f"{hidden}{drawn}"
        f"{CAPTCHA if kind_of(slug) is FormKind.CAPTCHA else ''}"
        f'<button class="button" type="submit">{"Submit application" if last else "Continue"}</button></form>'
    )
    return html.frame(f"Apply: {title_of(slug)}", text)


def _notice(state: FormState) -> str:
    notice = state.notice or ("Please correct the fields below." if state.errors else "")
    return f'<p class="notice bad" role="alert">{escape(notice)}</p>' if notice else ""


def _steps(slug: str, pages: Pages, current: int) -> str:
    if len(pages) == 1:
        return ""
    steps = "".join(
        f"<li{' aria-current=step' if index == current else ''}>"
        f'<a href="{path_of(slug)}/apply?page={index}">{index + 1}. {escape(name)}</a></li>'
        for index, name in enumerate(_STEP_NAMES[: len(pages)])
    )
    return f'<ol class="steps">{steps}</ol>'


def confirmation(slug: str, confirmation_id: str) -> str:
    """Return the page that confirms an application."""
    text = (
        '<h1>Application received</h1><p class="notice good">Thank you for applying for '
        f"<strong>{escape(title_of(slug))}</strong>.</p>"
        f'<p>Your confirmation id is <strong id="confirmation-id">{escape(confirmation_id)}</strong>. '
        "Keep it in case you have questions.</p>"
    )
    return html.frame("Application received", text)


def without_confirmation(slug: str) -> str:
    """Return the page that says neither yes nor no."""
    text = f"{_heading(slug)}<p>We are looking into it. You can leave this page now.</p>"
    return html.frame(title_of(slug), text)


def login(next_path: str) -> str:
    """Return the wall that asks for an account before anything else."""
    text = (
        "<h1>Sign in to apply</h1><p>You need an account with our recruiting portal to continue.</p>"
        '<form method="post" action="/login">'
        f'<input type="hidden" name="next" value="{escape(next_path)}">'
        '<div class="field"><label for="f-username">E-mail</label>'
        '<input id="f-username" type="email" name="username" required></div>'
        '<div class="field"><label for="f-password">Password</label>'
        '<input id="f-password" type="password" name="password" required></div>'
        '<button class="button" type="submit">Sign in</button></form>'
    )
    return html.frame("Sign in", text)


def broken() -> str:
    """Return the page of a site that does not work."""
    text = "<h1>Something went wrong</h1><p>The server could not show this page.</p>"
    return html.frame("Error 500", text)


def index(latest: Sequence[dict[str, Any]], count: int) -> str:
    """Return the front page: how the site works, and the newest rows of its ledger."""
    kinds = "".join(
        f'<li><a href="/jobs/{kind}-example">{kind}-example</a>: {about}</li>'
        for kind, about in _ABOUT.items()
    )
    rows = "".join(
        f'<tr><td>{escape(row["at"][:19])}</td><td><a href="{path_of(row["slug"])}">{escape(row["slug"])}</a>'
        f"</td><td>{escape(row['email'])}</td><td>{escape(row['file_name'] or '')}</td>"
        f"<td>{escape(row['confirmation_id'] or 'none shown')}</td></tr>"
        for row in latest
    )
    table = (
        "<table><thead><tr><th>At (UTC)</th><th>Job</th><th>E-mail</th><th>File</th>"
        f"<th>Confirmation</th></tr></thead><tbody>{rows}</tbody></table>"
        if rows
        else "<p>None yet.</p>"
    )
    text = (
        "<h1>An employer's careers site</h1><p>A stand-in: every job has an advert at "
        "<code>/jobs/&lt;anything&gt;</code> and a form behind it. The first word of the name chooses the "
        f"kind of form; any other name draws one.</p><ul>{kinds}</ul><h2>Received applications ({count})</h2>"
        f"{table}<p class='meta'>As data: <a href='/_control/ledger'>/_control/ledger</a></p>"
    )
    return html.frame("Careers", text)


_ABOUT = {
    FormKind.SHORT: "name, e-mail, phone, résumé",
    FormKind.LONG: "screening questions of every sort",
    FormKind.MULTIPAGE: "three pages with a session",
    FormKind.CLOSED: "no longer open",
    FormKind.LOGIN: "a login wall",
    FormKind.CAPTCHA: "a captcha in the form",
    FormKind.BROKEN: "an error page in place of the form",
    FormKind.UNSAFE: "asks for bank and social-security data",
    FormKind.SLOW: "answers only after a while",
    FormKind.NOCONFIRM: "accepts the application but does not say so",
}
