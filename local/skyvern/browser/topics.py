"""Which topic a question is about, and which country it names, by plain words."""

import re

# The first pattern that fits decides, so that the narrower ones stand first.
_TOPICS: tuple[tuple[str, str], ...] = (
    ("first_name", r"\b(first|given) name\b|\bforename\b"),
    ("last_name", r"\b(last|family) name\b|\bsurname\b"),
    ("preferred_name", r"\bpreferred name\b"),
    ("email", r"\be-?mail\b"),
    ("phone", r"\b(phone|mobile|telephone)\b"),
    ("linkedin", r"\blinkedin\b"),
    ("github", r"\bgithub\b"),
    ("website", r"\b(website|portfolio|homepage|blog)\b"),
    ("cover_letter", r"\bcover(ing)? letter\b|\bmotivation letter\b"),
    ("sponsorship", r"\bsponsor(ship)?\b"),
    ("work_authorisation", r"\bauthori[sz]ed to work\b|\bright to work\b|\bwork (permit|authori[sz]ation)\b"),
    ("current_salary", r"\bcurrent (salary|pay|compensation)\b"),
    ("salary_expectation", r"\b(salary|pay|compensation)\b"),
    ("notice_period", r"\bnotice period\b|\bhow much notice\b"),
    ("start_date", r"\bstart(ing)? date\b|\bavailable (from|to start)\b|\bearliest start\b"),
    ("years_with", r"\byears?\b.*\b(experience|with)\b"),
    ("how_heard", r"\bhear (about|of)\b"),
    ("why_company", r"\bwhy\b.*\b(us|company|work for|join)\b"),
    ("why_role", r"\bwhy\b.*\b(role|position|job)\b"),
    ("relocation", r"\brelocat"),
    ("languages", r"\blanguages?\b"),
    ("gender", r"\bgender\b"),
    ("race", r"\b(race|ethnicity|ethnic)\b"),
    ("veteran", r"\bveteran\b"),
    ("disability", r"\bdisabilit"),
    ("pronouns", r"\bpronouns?\b"),
    ("age_18", r"\b18\b"),
    ("consent", r"\b(consent|privacy|agree)\b"),
    ("current_company", r"\bcurrent (company|employer)\b"),
    ("location", r"\b(current )?location\b|\bwhere are you based\b"),
    ("city", r"\b(city|town)\b"),
    ("country", r"^country\b"),
    ("additional_info", r"\b(anything else|additional information)\b"),
    ("name", r"\b(full |your |legal )?name\b"),
)
_PATTERNS = tuple((topic, re.compile(pattern, re.IGNORECASE)) for topic, pattern in _TOPICS)
_COUNTRIES: dict[str, str] = {
    "united kingdom": "GB",
    "great britain": "GB",
    "united states": "US",
    "germany": "DE",
    "france": "FR",
    "canada": "CA",
    "australia": "AU",
    "austria": "AT",
    "belgium": "BE",
    "brazil": "BR",
    "switzerland": "CH",
    "spain": "ES",
    "india": "IN",
    "italy": "IT",
    "mexico": "MX",
    "netherlands": "NL",
    "new zealand": "NZ",
    "poland": "PL",
    "singapore": "SG",
    "south africa": "ZA",
}
_OTHER_NAMES = {"UK": "GB", "USA": "US"}
_CODE_LENGTH = 2


def normal(text: str) -> str:
    """Return a text as its words in small letters, with one spelling of authorise."""
    words = " ".join(re.findall(r"\w+", text.lower()))
    return words.replace("authoriz", "authoris")


def topic_of(question: str) -> str:
    """Return the topic of a question, or nothing."""
    return next((topic for topic, pattern in _PATTERNS if pattern.search(question)), "")


def country_in(question: str) -> str:
    """Return the ISO code of the country that a question names, or nothing."""
    text = normal(question)
    return next((code for name, code in _COUNTRIES.items() if name in text), "")


def country_code(country: str) -> str:
    """Return the ISO code of a country given as a code or a name; nothing where it is unknown."""
    code = country.strip().upper()
    if code in _OTHER_NAMES:
        return _OTHER_NAMES[code]
    return code if len(code) == _CODE_LENGTH else country_in(country)
