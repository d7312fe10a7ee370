"""What no model is told and no draft may speak of: pay, the right to work, demographics, contact data."""

import re

from models.yes_no import normal

_SENSITIVE = re.compile(
    r"\b(?:"
    # pay
    r"salar\w*|wages?|compensation|remunerat\w*|ctc|\w*gehalt\w*|lohn\w*|vergutung\w*|salaire|sueldo"
    r"|stipendio|ral"
    r"|salaris\w*|wynagrodzen\w*|zarobk\w*|bonus\w*"
    # the right to work, and what depends on it
    r"|visas?|visum|sponsor\w*|work permits?|right to work|(?:authori[sz]ed|eligible) to work"
    r"|work authori[sz]ation"
    r"|legally (?:authori[sz]ed|entitled|eligible)|citizen\w*|nationality|immigra\w*|green card|passport\w*"
    r"|arbeitserlaubnis|aufenthalt\w*|staatsangehorig\w*|nationalite|nacionalidad|cittadinanza|nationaliteit"
    r"|obywatelstw\w*|nacionalidade|permis de travail|permiso de trabajo"
    # demographics, health, belief, family
    r"|gender|sex|sexual\w*|transgender|pronouns?|race|racial\w*|ethnic\w*|hispanic|disab\w*|handicap\w*"
    r"|medical (?:condition|history|exam\w*|leave|record)s?|\w*behinder\w*|veterans?|geschlecht|sexe|genero"
    r"|religi\w*|church|muslim|christian|jewish|pregnan\w*|illness\w*"
    r"|diagnos\w*|vaccin\w*|health (?:condition|status|issue|problem)s?|marital|married"
    r"|spouse|children|birth\w*"
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
PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[\s().\-/]{0,2}\d){7,24}(?!\w)")
_YEARS = re.compile(r"(?:19|20)\d{2}[\s\-/.]+(?:19|20)\d{2}")

REDACTED = "[left out]"


def is_sensitive(text: str) -> bool:
    """Tell whether a text speaks of anything that is the person's alone to say."""
    return _SENSITIVE.search(_AGE_OF_THINGS.sub(" ", normal(text))) is not None


def has_contact(text: str) -> bool:
    """Tell whether a text holds an address of the web or of mail, or a phone number."""
    if EMAIL.search(text) or URL.search(text):
        return True
    return any(not _YEARS.fullmatch(found.group().strip()) for found in PHONE.finditer(text))


def redacted(text: str, private: frozenset[str]) -> str:
    """Return a text without sensitive lines, without contact data, and without the private words named."""
    lines = [line for line in text.splitlines() if not is_sensitive(line)]
    kept = "\n".join(lines)
    for pattern in (EMAIL, URL):
        kept = pattern.sub(REDACTED, kept)
    kept = PHONE.sub(
        lambda found: found.group() if _YEARS.fullmatch(found.group().strip()) else REDACTED, kept
    )
    for words in sorted(private, key=len, reverse=True):
        kept = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", REDACTED, kept)
    return kept
