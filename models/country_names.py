"""Countries as forms name them: spellings in several languages, each with its ISO code in lower case."""

import re
from functools import lru_cache

SPELLINGS: dict[str, str] = {
    "at": "austria, austrian, osterreich, autriche, oostenrijk, austrii",
    "au": "australia, australian, australien, australie, australii",
    "be": "belgium, belgian, belgien, belgique, belgica, belgio, belgie, belgii",
    "br": "brazil, brazilian, brasilien, bresil, brasil, brasile, brazilie, brazylii",
    "ca": "canada, canadian, kanada, kanadzie",
    "ch": "switzerland, swiss, schweiz, suisse, suiza, svizzera, zwitserland, szwajcarii, suica",
    "de": "germany, german, deutschland, allemagne, alemania, germania, duitsland, niemczech, alemanha",
    "es": "spain, spanish, spanien, espagne, espana, spagna, spanje, hiszpanii, espanha",
    "fr": "france, french, frankreich, francia, frankrijk, francji, franca",
    "gb": "united kingdom, the uk, uk, u k, gb, great britain, britain, british, england, scotland, wales,"
    " northern ireland, vereinigtes konigreich, vereinigten konigreich, grossbritannien, royaume uni,"
    " reino unido, regno unito, gran bretagna, verenigd koninkrijk, wielkiej brytanii",
    "in": "india, indian, indien, inde, indie, indiach",
    "it": "italy, italian, italien, italie, italia, wloszech",
    "mx": "mexico, mexican, mexiko, mexique, messico, meksyku",
    "nl": "netherlands, the netherlands, dutch, holland, niederlande, niederlanden, pays bas, paises bajos,"
    " paesi bassi, nederland, holandii, paises baixos, holanda",
    "nz": "new zealand, neuseeland, nouvelle zelande, nueva zelanda, nuova zelanda, nieuw zeeland",
    "pl": "poland, polish, polen, pologne, polonia, polsce, polska",
    "sg": "singapore, singaporean, singapur, singapour, singapurze",
    "us": "united states, united states of america, usa, u s a, u s, america, american, vereinigte staaten,"
    " vereinigten staaten, etats unis, estados unidos, stati uniti, verenigde staten, stanach zjednoczonych,"
    " new mexico",
    "za": "south africa, south african, sudafrika, afrique du sud, sudafrica, zuid afrika, africa do sul",
    "ae": "united arab emirates, uae, u a e, dubai, abu dhabi",
    "ar": "argentina, argentinien, argentine",
    "cl": "chile",
    "cn": "china, chinese",
    "co": "colombia",
    "cz": "czech republic, czechia, tschechien",
    "dk": "denmark, danish, danemark, dinamarca",
    "ee": "estonia",
    "eg": "egypt",
    "fi": "finland, finnish, finnland",
    "gr": "greece, greek",
    "hk": "hong kong",
    "hu": "hungary, hungarian",
    "id": "indonesia",
    "ie": "ireland, republic of ireland, irish, irland, irlande, irlanda, ierland",
    "il": "israel",
    "jp": "japan, japanese, japon",
    "ke": "kenya",
    "kr": "south korea, korea",
    "lt": "lithuania",
    "lu": "luxembourg, luxemburg",
    "lv": "latvia",
    "my": "malaysia",
    "ng": "nigeria",
    "no": "norway, norwegian, norwegen, norvege",
    "pe": "peru",
    "ph": "philippines, the philippines",
    "pk": "pakistan",
    "pt": "portugal, portuguese",
    "ro": "romania, romanian",
    "ru": "russia",
    "sa": "saudi arabia",
    "se": "sweden, swedish, schweden, suede, suecia",
    "th": "thailand",
    "tr": "turkey, turkiye, turkei",
    "tw": "taiwan",
    "ua": "ukraine",
    "vn": "vietnam",
    "eu": "european union, the eu, eu, e u, europe, european, europaische union, europaischen union, eea,"
    " e e a, eu eea, schengen, union europeenne, union europea, unione europea, europese unie,"
    " unii europejskiej",
    "latin america": "latin america, south america, central america, north america",
}
"""`eu` and the Americas are regions: named like a country, and nobody's country."""

_CODES = {
    spelling.strip(): code for code, spellings in SPELLINGS.items() for spelling in spellings.split(",")
}
_NAMES = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _CODES), key=len, reverse=True))})\b")
_US = re.compile(r"(?<![\w'\u2019])US(?![\w'\u2019])")


def countries_in(label: str, words: str) -> list[str]:
    """Return the codes of the countries that a label names, each once; `words` is its normal form.

    "US" counts only in capitals, and in a label that is not written in capitals altogether: "join us".
    """
    found = {_CODES[match] for match in _NAMES.findall(words)}
    if _US.search(label) and not label.isupper():
        found.add("us")
    return sorted(found)


@lru_cache(1)
def _pattern_for_removal() -> re.Pattern[str]:
    return re.compile(rf"{_NAMES.pattern}|\bus\b")


def without_countries(words: str) -> str:
    """Return a normal form without the countries that it names."""
    return " ".join(_pattern_for_removal().sub(" ", words).split())


def name_of(code: str) -> str:
    """Return a country's English name, or its code where we have none."""
    name = SPELLINGS.get(code, code).split(",")[0]
    return name.upper() if name == code else name.title()


def is_country_of(option: str, code: str) -> bool:
    """Tell whether an option's normal form is a name or the code of a country."""
    return option == code or _CODES.get(option.removeprefix("the ")) == code
