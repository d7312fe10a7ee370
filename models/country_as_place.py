"""Countries written where a town or region is asked for: Adzuna finds nothing there, and says nothing."""

import re

from models.country_names import SPELLINGS, name_of
from models.fingerprint import words_of

_OWN_NAMES = {
    "at": "Oesterreich, Republik Österreich",
    "be": "Belgïe",
    "ch": "Svizra, Helvetia, Confoederatio Helvetica, Schweizerische Eidgenossenschaft",
    "de": "BRD, Bundesrepublik Deutschland, Federal Republic of Germany",
    "es": "Espanya, Espainia, Reino de España",
    "fr": "République française",
    "gb": "Y Deyrnas Unedig, Prydain, Prydain Fawr, United Kingdom of Great Britain and Northern Ireland",
    "in": "Bharat, भारत, Hindustan",
    "it": "Repubblica Italiana",
    "mx": "Méjico, Estados Unidos Mexicanos",
    "nz": "Aotearoa, Aotearoa New Zealand",
    "pl": "Rzeczpospolita Polska",
    "sg": "Singapura, 新加坡, சிங்கப்பூர்",
    "us": "EEUU, EE UU, U.S. of A., US of A",
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
_WHOLE = frozenset(
    {
        "in",
        "all",
        "of",
        "across",
        "whole",
        "anywhere",
        "en",
        "toute",
        "toda",
        "todo",
        "tutta",
        "heel",
        "ganz",
        "cała",
        "republic",
    }
)
"""What is written before a country's name to say that all of it is meant."""

_CODES_OF_THREE = {
    "at": "aut",
    "au": "aus",
    "be": "bel",
    "br": "bra",
    "ca": "can",
    "ch": "che",
    "de": "deu",
    "es": "esp",
    "fr": "fra",
    "gb": "gbr",
    "in": "ind",
    "it": "ita",
    "mx": "mex",
    "nl": "nld",
    "nz": "nzl",
    "pl": "pol",
    "sg": "sgp",
    "us": "usa",
    "za": "zaf",
}
_CONTINENT = frozenset({"europe", "europa", "eu"})
_PARTS = re.compile(r"[,;/|()]")
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
    named = _named(words_of(where), country)
    if named is None:
        # the same country twice, or with its continent: `UK (United Kingdom)`, `Germany, Europe`
        parts = [words for part in _PARTS.split(where) if (words := words_of(part))]
        codes = {_named(words, country) for words in parts if " ".join(words) not in _CONTINENT}
        named = codes.pop() if len(codes) == 1 else None
    return name_of(named) if named is not None else None


def _named(words: list[str], country: str) -> str | None:
    """Return the code of the country that words name, and nothing beside it."""
    while True:
        normal = " ".join(words)
        if normal in {country, _CODES_OF_THREE.get(country, country)} or (
            normal in _CODES and (country, normal) not in _PLACES
        ):
            return _CODES.get(normal, country)
        if len(words) <= 1 or words[0] not in _ARTICLES | _WHOLE:
            return None
        words = words[1:]
