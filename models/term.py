"""The names that ads use: titles, companies and places for typing help, and words for mending typos."""

from datetime import datetime

from sqlalchemy import Column, Computed, Index, SmallInteger
from sqlmodel import Field, SQLModel

from models.base import text_enum, utc
from models.enums import TermKind
from models.fingerprint import words_of

COMMON_TITLE = 3
"""The jobs from which on a title is common: most titles stand for one job only."""

FREQUENT = 50
"""The jobs from which on a name is frequent."""

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


# names are found by a word that begins with what was typed, and a short text begins tens of thousands: so the
# few frequent ones are looked through first, then the common ones, and the rare ones, of which there are ten
# times as many, only where these do not suffice
TIER = f"CASE WHEN jobs >= {FREQUENT} THEN 2 WHEN jobs >= {COMMON_TITLE} OR kind <> 'title' THEN 1 ELSE 0 END"
_TERM = Term.metadata.tables["term"]
_TERM.append_column(Column("tier", SmallInteger, Computed(TIER, persisted=True)))
for _tier, _name in ((2, "frequent"), (1, "common")):
    Index(
        f"ix_term_{_name}",
        _TERM.c.normal,
        postgresql_using="gin",
        postgresql_ops={"normal": "gin_trgm_ops"},
        postgresql_where=f"tier >= {_tier}",
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
