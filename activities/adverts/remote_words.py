"""The words by which ads offer work from home, in the languages of the countries that Adzuna serves.

Each language has an expression and hints: parts in lower case of what it finds, one of which every find has.
The expressions are slow and rarely match, so plain searches for the hints decide whether they are asked.
"""

from typing import NamedTuple


class RemoteWords(NamedTuple):
    """One language's expression (in `re.VERBOSE`) and its hints; `parted` says that spaces part its words."""

    pattern: str
    hints: tuple[str, ...]
    parted: bool = True


_FAR_AWAY = (
    r"control|sens|sites?\b|areas?\b|locations?\b|communit|islands?|regions?|servers?|desktop|access|support"
    r"|monitor|procedure|hands|diagnos|village|part|clinic|stations?\b|camps?\b|hospital|patient|interview"
    r"|onboarding|assist|maintenance|manage|operat|pilot|teams\b|users?\b|clients?\b|customers?\b|offices?\b"
    r"|device|host|system|network|rural|settlement|mine\b|mining|field|job\ssites?\b|issue|workforce"
    r"|learning|deposit|start\b|keyless|possib|hotels?\b|pubs?\b|lodge|highland|scottish|alaska|outback"
    r"|zugriff|zugang|wartung|einwahl|verbindung|unterstützung"
    r"|work(?:ing)?\s(?:tools?|solutions?|technolog|infrastructure)"
    r"|(?:and|or|&)[-\s](?:rural|regional|isolated|indigenous|harsh)"
)
"""What follows `remote` where something far away is meant, or something done from afar for others."""

_NO_HOME = "".join(
    rf"(?<!{word}\s)"
    for word in ("care", "nursing", "residential", "retirement", "funeral", "children's", "children\u2019s")
)
"""Behind these a home is a house that is worked in."""

ENGLISH = RemoteWords(
    rf"""
    remote(?:ly)?(?!(?:[-\s]|\s&\s)(?:{_FAR_AWAY}))
    | (?:work|working|works)[-\s](?:from|at)[-\s]home(?!\s(?:depot|instead|bargains|group|retailer))
    | work(?:ing)?\s(?:from|in)\s(?:the\scomfort\sof\s)?your\s(?:own\s)?home
      (?!\s(?:town|city|area|region|country))
    | work(?:ing)?[-\s]from[-\s]anywhere | wfh | {_NO_HOME}home[-\s]?working | telecommut\w+ | telework\w*
    | {_NO_HOME}home[-\s]?based(?!\s(?:care|support|therap|service|treatment|nurs|education|program))
    | (?:from|in)\s(?:a|the|their|your)\s(?:\w+\s)?home[-\s]office
    """,
    ("remot", "home", "wfh", "anywhere", "telecommut", "telework"),
)
GERMAN = RemoteWords(
    r"""
    home[-\s]?office\w* | mobile[mnrs]?\s(?:working|arbeit(?:en|s(?:form|tag|modell|möglichk|pl[aä]tz)\w*)?)\b
    | mobil(?:arbeit\w*|\sarbeiten)
    | remote[-\s]?(?:arbeit|tage?\b|anteil|möglichkeit|job)\w* | telearbeit\w* | fernarbeit\w*
    | von\szu\s?hause(?:\saus)?(?!\s(?:leb|wohn)) | ortsunabhängig\w*
    """,
    (
        *("homeoff", "home-off", "home off", "remote", "mobilarbeit", "mobil arb", "telearb", "fernarb"),
        *("ortsunab", "zu hause", "zuhause"),
        *(f"mobile{end} {word}" for end in ("", "m", "n", "r", "s") for word in ("arb", "work")),
    ),
)
FRENCH = RemoteWords(
    r"""
    t[ée]l[ée][-\s]?travail\w* | travail(?:ler|lez)?\s(?:\w+\s){0,2}à\sdistance
    | (?:100\s?%|poste|emploi|totalement|entièrement|full)\s(?:en\s|à\s)?(?:distanciel|distance(?!\s[dr]))
    | travaill(?:er|ez)\s(?:depuis|de|à\spartir\sde)\s(?:chez\s(?:soi|vous)|la\smaison|votre\sdomicile)
    """,
    (
        *("létravail", "letravail", "lé-travail", "lé travail", "le-travail", "à distance", "distanciel"),
        *("chez soi", "chez vous", "la maison", "votre domicile"),
    ),
)
_LEJOS = r"zonas|[aá]reas|lugares|comuni|regi|locali|control|acces|acess|soport|suport|equip|sitios"
"""Beginnings of words behind which `remoto` means far away, or done from afar for others."""

