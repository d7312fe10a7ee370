"""Finds an ad's offer of work from home, wholly or in part, in its own words.

That an ad's place is a whole country says nothing: of the recorded ads placed so, one in eleven offers it,
and others name a town in their text.
"""

import re

from activities.adverts.remote_words import (
    AFTER_NEGATION,
    EXCLUSIONS,
    LANGUAGES,
    NEGATIONS,
    REFUSALS,
    RemoteWords,
)

REASON_MAX = 60
AROUND = 64
"""How many characters before and behind a find are asked whether they take it back."""

_LATIN = re.IGNORECASE | re.VERBOSE
_DAYS = r"(?:days?|jours?|tage?n?|d[ií]as?|giorni|giorno|dagen|dag|dni|dzień)"
_COUNT = rf"\d(?:\s?(?:-|\u2013|/|to|à|a|bis|of|ou|or|tot|do)\s?\d)?\s?{_DAYS}"
_LEAD = re.compile(
    rf"(?:(?<!\w)(?:fully|100\s?%|mostly|partly|partially|hybrid[eo]?|full|{_COUNT})[\s/-]+(?:de\s|of\s|im\s|di\s)?)$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"\s?[:(\u2013-]?\s?(?:up\sto\s|jusqu['\u2019]à\s|bis\szu\s|hasta\s)?{_COUNT}(?:\s?(?:per|par|pro|a|/)\s?\w+)?",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:{NEGATIONS})|n['\u2019]t|(?<![\w.,])0\s?(?:%|{_DAYS}))(?:[\s'\u2019-]+(?:{AFTER_NEGATION})){{0,4}}[\s'\u2019-]+$",
    re.IGNORECASE,
)
_MEANT_ELSE = re.compile(
    r"""(?<!\w)(?:interviews?|entretiens?|onboarding|induction)\b[^.,;!?|()]{0,40}$
    | (?<!\w)(?:rural|regional|rugged|isolated)(?:\s(?:and|or|&)\s|,\s|/)$
    | (?<!\w)(?:assistenza|gestione|intervent[io]|collegament[io]|colloqui?o?|connessione|diagnosi
        |supporto|soporte|suporte|asistencia|assistência|acces+o|acesso|controll?[eo]
        |manutenzione|monitoraggio|formation|enseignement|formación|formazione)\s(?:\w+\s)?$""",
    _LATIN,
)
_DONE_AFAR = re.compile(
    r"(?<!\w)(?:monitor|diagnos(?:e|ing)|troubleshoot|control|operat(?:e|ing)|access)(?:ing)?\s(?:\w+\s){0,3}$",
    re.IGNORECASE,
)
"""What stands before `remotely` where a machine is far away, and not who works."""

_DENIED_BEHIND = re.compile(
    rf"""(?:[\s-]+(?:work(?:ing)?|position|role|job|option|eligible|eligibility|status|arbeit\w*|werk\w*|praca|tage?)){{0,2}}
    (?: \s?[:=?]\s?(?:none|nein|nee|nie|não|nao|keine?s?|n/a)(?!\w)
      | \s?[:=?]\s?(?:no|non)(?=\s*(?:$|[.,;|)\u2013-]|(?-i:[A-Z])))
      | \s?[:=?]\s?(?:not|nicht|non|niet|nie)\s(?:{REFUSALS}|remote)(?!\w)
      | \s(?:\w+\s){{0,2}}?(?:not|nicht|non|niet|nie|não|no|n['\u2019]est\spas|pas
        |(?:is|are|was)n['\u2019]t)\s(?:an?\s|be\s|currently\s|jest\s|es\s|é\s)*(?:{REFUSALS})(?!\w)
      | \s(?:\w+\s){{0,4}}?(?:{EXCLUSIONS})(?!\w) )""",
    _LATIN,
)


def _expression(languages: tuple[RemoteWords, ...]) -> re.Pattern[str]:
    parted = "|".join(language.pattern for language in languages if language.parted)
    others = "".join(f"|{language.pattern}" for language in languages if not language.parted)
    return re.compile(rf"(?<!\w)(?:{parted})(?!\w){others}", _LATIN)


def _hints(languages: tuple[RemoteWords, ...]) -> tuple[bytes, ...]:
    every = {hint for language in languages for hint in language.hints}
    needed = [hint for hint in every if not any(other != hint and other in hint for other in every)]
    return tuple(hint.encode() for hint in sorted(needed))


_EXPRESSIONS = {country: _expression(languages) for country, languages in LANGUAGES.items()}
_HINTS = {country: _hints(languages) for country, languages in LANGUAGES.items()}


def remote_reason(title: str, description: str, country: str) -> str | None:
    """Return the words that offer work from home, as they stand in the ad; None where none do.

    They are looked for in English and in what the country's ads are written in. Denials ("not remote"), and
    what is merely far away ("remote sites") or done from afar ("remote interview"), do not count.
    """
    text = f"{title}\n{description}"
    # plain searches are quicker in bytes, and most ads end here
    raw = text.lower().encode()
    for hint in _HINTS[country]:
        if hint in raw:
            return _reason(text, _EXPRESSIONS[country])
    return None


def _reason(text: str, expression: re.Pattern[str]) -> str | None:
    for found in expression.finditer(text):
        before = text[max(0, found.start() - AROUND) : found.start()].rpartition("\n")[2]
        behind = text[found.end() : found.end() + AROUND].partition("\n")[0]
        lead = _LEAD.search(before)
        before_all = before[: lead.start()] if lead else before
        is_afar = found[0].lower() == "remotely" and _DONE_AFAR.search(before)
        if is_afar or any(_takes_back(each, behind) for each in {before, before_all}):
            continue
        tail = _TAIL.match(behind)
        said = f"{lead[0] if lead else ''}{found[0]}{tail[0] if tail else ''}"
        return said.strip()[:REASON_MAX].rstrip()
    return None


def _takes_back(before: str, behind: str) -> bool:
    return bool(_DENIED_BEFORE.search(before) or _MEANT_ELSE.search(before) or _DENIED_BEHIND.match(behind))
