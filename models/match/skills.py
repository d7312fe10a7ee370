"""A vocabulary of skills with their other spellings, and which of them a text names.

A name behind `~` is an ordinary word too: an advert names such a skill by its other spellings only, or where
it is one of the person's own.
"""

from collections.abc import Iterable
from functools import lru_cache

from models.fingerprint import words_of

_VOCABULARY = """
python; java; javascript = js, ecmascript; typescript; c++ = cpp; c# = csharp, c sharp
~go = golang, go lang; ~rust; ruby; php; scala; kotlin; ~swift; objective c; perl; matlab; vba
~bash = bash scripting, shell scripting; powershell; sql; postgresql = postgres, psql; mysql
oracle database = oracle db; sql server = mssql, t sql; mongodb; redis; elasticsearch; cassandra
snowflake; bigquery; redshift; databricks; dbt; ~spark = apache spark, pyspark; kafka = apache kafka
airflow = apache airflow; hadoop; etl = elt; power bi = powerbi; tableau; looker
~excel = ms excel, microsoft excel; pandas; numpy; pytorch; tensorflow; scikit learn = sklearn
machine learning = maschinelles lernen, apprentissage automatique; deep learning; nlp; computer vision
data modelling = data modeling; statistics = statistik, statistiques, statistica, estadistica
~react = reactjs, react js; angular = angularjs; vue = vuejs, vue js; svelte; nodejs = node js; django
~flask; fastapi; ~spring = spring boot, spring framework; ~net = dotnet, net core, net framework, asp net
laravel; symfony; ruby on rails = rails; html = html5; css = css3; graphql
~rest = rest api, rest apis, restful; grpc; microservices; android; ios; flutter
aws = amazon web services; azure = microsoft azure; gcp = google cloud; docker; kubernetes = k8s
terraform; ansible; jenkins; ci cd; git = github, gitlab; linux; devops; sre; ~networking; cybersecurity
agile; scrum; jira; kanban; prince2; pmp; project management = projektmanagement, gestion de projet; sap
salesforce; hubspot; ~dynamics = dynamics 365; servicenow; ~workday = workday hcm; netsuite; quickbooks
xero; datev; accounting = buchhaltung, comptabilite, contabilidad, contabilita
payroll = lohnabrechnung, paie; ifrs; gaap = us gaap; ~audit; ~tax = steuerrecht, fiscalite; budgeting
forecasting; financial modelling; autocad; solidworks; revit; catia; ~plc = plc programming, sps; cnc
welding = schweissen, soudure, saldatura; ~lean = lean manufacturing, lean management; six sigma
photoshop; illustrator; figma; indesign; adobe creative suite = creative cloud; ~sketch; ux; ui; seo; sem
google analytics; google ads = adwords; content marketing; copywriting; social media; crm; b2b
negotiation; cold calling; customer service = kundenservice, service client, servicio al cliente
forklift = staplerschein; haccp; first aid; nmc = nmc pin; phlebotomy; medication administration
care planning; safeguarding; ~sen
driving licence = driving license, fuhrerschein, permis b, rijbewijs, prawo jazdy; hgv = lkw
english = englisch, anglais, ingles, inglese, engels, angielski
german = deutsch, allemand, aleman, tedesco, duits, niemiecki
french = franzosisch, francais, frances, francese, frans, francuski
spanish = spanisch, espagnol, espanol, spagnolo, spaans; italian = italienisch, italien, italiano
dutch = niederlandisch, neerlandais, nederlands; polish = polnisch, polonais, polski
"""

WORDS_MAX = 4


def _read(text: str) -> tuple[dict[str, str], frozenset[str]]:
    names: dict[str, str] = {}
    ordinary: set[str] = set()
    for entry in filter(None, text.replace("\n", ";").split(";")):
        marked, _, others = (part.strip() for part in entry.partition("="))
        name = marked.removeprefix("~")
        names |= {spelling.strip(): name for spelling in (name, *others.split(",")) if spelling.strip()}
        if marked != name:
            ordinary.add(name)
    return names, frozenset(ordinary)


_CANONICAL, _ORDINARY = _read(_VOCABULARY)


@lru_cache(4096)
def canonical(skill: str) -> str:
    """Return a skill under the name that all its spellings share, or its normal words."""
    words = " ".join(words_of(skill))
    return _CANONICAL.get(words, words)


def skills_in(words: list[str]) -> frozenset[str]:
    """Return the skills of the vocabulary that a text's words name."""
    return frozenset(_named(words))


def _named(words: list[str]) -> Iterable[str]:
    for start in range(len(words)):
        for length in range(1, WORDS_MAX + 1):
            spelling = " ".join(words[start : start + length])
            if spelling in _CANONICAL and spelling not in _ORDINARY:
                yield _CANONICAL[spelling]
