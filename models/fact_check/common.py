"""Ordinary words, which claim no fact: what a rephrasing may use freely."""

_SMALL = """
a about above across after again against all almost along already also although always am among an and
another any anybody anyone anything are aren around as at away back be became because become been before
began begin behind being below beneath beside between beyond both but by came can cannot could couldn did
didn do does doesn doing don done down during each either else ever every everybody everyone everything
except far few for from further get give given go goes going gone got had hadn has hasn have haven having
he hence her here hers him his how however i if in including indeed instead into is isn it its itself
just keep kept know known later latter least less let like likewise ll m made mainly make makes making
many may maybe me meanwhile might mine more moreover most mostly much must my myself namely near nearly
neither never nevertheless next no nobody none nor not nothing now nowhere of off often on once one only
onto or other others otherwise our ours ourselves out over own per perhaps please put quite rather re
really regarding s said same saw say see seem seen several shall she should shouldn since so some
somebody something sometimes soon still such t take taken tell than that the their them themselves then
there thereby therefore these they thing this those though through throughout thus to together too toward
towards under until up upon us use used useful using ve very via was wasn way we well went were weren
what whatever when where whereas whether which while who whole whom whose why will with within without
won would wouldn yes yet you your yours yourself dear sir madam hiring manager team sincerely regards
kind best yours faithfully truly cordially warm hello hi greetings thank thanks concern whom attention
january february march april may june july august september october november december monday tuesday
wednesday thursday friday saturday sunday cv
"""

_VERBS = """
react hear impress draw enjoy care rely
accelerate accept accompany accomplish achieve act adapt add address adjust administer adopt advance
advise advocate aim align allocate allow amplify analyse analyze answer anticipate apply appoint
appreciate approach approve arrange ask assemble assess assign assist assume attain attend attract
augment author automate avoid balance base benchmark benefit boost bring broaden build calculate call
care carry catch cause centralise centralize chair champion change charge check choose clarify clean
clear close cluster collaborate collect combine come commit communicate compare compile complete compose
conceive concentrate conclude conduct configure confirm connect consider consist consolidate construct
consult contact contribute control convert convey convince cooperate coordinate correct cover craft
create cultivate customise customize cut deal debug decide decline decrease dedicate deepen define
delegate deliver demonstrate deploy describe design detail detect determine develop devise diagnose
direct discover discuss display distribute diversify document draft draw drive earn ease edit educate
elevate eliminate embrace emphasise enable encourage engage engineer enhance enjoy enlarge enrich ensure
enter establish estimate evaluate evolve examine exceed excel excite execute expand expect expedite
experience experiment explain explore express extend extract face facilitate fill finalise finalize find
finish fit fix focus follow forge form formulate foster found free fulfil fulfill function fund gain
gather generate govern grow guarantee guide handle help hire hold host identify illustrate implement
improve include incorporate increase influence inform initiate innovate inspect inspire install institute
instruct integrate intend interact interest interview introduce invent investigate invest invite involve
isolate issue join justify keep launch lead learn lend leverage liaise lift limit listen locate look
lower maintain manage map master match maximise maximize mean measure meet mentor merge migrate minimise
minimize model moderate modernise modernize modify monitor motivate move navigate need negotiate note
notice nurture observe obtain occur offer open operate optimise optimize orchestrate order organise
organize originate outline overcome overhaul oversee own participate partner pass perform persuade phase
pick pilot pioneer place plan play position practise prepare present preserve prevent prioritise
prioritize process produce program project promote propose protect prove provide publish purchase pursue
qualify raise rank reach read realign realise realize rebuild receive recognise recognize recommend
reconcile record recover redesign reduce refactor refine refresh regulate reinforce relate release
relocate rely remain remove renew reorganise reorganize repair replace report represent request require
research reshape resolve respond restore restructure result retain retrieve return reveal review revise
revitalise revitalize reward rewrite run save scale schedule scope seek select send separate serve set
settle shape share shift ship shorten show simplify solve sort source speak spearhead specialise
specialize specify speed spend spot stabilise stabilize standardise standardize start steer step
stimulate stop store streamline strengthen strive structure study submit succeed suggest suit summarise
summarize supervise supply support surpass sustain synthesise synthesize tackle tailor target teach test
think thrive track train transfer transform translate travel treat troubleshoot try tune turn understand
undertake unify unite update upgrade uphold utilise utilize validate value verify view visit visualise
visualize want welcome widen win wish work write yield led built wrote won grew ran drove held gave took
brought found met kept cut set saw began chose spoke taught understood oversaw sought sent spent stood
thought told lost put paid rose shown driven grown written chosen overseen undertaken begun
"""

