"""What narrows a topic: the country, the skill, the language or the unit that a label speaks of."""

import re

from models.answering_enums import Topic
from models.countries import COUNTRIES
from models.country_names import countries_in, without_countries
from models.enums import PayPeriod
from models.yes_no import words_in

SKILL_WORDS_MAX = 4
SCOPE_MAX = 80

_LANGUAGES: dict[str, str] = {
    "english": "english, englisch, anglais, ingles, inglese, engels, angielsk",
    "german": "german, deutsch, allemand, aleman, tedesco, duits, niemieck, alemao",
    "french": "french, franzosisch, francais, frances, francese, frans, francusk",
    "spanish": "spanish, spanisch, espagnol, espanol, castellano, spagnolo, spaans, hiszpansk, espanhol",
    "italian": "italian, italienisch, italien, italiano, italiaans, wlosk",
    "dutch": "dutch, niederlandisch, neerlandais, holandes, neerlandes, olandese, nederlands, niderlandzk",
    "polish": "polish, polnisch, polonais, polaco, polacco, pools, polsk, polones",
    "portuguese": "portuguese, portugiesisch, portugais, portugues, portoghese, portugees, portugalsk",
    "russian": "russian, russisch, russe, ruso, russo, rosyjsk",
    "ukrainian": "ukrainian, ukrainisch, ukrainien",
    "turkish": "turkish, turkisch, turc, turco",
    "arabic": "arabic, arabisch, arabe, arabo",
    "mandarin": "mandarin, chinese, chinesisch, chinois, chino, cinese",
    "japanese": "japanese, japanisch, japonais, japones, giapponese",
    "korean": "korean, koreanisch, coreen",
    "hindi": "hindi",
    "swedish": "swedish, schwedisch, suedois, sueco",
    "danish": "danish, danisch, danois",
    "norwegian": "norwegian, norwegisch, norvegien",
    "finnish": "finnish, finnisch, finnois",
    "czech": "czech, tschechisch, tcheque",
    "greek": "greek, griechisch, grec",
    "hebrew": "hebrew, hebraisch",
}
_LANGUAGE_OF = {name.strip(): code for code, names in _LANGUAGES.items() for name in names.split(",")}
_LANGUAGE = re.compile(
    rf"\b({'|'.join(sorted(_LANGUAGE_OF, key=len, reverse=True))})(?:\b|kenntnisse\b|niveau\b|i(?:ego|m)\b)"
)

_OWN_COUNTRY = re.compile(
    r"\b(?:your (?:\w+ )?(?:country|location|residence)|country of (?:residence|citizenship|origin)"
    r"|(?:where|country) you (?:currently )?(?:live|reside|are))\b"
)
_JOBS_COUNTRY = re.compile(
    r"\b(?:(?:the |this |that )?(?:country|location|jurisdiction|region|place|state)(?: or region)?"
    r"(?: (?:where|in which|that|for which|of|to which|you(?: are| re)? appl\w+) ?.*)?"
    r"|(?:where|in which) (?:the|this) (?:job|role|position) .*|here|dem land .*|diesem land|le pays .*"
    r"|ce pays"
    r"|el pais .*|este pais|il paese .*|questo paese|het land .*|dit land|kraju .*|tym kraju|o pais .*)$"
)
_WHERE = re.compile(
    r"\b(?:work(?:ing)?|employed|employment|authori[sz]ation|permit|arbeiten|arbeitserlaubnis"
    r"|arbeitsgenehmigung"
    r"|travailler|travail|trabajar|trabajo|lavorare|lavoro|werken|werkvergunning|pracy|trabalhar|trabalho"
    r"|sponsor\w*|status|residence)"
    r"(?: \w+){0,4}? (?:in|within|inside|im|en|au|aux|dans|nel|nella|w|we|na|em|no|nos|for|fur|pour|para"
    r"|per|dla) (.+)$"
)
_FILLER = words_in(
    "the a an der die das den dem la le les el los il lo de het o a os as in of for on full"
    " time part permanent basis"
    " lawfully legally currently now or future required please our us you any as visa status"
    " eg e g h 1b h1b ie i"
    " employment work working job role position company employer this that und oder yes no"
    " sponsorship immigration"
    " case s such as a the tn opt cpt etc to obtain maintain extend renew your with will need"
    " require do optional"
)

_YEARS_WITH = re.compile(
    r"\b(?:years?|jahre|annees?|anos|anni|jaar|lat) (?:of |d |de |di )?(?:\w+ )?"
    r"(?:experience|berufserfahrung|erfahrung|experiencia|esperienza|werkervaring|ervaring|doswiadczenia)"
    r"(?: (?:do you have|have you|you have|haben sie|hast du|avez vous|tiene|tienes|hai|heb je|posiadasz"
    r"|voce tem))?"
    r" (?:working |developing |programming )?(?:with|in|using|on|mit|im|avec|en|sur|dans|con|nel|met|z|ze|w"
    r"|com|em) (.+)$"
)
_YEARS_OF = re.compile(r"\byears? of (\w+[+#]*(?: \w+[+#]*)?) experience\b")
_YEARS_WORKED = re.compile(
    r"\bhow many years (?:have you|of) .{0,30}?\b(?:worked|used|using|work|programmed|coded) (?:with |in "
    r"|on )?(.+)$"
)
_SKILL_TAIL = re.compile(
    r" (?:do you have|have you|professionally|commercially|optional|required|experience|in total|haben sie"
    r"|hast du)$"
)
_NO_SKILL = words_in(
    "this similar relevant related your our the a an and or und oder et ou y o e og und of to same comparable"
    " total professional any following these that role field industry position capacity"
)
_JOINED = re.compile(r"[,/&;|]")

