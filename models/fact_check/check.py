"""The fact check: what a tailored résumé, a letter or a draft claims that its person never said.

A résumé is compared entry by entry with the original, a text word by word with all that is known. Each claim
that is found nowhere is named; a document with such a claim is not sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from models.fact_check.forms import Index
from models.fact_check.resume import Original, resume_claims
from models.fact_check.text import Known, claims_of
from models.json_resume import JsonResume, strings_of

CLAIM_MAX = 120
CLAIMS_MAX = 50


@dataclass(frozen=True)
class Sources:
    """All that a person has said: the structured résumé, its original text, and lines of the profile.

    `names` are the job's (title, company, place) and the person's own, of which a letter may speak; `advert`
    is what the employer says, of which a letter may speak as the employer's.
    """

    resume: JsonResume | None = None
    texts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    advert: str = ""

    @cached_property
    def index(self) -> Index:
        """What all of it holds."""
        told = strings_of(self.resume) if self.resume is not None else iter(())
        return Index(chain(told, self.texts))

    def known(self, numbers: Index | None = None, *, is_letter: bool = False) -> Known:
        """Return what a text may say; numbers from `numbers` only, where given."""
        return Known(self.index, numbers or self.index, Index(self.names), Index([self.advert]), is_letter)


def unsupported_claims(candidate: JsonResume | str, sources: Sources) -> list[str]:
    """Name each claim of a résumé, or of a letter's or a draft's text, that is nowhere in the sources."""
    if isinstance(candidate, str):
        return _told(claims_of(candidate, sources.known(is_letter=True)))
    original = Original(sources.resume or JsonResume(), sources.index, sources.known)
    return _told(resume_claims(candidate, original))


def _told(claims: Iterable[str]) -> list[str]:
    """Return claims once each, the longer ones cut, up to a limit."""
    return list(dict.fromkeys(" ".join(claim.split())[:CLAIM_MAX] for claim in claims))[:CLAIMS_MAX]
