"""Which kind of form a job's slug has: named by the slug's first word, else drawn from its hash."""

import hashlib
from enum import StrEnum


class FormKind(StrEnum):
    """The kinds of application form that employers put in front of an applicant."""

    SHORT = "short"
    LONG = "long"
    MULTIPAGE = "multipage"
    CLOSED = "closed"
    LOGIN = "login"
    CAPTCHA = "captcha"
    BROKEN = "broken"
    UNSAFE = "unsafe"
    SLOW = "slow"
    NOCONFIRM = "noconfirm"


# Shares in percent for slugs that name no kind, such as the ids of recorded adverts.
_MIX = (
    (FormKind.SHORT, 60),
    (FormKind.LONG, 20),
    (FormKind.MULTIPAGE, 14),
    (FormKind.CLOSED, 3),
    (FormKind.LOGIN, 3),
)
_NAMES = frozenset(kind.value for kind in FormKind)
_TOTAL = sum(share for _, share in _MIX)


def number_of(slug: str, purpose: str, below: int) -> int:
    """Return a number from 0 to `below - 1` that is always the same for a slug and a purpose."""
    digest = hashlib.sha256(f"{purpose}/{slug}".encode()).digest()
    return int.from_bytes(digest[:8]) % below


def names_a_kind(slug: str) -> bool:
    """Whether the slug's first word is a form kind, as in `long-example-1`."""
    return slug.partition("-")[0].lower() in _NAMES


def kind_of(slug: str) -> FormKind:
    """Return the form kind of a slug; the same slug always has the same kind."""
    if names_a_kind(slug):
        return FormKind(slug.partition("-")[0].lower())
    drawn = number_of(slug, "kind", _TOTAL)
    for kind, share in _MIX:
        if drawn < share:
            return kind
        drawn -= share
    return FormKind.SHORT
