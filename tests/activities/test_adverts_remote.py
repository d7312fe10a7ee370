"""Work from home is found in the languages of all countries, with its words, and not where it is denied."""

import time

import pytest

from activities.adverts.remote import REASON_MAX, remote_reason
from activities.adverts.remote_words import LANGUAGES
from models.countries import COUNTRIES

OFFERS = [
    ("gb", "This is a fully remote role", "fully remote"),
    ("gb", "REMOTE (UK based)", "REMOTE"),
    ("gb", "Work from home two days a week", "Work from home"),
    ("gb", "WFH possible", "WFH"),
    ("gb", "Hybrid remote, London HQ", "Hybrid remote"),
    ("gb", "Paris (3 days onsite, 2 days remote)", "2 days remote"),
    ("gb", "You will be home based with some travel", "home based"),
    ("gb", "Not only remote but flexible", "remote"),
    ("gb", "No office. Remote.", "Remote"),
    ("gb", "Homeworking available", "Homeworking"),
    ("us", "Telecommuting is fine; work from anywhere", "Telecommuting"),
    ("us", "Do this from your home office", "from your home office"),
    ("us", "Telework: Up to 2 days per week", "Telework: Up to 2 days per week"),
    ("gb", "Remote: no degree needed", "Remote"),
    ("us", "Teletrabajo disponible", "Teletrabajo"),
    ("au", "Work from the comfort of your own home", "Work from the comfort of your own home"),
    ("nz", "Mahi mai i te kāinga", "Mahi mai i te kāinga"),
    ("za", "Jy kan werk van die huis af", "werk van die huis"),
    ("in", "घर से काम करें", "घर से काम"),
    ("in", "வீட்டிலிருந்து வேலை செய்யலாம்", "வீட்டிலிருந்து வேலை"),
    ("sg", "可以居家办公", "居家办公"),
    ("sg", "Boleh bekerja dari rumah", "bekerja dari rumah"),
    ("fr", "Télétravail deux jours par semaine", "Télétravail"),
    ("fr", "Hybride (2 jours de télétravail par semaine)", "2 jours de télétravail"),
    ("fr", "TÉLÉTRAVAIL : 2 à 3 jours par semaine", "TÉLÉTRAVAIL : 2 à 3 jours par semaine"),
    ("fr", "Poste en full remote", "full remote"),
    ("ca", "Le travail à distance est encouragé", "travail à distance"),
    ("be", "Thuiswerken kan", "Thuiswerken"),
    ("be", "Du télétravail est possible", "télétravail"),
    ("ch", "Home-Office möglich", "Home-Office"),
    ("ch", "Lavoro in smart working", "smart working"),
    ("de", "Homeoffice und mobiles Arbeiten", "Homeoffice"),
    ("de", "Flexible Zeiten, mobiles Arbeiten", "mobiles Arbeiten"),
    ("de", "Arbeiten Sie von zu Hause aus", "von zu Hause aus"),
    ("de", "3 Tage Homeoffice", "3 Tage Homeoffice"),
    ("at", "Remotearbeit und Telearbeit", "Remotearbeit"),
    ("es", "Teletrabajo", "Teletrabajo"),
    ("es", "Trabajo 100% remoto", "100% remoto"),
    ("fr", "2 jours de home office", "2 jours de home office"),
    ("mx", "Home office", "Home office"),
    ("es", "Desarrollador (Remoto)", "Remoto"),
    ("mx", "Puesto remoto", "Puesto remoto"),
    ("mx", "Trabaja desde casa", "Trabaja desde casa"),
    ("br", "Trabalho remoto", "Trabalho remoto"),
    ("br", "Vaga home office", "home office"),
    ("br", "Regime de teletrabalho", "teletrabalho"),
    ("it", "Lavoro da remoto", "Lavoro da remoto"),
    ("it", "Possibilità di smart working", "smart working"),
    ("it", "Contratto di lavoro agile", "lavoro agile"),
    ("nl", "Thuiswerken mogelijk", "Thuiswerken"),
    ("nl", "Je kunt werken vanuit huis", "werken vanuit huis"),
    ("pl", "Praca zdalna", "Praca zdalna"),
    ("gb", "Operations manager remote", "remote"),
    ("gb", "Access control engineer remote", "remote"),
    ("gb", "Customer care remote", "remote"),
    ("gb", "Control rooms that you run, working remotely", "remotely"),
    ("de", "Mobiler Arbeitsplatz", "Mobiler Arbeitsplatz"),
    ("it", "Lavoro in modalità agile", "Lavoro in modalità agile"),
    ("pl", "Pracujesz w 100% zdalnie", "100% zdalnie"),
    ("pl", "Możliwość pracy w pełni zdalnej", "pracy w pełni zdalnej"),
]
DENIALS = [
    ("gb", "Not remote"),
    ("gb", "Non-remote position"),
    ("gb", "This is not a fully remote role"),
    ("gb", "We are unable to offer remote work"),
    ("gb", "Remote: No"),
    ("gb", "Remote: No Location: Leeds"),
    ("us", "Telework: None Basic requirements"),
    ("gb", "Remote work is not available"),
    ("gb", "The role can't be performed remotely"),
    ("us", "No work from home"),
    ("fr", "Pas de télétravail"),
    ("fr", "Poste sans télétravail"),
    ("fr", "Télétravail : non"),
    ("fr", "Le télétravail n'est pas possible"),
    ("ca", "Télétravail non disponible"),
    ("de", "Kein Homeoffice"),
    ("de", "Homeoffice ist leider nicht möglich"),
    ("de", "Keine Möglichkeit zum Homeoffice"),
    ("de", "Homeoffice: nein"),
    ("es", "Sin teletrabajo"),
    ("es", "No se ofrece teletrabajo"),
    ("mx", "Teletrabajo no disponible"),
    ("br", "Não oferece home office"),
    ("br", "Sem trabalho remoto"),
    ("it", "Non è previsto smart working"),
    ("nl", "Geen thuiswerk"),
    ("nl", "Thuiswerken is niet mogelijk"),
    ("pl", "Brak pracy zdalnej"),
    ("pl", "Nie oferujemy pracy zdalnej"),
    ("gb", "Remote working isn't possible"),
    ("gb", "You will not be able to work from home"),
    ("gb", "Remote work: not possible"),
    ("gb", "Remote is out of the question"),
    ("gb", "0 days remote"),
    ("us", "Telework eligible: No"),
    ("us", "Remote status: not remote"),
    ("fr", "Poste non éligible au télétravail"),
    ("fr", "Ce poste n'est pas ouvert au télétravail"),
    ("fr", "Télétravail impossible"),
    ("fr", "Télétravail exclu"),
    ("de", "Homeoffice ist bei dieser Stelle ausgeschlossen"),
    ("es", "No es posible el teletrabajo"),
    ("es", "El teletrabajo no es posible"),
    ("es", "0% teletrabajo"),
    ("br", "Não é home office"),
    ("it", "Non è previsto lo smart working"),
    ("pl", "Praca zdalna nie jest możliwa"),
]
ELSEWHERE = [
    ("gb", "Remote control of machines"),
    ("gb", "Travel to remote sites"),
    ("au", "Rural and remote communities"),
    ("au", "Remote and regional Australia"),
    ("gb", "Our care home in Leeds"),
    ("gb", "Home-based care for the elderly"),
    ("gb", "Licensed by the Home Office"),
    ("us", "Our home office in Ohio"),
    ("us", "Work at Home Depot"),
    ("gb", "A remote interview, then office"),
    ("gb", "The full interview process will be conducted remotely"),
    ("gb", "Promote remoteness"),
    ("gb", "Supporting remote users and devices"),
    ("es", "Control remoto de equipos"),
    ("it", "Assistenza da remoto ai clienti"),
    ("fr", "Vente à distance"),
    ("fr", "Aide à domicile"),
    ("nl", "Verzorgende in de thuiszorg"),
    ("pl", "Samochody zdalnie sterowane"),
    ("de", "Mobile Entwicklung"),
    ("gb", "Our care home based in Leeds"),
    ("gb", "Enjoy care home working with residents"),
    ("gb", "Working in your home town"),
    ("gb", "Chef for a remote hotel"),
    ("gb", "VPN and remote working solutions for users"),
    ("gb", "Diagnose faults remotely"),
    ("us", "Travel to remote job sites"),
    ("de", "Reparatur mobiler Arbeitsmaschinen"),
    ("de", "Mobile Arbeitsbühnen"),
    ("de", "Remote-Wartung unserer Anlagen"),
    ("de", "Pflege von zu Hause lebenden Menschen"),
    ("fr", "Poste à distance raisonnable du métro"),
    ("es", "Trabajo en zonas remotas"),
    ("br", "Trabalho com acesso remoto"),
    ("it", "Lavoro in team agile"),
    ("it", "Interventi da remoto"),
    ("nl", "Werken thuis bij de cliënt"),
]