_NOUNS = """
mile percent certificate course fit scratch
ability access accountability accuracy action activity advantage advice agreement aim alignment amount
application approach area aspect assignment attention availability background backlog baseline basis
behaviour behavior benefit board body bottleneck boundary branch budget bug business buyer candidate
capability capacity care career case center centre challenge chance change channel choice circumstance
class client code collaboration colleague commitment communication community company competence complaint
complexity component concept concern condition confidence connection consistency consumer contact content
context contract contribution conversation core cost country course coverage craft creativity criteria
culture curiosity customer cycle data database day deadline deal decision decrease dedication defect
degree demand department dependency deployment depth description detail development difference difficulty
direction discipline discussion diversity document documentation domain downtime drive duty ease edge
effect effectiveness efficiency effort element employee employer end energy enthusiasm environment
equipment error evaluation evidence example excellence exchange expectation experience expert expertise
explanation extent eye facility fact failure family feature feedback field figure file finding firm fit
flow focus form foundation framework freedom friend front function future gap goal ground group growth
guest guidance guideline hand health home honesty hour idea impact implementation importance improvement
incident increase individual industry information infrastructure initiative input insight inspiration
instruction integrity intent interest interface interview investment issue item job journey judgement
judgment kind knowledge lab lack language latency launch layer leader leadership learning level life line
link list load location look loss maintenance management manner market material matter meaning measure
medium meeting member message method metric mind mission mix model module moment momentum month
motivation movement name nature need network note number objective obstacle office operation operator
opinion opportunity option order organisation organization outage outcome output overhead overview owner
ownership pace package page part participant partnership passion past path pattern peer people percentage
performance period person personality perspective phase piece pipeline place plan platform pleasure point
policy population portfolio position possibility post potential practice preparation presence present
presentation pressure principle priority problem procedure process product production productivity
professional professionalism profile profit progress project proof proposal prospect protection prototype
purpose quality quarter query question queue range rate reach reader reason record reduction reference
region relation relationship release reliability reply report reporting reputation request requirement
resilience resource respect response responsibility rest result resume résumé return revenue review right
risk roadmap role room root rule safety sale satisfaction saving scale scenario schedule scope script
section sector security segment sense sequence series service session set setting setup shape share side
sign site situation size skill society software solution source space spirit stability staff stage
stakeholder standard start state statement station status step stock storage store story strategy
strength stress structure style subject success suite supplier support surface sustainability system
table talent target task team teammate teamwork technique technology term test text theme theory thing
throughput ticket time timeline title tool top topic traffic training transaction transition trend
trouble trust turnaround turnover type understanding unit uptime usage user value variety vendor version
view vision visibility visitor voice volume warehouse way week willingness word work workflow workforce
workload workplace workshop world worth year computer engineer developer programmer machine web app
website mobile desktop cloud server report dashboard chart administrator analyst specialist assistant
coordinator operator intern apprentice generalist practitioner newsletter survey dataset code codebase
repository library script spreadsheet email phone call
"""

