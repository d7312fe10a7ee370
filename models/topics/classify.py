"""What a form's question is about: its topic, and the country, skill or language that narrows it.

Only wordings that are known count. What may mean two things has no topic, and goes to the person.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.answering_enums import QuestionKind, Topic
from models.topics.names import EXACT, unpadded
from models.topics.rules import RULES
from models.topics.scopes import (
    country_scope,
    days_scope,
    finer_scope,
    languages_in,
    pay_scope,
    skill_scope,
    unit_of,
)
from models.topics.sets import DEMOGRAPHIC
from models.topics.signs import COMPOUND, CONDITIONAL, NEGATED
from models.yes_no import is_yes_no, normal, words_in

T, K = Topic, QuestionKind

LABEL_MAX = 1000
"""Characters; who asks at greater length asks more than one thing."""

_WRITTEN = frozenset({K.TEXT, K.TEXTAREA})
_CHOSEN = frozenset({K.SINGLE, K.MULTI, K.BOOLEAN})

YES_NO_TOPICS = frozenset(
    {T.WORK_AUTHORISATION, T.SPONSORSHIP, T.RELOCATION, T.ONSITE_DAYS_OK, T.AGE_18, T.REFERRAL, T.NON_COMPETE}
    | {T.PREVIOUSLY_EMPLOYED_HERE, T.SECURITY_CLEARANCE, T.DRIVERS_LICENCE, T.BACKGROUND_CHECK}
    | {T.CRIMINAL_RECORD, T.HEALTH, T.VETERAN, T.DISABILITY, T.RACE, T.CONSENT}
)
"""Topics that a yes or a no can answer."""

_FREE = frozenset({T.WHY_COMPANY, T.WHY_ROLE, T.HARDEST_PROBLEM, T.ADDITIONAL_INFO})
_LINK_WORDS = words_in(
    "profile profil perfil profilo page url link links account website site address adresse"
    " to or and username"
    " seite personal web profiel lien enlace"
)
_LINKS = (
    (T.LINKEDIN, frozenset({"linkedin", "linked"})),
    (T.GITHUB, frozenset({"github"})),
    (T.PORTFOLIO, frozenset({"portfolio", "website", "homepage", "webseite", "blog"})),
)
_LETTER = re.compile(
    r"\b(?:cover(?:ing)? letter|coverletter|motivation(?:al)? letter|letter of motivation|anschreiben"
    r"|motivationsschreiben|bewerbungsschreiben|lettre de motivation|carta de (?:presentacion|motivacion"
    r"|apresentacao)"
    r"|lettera di (?:presentazione|motivazione)|motivatiebrief|list motywacyjny)\b"
)
_RESUME = re.compile(r"\b(?:resume|cv|curriculum|lebenslauf|zyciorys|curriculo)\b")
_PHOTO = re.compile(r"\b(?:photo\w*|headshot|bewerbungsfoto|lichtbild|foto\w*|portrait|selfie)\b")
_ASKS = re.compile(
    r"(?:(?:please )?(?:confirm|indicate|state) )?(?:are|do|does|did|have|has|will|would|can|could|is|were"
    r"|may"
    r"|sind|haben|hast|bist|konnen|kannst|benotigen|durfen|besitzen|etes|avez|pouvez|possedez|tiene|tienes"
    r"|esta"
    r"|puede|necesita|necesitas|hai|ha|sei|e|possiedi|bent|heb|heeft|mag|kunt|czy|voce|tem|esta|possui)\b"
)
_AGREES = re.compile(
    r"\b(?:agree|accept|consent|acknowledge|read|confirm|authori[sz]e|einverstanden|stimme|akzeptiere|gelesen"
    r"|accepte|consens|acepto|consiento|he leido|accetto|acconsento|presto il consenso|akkoord|ga akkoord"
    r"|toestemming"
    r"|zgod\w+|wyrazam|zapozna\w+|aceito|concordo|autorizo)\w*\b"
)
_PRIVACY = re.compile(
    r"\b(?:privacy|data protection|datenschutz\w*|donnees (?:a caractere )?personnel\w*|confidentialite"
    r"|rgpd|gdpr|dsgvo"
    r"|proteccion de datos|privacidad|datos personales|dati personali|privacyverklaring|privacybeleid"
    r"|persoonsgegevens|rodo|danych osobowych|dados pessoais|privacidade)\b"
)
_MORE_THAN_PRIVACY = re.compile(
    r"\b(?:marketing|newsletters?|talent (?:pool|community|network)|third part\w+|shar(?:e|ed|ing)|sell|sms"
    r"|whatsapp"
    r"|text messages?|future (?:opportunit|vacanc|job|position|role)\w*|terms|arbitration|waive|certify"
    r"|background"
    r"|salary|criminal|medical|biometric\w*|ai|artificial|record\w*|weitergabe|dritte|talentpool|prospection"
    r"|terceros|terzi|derden|przyszl\w+|terceiros)\b"
)
_TOTAL_YEARS = re.compile(
    r"(?:how many )?(?:total )?years (?:of )?(?:(?:professional|work|working|overall|total) )*experience"
    r"(?: do you have| in total)?(?: total)?$|(?:wie viele )?jahre berufserfahrung(?: haben sie)?$"
)
_LANGUAGE_LEVEL = re.compile(
    r"\b(?:level|proficien\w+|fluen\w+|knowledge|command|how well|\w+kenntnisse|sprachniveau|niveau|nivel"
    r"|livello"
    r"|conoscenza|poziom|znajomosc\w*|skills)\b"
)
_LANGUAGES = re.compile(
    r"\b(?:which (?:of (?:these|the following) )?languages|what languages|languages (?:do )?you"
    r"|languages spoken"
    r"|welche sprachen|quelles langues|que idiomas|quali lingue|welke talen|jakie jezyki|quais idiomas)\b"
    r"|^(?:languages|sprachen|langues|idiomas|lingue|talen|jezyki)$"
)
_OTHER_LANGUAGES = re.compile(r"\b(?:programming|coding|scripting|markup|programmier\w*|computer)\b")
_PADDING_MARKS = re.compile(
    r"\((?:optional|required|mandatory|yes\s*/\s*no|freiwillig|facultatif|opcional)\)|[*✱]", re.IGNORECASE
)
_YES_OR_NO = re.compile(r"\byes (?:or )?no\b")


@dataclass(frozen=True)
class Classified:
    """A topic, None where it is not sure, with its scope: "" where the topic needs none."""

    topic: Topic | None
    scope: str = ""


UNKNOWN = Classified(None)


def classify(label: str, options: Sequence[str], kind: QuestionKind, job_country: str) -> Classified:
    """Say what a question is about; `job_country` (ISO) counts where a question names no country."""
    if len(label) > LABEL_MAX:
        return UNKNOWN
    bare = " ".join(_PADDING_MARKS.sub(" ", label).split())
    words = _YES_OR_NO.sub(" ", normal(bare)).strip()
    asked = _Asked(bare, words, tuple(options), kind, job_country)
    if kind is K.FILE:
        return Classified(asked.file())
    if not words or CONDITIONAL.match(words):
        return UNKNOWN
    return asked.fact() or asked.document() or asked.consent() or asked.measure() or asked.question()


@dataclass(frozen=True)
class _Asked:
    """One question, tried as each sort in turn; None where it is not of that sort."""

    label: str
    words: str
    options: tuple[str, ...]
    kind: QuestionKind
    job_country: str

    @property
    def _wants_yes_no(self) -> bool:
        return self.kind is K.BOOLEAN or is_yes_no(self.options)

    def file(self) -> Topic | None:
        if _RESUME.search(self.words):
            return T.RESUME
        if _LETTER.search(self.words):
            return T.COVER_LETTER
        return T.PHOTO if _PHOTO.search(self.words) else None

    def fact(self) -> Classified | None:
        """A short label that names a fact."""
        bare = unpadded(self.words)
        parts = set(bare.split())
        if self._wants_yes_no:
            return None
        links = [topic for topic, keys in _LINKS if keys & parts and not parts - keys - _LINK_WORDS - {"in"}]
        topic = links[0] if links else EXACT.get(bare)
        return Classified(topic) if topic is not None else None

    def document(self) -> Classified | None:
        """A letter that is typed in."""
        is_letter = self.kind in _WRITTEN and _LETTER.search(self.words)
        return Classified(T.COVER_LETTER) if is_letter else None

    def consent(self) -> Classified | None:
        """The privacy notice, and nothing beside it, to be accepted."""
        if self.kind not in _CHOSEN or not _PRIVACY.search(self.words):
            return None
        is_plain = _AGREES.search(self.words) and not _MORE_THAN_PRIVACY.search(self.words)
        return Classified(T.CONSENT) if is_plain and not NEGATED.search(self.words) else UNKNOWN

    def measure(self) -> Classified | None:
        """Years with a skill, or a language."""
        if _TOTAL_YEARS.search(self.words):
            return UNKNOWN if self._wants_yes_no else Classified(T.YEARS_OF_EXPERIENCE)
        skill = skill_scope(self.label, self.words)
        if skill is not None:
            return UNKNOWN if self._wants_yes_no else Classified(T.YEARS_WITH, skill)
        named = languages_in(self.words)
        if len(named) == 1 and _LANGUAGE_LEVEL.search(self.words):
            return UNKNOWN if self._wants_yes_no else Classified(T.LANGUAGE_LEVEL, named[0])
        if _LANGUAGES.search(self.words) and not _OTHER_LANGUAGES.search(self.words):
            return UNKNOWN if self._wants_yes_no else Classified(T.LANGUAGES)
        return None

    def question(self) -> Classified:
        """A question in full; two topics in one are none."""
        if COMPOUND.search(self.words):
            return UNKNOWN
        topic = _only(_topics_in(self.words))
        if topic is None or not self._fits_kind(topic):
            return UNKNOWN
        scope = self._scope(topic)
        return UNKNOWN if scope is None else Classified(topic, scope)

    def _fits_kind(self, topic: Topic) -> bool:
        if topic in _FREE:
            return self.kind in _WRITTEN
        if self._wants_yes_no:
            return topic in YES_NO_TOPICS and not NEGATED.search(self.words)
        if topic in YES_NO_TOPICS - DEMOGRAPHIC and self.kind in _WRITTEN:
            return bool(_ASKS.match(self.words)) and not NEGATED.search(self.words)
        return topic not in YES_NO_TOPICS or not NEGATED.search(self.words)

    def _scope(self, topic: Topic) -> str | None:
        """Return the scope, None where the topic cannot be told without one."""
        if topic in {T.WORK_AUTHORISATION, T.SPONSORSHIP}:
            return country_scope(self.label, self.words, self.job_country)
        if topic in {T.SALARY_EXPECTATION, T.SALARY_CURRENT}:
            return pay_scope(self.label, self.words, self.job_country)
        if topic is T.ONSITE_DAYS_OK:
            return days_scope(self.words) if self._wants_yes_no else ""
        if topic is T.NOTICE_PERIOD and self.kind is K.NUMBER:
            return unit_of(self.words)
        return finer_scope(topic, self.words)


def _topics_in(words: str) -> set[Topic]:
    found: set[Topic] = set()
    for topic, pattern in RULES:
        words, count = pattern.subn(" ¦ ", words)
        if count:
            found.add(topic)
    return found


_INCLUDES = ((T.HOW_HEARD, T.REFERRAL), (T.WHY_COMPANY, T.WHY_ROLE))
"""A question about the first may speak of the second and still be about the first alone."""


def _only(topics: set[Topic]) -> Topic | None:
    """Return the one topic that is left when what a winner includes is taken out."""
    for whole, included in _INCLUDES:
        if whole in topics:
            topics = topics - {included}
    return topics.pop() if len(topics) == 1 else None