@pytest.mark.parametrize(("country", "text", "reason"), OFFERS)
def test_an_offer_is_found_with_its_words(country: str, text: str, reason: str) -> None:
    assert remote_reason(text, "", country) == reason
    assert remote_reason("Engineer", f"About us. {text}. Apply.", country) == reason


@pytest.mark.parametrize(("country", "text"), DENIALS + ELSEWHERE)
def test_a_denial_and_what_is_meant_otherwise_are_no_offer(country: str, text: str) -> None:
    assert remote_reason(text, "", country) is None
    assert remote_reason("Engineer", f"About us. {text}. Apply.", country) is None


def test_a_denial_takes_back_one_offer_and_not_another() -> None:
    assert remote_reason("Remote engineer", "The interview is not remote.", "gb") == "Remote"
    assert remote_reason("Engineer", "Not remote at first. Later fully remote.", "gb") == "fully remote"


def test_a_denial_in_the_title_is_none_in_the_description() -> None:
    assert remote_reason("We say no", "Remote work for all", "gb") == "Remote"


@pytest.mark.parametrize("country", COUNTRIES)
def test_english_is_understood_everywhere_and_every_language_has_an_offer(country: str) -> None:
    assert remote_reason("Engineer (remote)", "", country) == "remote"
    offered = {text for code, text, _ in OFFERS if code == country}
    assert len(LANGUAGES[country]) == 1 or offered


def test_a_reason_is_short_and_one_line() -> None:
    long = remote_reason("Télétravail", "x", "fr")
    assert long == "Télétravail"
    reason = remote_reason("", f"travail {'a' * 40} {'b' * 40} à distance", "fr")
    assert reason is not None
    assert len(reason) <= REASON_MAX
    assert "\n" not in reason


@pytest.mark.parametrize(
    "piece",
    ["remote ", "not a remote ", "no to the of any ", "home office ", "1 day ", "interview ", "trabalho a "],
)
@pytest.mark.parametrize("country", ["gb", "de", "br", "ch"])
def test_no_text_takes_long(country: str, piece: str) -> None:
    began = time.process_time()
    remote_reason("remote interview", (piece * 5000)[:5000], country)
    assert time.process_time() - began < 0.5
