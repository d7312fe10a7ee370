"""The names that ads use: titles, companies and places for typing help, and words for mending typos."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.base import text_enum
from models.enums import TermKind


class Term(SQLModel, table=True):
    """A title, company or place that so many jobs of a country name; places have the middle of their jobs."""

    __tablename__ = "term"
    __table_args__ = (
        Index("ix_term_typing", "kind", "normal", "country", postgresql_ops={"normal": "text_pattern_ops"}),
        Index("ix_term_typo", "normal", postgresql_using="gin", postgresql_ops={"normal": "gin_trgm_ops"}),
    )

    kind: TermKind = Field(primary_key=True, sa_type=text_enum(TermKind))
    country: str = Field(primary_key=True, max_length=2)
    normal: str = Field(primary_key=True, description="The words in lower case without accents.")
    shown: str
    jobs: int
    latitude: float | None = None
    longitude: float | None = None
    located: int = Field(default=0, description="How many of the jobs had coordinates.")


class TermWord(SQLModel, table=True):
    """A word of titles, companies or places, and how many jobs have it."""

    __tablename__ = "term_word"
    __table_args__ = (
        Index("ix_term_word_typo", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
    )

    word: str = Field(primary_key=True)
    jobs: int