_DAYS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_DAYS_A_WEEK = re.compile(r"\b(\d|one|two|three|four|five)(?:\+)? (?:full |or more )?days?\b")

_PERIODS = (
    (PayPeriod.HOUR, re.compile(r"\b(?:hourly|(?:per|an|a) hour|stundenlohn|par heure|por hora)\b")),
    (PayPeriod.DAY, re.compile(r"\b(?:daily|day rate|(?:per|a) day|tagessatz|par jour|por dia)\b")),
    (
        PayPeriod.MONTH,
        re.compile(
            r"\b(?:monthly|(?:per|a) month|monatlich\w*|pro monat|monats\w+|par mois|mensuel\w*|mensual\w*"
            r"|al mes"
            r"|mensil\w*|maand\w*|miesieczn\w*|mensal)\b"
        ),
    ),
)
_CURRENCIES = frozenset(COUNTRIES.values()) | {"CZK", "DKK", "HUF", "JPY", "NOK", "RON", "SEK", "CNY", "AED"}
_CURRENCY = re.compile(rf"\b({'|'.join(sorted(_CURRENCIES))})\b")
_SIGNS = {"£": "GBP", "€": "EUR", "zł": "PLN"}

_FINER = {
    Topic.CRIMINAL_RECORD: re.compile(
        r"\b(?:felon\w+|misdemeanou?rs?|unspent|pending|charged|arrested|(?:last|past"
        r"|within) (?:\w+ ){1,3}years)\b"
    ),
    Topic.SECURITY_CLEARANCE: re.compile(
        r"\b(?:top secret|secret|ts|sci|sc|dv|nato|polygraph|level \w+|u\d)\b"
    ),
    Topic.BACKGROUND_CHECK: re.compile(r"\b(?:credit|financial|drug|driving|police)\b"),
}
_UNITS = (
    ("days", re.compile(r"\b(?:days|tage\w*|jours|dias|giorni|dagen|dni)\b")),
    ("weeks", re.compile(r"\b(?:weeks|wochen|semaines|semanas|settimane|weken|tygodni\w*)\b")),
    ("months", re.compile(r"\b(?:months|monat\w*|mois|meses|mesi|maanden|miesi\w+)\b")),
)


def country_scope(label: str, words: str, job_country: str) -> str:
    """Return the country that a question about the right to work is about, `words` its normal form.

    That is the country it names, else the job's; what it names and we do not know has a scope of its own,
    which no other country's answer fits.
    """
    named = countries_in(label, words)
    if named:
        return "+".join(named)
    if _OWN_COUNTRY.search(words):
        return "own country"
    where = _WHERE.search(words)
    if where is None or _JOBS_COUNTRY.search(where[1]):
        return job_country.lower()
    rest = [word for word in without_countries(where[1]).split() if word not in _FILLER]
    return " ".join(rest)[:SCOPE_MAX] if rest else job_country.lower()


def skill_scope(label: str, words: str) -> str | None:
    """Return the one skill whose years a question asks for, None where it is none or several."""
    found = _YEARS_WITH.search(words) or _YEARS_WORKED.search(words) or _YEARS_OF.search(words)
    if found is None:
        return None
    skill = found[1]
    while (shorter := _SKILL_TAIL.sub("", skill)) != skill:
        skill = shorter
    parts = skill.split()
    is_one = 0 < len(parts) <= SKILL_WORDS_MAX and not _NO_SKILL.intersection(parts)
    return skill[:SCOPE_MAX] if is_one and not _JOINED.search(label) else None


def languages_in(words: str) -> list[str]:
    """Return the languages that a normal form names, each once, by their English names."""
    return sorted({_LANGUAGE_OF[found] for found in _LANGUAGE.findall(words)})


def language_of(words: str) -> str:
    """Return the English name of a language in any of our spellings, or what it is called."""
    named = languages_in(words)
    return named[0] if len(named) == 1 else words


def days_scope(words: str) -> str | None:
    """Return for how many days a week a question asks somebody to come in, None where it does not say."""
    found = {_DAYS.get(number, number) for number in _DAYS_A_WEEK.findall(words)}
    return found.pop() if len(found) == 1 else None


def pay_scope(label: str, words: str, job_country: str) -> str:
    """Return the country of the pay that is asked for, with currency and period where they are unusual."""
    country = job_country.lower()
    period = next((period.value for period, pattern in _PERIODS if pattern.search(words)), "")
    named = set(_CURRENCY.findall(label)) | {code for sign, code in _SIGNS.items() if sign in label}
    unusual = sorted(named - {COUNTRIES.get(country, "")})
    return "/".join([country, *(code.lower() for code in unusual), *([period] if period else [])])


def finer_scope(topic: Topic, words: str) -> str:
    """Return what narrows a topic where an answer to one wording may be untrue of another: its own words."""
    if topic is Topic.HEALTH:
        return words[:SCOPE_MAX]
    pattern = _FINER.get(topic)
    return "" if pattern is None else " ".join(sorted(set(pattern.findall(words))))[:SCOPE_MAX]


def unit_of(words: str) -> str | None:
    """Return the one unit of time that a label names: days, weeks or months."""
    found = [unit for unit, pattern in _UNITS if pattern.search(words)]
    return found[0] if len(found) == 1 else None
