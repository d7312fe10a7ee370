"""Posting a form: checking it, keeping drafts of multi-page forms, and accepting an application."""

from dataclasses import dataclass

from starlette.datastructures import FormData

from local.careers import pages
from local.careers.checks import read_page
from local.careers.forms import pages_of
from local.careers.ledger import Draft, Ledger, new_confirmation_id, new_draft
from local.careers.pages import FormState
from local.form_kinds import FormKind, kind_of

_INVALID = 422
_WRONG_LETTERS = "The letters do not match."


@dataclass(frozen=True)
class Outcome:
    """A page of HTML with its status."""

    html: str
    status: int = 200


def show_page(slug: str, page: int) -> Outcome:
    """Return an empty page of the form; pages past the end show the first one."""
    form = pages_of(slug)
    return Outcome(pages.form(slug, form, FormState(page=page if 0 <= page < len(form) else 0)))


async def post_page(ledger: Ledger, slug: str, posted: FormData) -> Outcome:
    """Take one posted page: show it again with its errors, show the next one, or accept the application."""
    draft = _draft_of(ledger, slug, posted)
    if draft is None:
        notice = "Your session is over. Please begin again."
        return Outcome(pages.form(slug, pages_of(slug), FormState(notice=notice)), _INVALID)
    form = pages_of(slug)
    read = await read_page(form[draft.next_page], posted)
    if kind_of(slug) is FormKind.CAPTCHA:
        # Nobody passes: there is no picture, so that no letters can be right.
        read.errors["captcha_response"] = _WRONG_LETTERS
    if read.errors:
        notice = read.errors.get("captcha_response", "")
        state = FormState(draft.next_page, draft.token, read.values, read.errors, notice)
        return Outcome(pages.form(slug, form, state), _INVALID)
    draft.fields |= read.values
    draft.file = read.file or draft.file
    draft.next_page += 1
    if draft.next_page < len(form):
        ledger.save_draft(draft)
        return Outcome(pages.form(slug, form, FormState(draft.next_page, draft.token)))
    return _accept(ledger, slug, draft)


def _draft_of(ledger: Ledger, slug: str, posted: FormData) -> Draft | None:
    """Return the application under way: a new one on the first page, none where the session is unknown."""
    token, page = posted.get("draft"), posted.get("page", "0")
    if page == "0" or len(pages_of(slug)) == 1:
        return new_draft(slug)
    draft = ledger.draft(token, slug) if isinstance(token, str) else None
    return draft if draft is not None and page == str(draft.next_page) else None


def _accept(ledger: Ledger, slug: str, draft: Draft) -> Outcome:
    confirmation_id = None if kind_of(slug) is FormKind.NOCONFIRM else new_confirmation_id()
    ledger.accept(slug, kind_of(slug), draft.fields, draft.file, confirmation_id)
    ledger.drop_draft(draft.token)
    if confirmation_id is None:
        return Outcome(pages.without_confirmation(slug))
    return Outcome(pages.confirmation(slug, confirmation_id))
