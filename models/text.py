"""What may stand in text that people send: PostgreSQL stores no NUL, and a line has no control character."""

import unicodedata

from pydantic import AfterValidator, SecretStr

CONTROL = "Cc"
NOT_IN_A_LINE = frozenset({CONTROL, "Zl", "Zp"})
"""The last two are Unicode's own line and paragraph separator."""

LINE_BREAKS = frozenset("\t\n\r")


def _one_line(text: str) -> str:
    if any(unicodedata.category(char) in NOT_IN_A_LINE for char in text):
        raise ValueError("must hold no control characters and no line breaks")
    return text


def _several_lines(text: str) -> str:
    if any(unicodedata.category(char) == CONTROL and char not in LINE_BREAKS for char in text):
        raise ValueError("must hold no control characters but tabs and line breaks")
    return text


def _encodable(secret: SecretStr) -> SecretStr:
    try:
        secret.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode") from None
    return secret


def _header_safe(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("must be printable ASCII without spaces")
    return secret


ONE_LINE = AfterValidator(_one_line)
SEVERAL_LINES = AfterValidator(_several_lines)
ENCODABLE = AfterValidator(_encodable)
"""For secrets, whose text pydantic does not look at."""

HEADER_SAFE = AfterValidator(_header_safe)
"""For keys that travel in an HTTP header."""
