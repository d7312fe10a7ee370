"""From the titles that a person looks for to the words by which a new job finds them."""

from collections.abc import Iterable

from models.fingerprint import normal_title

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


def interests_of(titles: Iterable[str]) -> list[tuple[str, str, list[str]]]:
    """Return for each different title its normal form, the word it is found by, and all of its words.

    A job may be wanted when its title holds all the words. A job finds them by the one that the fewest other
    titles have: a word that is not common, and the longest such. Titles without a word are left out.
    """
    found: dict[str, tuple[str, str, list[str]]] = {}
    for each in titles:
        title = normal_title(each)
        words = list(dict.fromkeys(title.split()))
        if words:
            found[title] = (title, max(words, key=_selectivity), words)
    return list(found.values())


def _selectivity(word: str) -> tuple[bool, int, str]:
    return word not in COMMON, len(word), word
