"""Titles are of families, whatever their language, gender, level and noise; words alone make no family."""

import json
from pathlib import Path

import pytest

from models.enums import Seniority
from models.fingerprint import words_of
from models.match.signals import levels_in, years_asked
from models.match.titles import FAMILIES, NO_FAMILY, families_of, languages_of, named_in, nearness

RECORDED = Path(__file__).parents[3] / "shared" / "vendors" / "recorded" / "adzuna"
COUNTRIES = {"UK": "gb", "US": "us", "France": "fr"}


def heads_of(title: str, country: str) -> set[str]:
    """Return what a title says that somebody is."""
    return set(named_in(title, languages_of((country,))).heads)


@pytest.mark.parametrize(
    ("family", "titles"),
    [
        (
            "nurse",
            {
                "gb": ["RGN - Night Shift", "Staff Nurse (Band 5)", "Registered Nurses"],
                "de": [
                    "Gesundheits- und Krankenpfleger (m/w/d)",
                    "Pflegefachfrau/-mann",
                    "Krankenpfleger:in",
                ],
                "fr": ["Infirmier(e) diplômé(e) d'État", "Infirmière de bloc H/F"],
                "es": ["Enfermero/a de urgencias"],
                "it": ["Infermiere/a - RSA"],
                "nl": ["Wijkverpleegkundige"],
                "br": ["Enfermeira Obstétrica"],
                "pl": ["Pielęgniarka / Pielęgniarz"],
            },
        ),
        (
            "software_developer",
            {
                "us": ["Software Engineer II", "Sr. Java Developer - Remote"],
                "de": ["Softwareentwickler*in", "Senior Java-Entwickler/in"],
                "fr": ["Développeur(se) web H/F", "Ingénieur·e études et développement"],
                "es": ["Desarrollador/a de software"],
                "pl": ["Programistka Java (k/m)"],
            },
        ),
        (
            "forklift_driver",
            {"gb": ["FLT Driver"], "fr": ["Conducteur/trice de chariots élévateurs"], "it": ["Carrellista"]},
        ),
        ("accountant", {"fr": ["Comptable général"], "at": ["Bilanzbuchhalter/in"], "mx": ["Contadora"]}),
        ("chef", {"nl": ["Zelfstandig werkend kok", "Chef de Partie"], "es": ["Jefe/a de cocina"]}),
    ],
)
def test_a_family_has_titles_in_many_languages(family: str, titles: dict[str, list[str]]) -> None:
    found = {(title, country): heads_of(title, country) for country in titles for title in titles[country]}
    assert found == {key: {family} for key in found}


@pytest.mark.parametrize(
    ("title", "country", "heads"),
    [
        ("Nurse Recruiter", "gb", {"recruiter"}),
        ("Nursery Nurse", "gb", {"childcare_worker"}),
        ("Veterinary Nurse", "gb", {"veterinary_nurse"}),
        ("Account Manager", "gb", {"account_manager"}),
        ("Desarrollador de negocio", "es", {"business_developer"}),
        ("Chef de projet IT", "fr", {"project_manager"}),
        ("Chef de bureau", "nl", {NO_FAMILY}),
        ("Chef", "fr", {NO_FAMILY}),
        ("Chef", "gb", {"chef"}),
        ("Commercial Electrician", "au", {"electrician"}),
        ("Nurse/Midwife", "gb", {"nurse", "midwife"}),
        ("Recruitment Consultant - Nurses", "gb", {"recruiter"}),
        ("Chargée de recrutement infirmier", "fr", {"recruiter"}),
        ("Data Center Engineer", "de", set()),
    ],
)
def test_the_head_of_a_title_says_what_somebody_is(title: str, country: str, heads: set[str]) -> None:
    assert heads_of(title, country) == heads


def test_every_family_that_another_names_is_there_and_nearness_goes_both_ways() -> None:
    for name, family in FAMILIES.items():
        assert family.near <= FAMILIES.keys(), name
        assert family.wider is None or family.wider in FAMILIES
        assert all(0 < nearness(name, other) == nearness(other, name) < 1 for other in family.near), name
        assert nearness(name, name) == 1


def test_a_person_may_write_in_a_language_of_another_country() -> None:
    assert families_of("Krankenpflegerin", languages_of(("gb",))) == {"nurse"}
    assert families_of("Beekeeper", languages_of(("gb",))) == set()


@pytest.mark.parametrize(
    ("title", "levels"),
    [
        ("Senior Data Engineer", {Seniority.SENIOR}),
        ("Starszy Księgowy", {Seniority.SENIOR}),
        ("Stage Ufficio Vendite", {Seniority.INTERN}),
        ("Auszubildende zur Pflegefachfrau", {Seniority.INTERN}),
        ("Ingénieur confirmé", {Seniority.MID}),
        ("Desenvolvedor Júnior", {Seniority.JUNIOR}),
        ("Teamleitung Pflege", {Seniority.LEAD}),
        ("Data Entry Clerk", set()),
    ],
)
def test_levels_are_read_in_many_languages(title: str, levels: set[Seniority]) -> None:
    assert levels_in(words_of(title)) == levels


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("mindestens drei Jahre Berufserfahrung", 3),
        ("au moins deux ans d'expérience", 2),
        ("minimaal vier jaar ervaring", 4),
        ("minimum 2 lata doświadczenia", 2),
        ("experiencia mínima de cinco años", 5),
        ("esperienza di almeno 5 anni", 5),
        ("experience is welcome", None),
        ("for 80 years we have had experience", None),
    ],
)
def test_years_are_read_as_digits_and_as_words(text: str, years: int | None) -> None:
    assert years_asked(words_of(text)) == years


def _recorded() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(RECORDED.glob("*.json")):
        page = json.loads(file.read_text())
        for ad in page.get("results", []) if isinstance(page, dict) else []:
            country = COUNTRIES.get(next(iter(ad.get("location", {}).get("area", [])), ""))
            if country:
                title = ad["title"].replace("<strong>", "").replace("</strong>", "")
                found[str(ad["id"])] = (title, country)
    return found


@pytest.mark.skipif(not RECORDED.exists(), reason="recorded adverts lie beside the project")
def test_most_titles_of_recorded_adverts_are_of_a_family() -> None:
    recorded = _recorded()
    assert len(recorded) > 300
    known = sum(bool(heads_of(title, country)) for title, country in recorded.values())
    assert known / len(recorded) > 0.8
