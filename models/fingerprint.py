"""What counts as the same job: normal forms of titles and companies, and the keys made of them."""

import hashlib
import re
import unicodedata

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
_WORD = re.compile(r"[^\W_]+(?:[+#]+)?")


def words_of(text: str) -> list[str]:
    """Return a text's words in lower case without accents; `C++` and `C#` keep their signs."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in folded if not unicodedata.combining(char)))


def normal_title(title: str) -> str:
    """Return a title's words without those of seniority (all of them when nothing else is left)."""
    words = words_of(title)
    return " ".join([word for word in words if word not in SENIORITY] or words)


def normal_company(company: str | None) -> str:
    """Return a company's words without its legal suffix (all of them when nothing else is left)."""
    words = words_of(company or "")
    return " ".join([word for word in words if word not in LEGAL_SUFFIXES] or words)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def content_key(title: str, company: str | None, description: str) -> str:
    """Return a key that is equal for one ad placed in several towns: title, company, first 200 characters."""
    return _digest(
        " ".join(words_of(title)), normal_company(company), " ".join(words_of(description[:CONTENT_HEAD]))
    )


def fingerprint(title: str, company: str | None, place: str, country: str, *, remote: bool) -> str:
    """Return a key that is equal for one job when applying: sibling jobs in other cities differ."""
    where = "remote" if remote else " ".join(words_of(place))
    return _digest(normal_title(title), normal_company(company), where, country)