_BEFORE_REMOTO = r"100\s?%|full|en|em|modalidade?|h[íi]brid[oa]|puesto|posici[óo]n|vacante|empleo|vaga|modelo"
SPANISH = RemoteWords(
    rf"""
    teletrab\w+
    | trabaj\w+\s(?:(?!{_LEJOS})\w+\s){{0,2}}(?:remot[oa]\w*|a\sdistancia|desde\s(?:tu\s|su\s|la\s)?casa)
    | (?:{_BEFORE_REMOTO}|totalmente|formato)\s(?:en\s)?remot[oa] | (?<=[(\[|/\u2013-])\s?remot[oa]
    """,
    (
        *("teletrab", "remot", "a distancia"),
        *("desde casa", "desde tu casa", "desde su casa", "desde la casa"),
    ),
)
PORTUGUESE = RemoteWords(
    rf"""
    teletrab\w+ | trabalh\w+\s(?:(?!{_LEJOS})\w+\s){{0,2}}(?:remot[oa]\w*|à\sdistância|de\scasa)
    | (?:{_BEFORE_REMOTO}|regime|totalmente|formato)\sremot[oa] | (?<=[(\[|/\u2013-])\s?remot[oa]
    | home[-\s]?office
    """,
    ("teletrab", "remot", "à distância", "de casa", "home"),
)
ITALIAN = RemoteWords(
    r"""
    telelavor\w+ | smart[-\s]?working | lavor\w+\s(?:\w+\s){0,2}(?:a\sdistanza|da\scasa|da\sremoto)
    | (?:lavor\w+|modalità)\s(?:in\s)?(?:(?:modalità|regime|forma)\s)?agile
    | da\sremoto | home[-\s]?(?:office|working)
    """,
    ("telelavor", "smart", "agile", "a distanza", "da casa", "remoto", "home"),
)
DUTCH = RemoteWords(
    r"""
    thuis\s?(?:te\s)?werk\w* | telewerk\w* | home[-\s]?office
    | werken?\s(?:\w+\s)?(?:op\safstand|vanuit\shuis|van\sthuis(?:\suit)?|thuis(?!\sbij))
    | op\safstand\s(?:te\s)?werken
    """,
    ("thuis", "telewerk", "afstand", "vanuit huis", "home"),
)
POLISH = RemoteWords(
    r"""
    prac\w{1,3}\s(?:\w+\s){0,2}(?:zdaln\w+|z\sdomu) | zdaln\w{1,3}\sprac\w+ | teleprac\w+ | home[-\s]?office
    | (?:tryb|model|system|form)\w*\s(?:\w+\s)?zdaln\w+ | 100\s?%\szdaln\w*
    | zdalnie(?!\s(?:ster|zarz|obs[łl]|wspie))
    """,
    ("zdaln", "z domu", "teleprac", "home"),
)
HOME_OFFICE = RemoteWords(r"home[-\s]?office", ("home",))
"""Where it is never the seat of a company, nor a ministry."""

