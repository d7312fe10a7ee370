"""Words that claim something by themselves: skills, certificates, degrees, ranks, tongues, employers."""

_SKILLS = """
python java javascript typescript kotlin scala golang php perl cobol fortran matlab sas spss stata
haskell erlang elixir clojure solidity vba abap plsql sql nosql mysql postgresql postgres mongodb redis
cassandra dynamodb elasticsearch opensearch snowflake redshift bigquery databricks hadoop airflow dbt
kafka rabbitmq hive presto trino flink spark pyspark tableau looker qlik superset grafana prometheus
datadog splunk aws azure gcp openstack vmware kubernetes docker podman helm terraform ansible puppet
jenkins gitlab github bitbucket circleci argocd istio linux unix bash powershell nginx apache react
reactjs angular vue vuejs svelte nextjs node nodejs django fastapi rails laravel symfony dotnet hibernate
graphql grpc microservices serverless lambda html css sass webpack tensorflow pytorch keras sklearn
pandas numpy nlp llm etl statistics econometrics mlops devops devsecops sre cybersecurity cryptography
siem firewall networking vpn cisco agile scrum kanban waterfall prince2 itil kaizen pmp pmi logistics
procurement inventory warehousing forklift selenium cypress playwright junit pytest jira confluence asana
trello salesforce hubspot crm erp sap oracle netsuite workday servicenow dynamics zendesk marketo
mailchimp seo sem ppc copywriting branding figma sketch photoshop illustrator indesign premiere autocad
solidworks catia revit bim cad ux ui wireframing prototyping accounting bookkeeping payroll audit
auditing taxation gaap ifrs quickbooks xero budgeting forecasting valuation underwriting actuarial
compliance gdpr hipaa sox aml kyc blockchain ethereum fintech trading derivatives equities nursing
phlebotomy triage cpr bls acls surgery anaesthesia radiology pharmacology pharmacy physiotherapy
paediatrics oncology cardiology psychiatry psychotherapy dentistry midwifery caregiving welding carpentry
plumbing hvac machining cnc plc scada robotics mechatronics hydraulics embedded firmware fpga vhdl
verilog arduino iot thermodynamics biochemistry microbiology genomics bioinformatics chromatography
spectroscopy crispr pcr gis arcgis qgis surveying geology teaching tutoring curriculum translation
interpreting journalism editing proofreading transcription litigation conveyancing arbitration recruiting
recruitment onboarding cooking catering bartending barista hospitality housekeeping retail merchandising
negotiation mentoring coaching fundraising blender animation photography mapreduce informatica talend
ssis ssrs rust webassembly quantum ros opencv cuda openmp crypto web3 defi android ios swiftui flutter
xamarin
"""

_PHRASES = """
power bi|google cloud|windows server|spring boot|rest api|machine learning|deep learning|computer vision
natural language processing|generative ai|artificial intelligence|data science|data engineering
data analysis|data mining|data warehouse|data warehousing|data modelling|data modeling
business intelligence|a/b testing|reinforcement learning|site reliability|ci/cd|continuous integration
continuous delivery|penetration testing|six sigma|project management|product management
program management|programme management|change management|risk management|stakeholder management
supply chain|quality assurance|quality control|unit testing|test automation|google analytics|google ads
facebook ads|content marketing|email marketing|social media|market research|3d modelling|3d modeling
user experience|user research|financial modelling|financial modeling|financial analysis|first aid
electrical wiring|signal processing|remote sensing|contract law|talent acquisition|human resources
employee relations|customer service|public speaking|grant writing|event management|unreal engine
game design|video editing|objective-c|scikit-learn|tcp/ip|t-sql|team leadership|people management
line management|business development|account management|key account|technical writing
system administration|systems administration|database administration|software architecture
cloud architecture|solution architecture|security clearance|cum laude|with honours|with honors
first class|native speaker|mother tongue|business fluent|award winning|best in class|open source
peer reviewed|driving licence|driving license|drivers license|forklift licence|work permit|green card
distributed systems|operating systems|object oriented|functional programming|version control|big data
credit analysis|private equity|investment banking|venture capital|hedge fund|patient care|clinical trials
kotlin multiplatform|employee of the|of the year|of the month|top of my class|top of the class
top performer|top seller|first prize|runner up|dean list|grade average
"""

