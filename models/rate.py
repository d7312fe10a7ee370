"""Rates by the generic cell rate algorithm: one row for each that is limited, in the shared database.

The row holds the theoretical arrival time (ITU-T I.371): when all that was let through will have been paid
off. Its key is a digest, so that no address and no e-mail stands here. The clock is the database's, and the
row's lock makes many at once one after the other, over however many processes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import utc

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

_TEXT = re.compile(r"([1-9]\d*)/([1-9]\d*)([smhd])", re.ASCII)

TAKE_SQL = """
WITH taken AS (
    INSERT INTO rate AS kept (key, paid_at)
    VALUES (%(key)s, clock_timestamp() + make_interval(secs => %(cost)s))
    ON CONFLICT (key) DO UPDATE
    SET paid_at = greatest(kept.paid_at, clock_timestamp()) + make_interval(secs => %(cost)s)
    WHERE kept.paid_at + make_interval(secs => %(cost)s)
        <= clock_timestamp() + make_interval(secs => %(period)s)
    RETURNING key
)
SELECT true AS taken, 0::double precision AS wait FROM taken
UNION ALL
SELECT false, extract(epoch FROM paid_at - clock_timestamp())::double precision + %(cost)s - %(period)s
FROM rate WHERE key = %(key)s AND NOT EXISTS (SELECT FROM taken)
"""
"""Take one, or take none and say for how many seconds there is none.

No row at all: none, and the limit was reached by others while this statement ran.
"""

GIVE_BACK_SQL = "UPDATE rate SET paid_at = paid_at - make_interval(secs => %(cost)s) WHERE key = %(key)s"
FORGIVE_SQL = "DELETE FROM rate WHERE key = %(key)s RETURNING key"


@dataclass(frozen=True)
class Allowance:
    """So many within so many seconds: all of them at once, or one each `cost` seconds."""

    count: int
    period: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `10/15m`, ten in fifteen minutes; ValueError for anything else."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no rate such as 10/15m")
        return cls(int(match[1]), float(int(match[2]) * SECONDS[match[3]]))

    @property
    def cost(self) -> float:
        """The seconds after which one that was taken is there again."""
        return self.period / self.count


class Rate(SQLModel, table=True):
    """How far one key has used up its rate."""

    __tablename__ = "rate"
    __table_args__ = (Index("ix_rate_paid_at", "paid_at"),)

    key: str = Field(primary_key=True)
    paid_at: datetime = Field(sa_type=utc())
