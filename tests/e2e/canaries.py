"""Strings that nobody else writes, and the search for them in whatever spelling they may have leaked."""

import base64
import io
import secrets
import zipfile
from dataclasses import dataclass, field
from urllib.parse import quote

from local.demo.person import FACTS, Person

TOKEN_BYTES = 5
BASE64_GROUP = 3


def _token(what: str) -> str:
    return f"canary{what}{secrets.token_hex(TOKEN_BYTES)}"


def _phone() -> str:
    return f"+4477{secrets.randbelow(10**9):09d}"


class LegiblePerson(Person):
    """An applicant whose résumé is a file that is not compressed, so that the search could see it."""

    def resume(self) -> bytes:
        """Return the Word document with every part as it is."""
        legible = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(super().resume())) as packed,
            zipfile.ZipFile(legible, "w", zipfile.ZIP_STORED) as unpacked,
        ):
            for name in packed.namelist():
                unpacked.writestr(name, packed.read(name))
        return legible.getvalue()


@dataclass(frozen=True)
class Canaries:
    """One canary for each kind of personal or secret text."""

    first_name: str = field(default_factory=lambda: _token("First"))
    last_name: str = field(default_factory=lambda: _token("Last"))
    email: str = field(default_factory=lambda: f"{_token('mail').lower()}@example.com")
    phone: str = field(default_factory=_phone)
    location: str = field(default_factory=lambda: _token("Place"))
    password: str = field(default_factory=lambda: _token("Password"))
    resume: str = field(default_factory=lambda: _token("Resume"))
    title: str = field(default_factory=lambda: _token("Title"))
    question: str = field(default_factory=lambda: _token("Question"))
    answer: str = field(default_factory=lambda: _token("Answer"))
    skyvern_key: str = field(default_factory=lambda: _token("Skyvern"))
    openai_key: str = field(default_factory=lambda: _token("OpenAI"))
    adzuna_key: str = field(default_factory=lambda: _token("Adzuna"))
    vendor: str = field(default_factory=lambda: _token("Vendor"))
    employer: str = field(default_factory=lambda: _token("Employer"))
    street: str = field(default_factory=lambda: _token("Street"))
    gender: str = field(default_factory=lambda: _token("Gender"))
    banked: str = field(default_factory=lambda: _token("Banked"))
    given: str = field(default_factory=lambda: _token("Given"))
    letter: str = field(default_factory=lambda: _token("Letter"))
    note: str = field(default_factory=lambda: _token("Note"))
    interview: str = field(default_factory=lambda: _token("Interview"))
    excluded: str = field(default_factory=lambda: _token("Excluded"))
    blocked: str = field(default_factory=lambda: _token("Blocked"))
    skill: str = field(default_factory=lambda: _token("Skill"))
    industry: str = field(default_factory=lambda: _token("Industry"))
    wished_place: str = field(default_factory=lambda: _token("Wished"))
    search_words: str = field(default_factory=lambda: _token("Words"))
    search_name: str = field(default_factory=lambda: _token("Named"))
    file_name: str = field(default_factory=lambda: _token("File"))
    key_name: str = field(default_factory=lambda: _token("Key"))
    device: str = field(default_factory=lambda: f"{_token('Device')}/1.0")
    reason: str = field(default_factory=lambda: _token("Reason"))
    new_email: str = field(default_factory=lambda: f"{_token('new').lower()}@example.com")
    left_title: str = field(default_factory=lambda: _token("LeftTitle"))
    left_words: str = field(default_factory=lambda: _token("LeftWords"))
    learned: dict[str, str] = field(default_factory=dict)
    """Secrets that the system made: as good as canaries, since nobody else has them."""

    def learn(self, name: str, secret: str) -> None:
        """Look for a secret from now on."""
        self.learned[name] = secret

    @property
    def texts(self) -> dict[str, str]:
        """All that is looked for, by its name."""
        planted = {name: text for name, text in vars(self).items() if isinstance(text, str)}
        return planted | self.learned

    def person(self) -> Person:
        """Return an applicant whose every fact is a canary."""
        return LegiblePerson(
            first_name=self.first_name,
            last_name=self.last_name,
            email=self.email,
            phone=self.phone,
            location=self.location,
            password=self.password,
            summary=f"{self.resume} is what I did.",
            facts={
                **FACTS,
                "street": self.street,
                "current_company": self.employer,
                "demographics": {"gender": self.gender},
            },
        )

    def found_in(self, content: bytes) -> set[str]:
        """Return the names of those that are in the content."""
        folded = content.lower()
        return {
            name
            for name, canary in self.texts.items()
            if any(spelling.lower() in folded for spelling in spellings(canary))
        }


def spellings(text: str) -> set[bytes]:
    """Return how a text may be written: as it is, in hex, escaped for URLs, and in base64 at any offset."""
    raw = text.encode()
    return {raw, raw.hex().encode(), quote(text, safe="").encode(), *_base64(raw)}


def _base64(raw: bytes) -> set[bytes]:
    """Return the middle of the text's base64, which is the same whatever stands around it."""
    found = set()
    for before in range(BASE64_GROUP):
        padded = b"\0" * before + raw
        whole = len(padded) - len(padded) % BASE64_GROUP
        # the group that shares bytes with what stands before is left out
        start = BASE64_GROUP if before else 0
        found |= {base64.b64encode(padded[start:whole]), base64.urlsafe_b64encode(padded[start:whole])}
    return found
