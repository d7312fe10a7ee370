"""What the matrix expects of one route: who may ask it, what those get, and what must be there before."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.account_enums import Scope
from tests.api.client import Api, Person

Ids = dict[str, str]
"""What was made for a request by name: the parameters of the path, and what else its body names."""

Maker = Callable[[Api, Person], Awaitable[Ids]]
"""Makes for a person what a request is about."""

Content = Callable[[Ids], object]
Files = dict[str, tuple[str, bytes, str]]


class Access(StrEnum):
    """Whom a route lets in."""

    PUBLIC = "everybody, whatever they send to say who they are"
    ME = "the person, by a login or an API key with the scope, and an administrator who acts for them"
    IN_PERSON = "the person, logged in"
    ADMIN = "administrators, logged in"


async def nothing(_: Api, __: Person) -> Ids:
    """Make nothing."""
    return {}


def nothing_more(_: Ids) -> dict[str, str]:
    """Return no parameters."""
    return {}


@dataclass(frozen=True)
class Expected:
    """One route.

    `status` is what those get who are let in. `make` is asked anew for each of them, so that what one has
    changed another finds unchanged. `scope` is what an API key needs; None: none suffices. `is_owned`:
    whatever the path names belongs to somebody, and for everybody else it is not there. `others` is what
    everybody else gets where that is neither this nor what the person gets. `unknown` answers an id that
    nothing has. Of what `streams` only the beginning is read. `varies`: two who ask see different things.
    `is_open`: what its body holds beside what is known is left out of what is kept.
    """

    access: Access
    status: int
    make: Maker = nothing
    json: Content | None = None
    scope: Scope | None = None
    params: Callable[[Ids], dict[str, str]] = nothing_more
    files: Files | None = None
    headers: Mapping[str, str] | None = None
    is_owned: bool = True
    others: int | None = None
    unknown: int = 404
    streams: bool = False
    varies: bool = False
    is_open: bool = False

    def for_others(self, path: str) -> int:
        """Return what everybody else gets, who names what is the person's or asks for their own."""
        return self.others or (404 if self.is_owned and "{" in path else self.status)


Expectations = dict[str, Expected]
"""By operation: method and path as in the OpenAPI document."""


def constant(body: object) -> Content:
    """Return a body that is always the same."""
    return lambda _: body
