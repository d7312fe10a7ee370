"""Turns ads into the documents of one answer: links, references and marks that differ with every request."""

import base64
import hashlib
import hmac
import json
import random
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from local.adzuna.countries import COUNTRIES
from local.adzuna.model import CLASS, Ad, Document, fold, words

REFERENCE_KEY = b"the key of this stand-in's references"
SESSION_BYTES = 16
MARKED_TITLES_OF_TEN = 6


@dataclass
class Rendering:
    """What is common to the ads of one answer. `terms` are the folded words searched for."""

    country: str
    app_id: str
    terms: Sequence[str] = ()
    session: str = field(default_factory=lambda: secrets.token_urlsafe(SESSION_BYTES))

    def job(self, ad: Ad) -> Document:
        """Return the ad as this answer shows it; recorded ads stay word for word."""
        if ad.link is None:
            return ad.document
        document = {
            **ad.document,
            "adref": self._reference(ad.document["id"]),
            "redirect_url": self._address(ad.document["id"], ad.link),
        }
        if ad.is_highlighted:
            self._mark(document)
        return {
            key: shuffled(value) if isinstance(value, dict) else value
            for key, value in shuffled(document).items()
        }

    def _address(self, ad_id: str, link: str) -> str:
        site = f"https://{COUNTRIES[self.country].site}"
        source = f"utm_medium=api&utm_source={self.app_id}"
        if link == "details":
            return f"{site}/details/{ad_id}?{source}"
        check = hashlib.sha1(ad_id.encode(), usedforsecurity=False).hexdigest().upper()
        return f"{site}/land/ad/{ad_id}?se={self.session}&{source}&v={check}"

    def _reference(self, ad_id: str) -> str:
        """Sign the ad's id together with the session, as a JWT."""
        claims = shuffled({"i": ad_id, "s": self.session})
        parts = [json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "HS256"}, claims)]
        signed = b".".join(_base64(part) for part in parts)
        signature = hmac.new(REFERENCE_KEY, signed, hashlib.sha256).digest()
        return b".".join((signed, _base64(signature))).decode()

    def _mark(self, document: Document) -> None:
        """Put `<strong>` around the terms, or around the title's longest word where there are none."""
        terms = set(self.terms) or {max(words(document["title"]), key=len)}
        document["description"] = _marked(document["description"], terms)
        if self.terms or int(document["id"]) % 10 < MARKED_TITLES_OF_TEN:
            document["title"] = _marked(document["title"], terms)


def shuffled(document: Document) -> Document:
    """Put the keys into a random order, as Adzuna's answers have them."""
    keys = list(document)
    random.shuffle(keys)
    return {key: document[key] for key in keys}


def response(kind: str, content: Document) -> Document:
    """Return an answer's document with its class."""
    return shuffled({"__CLASS__": f"{CLASS}{kind}", **content})


def _marked(text: str, terms: set[str]) -> str:
    return re.sub(
        r"[\w+#]+",
        lambda match: f"<strong>{match[0]}</strong>" if fold(match[0]) in terms else match[0],
        text,
    )


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