AFRIKAANS = RemoteWords(
    r"werk\s(?:van|vanaf|vanuit)\s(?:die\s|jou\s)?(?:huis|tuis)|tuiswerk\w*|afgeleë\swerk|afstandwerk\w*",
    ("huis", "tuis", "afgele", "afstandwerk"),
)
MALAY = RemoteWords(r"(?:be)?kerja\s(?:dari\srumah|jarak\sjauh)", ("rumah", "jarak"))
MAORI = RemoteWords(r"mahi\s(?:mai\si|i)\s(?:te\s)?k[āa]inga", ("inga",))
CHINESE = RemoteWords(r"(?:远程|遠程|遠端|居家|在家)(?:办公|辦公|工作)", ("程", "端", "家"), parted=False)
HINDI = RemoteWords(
    r"घर\sसे\sकाम|वर्क\sफ्र[ॉा]म\sहोम|रिमोट\s(?:वर्क|जॉब|काम)", ("घर", "वर्क", "रिमोट"), parted=False
)
TAMIL = RemoteWords(r"வீட்டி(?:லிருந்து|ல்\sஇருந்து)(?:யே|தே)?\sவேலை", ("வீட்டி",), parted=False)

LANGUAGES: dict[str, tuple[RemoteWords, ...]] = {
    "at": (ENGLISH, GERMAN),
    "au": (ENGLISH,),
    "be": (ENGLISH, DUTCH, FRENCH, GERMAN),
    "br": (ENGLISH, PORTUGUESE),
    "ca": (ENGLISH, FRENCH),
    "ch": (ENGLISH, GERMAN, FRENCH, ITALIAN),
    "de": (ENGLISH, GERMAN),
    "es": (ENGLISH, SPANISH, HOME_OFFICE),
    "fr": (ENGLISH, FRENCH, HOME_OFFICE),
    "gb": (ENGLISH,),
    "in": (ENGLISH, HINDI, TAMIL),
    "it": (ENGLISH, ITALIAN),
    "mx": (ENGLISH, SPANISH, HOME_OFFICE),
    "nl": (ENGLISH, DUTCH),
    "nz": (ENGLISH, MAORI),
    "pl": (ENGLISH, POLISH),
    "sg": (ENGLISH, CHINESE, MALAY, TAMIL),
    "us": (ENGLISH, SPANISH),
    "za": (ENGLISH, AFRIKAANS),
}
"""What ads of each country are written in."""

NEGATIONS = (
    r"no|not|non|never|without|unable|cannot|nicht|kein(?:e|en|er|erlei)?|ohne|pas|sans|aucune?"
    r"|sin|ning[uú]na?|sem|nenhuma?|n[ãa]o|nessuna?|senza|geen|niet|zonder|bez|nie|brak|nee|bukan|tiada"
)
AFTER_NEGATION = (
    r"a|an|any|be|being|is|are|for|to|the|of|open|able|eligible|suitable|offer(?:s|ed|ing)?|available|possible"
    r"|currently|fully|full|100\s?%|partially|hybrid|purely|work|working|permit(?:ted)?|allow(?:ed)?|done"
    r"|performed|position|role|job|opportunity|option|de|du|d|en|la|le|possibilité|possibilità|posibilidad|hay|ofrece|se"
    r"|oferece|há|ha|è|é|es|posible|possível|el|lo|il|previst[ao]|ouvert|éligible|possible|au|à|faire|du|proposons|proposé|oferujemy|możliwości|opcji|prac[ay]|die|der|möglichkeit"
    r"|möglichkeiten|auf|zu|zum|reines?|mogelijkheid|tot|om|te|voor|volledig|100"
)
"""Words that may stand between a denial and what it denies: `not open to fully remote`. Never `only`."""

REFUSALS = (
    r"(?:an\s)?option|eligible|possible|available|allowed|offered|permitted|considered|supported|möglich|erlaubt|vorgesehen|gestattet"
    r"|angeboten|possibile|previsto|disponible|posible|possível|disponível|mogelijk|możliw\w+|autorisé|proposé"
    r"|offert|prévu|envisageable"
)

EXCLUSIONS = (
    r"impossible|interdit|exclue?s?|ausgeschlossen|leider\snein|out\sof\sthe\squestion|prohibited|imposible"
    r"|impossível|impossibile|escluso|excluido|excluído|uitgesloten|onmogelijk|wykluczona|niemożliwa"
)
"""What refuses an offer without any word of denial."""
