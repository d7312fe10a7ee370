"""The names that ads use: titles, companies and places for typing help, and words for mending typos."""

from datetime import datetime

from sqlalchemy import Boolean, Column, Computed, Index
from sqlmodel import Field, SQLModel

from models.base import text_enum, utc
from models.enums import TermKind
from models.fingerprint import words_of

COMMON_TITLE = 3
"""The jobs from which on a title is common: most titles stand for one job only."""

# letters of the countries that Adzuna serves whose sign Unicode does not take apart from them
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


def term_words(text: str) -> list[str]:
    """Return a name's words as terms hold them: in lower case, without accents; `C++` keeps its signs."""
    return words_of(text.casefold().translate(_LETTERS))


def normal_term(text: str) -> str:
    """Return what is equal for one name however it is written: its words with a space between them."""
    return " ".join(term_words(text))


class Term(SQLModel, table=True):
    """A title, company or place that so many jobs of a country name; places have the middle of their jobs."""

    __tablename__ = "term"
    __table_args__ = (
        Index("ix_term_typing", "kind", "normal", "country", postgresql_ops={"normal": "text_pattern_ops"}),
        Index("ix_term_words", "normal", postgresql_using="gin", postgresql_ops={"normal": "gin_trgm_ops"}),
        # what is counted again and again keeps its place in the indexes
        {"postgresql_with": {"fillfactor": 80}},
    )

    kind: TermKind = Field(primary_key=True, sa_type=text_enum(TermKind))
    country: str = Field(primary_key=True, max_length=2)
    normal: str = Field(primary_key=True, description="The words in lower case without accents.")
    shown: str
    jobs: int
    latitude: float | None = None
    longitude: float | None = None
    located: int = Field(default=0, description="How many of the jobs had coordinates.")
    seen_at: datetime = Field(sa_type=utc(), description="When a job last brought it.")


_TERM = Term.metadata.tables["term"]
_TERM.append_column(
    Column("is_common", Boolean, Computed(f"jobs >= {COMMON_TITLE} OR kind <> 'title'", persisted=True))
)
# rare titles are ten times as many as common ones and seldom meant: they are looked through only where the
# common ones do not suffice
Index(
    "ix_term_common",
    _TERM.c.normal,
    postgresql_using="gin",
    postgresql_ops={"normal": "gin_trgm_ops"},
    postgresql_where="is_common",
)


class TermWord(SQLModel, table=True):
    """A word of titles, companies or places, and how many jobs have it."""

    __tablename__ = "term_word"
    __table_args__ = (
        Index("ix_term_word_typo", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
        {"postgresql_with": {"fillfactor": 80}},
    )

    word: str = Field(primary_key=True)
    jobs: int
    seen_at: datetime = Field(sa_type=utc(), description="When a job last brought it.")
