"""The words that a typeset document adds by itself, in the languages that jobs are advertised in."""

import re
import unicodedata
from dataclasses import dataclass

UNDETERMINED = "und"
"""ISO 639-2 for text whose language is not known."""

_RIGHT_TO_LEFT = {"AL": "ar", "R": "he"}


@dataclass(frozen=True)
class Headings:
    """The titles of a résumé's sections, and the word for the present."""

    summary: str
    work: str
    volunteer: str
    education: str
    skills: str
    languages: str
    projects: str
    certificates: str
    awards: str
    publications: str
    interests: str
    present: str


def _headings(line: str) -> Headings:
    return Headings(*(word.strip() for word in line.split("|")))


HEADINGS = {
    "en": _headings(
        "Summary|Experience|Volunteering|Education|Skills|Languages|Projects|Certificates|Awards"
        "|Publications|Interests|present"
    ),
    "de": _headings(
        "Profil|Berufserfahrung|Ehrenamt|Ausbildung|Kenntnisse|Sprachen|Projekte|Zertifikate|Auszeichnungen"
        "|Veröffentlichungen|Interessen|heute"
    ),
    "fr": _headings(
        "Profil|Expérience|Bénévolat|Formation|Compétences|Langues|Projets|Certifications|Distinctions"
        "|Publications|Centres d\u2019intérêt|aujourd\u2019hui"
    ),
    "es": _headings(
        "Perfil|Experiencia|Voluntariado|Formación|Competencias|Idiomas|Proyectos|Certificados|Premios"
        "|Publicaciones|Intereses|actualidad"
    ),
    "it": _headings(
        "Profilo|Esperienza|Volontariato|Formazione|Competenze|Lingue|Progetti|Certificati|Premi"
        "|Pubblicazioni|Interessi|oggi"
    ),
    "nl": _headings(
        "Profiel|Werkervaring|Vrijwilligerswerk|Opleiding|Vaardigheden|Talen|Projecten|Certificaten|Prijzen"
        "|Publicaties|Interesses|heden"
    ),
    "pt": _headings(
        "Perfil|Experiência|Voluntariado|Formação|Competências|Idiomas|Projetos|Certificados|Prêmios"
        "|Publicações|Interesses|atual"
    ),
    "pl": _headings(
        "Profil|Doświadczenie|Wolontariat|Wykształcenie|Umiejętności|Języki|Projekty|Certyfikaty|Nagrody"
        "|Publikacje|Zainteresowania|obecnie"
    ),
}

_FREQUENT = {
    "en": "the and of for with in to on from by at as an is was that my you your we our have has are this",
    "de": "und der die das mit für von im bei zur zum den des ein eine als auf ich wir ist war nicht sie",
    "fr": "et le la les des du de pour avec dans en au aux une un sur par je mon nous est vous dans",
    "es": "el la los las de del con para en por una un como al mi es que su yo más",
    "it": "il la gli le di del della con per in una un come nel mio che sono è",
    "nl": "en de het van voor met een in op bij als te aan door ik mijn is niet",
    "pt": "os as de do da com para em por uma um como no na que meu minha eu não",
    "pl": "na do dla od oraz przy jako się ze po jest mój nie że",
}
_FREQUENT_WORDS = {language: frozenset(words.split()) for language, words in _FREQUENT.items()}


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, `und` where it is none that we have words for."""
    script = _right_to_left(text)
    if script is not None:
        return script
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {
        language: sum(word in frequent for word in words) for language, frequent in _FREQUENT_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else UNDETERMINED


def _right_to_left(text: str) -> str | None:
    """Return a language that is written like most letters of a text, where that is from right to left."""
    classes = [unicodedata.bidirectional(char) for char in text if char.isalpha()]
    for name, language in _RIGHT_TO_LEFT.items():
        if classes.count(name) * 2 > len(classes):
            return language
    return None
