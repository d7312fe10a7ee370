"""What the fact check refuses and what it lets pass: tables of invented claims and of honest rephrasings."""

import time

import pytest

from models.fact_check.check import Sources, unsupported_claims
from models.json_resume import JsonResume
from tests.models.resumes import ADA, ADA_TEXT

ADVERT = (
    "Example Ltd is looking for a Platform Engineer with Kubernetes, Rust and welding experience. Our 500 "
    "colleagues build logistics software for hospitals in Manchester."
)
SOURCES = Sources(
    resume=ADA,
    texts=(ADA_TEXT, "SQL", "Python 8 years", "English native", "Bachelor of Science"),
    names=("Platform Engineer", "Example Ltd", "Manchester", "Ada Lovelace"),
    advert=ADVERT,
)

INVENTED = {
    "employer": ("At Google I built data pipelines.", "Google"),
    "employer first": ("Google taught me to work carefully.", "Google"),
    "small employer": ("I worked at google on pipelines.", "google"),
    "unknown employer": ("I spent two years at Initech Global.", "Initech Global"),
    "employer of a common word": ("I was an engineer at Target.", "Target"),
    "the employer applied to": ("I worked at Example Ltd as an engineer.", "Example Ltd"),
    "employer with a small word": ("I was with the Bank of America.", "Bank of America"),
    "employer in look-alike letters": ("I worked at G\u043e\u043egle.", "G\u043e\u043egle"),
    "employer with hidden characters": ("I worked at Goo\u200bgle.", "Google"),
    "institution": ("I studied at the University of Oxford.", "University of Oxford"),
    "institution of known words": ("I studied at Oxford University.", "Oxford University"),
    "higher degree": ("I hold a master's degree in Mathematics.", "master's"),
    "doctorate": ("My PhD gave me patience.", "PhD"),
    "degree in dots": ("I have an M.Sc. in Mathematics.", "m.sc"),
    "other subject": ("I have a BSc in Physics.", "Physics"),
    "percentage": ("I reduced costs by 45%.", "45%"),
    "known number as percentage": ("I raised sales by 5%.", "5%"),
    "known percentage as number": ("I led 30 engineers.", "30"),
    "spelled number": ("I led a team of twelve engineers.", "twelve"),
    "money": ("I saved $2 million a year.", "$2 million"),
    "known number as years": ("I have 5 years of experience.", "5 years"),
    "more years": ("I have ten years of experience with Python.", "ten years"),
    "decade": ("I have worked for over a decade in the field.", "decade"),
    "multiple": ("I doubled revenue.", "doubled"),
    "dozens": ("I coached dozens of colleagues.", "dozens"),
    "times": ("I made it 10x faster.", "10x"),
    "year": ("I have led teams since 2009.", "2009"),
    "month": ("I joined in June 2019.", "June 2019"),
    "numeric month": ("I joined in 06/2019.", "06/2019"),
    "arabic digits": ("I led \u0664\u0662 engineers.", "42"),
    "skill": ("I am proficient in Kubernetes.", "Kubernetes"),
    "small skill": ("I use kubernetes and terraform daily.", "terraform"),
    "skill of the advert": ("I have welding experience.", "welding"),
    "skill without a person": ("Kubernetes is second nature to me.", "Kubernetes"),
    "skill told to them": ("You would gain a Kubernetes specialist.", "Kubernetes"),
    "skill of several words": ("I know machine learning well.", "machine learning"),
    "tool that is a word": ("I write Rust and Go every day.", "Go"),
    "tool at the start": ("Excel is my daily tool.", "Excel"),
    "unheard-of skill": ("I am skilled in glassblowing.", "glassblowing"),
    "mixed letters and digits": ("I have run workloads on s3 for long.", "s3"),
    "certificate": ("I am PMP certified.", "PMP"),
    "certificate in words": ("I am a chartered engineer.", "chartered"),
    "rank": ("As a director I led the team.", "director"),
    "language": ("I am fluent in French.", "French"),
    "award": ("I received the Turing Award.", "Turing Award"),
    "link": ("See https://evil.example/login for my work.", "https://evil.example/login"),
    "mail address": ("Write to eve@evil.example now.", "eve@evil.example"),
    "known number of something else": ("My team of 1,200 engineers was the best.", "1,200 engineers"),
    "skill that is theirs and claimed": ("You will find my Kubernetes work useful.", "Kubernetes"),
    "skill brought to them": ("I bring glassblowing to your team.", "glassblowing"),
    "skill they gain": ("Your team would gain someone who knows Kubernetes.", "Kubernetes"),
    "tools in small letters": ("I am skilled in excel and word.", "excel"),
    "years at the employer applied to": ("During my years with Example Ltd I grew.", "Example Ltd"),
    "honour": ("I was employee of the year.", "of the year"),
    "half": ("I saved half the costs.", "half"),
    "clearance": ("I hold security clearance.", "security clearance"),
    "patents": ("I hold patents.", "patents"),
    "letters apart": ("G o o g l e employed me.", "G"),
    "another language again": ("Ich spreche Deutsch.", "Deutsch"),
    "another language": ("J'ai travaill\u00e9 comme soudeur.", "soudeur"),
    "another script": ("\u6211\u5728\u8c37\u6b4c\u5de5\u4f5c", "\u6211\u5728\u8c37\u6b4c\u5de5\u4f5c"),
    "cyrillic": (
        "\u0420\u0430\u0431\u043e\u0442\u0430\u043b \u0432 \u042f\u043d\u0434\u0435.",
        "\u042f\u043d\u0434\u0435",
    ),
}

