"""What may stand in a text that people send: PostgreSQL stores no NUL, and a line has no control characters."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

CONTROL = "Cc"
LINE_BREAKS = frozenset("\t\n\r")


def _one_line(text: str) -> str:
    if any(unicodedata.category(char) == CONTROL for char in text):
        raise ValueError("must hold no control characters")
    return text


def _several_lines(text: str) -> str:
    if any(unicodedata.category(char) == CONTROL and char not in LINE_BREAKS for char in text):
        raise ValueError("must hold no control characters but tabs and line breaks")
    return text


OneLine = Annotated[str, AfterValidator(_one_line)]
SeveralLines = Annotated[str, AfterValidator(_several_lines)]
