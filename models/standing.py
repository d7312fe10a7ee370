"""Telling every process that what somebody may do has changed, in the transaction of the change."""

from uuid import UUID

from sqlalchemy import TextClause, text

STANDING_CHANNEL = "jobraker_standing"
"""Each payload is a user's id."""


def announce_standing(user_id: UUID) -> TextClause:
    """Return the statement by which whoever remembers what this person may do forgets it."""
    return text("SELECT pg_notify(:channel, :payload)").bindparams(
        channel=STANDING_CHANNEL, payload=str(user_id)
    )