_QUALITIES = """
able accurate active adaptable additional adept agile ambitious analytical annual applicable appropriate
attentive available aware bad basic beneficial best better big bright broad busy calm capable careful
central certain challenging clean clear clever close collaborative comfortable commercial committed
common communicative compact comparable competent competitive complete complex comprehensive concise
conceptual confident conscientious consistent constant constructive convinced cooperative core correct
creative critical cross crucial curious current daily decisive dedicated deep demanding dependable
detailed different difficult digital diligent direct diverse driven dynamic eager early easy economical
effective efficient eligible empathetic end-to-end energetic engaged enjoyable entire entrepreneurial
equal essential ethical exact excellent exceptional excited exciting existing external extra extensive
fair familiar fast favourable final fine firm first flexible fluid forward frequent fresh friendly front
full fun functional fundamental future general genuine glad global goal good great group growing happy
hard hardworking healthy helpful high highly honest ideal impactful important impressed impressive
independent individual initial innovative inside intensive interested interesting internal international
intuitive involved joint keen key large last late lasting latest lean legacy like likely little live
local logical long loyal main major manual meaningful measurable methodical meticulous minimal minor
mission-critical modern motivated multiple mutual national natural neat necessary new nice notable
numerous objective old ongoing only open operational optimal organisational organised organized original
outstanding overall particular passionate patient perfect personal pleased positive possible powerful
practical precise present previous primary private proactive productive professional proficient
profitable prompt proper proud proven public purposeful quality quick ready real real-time reasonable
recent regular related relevant reliable remote repeatable required resilient resourceful respectful
responsible responsive rest rewarding rich right rigorous robust routine safe satisfied scalable seamless
second secure self senior sensitive serious shared sharp short significant similar simple single skilled
slow small smart smooth social solid special specific stable standard steady straightforward strategic
strong structured successful suitable supportive sure sustainable swift systematic tangible technical
thorough thoughtful timely top total tough transparent trusted trustworthy typical ultimate unique
upcoming urgent used useful user-friendly usual valuable varied various vast versatile vital warm weekly
welcoming wide willing wonderful worldwide young absolutely accordingly actively additionally afterwards
ahead alongside altogether approximately carefully certainly clearly closely collaboratively completely
consistently continuously currently directly effectively efficiently especially eventually exactly
finally firstly formerly fully furthermore generally greatly hands-on hereby honestly immediately
independently initially largely lately looking meticulously naturally notably particularly personally
precisely previously primarily proactively quickly rapidly readily recently regularly reliably securely
seamlessly significantly simply smoothly specifically strongly subsequently successfully thoroughly today
tomorrow typically ultimately usually widely
"""

_ELSEWHERE = """
und der die das mit für von im bei zur zum den des dem ein eine einen einer als auf ich mein meine meinen
meiner wir unser ihr ihre ihrem ihren sie es ist sind war habe haben hat wird werden nicht auch sowie
sehr geehrte geehrter damen herren freundlichen grüßen aus an am um nach über unter durch oder dass wie
so noch nur mich mir et le la les des du de pour avec dans en au aux une un sur par je mon ma mes nous
notre votre vos vous est suis ai a été que qui ce cette ces plus très madame monsieur cordialement y el
los las del con para en por una como al yo mi mis es soy he ha su sus que muy estimado estimada saludos e
il i gli della delle di da per nel mio mia sono ho ha che buongiorno saluti o os as do das dos em um uma
na no meu minha het een van voor met bij aan ik mijn w z na dla od oraz przy jako się
"""

COMMON = frozenset(" ".join((_SMALL, _VERBS, _NOUNS, _QUALITIES)).split())
"""English words in their base forms; see `is_common`."""

FUNCTION_WORDS = frozenset(_ELSEWHERE.split())
"""The small words of other languages."""

SMALL_WORDS = frozenset(_SMALL.split()) | FUNCTION_WORDS
"""Words that stand between others and say nothing by themselves."""

_ENDINGS = (
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("ed", ""),
    ("ed", "e"),
    ("ied", "y"),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
    ("ily", "y"),
    ("er", ""),
    ("er", "e"),
    ("r", ""),
    ("ers", ""),
    ("ers", "e"),
    ("rs", ""),
    ("est", ""),
    ("est", "e"),
    ("ness", ""),
    ("ment", ""),
    ("ments", ""),
    ("ion", ""),
    ("ion", "e"),
    ("ions", ""),
    ("ions", "e"),
    ("ation", "e"),
    ("ation", ""),
    ("ations", "e"),
    ("able", ""),
    ("able", "e"),
)
_PREFIXES = ("re", "co", "pre", "non", "un", "inter", "cross", "multi", "self", "over")
_BASE_MIN = 3


def is_common(word: str) -> bool:
    """Tell whether a word in lower case is an ordinary one, in any of its English forms."""
    if word in COMMON or word in FUNCTION_WORDS:
        return True
    if any(base in COMMON for base in _bases(word)):
        return True
    return any(
        word.startswith(prefix)
        and len(rest := word.removeprefix(prefix)) > _BASE_MIN
        and (rest in COMMON or any(base in COMMON for base in _bases(rest)))
        for prefix in _PREFIXES
    )


def _bases(word: str) -> list[str]:
    """Return what a word may be a form of; a consonant may have been doubled (planned)."""
    found = [
        word[: -len(ending)] + instead
        for ending, instead in _ENDINGS
        if word.endswith(ending) and len(word) - len(ending) >= _BASE_MIN
    ]
    doubled = [base[:-1] for base in found if len(base) > _BASE_MIN and base[-1] == base[-2]]
    return found + doubled
