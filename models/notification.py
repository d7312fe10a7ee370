"""What a person is told. A row holds a kind and ids; its words are made when it is shown."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Row, text_enum, utc
from models.enums import NotificationKind


class Notification(Row, table=True):
    """One thing told about one application, once; a reminder's `number` counts the reminders.

    What is not about one application is not once by itself; of strong matches `number` is how many.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("application_id", "kind", "number", name="uq_notification_application"),
        Index("ix_notification_user", "user_id", "id"),
        Index("ix_notification_unmailed", "created_at", postgresql_where="mailed_at IS NULL"),
    )

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    application_id: UUID | None = Field(default=None, foreign_key="application.id", ondelete="CASCADE")
    kind: NotificationKind = Field(sa_type=text_enum(NotificationKind))
    number: int = 1
    read_at: datetime | None = Field(default=None, sa_type=utc())
    mailed_at: datetime | None = Field(default=None, sa_type=utc())


class NotificationPublic(SQLModel):
    """A notification as shown; `number` counts those of one kind about one application, such as reminders.

    Of strong matches it is how many jobs there are, and `application_id` is null, as in all that is about no
    application.
    """

    id: UUID
    kind: NotificationKind
    number: int
    application_id: UUID | None
    text: str
    created_at: datetime
    read_at: datetime | None


def sentence(
    kind: NotificationKind, title: str | None = None, company: str | None = None, number: int = 1
) -> str:
    """Return the words for a notification about the application to one job, or about none.

    `number` is that of the notification.
    """
    if kind is NotificationKind.STRONG_MATCHES:
        return "A new job fits you well." if number == 1 else f"{number} new jobs fit you well."
    if kind in _ABOUT_THE_ACCOUNT:
        return _ABOUT_THE_ACCOUNT[kind]
    job = title or "a job"
    return _ABOUT_A_JOB[kind].format(job=f"{job} at {company}" if company else job)


_ABOUT_A_JOB = {
    NotificationKind.APPLICATION_SUBMITTED: "Your application for {job} was submitted.",
    NotificationKind.APPLICATION_FAILED: "Your application for {job} could not be submitted.",
    NotificationKind.APPLICATION_UNKNOWN: (
        "We could not see whether {job} got your application. Did it go through?"
    ),
    NotificationKind.APPLICATION_NEEDS_INPUT: "The form for {job} asks something that only you know.",
    NotificationKind.APPLICATION_AWAITS_APPROVAL: (
        "Your application for {job} is ready: look it over and approve it."
    ),
    NotificationKind.APPLICATION_REMINDER: "Your application for {job} still waits for you.",
    NotificationKind.APPLICATION_EXPIRED: "Your application for {job} ran out of time and was not sent.",
    NotificationKind.APPLICATION_HELD_BY_VENDOR: (
        "The browser that sends your application for {job} waits for somebody to help it."
    ),
    NotificationKind.FOLLOW_UP_DUE: "You applied for {job} a while ago: ask how it stands?",
    NotificationKind.GHOSTED_PROPOSED: (
        "Nothing was heard of {job} for a long time. Do you want to note it as ghosted?"
    ),
}

_ABOUT_THE_ACCOUNT = {
    NotificationKind.ADZUNA_KEY_REFUSED: (
        "Adzuna refuses a key of yours, so it is used no more: bring another."
    ),
    NotificationKind.LOGIN_TOKEN_REUSED: (
        "A login of yours was ended, since one of its tokens was shown twice: somebody may have copied it. "
        "Log in again, and change your password if you do not know why."
    ),
    NotificationKind.NEW_LOGIN: (
        "Somebody logged in to your account with a device or browser that was not seen before. "
        "If it was not you, end that login and change your password."
    ),
    NotificationKind.PASSWORD_CHANGED: (
        "The password of your account was changed, and your other logins were ended. "
        "If it was not you, reset it now."
    ),
    NotificationKind.EMAIL_CHANGED: "The e-mail of your account was changed.",
    NotificationKind.SECOND_FACTOR_ENABLED: "A second factor was switched on for your account.",
    NotificationKind.SECOND_FACTOR_DISABLED: (
        "The second factor of your account was switched off: the password alone lets in."
    ),
    NotificationKind.API_KEY_CREATED: (
        "An API key was made for your account. If it was not you, revoke it and change your password."
    ),
    NotificationKind.EXPORT_READY: "The export of your data is ready to be downloaded.",
    NotificationKind.ERASURE_SCHEDULED: (
        "Your account is going to be erased. Until that begins you can undo it."
    ),
    NotificationKind.ERASURE_UNDONE: "The erasure of your account was undone: everything stays.",
}

WITHOUT_APPLICATION = frozenset({NotificationKind.STRONG_MATCHES, *_ABOUT_THE_ACCOUNT})
"""What is told of no application."""


def notifications_of(user_id: UUID) -> SelectOfScalar[Notification]:
    """Select the person's notifications, newest first."""
    return select(Notification).where(Notification.user_id == user_id).order_by(col(Notification.id).desc())
