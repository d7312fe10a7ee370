"""What lets people in: ended logins, tokens and keys, rates paid off, and registrations never confirmed."""

from activities.retention.pages import Rows, bounds, delete_each
from models.database import Database
from workflows.account_messages import Pruned

ENDED = (
    # its refresh tokens go with it
    Rows("login_session", "least(ended_at, expires_at) < %(before)s", order="least(ended_at, expires_at)"),
    # of a login that goes on: a token that has expired is refused without being known
    Rows("refresh_token", "id < %(floor)s AND expires_at < %(before)s"),
    Rows("one_time_token", "id < %(floor)s AND least(used_at, expires_at) < %(before)s"),
    Rows("api_key", "least(revoked_at, expires_at) < %(before)s", order="least(revoked_at, expires_at)"),
)

RATES = Rows("rate", "paid_at < now()", key="key", order="paid_at")
"""A row that is paid off says nothing that no row would not say."""

UNCONFIRMED = Rows(
    "account",
    """email_confirmed_at IS NULL AND created_at < %(before)s
    AND locked_at IS NULL AND erasing_at IS NULL
    AND NOT EXISTS (
        SELECT FROM one_time_token WHERE one_time_token.user_id = account.id
        AND purpose = 'confirm_email' AND used_at IS NULL AND expires_at > now()
    )""",
    order="created_at",
    rows=200,
)
"""With their keys; not while a mail is on its way by which it could still be confirmed.

One that an administrator has locked stays, so that nobody opens it by registering again.
"""


async def end_logins(database: Database, days: float) -> Pruned:
    """Delete a page of each of what has ended so long ago."""
    return await delete_each(database, ENDED, bounds(days))
