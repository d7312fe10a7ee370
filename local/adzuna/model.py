"""An ad as the stand-in holds it: the document that it shows, and the words that a search looks at."""

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

CLASS = "Adzuna::API::Response::"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

Document = dict[str, Any]

_TAG = re.compile(r"</?[a-z]+>")
_WORD = re.compile(r"[\w+#]+")


@dataclass(frozen=True, slots=True)
class Ad:
    """One ad. `link` is the form of its address, or None for a recorded ad, which is shown as it stands.

    `document` has neither `adref` nor `redirect_url` where these are made for each request. `text` is title
    and description as folded words between spaces, `areas` the folded names of its places below the country.
    """

    document: Document
    created: datetime
    title: str
    text: str
    areas: tuple[str, ...]
    link: Literal["land", "details"] | None = None
    is_highlighted: bool = False

    @property
    def pay(self) -> float | None:
        """The middle of the salary's range, or None."""
        ends = [self.document[key] for key in ("salary_min", "salary_max") if key in self.document]
        return sum(ends) / len(ends) if ends else None


class Source(Protocol):
    """Where the ads of a country come from."""

    keeps_time: bool
    """Whether ads age with the clock; recorded ones do not."""

    def current(self, country: str) -> Sequence[Ad]:
        """Return what is advertised now; the same object as long as nothing has changed."""
        ...


def make_ad(
    document: Document, link: Literal["land", "details"] | None = None, is_highlighted: bool = False
) -> Ad:
    """Index a document for searching."""
    title = f" {' '.join(words(document['title']))} "
    return Ad(
        document=document,
        created=datetime.strptime(document["created"], TIME_FORMAT).replace(tzinfo=UTC),
        title=title,
        text=f"{title}{' '.join(words(document['description']))} ",
        areas=tuple(fold(area) for area in document["location"]["area"][1:]),
        link=link,
        is_highlighted=is_highlighted,
    )


def fold(text: str) -> str:
    """Lower the case and drop accents, markup and entities, as a search compares words."""
    plain = html.unescape(_TAG.sub("", text)).casefold()
    return "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """Split a text into folded words."""
    return _WORD.findall(fold(text))
