"""Accounts as administrators see and change them: whether and how somebody logs in, and how much there is.

Nothing that people wrote stands here, but for the e-mail by which they are found.
"""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import EmailStr
from sqlmodel import Field, SQLModel

from models.account import EMAIL_MAX, Account
from models.audit import Reason
from models.base import Body
from models.enums import Role


class Because(Body):
    """What an administrator sends who looks for somebody's account, or changes it."""

    reason: Reason = Field(description="Why; the person can read it.")


class RoleGiven(Because):
    """What an administrator sends who gives somebody another role."""

    role: Role


class EmailSought(Because):
    """The whole e-mail of somebody who is looked for, and why."""

    email: EmailStr = Field(max_length=EMAIL_MAX)


class AccountListed(SQLModel):
    """An account in the administrators' list."""

    id: UUID
    email: str
    role: Role
    created_at: datetime
    email_confirmed_at: datetime | None
    locked_at: datetime | None
    erasing_at: datetime | None
    totp_enabled: bool

    @classmethod
    def of(cls, account: Account) -> Self:
        """Return what is shown of this account."""
        shown = account.model_dump(include=set(cls.model_fields))
        return cls(**shown, totp_enabled=account.totp_confirmed_at is not None)


class AccountCounts(SQLModel):
    """How much there is of somebody."""

    applications: int
    applications_submitted: int
    resumes: int
    saved_searches: int
    chat_messages: int
    notifications: int
    integrations: int
    answers: int
    sessions: int = Field(description="Logins that have not ended.")
    api_keys: int = Field(description="Keys that were not revoked and have not expired.")


class AccountSeen(AccountListed):
    """An account by itself."""

    last_used_at: datetime | None = Field(description="When a login of it was last made or refreshed.")
    counts: AccountCounts


COUNTS_SQL = """
SELECT
    (SELECT count(*) FROM application WHERE user_id = %(id)s) AS applications,
    (SELECT count(*) FROM application WHERE user_id = %(id)s AND state = 'submitted')
        AS applications_submitted,
    (SELECT count(*) FROM resume WHERE user_id = %(id)s) AS resumes,
    (SELECT count(*) FROM saved_search WHERE user_id = %(id)s) AS saved_searches,
    (SELECT count(*) FROM chat_message WHERE user_id = %(id)s) AS chat_messages,
    (SELECT count(*) FROM notification WHERE user_id = %(id)s) AS notifications,
    (SELECT count(*) FROM integration WHERE user_id = %(id)s) AS integrations,
    (SELECT count(*) FROM answer WHERE user_id = %(id)s) AS answers,
    (SELECT count(*) FROM login_session
     WHERE user_id = %(id)s AND ended_at IS NULL AND expires_at > now()) AS sessions,
    (SELECT count(*) FROM api_key
     WHERE user_id = %(id)s AND revoked_at IS NULL AND expires_at > now()) AS api_keys,
    (SELECT max(last_used_at) FROM login_session WHERE user_id = %(id)s) AS last_used_at
"""
