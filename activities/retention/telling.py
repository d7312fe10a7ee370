"""What was said and told: chats with the pieces of their answers, live events, notifications."""

from activities.retention.pages import Rows

MESSAGES = Rows(
    "chat_message",
    "id < %(floor)s AND created_at < %(before)s AND state NOT IN ('queued', 'streaming')",
    rows=500,
)
"""An answer that is under way stays, whatever its age; the pieces of the others go with them."""

EVENTS = Rows("event", "created_at < %(before)s", key="ctid", order="created_at", rows=5_000)
"""The cursor of each person stays: without it their next events would have numbers that were there before."""

NOTIFICATIONS = Rows("notification", "id < %(floor)s AND created_at < %(before)s")
