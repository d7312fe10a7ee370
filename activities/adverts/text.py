"""Makes an advert's text plain: no markup, no entities, nothing invisible that could deceive.

Adverts are hostile text. What comes out is text and is to be escaped by whoever shows it.
"""

import html
import re
import unicodedata
from functools import lru_cache

MOST_PASSES = 4
"""How often markup and entities are looked for again in what removing them has left: `<scr<b>ipt>`."""

MOST_REMEMBERED = 8192
RAW_FACTOR = 8
"""Text is cut to so many times its limit before it is read, so that a huge advert costs little."""

MARKS_A_LETTER = 4
"""No language stacks more accents on one letter; more of them cover the lines above and below."""

WORD_BACK = 40
"""How far back a cut looks for the end of a word."""

CLUSTER_BACK = 32
"""How far back a cut looks for the beginning of what is seen as one character."""

_BLOCKS = tuple(
    (re.compile(rf"{begin}.*?{end}", re.DOTALL | re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for begin, end in (
        (r"<script\b[^<>]*>", r"</script\s*>"),
        (r"<style\b[^<>]*>", r"</style\s*>"),
        (r"<!--", r"-->"),
    )
)
"""What is removed together with what is in it, and how each of it ends."""

_MARKUP = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[!?][^<>]*>")
_INLINE = frozenset({"a", "abbr", "b", "em", "font", "i", "mark", "small", "span", "strong", "u"})

_SPACES = "\t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u2800\u3164\uffa0" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""Spaces of every width, and letters that look like one."""

# soft hyphens, zero-width marks without a meaning in any script, and marks that turn the order of reading
_INVISIBLE = "\xad\u200b\ufeff\u202a\u202b\u202c\u202d\u202e"
_REMOVED = (
    *map(ord, _INVISIBLE),
    *range(ord(" ")),
    *range(0x7F, 0xA0),
    *range(0xD800, 0xE000),
    *range(0x2060, 0x2070),
    *range(0xFDD0, 0xFDF0),
    *range(0xFFF9, 0xFFFC),
    0xFFFE,
    0xFFFF,
    # letters that nobody sees but a model reads
    *range(0xE0000, 0xE0080),
)
_PLAIN: dict[int, str | None] = {**dict.fromkeys(_REMOVED), **dict.fromkeys(map(ord, _SPACES), " ")}

_JOINERS = "\u200c\u200d"
_VARIANTS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# joiners mean something in Arabic and Indic scripts and between emoji, and nothing behind a Latin letter
_ODD = re.compile(
    rf"(?:^|(?<=[\x00-\u05ff\u1e00-\u206f]))[{_JOINERS}]+|(?<=[{_JOINERS}])[{_JOINERS}]+"
    rf"|(?<=[{_VARIANTS}])[{_VARIANTS}]+|(?<=[\u0300-\u036f]{{{MARKS_A_LETTER}}})[\u0300-\u036f]+"
)
_MAYBE_ODD = re.compile(rf"[{_JOINERS}{_VARIANTS}\u0300-\u036f\u2800\u3164\uffa0]")
_EXTENDING = re.compile(rf"[{_JOINERS}{_VARIANTS}\U0001f3fb-\U0001f3ff]")
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def plain(text: object, limit: int) -> str:
    """Return text without markup, entities and control characters, at most `limit` characters.

    Every script is kept, composed as far as Unicode composes it (NFC). What is no string is an empty one.
    """
    if not isinstance(text, str):
        return ""
    if len(text) > limit * RAW_FACTOR:
        text = text[: limit * RAW_FACTOR]
    if "<" in text or "&" in text:
        text = _without_markup(text)
    text = _visible(text).strip()
    return text if len(text) <= limit else _cut(text, limit)


@lru_cache(MOST_REMEMBERED)
def _known(text: str, limit: int) -> str:
    return plain(text, limit)


def plain_name(text: object, limit: int) -> str:
    """Return what `plain` returns, sooner: for names of places, companies and the like, which come again."""
    return _known(text, limit) if type(text) is str and len(text) <= limit else plain(text, limit)


def _without_markup(text: str) -> str:
    for _ in range(MOST_PASSES):
        # an invisible character inside a tag would make it a tag again once it is removed
        less = html.unescape(_tagless(_visible(text)))
        if less == text:
            return text
        text = less
    return _tagless(_visible(text))


def _tagless(text: str) -> str:
    if "<" not in text:
        return text
    for block, end in _BLOCKS:
        # without an end behind it each beginning would be followed to the end of the text
        ends = [found.end() for found in end.finditer(text)]
        if ends:
            text = block.sub(" ", text[: ends[-1]]) + text[ends[-1] :]
    return _MARKUP.sub(_gap, text)


def _gap(match: re.Match[str]) -> str:
    """Return what takes a tag's place: nothing inside a line, a space where it parts two blocks."""
    name = match[1]
    return "" if name and name.lower() in _INLINE else " "


def _visible(text: str) -> str:
    """Return text without what nobody sees, except where a script needs it."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_PLAIN)
    is_odd = _MAYBE_ODD.search(text) is not None
    if is_odd or not text.isprintable():
        text = text.translate(_PLAIN)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _ODD.sub("", text) if is_odd else text


def _cut(text: str, limit: int) -> str:
    """Return the beginning of a text, to the end of a word or at least of what is seen as one character."""
    if text[limit] != " ":
        gap = text.rfind(" ", max(1, limit - WORD_BACK), limit)
        if gap > 0:
            return text[:gap].rstrip()
    end = limit
    while end > max(1, limit - CLUSTER_BACK) and _is_inside(text, end):
        end -= 1
    return text[:end].rstrip()


def _is_inside(text: str, end: int) -> bool:
    """Tell whether the character at `end` belongs to the one before it."""
    here, before = text[end], text[end - 1]
    if unicodedata.category(here).startswith("M") or _EXTENDING.match(here) or before in _JOINERS:
        return True
    if ord(here) in _FLAG_LETTERS:
        flags = 0
        while flags < end and ord(text[end - 1 - flags]) in _FLAG_LETTERS:
            flags += 1
        return flags % 2 == 1
    return False
