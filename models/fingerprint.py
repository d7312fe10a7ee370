"""What counts as the same job: normal forms of titles and companies, and the keys made of them."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

SENIORITY = frozenset(
    {"junior", "jr", "senior", "sr", "lead", "principal", "staff", "head", "chief", "entry", "level", "mid"}
    | {"graduate", "trainee", "intern", "apprentice", "i", "ii", "iii", "iv", "experienced"}
    | {"confirme", "debutant", "berufseinsteiger"}
)
LEGAL_SUFFIXES = frozenset(
    {"ltd", "limited", "plc", "llc", "llp", "inc", "incorporated", "corp", "corporation", "co", "company"}
    | {"gmbh", "ag", "kg", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as", "oy"}
    | {"pty", "pte", "pvt", "sp", "zoo"}
)
CONTENT_HEAD = 200
MOST_REMEMBERED = 4096
"""How many companies and places are remembered: the same ones advertise again and again."""

_TRACKING = re.compile(
    r"utm_.*|gclid|fbclid|msclkid|mc_.*|ref|referr?er|source|src|se|v|sid|session.*|gh_src|lever-source.*",
    re.IGNORECASE,
)
"""Parameters of an address that say where somebody came from, not what is there."""

_DEFAULT_PORTS = {"http": 80, "https": 443}

_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")
_LAST_COMBINING = 0x1E94A
_COMBINING = dict.fromkeys(code for code in range(_LAST_COMBINING + 1) if unicodedata.combining(chr(code)))


def words_of(text: str) -> list[str]:
    """Return a text's words in lower case without accents; `C++` and `C#` keep their signs."""
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded).translate(_COMBINING)
    return _WORD.findall(folded)


def normal_title(title: str) -> str:
    """Return a title's words without those of seniority (all of them when nothing else is left)."""
    words = words_of(title)
    return " ".join([word for word in words if word not in SENIORITY] or words)


@lru_cache(MOST_REMEMBERED)
def normal_company(company: str | None) -> str:
    """Return a company's words without its legal suffix (all of them when nothing else is left)."""
    words = words_of(company or "")
    return " ".join([word for word in words if word not in LEGAL_SUFFIXES] or words)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def content_key(title: str, company: str | None, description: str) -> str:
    """Return a key that is equal for one ad placed in several towns: title, company, first 200 characters.

    The title's case and spaces and the company's legal suffix make no difference.
    """
    return _digest(" ".join(title.casefold().split()), normal_company(company), description[:CONTENT_HEAD])


@lru_cache(MOST_REMEMBERED)
def _normal_place(place: str) -> str:
    return " ".join(words_of(place))


def fingerprint(title: str, company: str | None, place: str, country: str, *, remote: bool) -> str:
    """Return a key that is equal for one job when applying: sibling jobs in other cities differ."""
    where = "remote" if remote else _normal_place(place)
    return _digest(normal_title(title), normal_company(company), where, country)


def canonical_url(url: str) -> str:
    """Return an address as it is equal for one page: no tracking, fragment, default port or last slash.

    What cannot be read as an address is returned as it is.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").removeprefix("www.")
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    query = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), urlencode(sorted(query)), ""))


def host_of(url: str) -> str | None:
    """Return the host of an address without `www.`, None where it has none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