_CERTIFICATES = """
cissp cisa cism ceh oscp comptia ccna ccnp ccie mcse rhce rhcsa cka ckad cks togaf cpa cfa acca cima frm
csm pspo psm capm toefl ielts dalf delf testdaf shrm phr cipd leed nebosh iosh osha haccp tefl celta
certified certification certificate certificates chartered accredited licensed licenced licence license
patent patents patented
"""

_RANKS = """
ceo cto cfo coo cio ciso founder cofounder director principal vp president chairman chairwoman professor
lecturer supervisor foreman consultant architect attorney lawyer solicitor physician surgeon nurse
accountant actuary auditor veteran lieutenant captain sergeant colonel
"""

_DEGREES = """
bachelor bachelors doctorate doctoral phd mba bsc msc beng meng llb llm jd dphil mphil mres btech mtech
diploma diplom magister licence laurea ingénieur graduate graduated graduation postdoc postdoctoral
postgraduate undergraduate alumnus alumna valedictorian baccalaureate abitur
"""

_TONGUES = """
english german french spanish italian portuguese dutch polish russian ukrainian arabic mandarin chinese
cantonese japanese korean hindi urdu turkish greek hebrew swedish norwegian danish finnish czech
hungarian romanian bilingual trilingual multilingual fluent fluently deutsch englisch französisch
spanisch italienisch allemand anglais français espagnol italien inglés francés alemán español
"""

_EMPLOYERS = """
google amazon microsoft apple facebook netflix tesla spacex nasa ibm nvidia oracle salesforce uber airbnb
twitter linkedin spotify stripe paypal mckinsey bcg bain deloitte kpmg pwc accenture goldman jpmorgan
citigroup barclays hsbc siemens bosch bmw volkswagen daimler toyota boeing airbus openai anthropic
deepmind harvard stanford oxford cambridge yale princeton berkeley caltech
"""

_QUANTITIES = """
dozen dozens hundreds thousands millions billions half halved halving double doubled doubling triple
tripled tripling decade decades century quadruple quadrupled tenfold twice thrice twofold threefold majority
"""

_AMBIGUOUS = """
go r c swift rust spark excel word access express chef flask dart julia ruby unity hive pig sage ant
react node helm presto spring rails sketch blender premiere bash puppet salt
"""

AMBIGUOUS = frozenset(_AMBIGUOUS.split())
"""Names of tools that are also ordinary words: they count only with a capital letter."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SINGLE = _words("".join((_SKILLS, _CERTIFICATES, _RANKS, _DEGREES, _TONGUES, _EMPLOYERS, _QUANTITIES)))
"""Words that claim something wherever they stand."""

PHRASES = tuple(phrase for line in _PHRASES.strip().splitlines() for phrase in line.split("|"))
"""Rows of words that claim more than each of them does."""

DEGREE_LEVELS = {
    "bachelor": (r"bachelor(?:'?s)?|b\.?\s?sc|b\.?\s?a\.|b\.?\s?eng|b\.?tech|undergraduate degree|ll\.?b"),
    "master": (
        r"master'?s|masters|master (?:of|degree|in)|m\.?\s?sc|m\.?\s?a\.|m\.?\s?eng|mba|m\.?tech"
        r"|m\.?phil|ll\.?m"
    ),
    "doctor": r"ph\.?\s?d|d\.?phil|doctor(?:ate|al)|doctor of|postdoc\w*",
    "mba": r"mba|master of business administration",
}
"""How degrees of each level are written, as regular expressions over text in lower case."""

ENDINGS = "s es e ed d ing ly er ers r rs or ors ment ments ion ions ation ations al ally y ied ies"
"""What English adds to a word without making another claim of it."""

GREETINGS = """
i dear sir madam hiring manager team sincerely regards kind best yours faithfully truly hello hi thank you
warm mr mrs ms cv monday tuesday wednesday thursday friday saturday sunday
"""
"""Words that letters write with a capital."""

CREDENTIALS = """
experience experienced skill skills skilled expert expertise proficient proficiency background knowledge know
familiar familiarity certified trained specialist strength veteran professional fluent master mastered
qualified competent competence capable track gain gaining get getting hire find receive someone somebody
candidate person
"""
"""Words by which even a part of a letter that is about the employer is about what its writer can do."""

PAST = """
worked led managed built served interned employed tenure formerly previously previous former during colleague
joined spent was were had been since until ago years time
"""
"""Words by which a sentence of a letter may claim that its writer worked where they now apply."""
