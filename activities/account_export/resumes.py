"""The résumés as JSON Resume documents: what was read from the file, with name and contact of the profile."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

VERSION = "v1.0.0"
NETWORKS = (("linkedin", "LinkedIn"), ("github", "GitHub"))


def json_resume(structured: Mapping[str, Any] | None, identity: Mapping[str, Any] | None) -> Json:
    """Return a JSON Resume document; without a structured résumé it has the basics only."""
    document: Json = dict(structured or {})
    document["basics"] = {**_basics(identity or {}), **document.get("basics", {})}
    document["meta"] = {"version": VERSION}
    return document


def _basics(identity: Mapping[str, Any]) -> Json:
    names = [identity.get("first_name"), identity.get("last_name")]
    basics: Json = {
        "name": " ".join(name for name in names if name),
        "email": identity.get("email"),
        "phone": identity.get("phone"),
        "url": identity.get("website"),
        "location": {"address": identity["location"]} if identity.get("location") else None,
        "profiles": [
            {"network": network, "url": identity[name]} for name, network in NETWORKS if identity.get(name)
        ],
    }
    return {name: value for name, value in basics.items() if value}
