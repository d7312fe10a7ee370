"""Makes an advert's text plain: no markup, no entities, nothing invisible that could deceive.

Adverts are hostile text. What comes out is text and is to be escaped by whoever shows it.
"""

import html
import re
from functools import lru_cache

MOST_PASSES = 4
"""How often markup is looked for again in what removing it has left: `<scr<b>ipt>`."""

MOST_REMEMBERED = 8192
RAW_FACTOR = 8
"""Text is cut to so many times its limit before it is read, so that a huge advert costs little."""

_MARKUP = re.compile(r"<!--.*?-->|</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<![^<>]*>", re.DOTALL)
_INLINE = frozenset({"a", "abbr", "b", "em", "font", "i", "mark", "small", "span", "strong", "u"})
_SPACES = "\t\n\v\f\r\x85\xa0\u2028\u2029"
_DELETE = 0x7F
_CONTROLS_END = 0xA0

# soft hyphens, zero-width marks without a meaning in any script, and marks that turn the order of reading
_INVISIBLE = "\xad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_PLAIN: dict[int, str | None] = {
    **dict.fromkeys([*range(ord(" ")), *range(_DELETE, _CONTROLS_END)]),
    **dict.fromkeys(range(0xD800, 0xE000)),
    **dict.fromkeys(map(ord, _INVISIBLE)),
    **dict.fromkeys(map(ord, _SPACES), " "),
}


def plain(text: object, limit: int) -> str:
    """Return text without markup, entities and control characters, at most `limit` characters.

    Every script is kept. What is no string is an empty one.
    """
    if not isinstance(text, str):
        return ""
    if len(text) > limit * RAW_FACTOR:
        text = text[: limit * RAW_FACTOR]
    if "<" in text or "&" in text:
        text = _without_markup(html.unescape(_without_markup(text)))
    if not text.isprintable():
        text = text.translate(_PLAIN)
    return text.strip()[:limit].rstrip()


@lru_cache(MOST_REMEMBERED)
def _known(text: str, limit: int) -> str:
    return plain(text, limit)


def plain_name(text: object, limit: int) -> str:
    """Return what `plain` returns, sooner: for names of places, companies and the like, which come again."""
    return _known(text, limit) if type(text) is str and len(text) <= limit else plain(text, limit)


def _without_markup(text: str) -> str:
    for _ in range(MOST_PASSES):
        text, found = _MARKUP.subn(_gap, text)
        if not found:
            break
    return text


def _gap(match: re.Match[str]) -> str:
    """Return what takes a tag's place: nothing inside a line, a space where it parts two blocks."""
    name = match[1]
    return "" if name and name.lower() in _INLINE else " "


_HINTS = ("remot", "home", "wfh", "anywhere")
_GERMAN_HINTS = (*_HINTS, "mobil", "fernarb", "telearb")
_FRENCH_HINTS = (*_HINTS, "létravail", "lÉtravail", "lé-travail", "letravail", "le-travail", " distance")
_SPANISH_HINTS = (*_HINTS, "teletr", "a dist")
_DUTCH_HINTS = (*_HINTS, "thuisw", "telewe", "afstand")


def _as_bytes(hints: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(hint.encode() for hint in hints)


_HINTS_OF: dict[str, tuple[bytes, ...]] = {
    **dict.fromkeys(("at", "de"), _as_bytes(_GERMAN_HINTS)),
    **dict.fromkeys(("fr", "ca"), _as_bytes(_FRENCH_HINTS)),
    **dict.fromkeys(("es", "mx"), _as_bytes(_SPANISH_HINTS)),
    "be": _as_bytes((*_DUTCH_HINTS, *_FRENCH_HINTS)),
    "br": _as_bytes((*_HINTS, "teletr", " dist")),
    "ch": _as_bytes((*_GERMAN_HINTS, *_FRENCH_HINTS, "telela")),
    "it": _as_bytes((*_HINTS, "telela")),
    "nl": _as_bytes(_DUTCH_HINTS),
    "pl": _as_bytes((*_HINTS, "zdaln")),
}
"""Parts of what `_REMOTE` finds, one of which every find has, in lower case as far as ASCII goes."""

_OTHER_HINTS = _as_bytes(_HINTS)
_REMOTE = re.compile(
    r"""\b(?=[rwhmftldeizop1])(?<!\bno\s)(?<!\bnot\s)(?<!\bnon[-\s])(?<!\bnicht\s)(?<!\bpas\sde\s)
    (?:
        remote(?:ly)?(?![-\s](?:control|sens|site|area|location|communit|island|region|server|desktop|access
            |support|monitoring|procedure|hands|diagnos|village|part|clinic|station|camp|hospital|patient|interview)\w*)
        | (?:work|working)[-\s](?:from|at)[-\s]home | home[-\s]?based | wfh
        | home[-\s]?office | mobile[ns]?\sarbeit(?:en)? | fernarbeit | telearbeit
        | t[ée]l[ée][-\s]?travail\w* | travail\sà\sdistance
        | teletrabajo | trabajo\s(?:remoto|a\sdistancia) | teletrabalho | trabalho\s(?:remoto|à\sdistância)
        | telelavoro | lavoro\sda\sremoto | da\sremoto | (?:100\s?%\s|en\s|em\s|modalidad\s)remot[oa]
        | thuiswerken | thuiswerk | telewerk\w* | op\safstand\swerken
        | prac[ay]\szdaln\w+ | zdalnie
        | work\sfrom\sanywhere
    )\b""",
    re.VERBOSE,
)


def says_remote(title: str, description: str, country: str) -> bool:
    """Return whether an advert's words offer work from home, in English or a language of its country.

    A denial straight before the word ("not remote") and things that are merely far away ("remote sites")
    do not count.
    """
    text = f"{title}\n{description}"
    # the expression is slow and rarely matches, so searches of plain bytes decide whether it is worth asking
    raw = text.encode().lower()
    for hint in _HINTS_OF.get(country, _OTHER_HINTS):
        if hint in raw:
            return _REMOTE.search(text.lower()) is not None
    return False
