"""What no model is told and no draft may speak of: pay, the right to work, demographics, contact data."""

import re
import unicodedata
from collections.abc import Iterator

from models.yes_no import normal, words_in

_SENSITIVE = re.compile(
    r"\b(?:"
    # pay
    r"salar\w*|wages?|compensation|remunerat\w*|ctc|\w*gehalt\w*|lohn\w*|vergutung\w*|salaire|sueldo"
    r"|stipendio|ral"
    r"|salaris\w*|wynagrodzen\w*|zarobk\w*|bonus\w*|work(?:ing)? (?:for free|unpaid|without pay)"
    # the right to work, and what depends on it
    r"|visas?|visum|sponsor\w*|work permits?|right to work|(?:authori[sz]ed|eligible) to work"
    r"|work authori[sz]ation"
    r"|legally (?:authori[sz]ed|entitled|eligible)|citizen\w*|nationality|immigra\w*|green card|passport\w*"
    r"|arbeitserlaubnis|aufenthalt\w*|staatsangehorig\w*|nationalite|nacionalidad|cittadinanza|nationaliteit"
    r"|obywatelstw\w*|nacionalidade|permis de travail|permiso de trabajo"
    # demographics, health, belief, family
    r"|gender|sex|female|male|sexual\w*|transgender|pronouns?|race|racial\w*|ethnic\w*|hispanic|disab\w*|handicap\w*"
    r"|medical (?:condition|history|exam\w*|leave|record)s?|\w*behinder\w*|veterans?|geschlecht|sexe|genero"
    r"|religi\w*|church|muslim|christian|jewish|pregnan\w*|illness\w*"
    r"|diagnos\w*|vaccin\w*|health (?:condition|status|issue|problem)s?|marital|married"
    r"|spouse|children|birth\w*"
    r"|born|geboren|geb|nee? le|nacid[oa] (?:el|en)|nat[oa] (?:a|il)|urodzon[ya]"
    r"|geburts\w*|naissance|nacimiento|nascita|geboorte\w*|urodzen\w*|nascimento|familienstand|years old"
    r"|how old|age"
    # record, clearance, licences, identity, money
    r"|criminal\w*|convict\w*|felon\w*|misdemeanou?rs?|arrest\w*|vorbestraft|vorstrafe\w*|casier judiciaire"
    r"|antecedentes|background check|clearance|licen[cs]es?|fuhrerschein|permis de conduire|drug tests?"
    r"|social security|ssn|national insurance|tax (?:id|number)|steuernummer|steuer id|iban|bic"
    r"|bank (?:account|details|number|data)s?|bankverbindung|kontonummer|credit card|card number|password\w*"
    r"|passwort|mot de passe|contrasena|pin|maiden|mother|father|union|politic\w*"
    r")\b"
)
_AGE_OF_THINGS = re.compile(r"\b(?:age of|stone age|digital age|trade union|labou?r union|union all)\b")

# each begins only where a word begins and has bounds, so that no text takes them long
EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
URL = re.compile(
    r"(?i:https?://|www\.)\S+|(?<![\w.-])(?!(?i:asp|ado|vb)\.net\b)(?:[A-Za-z0-9-]{1,63}\.)+(?:com|org|net"
    r"|io|co|uk"
    r"|de|fr|it|es|nl|pl|eu|us|info|biz|ru|cn|xyz|me|ly|app|link|site|online|example)\b(?:/\S*)?"
)
PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:(?:[^\S\n]|[().\-/]){0,2}\d){7,24}(?!\w)")
_SPELT_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}\s?[\[(]\s?at\s?[\])]\s?[\w.-]{1,64}(?:\s?[\[(]\s?dot\s?[\])]\s?\w{1,63}){0,4}",
    re.IGNORECASE,
)
_SECRET = re.compile(r"(?<!\w)(?:sk|pk|rk|gh[pousr]|xox[abp])[-_][\w-]{16,200}")
_YEARS = re.compile(r"(?:19|20)\d{2}[\s\-/.]+(?:19|20)\d{2}")

# what is not seen and stands within words: soft hyphens, zero-width characters, marks of direction, tags
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_BESIDE_LABELS = words_in(
    "expected expectation expectations current desired annual date of place number details status identity"
    " your my the"
)
_NO_LABEL = re.compile(
    r"\b(?:(?:fe)?male|married|muslim|christian|jewish|hispanic|veteran|pregnant|licen[cs]es)\b"
)
"""What is an answer by itself, or a heading."""

REDACTED = "[left out]"


def is_sensitive(text: str) -> bool:
    """Tell whether a text speaks of anything that is the person's alone to say."""
    return _SENSITIVE.search(_readable(text)) is not None


def _readable(text: str) -> str:
    return _AGE_OF_THINGS.sub(" ", normal(_UNSEEN.sub("", text)))


def _is_label(line: str) -> bool:
    """Tell whether a sensitive line holds a label only, so that what it is about stands below it."""
    words = _readable(line)
    if line.rstrip().partition(":")[2] or _NO_LABEL.search(words):
        return False
    return not set(_SENSITIVE.sub(" ", words).split()) - _BESIDE_LABELS


def has_contact(text: str) -> bool:
    """Tell whether a text holds an address of the web or of mail, a phone number, or a secret key."""
    if any(pattern.search(text) for pattern in (EMAIL, _SPELT_EMAIL, URL, _SECRET)):
        return True
    return any(not _YEARS.fullmatch(found.group().strip()) for found in PHONE.finditer(text))


def redacted(text: str, private: frozenset[str]) -> str:
    """Return a text without sensitive lines, without contact data, and without the private words named.

    What is not seen is left out too: it could part words that are looked for.
    """
    kept = "\n".join(_harmless(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).splitlines()))
    for pattern in (EMAIL, _SPELT_EMAIL, URL, _SECRET):
        kept = pattern.sub(REDACTED, kept)
    for words in sorted(private, key=len, reverse=True):
        kept = _spelt(unicodedata.normalize("NFC", words)).sub(REDACTED, kept)
    return PHONE.sub(
        lambda found: found.group() if _YEARS.fullmatch(found.group().strip()) else REDACTED, kept
    )


def _harmless(lines: list[str]) -> Iterator[str]:
    """Yield the lines that are not sensitive, nor the value below a sensitive label."""
    is_below = False
    for line in lines:
        if is_sensitive(line):
            is_below = _is_label(line)
        elif not (is_below and line.strip()):
            yield line
        else:
            is_below = False


def _spelt(words: str) -> re.Pattern[str]:
    """Return what finds private words: in any case where they are several, else as written or in capitals.

    A name alone may be a word too (`Will`, `May`), which is none in small letters.
    """
    parts = words.split()
    found = r"\s+".join(re.escape(part) for part in parts)
    if len(parts) == 1 and words.isalpha():
        found = f"(?:{found}|{re.escape(words.upper())})"
        return re.compile(rf"(?<!\w){found}(?!\w)")
    return re.compile(rf"(?<!\w){found}(?!\w)", re.IGNORECASE)
