"""Rates by the generic cell rate algorithm: one row for each that is limited, in the shared database.

The row holds the theoretical arrival time (ITU-T I.371): when all that was let through will have been paid
off. Its key is a digest, so that no address and no e-mail stands here.
"""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import utc


class Rate(SQLModel, table=True):
    """How far one key has used up its rate."""

    __tablename__ = "rate"
    __table_args__ = (Index("ix_rate_paid_at", "paid_at"),)

    key: str = Field(primary_key=True)
    paid_at: datetime = Field(sa_type=utc())