HONEST = {
    "plain": "Dear Hiring Manager,\n\nI am applying for the position of Platform Engineer at Example Ltd.",
    "known skills": "I have worked with Python and SQL for years.",
    "known employer": "At Analytical Engines Ltd I led the data team.",
    "known employer in capitals": "At ANALYTICAL ENGINES LTD I led a team.",
    "known numbers": "There I cut costs by 30% and managed a team of 5 engineers.",
    "number in words": "I led a team of five engineers.",
    "percent in words": "I reduced costs by 30 percent.",
    "known month": "I joined Analytical Engines in March 2019.",
    "known month in digits": "I joined Analytical Engines in 03/2019.",
    "known years": "I bring 8 years of Python.",
    "known degree": "I hold a BSc in Mathematics from the University of London.",
    "degree written out": "I earned a bachelor's degree in Mathematics.",
    "known certificate": "I am a Certified Kafka Developer.",
    "plural": "I enjoy building data pipelines and a pipeline that lasts.",
    "inflected": "I am careful at engineering, automating and simplifying.",
    "their field": "I am excited by your work on logistics for hospitals in Manchester.",
    "their numbers of none": "Your mission impresses me, and I would welcome an interview.",
    "closing": "Thank you for your time.\n\nKind regards,\nAda Lovelace",
    "verb that is also a tool": "I go the extra mile, react quickly and express myself clearly.",
    "accents": "At Analytical Engines I improved caf\u00e9 reports.",
    "honest qualities": "I am a reliable, thoughtful colleague who communicates clearly and learns quickly.",
    "their technology": "I am excited by your Kubernetes platform.",
    "their field again": "What draws me to Example Ltd is software that hospitals rely on.",
    "what they need": "My work on pipelines would let me contribute to your logistics software quickly.",
    "their city": "I would be glad to work with your team in Manchester.",
    "certificate": "I hold the Certified Kafka Developer certificate from Confluent.",
    "two employers": (
        "Before Analytical Engines Ltd, I maintained the mill in Rust at Difference Co in Leeds, where I "
        "served 1,200 users."
    ),
    "verbatim": "Cut costs by 30% with nightly Python jobs",
}


@pytest.mark.parametrize(("text", "claim"), INVENTED.values(), ids=INVENTED)
def test_an_invented_claim_is_named(text: str, claim: str) -> None:
    assert claim.casefold() in {each.casefold() for each in unsupported_claims(text, SOURCES)}


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST)
def test_an_honest_rephrasing_passes(text: str) -> None:
    assert unsupported_claims(text, SOURCES) == []


def test_nothing_claims_nothing() -> None:
    assert unsupported_claims("", SOURCES) == []
    assert unsupported_claims(JsonResume(), SOURCES) == []


def test_without_sources_everything_is_refused() -> None:
    assert unsupported_claims("I know Python.", Sources()) == ["Python"]
    assert unsupported_claims(ADA, Sources())


def test_a_claim_is_named_once_and_short() -> None:
    claims = unsupported_claims(f"I know Kubernetes. I love Kubernetes. I use {'Kub' * 200}.", SOURCES)
    assert claims.count("Kubernetes") == 1
    assert max(map(len, claims)) <= 120


@pytest.mark.parametrize(
    "part",
    [
        "I led 12,3.4'5 Kubernetes-teams at Foo Bar of the and ",
        "1",
        "1,",
        "1 million ",
        "a",
        "A.",
        "\u0301a",
        "one ",
    ],
)
def test_a_hostile_text_is_read_in_time(part: str) -> None:
    text = part * (20_000 // len(part))
    start = time.perf_counter()
    assert len(unsupported_claims(text, SOURCES)) <= 50
    assert time.perf_counter() - start < 5
