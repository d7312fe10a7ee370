"""The names of the keys of Temporal's payloads: `user/{id}`, and `installation/{master key}`."""

from uuid import UUID

USER = "user/"
INSTALLATION = "installation/"


def user_key_id(user_id: UUID) -> str:
    """Return the name of a person's key."""
    return f"{USER}{user_id}"


def installation_key_id(master_key_id: str) -> str:
    """Return the name of the installation's key that belongs to a master key."""
    return f"{INSTALLATION}{master_key_id}"


def owner_of_key(key_id: str) -> UUID | None:
    """Return whose key it is; None for the installation's, and for what names no key."""
    if not key_id.startswith(USER):
        return None
    try:
        return UUID(key_id.removeprefix(USER))
    except ValueError:
        return None


def master_key_of(key_id: str) -> str | None:
    """Return the name of the master key that an installation's key belongs to; None for what is none."""
    return key_id.removeprefix(INSTALLATION) if key_id.startswith(INSTALLATION) else None
