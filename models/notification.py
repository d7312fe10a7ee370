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
    """A notification as shown; `number` counts those of one kind about one application, such as reminders."""

    id: UUID
    kind: NotificationKind
    number: int
    application_id: UUID | None
    text: str
    created_at: datetime
    read_at: datetime | None


def sentence(kind: NotificationKind, title: str, company: str | None) -> str:
    """Return the words for a notification about the application to one job."""
    job = f"{title} at {company}" if company else title
    return {
        NotificationKind.APPLICATION_SUBMITTED: f"Your application for {job} was submitted.",
        NotificationKind.APPLICATION_FAILED: f"Your application for {job} could not be submitted.",
        NotificationKind.APPLICATION_UNKNOWN: (
            f"We could not see whether {job} got your application. Did it go through?"
        ),
        NotificationKind.APPLICATION_NEEDS_INPUT: f"The form for {job} asks something that only you know.",
        NotificationKind.APPLICATION_AWAITS_APPROVAL: (
            f"Your application for {job} is ready: look it over and approve it."
        ),
        NotificationKind.APPLICATION_REMINDER: f"Your application for {job} still waits for you.",
        NotificationKind.APPLICATION_EXPIRED: f"Your application for {job} ran out of time and was not sent.",
        NotificationKind.APPLICATION_HELD_BY_VENDOR: (
            f"The browser that sends your application for {job} waits for somebody to help it."
        ),
        NotificationKind.FOLLOW_UP_DUE: f"You applied for {job} a while ago: ask how it stands?",
        NotificationKind.GHOSTED_PROPOSED: (
            f"Nothing was heard of {job} for a long time. Do you want to note it as ghosted?"
        ),
    }[kind]


def notifications_of(user_id: UUID) -> SelectOfScalar[Notification]:
    """Select the person's notifications, newest first."""
    return select(Notification).where(Notification.user_id == user_id).order_by(col(Notification.id).desc())
