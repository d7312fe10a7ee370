"""From the titles that a person looks for to the words by which a new job finds them."""

from collections.abc import Iterable

from models.fingerprint import normal_title
from models.match.titles import languages_of, telling_words, titles_like

COMMON = frozenset(
    {"accountant", "administrator", "advisor", "agent", "analyst", "architect", "assistant", "associate"}
    | {"chef", "clerk", "consultant", "coordinator", "designer", "developer", "director", "driver"}
    | {"engineer", "engineering", "executive", "expert", "manager", "management", "nurse", "officer"}
    | {"operator", "operative", "planner", "programmer", "representative", "researcher", "sales"}
    | {"scientist", "service", "software", "specialist", "supervisor", "support", "teacher", "technician"}
    | {"worker", "berater", "entwickler", "entwicklerin", "ingenieur", "ingenieurin", "leiter", "mitarbeiter"}
    | {"mitarbeiterin", "techniker", "assistente", "consulente", "impiegato", "ingegnere", "tecnico"}
    | {"charge", "conseiller", "developpeur", "gestionnaire", "ingenieure", "responsable", "technicien"}
    | {"adviseur", "medewerker", "ontwikkelaar", "analista", "desarrollador", "desenvolvedor", "gerente"}
    | {"ingeniero", "specjalista", "inzynier", "kierownik", "programista", "pracownik"}
)
"""Words of very many titles: by them a job would be held against people who want something else."""


INTERESTS_MAX = 120
"""How many a person has at most: the own titles first, then others for the same work."""

Interest = tuple[str, str, list[str]]


def interests_of(titles: Iterable[str], countries: Iterable[str] | None = None) -> list[Interest]:
    """Return for each different title its normal form, the word it is found by, and all of its words.

    A job may be wanted when its title holds all the words. A job finds them by the one that the fewest other
    titles have: a word that is not common, and the longest such. Titles without a word are left out.
    With countries (none: the languages of the titles themselves) there are also the other titles for the same
    work in their languages, as far as no shorter one leads to the same jobs.
    """
    own = list(titles)
    found = {interest[0]: interest for interest in map(_interest, own) if interest is not None}
    if countries is not None:
        known = list(countries)
        languages = languages_of(known) if known else ()
        others = [like for title in own for like in titles_like(title, languages)]
        # of these no word of seniority is dropped: a tech lead is nothing that is only called "tech"
        read = (_found_by(" ".join(words), words) for like in others if (words := telling_words(like)))
        _add_others(found, read)
    return list(found.values())


def _add_others(found: dict[str, Interest], others: Iterable[Interest]) -> None:
    known = [frozenset(words) for _, _, words in found.values()]
    for interest in sorted(others, key=lambda each: len(each[2])):
        words = frozenset(interest[2])
        if len(found) < INTERESTS_MAX and not any(words >= each for each in known):
            found[interest[0]] = interest
            known.append(words)


def _interest(title: str) -> Interest | None:
    normal = normal_title(title)
    words = list(dict.fromkeys(normal.split()))
    return _found_by(normal, words) if words else None


def _found_by(title: str, words: list[str]) -> Interest:
    return title, max(words, key=_selectivity), words


def _selectivity(word: str) -> tuple[bool, int, str]:
    return word not in COMMON, len(word), word
