"""Countries written where a town or region is asked for: Adzuna finds nothing there, and says nothing."""

from models.country_names import SPELLINGS, name_of
from models.fingerprint import words_of

_OWN_NAMES = {
    "at": "Oesterreich, Republik Österreich",
    "be": "Belgïe",
    "ch": "Svizra, Helvetia, Confoederatio Helvetica, Schweizerische Eidgenossenschaft",
    "de": "Bundesrepublik Deutschland, Federal Republic of Germany",
    "es": "Espanya, Espainia, Reino de España",
    "fr": "République française",
    "gb": "Y Deyrnas Unedig, Prydain, Prydain Fawr, United Kingdom of Great Britain and Northern Ireland",
    "in": "Bharat, भारत, Hindustan",
    "it": "Repubblica Italiana",
    "mx": "Méjico, Estados Unidos Mexicanos",
    "nz": "Aotearoa, Aotearoa New Zealand",
    "pl": "Rzeczpospolita Polska",
    "sg": "Singapura, 新加坡, சிங்கப்பூர்",
    "us": "EEUU, EE UU, U.S. of A.",
    "za": "RSA, Republic of South Africa, Suid-Afrika, Ningizimu Afrika, Iningizimu Afrika, Mzantsi Afrika",
}
"""What the 19 countries are called in their own languages, beside what forms call them."""

_NO_COUNTRIES = frozenset(
    {"england", "scotland", "wales", "northern ireland", "new mexico", "dubai", "abu dhabi"}
    | {"austrian", "australian", "belgian", "brazilian", "canadian", "swiss", "german", "spanish", "french"}
    | {"british", "english", "indian", "italian", "mexican", "dutch", "polish", "singaporean", "american"}
    | {"south african", "chinese", "danish", "finnish", "greek", "hungarian", "irish", "norwegian"}
    | {"portuguese", "romanian", "swedish"}
)
"""Spellings that name a part of a country, in which there are jobs, or a people."""

_REGIONS = frozenset({"eu", "latin america"})
_ARTICLES = frozenset(
    {"the", "la", "le", "les", "l", "el", "il", "lo", "die", "der", "das", "de", "het", "o"}
)
_PLACES = frozenset({("br", "franca"), ("be", "luxembourg"), ("be", "luxemburg")})
"""Cities and provinces that are written as some other country is."""


def _normal(text: str) -> str:
    return " ".join(words_of(text))


_CODES = {
    normal: code
    for spellings in (SPELLINGS, _OWN_NAMES)
    for code, names in spellings.items()
    if code not in _REGIONS
    for normal in map(_normal, names.split(","))
    if normal not in _NO_COUNTRIES
}


def country_as_place(where: str, country: str) -> str | None:
    """Return the English name of the country that a place names; None where it names none.

    Codes of other countries than the one that is searched are read as places: `CA` is California, `BE` Bern.
    """
    words = words_of(where)
    without_article = words[1:] if len(words) > 1 and words[0] in _ARTICLES else words
    for normal in (" ".join(words), " ".join(without_article)):
        if normal == country or (normal in _CODES and (country, normal) not in _PLACES):
            return name_of(_CODES.get(normal, country))
    return None
