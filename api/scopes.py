"""What an API key must hold for a route: a scope by the route's first tag and by its method."""

from collections.abc import Collection

from fastapi import Request

from models.account_enums import Scope
from models.errors import ForbiddenError

READS = frozenset({"GET", "HEAD"})
AREAS = {
    "jobs": "jobs",
    "searches": "jobs",
    "exchange rates": "jobs",
    "applications": "applications",
    "answers": "applications",
    "profile": "profile",
    "resumes": "profile",
    "chat": "chat",
    "notifications": "notifications",
    "live": "notifications",
    "integrations": "integrations",
}
"""The area of scopes that each tag belongs to; what is tagged otherwise is beyond any key."""


def scope_of(tag: str | None, method: str) -> Scope | None:
    """Return what a key must hold; None where no key suffices."""
    area = AREAS.get(tag or "")
    return Scope(f"{area}:{'read' if method in READS else 'write'}") if area else None


def check_scope(request: Request, scopes: Collection[str]) -> None:
    """ForbiddenError unless a key with these scopes may ask this."""
    tags = getattr(request.scope.get("route"), "tags", None)
    needed = scope_of(tags[0] if tags else None, request.method)
    if needed is None:
        raise ForbiddenError("No API key suffices for this; log in.")
    if needed not in scopes:
        raise ForbiddenError(f"This API key lacks the scope {needed}; make one that has it.")
