"""What the fact check refuses in a tailored résumé: a table of changes to one."""

from collections.abc import Callable
from typing import Any

import pytest

from models.fact_check.check import Sources, unsupported_claims
from models.json_resume import JsonResume
from tests.models.resumes import ADA, ADA_TEXT

SOURCES = Sources(resume=ADA, texts=(ADA_TEXT,), names=("Example Ltd",), advert="Kubernetes at Example Ltd")
Change = Callable[[dict[str, Any]], object]


def changed(change: Change) -> JsonResume:
    """Return the résumé with one change."""
    document = ADA.model_dump(by_alias=True)
    change(document)
    return JsonResume.model_validate(document)


def work(**values: object) -> Change:
    return lambda document: document["work"][0].update(values)


INVENTED: dict[str, tuple[Change, str]] = {
    "employer": (lambda d: d["work"].append({"name": "Google", "startDate": "2010"}), "Google 2010"),
    "renamed employer": (work(name="Analytical Engines Group"), "Analytical Engines Group 2019-03"),
    "earlier start": (work(startDate="2017-03"), "Analytical Engines Ltd 2017-03"),
    "end that is left out": (lambda d: d["work"][1].update(endDate=None), "Difference Co 2015"),
    "twice the same": (lambda d: d["work"].append(d["work"][0]), "Analytical Engines Ltd 2019-03"),
    "promotion": (work(position="Head of Data"), "Head of Data"),
    "other place": (work(location="Zurich"), "Zurich"),
    "number": (work(highlights=["Cut costs by 60% with nightly Python jobs"]), "60%"),
    "number of another job": (work(highlights=["Served 1,200 users with Python"]), "1,200"),
    "moved highlight": (work(highlights=["Maintained the mill in Rust"]), "Maintained the mill in Rust"),
    "skill in a highlight": (work(highlights=["Cut costs by 30% with Kubernetes"]), "Kubernetes"),
    "employer in a highlight": (work(highlights=["Cut costs by 30% for Siemens"]), "Siemens"),
    "rank in a highlight": (work(highlights=["Led a team of 5 engineers as director"]), "director"),
    "skill": (lambda d: d["skills"].append({"name": "Kubernetes"}), "Kubernetes"),
    "keyword": (lambda d: d["skills"][0].update(keywords=["Django"]), "Django"),
    "level": (lambda d: d["skills"][0].update(level="expert"), "Python expert"),
    "skill that is a word": (lambda d: d["skills"].append({"name": "Go"}), "Go"),
    "degree": (lambda d: d["education"][0].update(studyType="MSc"), "MSc"),
    "subject": (lambda d: d["education"][0].update(area="Physics"), "Physics"),
    "institution": (lambda d: d["education"][0].update(institution="Oxford"), "Oxford 2012 2015"),
    "score": (lambda d: d["education"][0].update(score="First"), "First"),
    "course": (lambda d: d["education"][0].update(courses=["Topology"]), "Topology"),
    "certificate": (lambda d: d["certificates"].append({"name": "PMP"}), "PMP"),
    "issuer": (lambda d: d["certificates"][0].update(issuer="Apache"), "Apache"),
    "date of a certificate": (
        lambda d: d["certificates"][0].update(date="2023-04"),
        "Certified Kafka Developer 2023-04",
    ),
    "language": (lambda d: d["languages"].append({"language": "French"}), "French"),
    "fluency": (lambda d: d["languages"][0].update(fluency="mother tongue"), "English mother tongue"),
    "headline": (lambda d: d["basics"].update(label="Kubernetes Architect"), "Kubernetes Architect"),
    "summary": (lambda d: d["basics"].update(summary="Engineer with 12 years of experience."), "12 years"),
    "employer of the advert": (
        lambda d: d["basics"].update(summary="Engineer at Example Ltd."),
        "Example Ltd",
    ),
    "project": (lambda d: d["projects"].append({"name": "Note G"}), "Note G"),
    "award": (lambda d: d["awards"].append({"title": "Turing Award"}), "Turing Award"),
    "volunteering": (lambda d: d["volunteer"].append({"organization": "Red Cross"}), "Red Cross"),
    "publication": (lambda d: d["publications"].append({"name": "On Engines"}), "On Engines"),
    "interest": (lambda d: d["interests"].append({"name": "Sailing"}), "Sailing"),
}

HONEST: dict[str, Change] = {
    "nothing": work(),
    "reordered": lambda d: d["work"].reverse(),
    "left out": lambda d: d["work"].pop(0),
    "fewer highlights": work(highlights=["Led a team of 5 engineers"]),
    "other order of skills": lambda d: d["skills"].reverse(),
    "held position as headline": lambda d: d["basics"].update(label="Senior Engineer"),
    "rephrased": work(highlights=["Reduced costs by 30% through nightly jobs in Python"]),
    "spelled out": work(highlights=["Managed a team of five engineers"]),
    "rephrased summary": lambda d: d["basics"].update(
        summary="Data Engineer focused on building reliable pipelines with Python and SQL."
    ),
    "skills as keywords": lambda d: d.update(skills=[{"name": "Python", "keywords": ["Kafka", "SQL"]}]),
    "case and accents": work(name="ANALYTICAL ENGINES LTD", highlights=["Improved reports of the cafe"]),
    "less said": lambda d: d["education"][0].update(area=None),
}


@pytest.mark.parametrize(("change", "claim"), INVENTED.values(), ids=INVENTED)
def test_an_invention_is_named(change: Change, claim: str) -> None:
    assert claim in unsupported_claims(changed(change), SOURCES)


@pytest.mark.parametrize("change", HONEST.values(), ids=HONEST)
def test_an_honest_change_passes(change: Change) -> None:
    assert unsupported_claims(changed(change), SOURCES) == []
