"""Documents of an application as rows: made, filled anew and read, always sealed."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from models.answering_enums import DocumentKind
from models.base import now
from models.evidence import Document
from models.profile import Identity
from models.sealed import Seal, place_of

TABLE = "application_document"
NAME_MAX = 60


@dataclass(frozen=True)
class Made:
    """A document's bytes, what it was made of, and which claims were refused on the way."""

    kind: DocumentKind
    media_type: str
    file_name: str
    content: bytes
    source: str | None = None
    tailored: bool = False
    refused: Sequence[str] = ()

    def __repr__(self) -> str:
        """Show nothing that is told."""
        return f"Made({self.kind.value}, tailored={self.tailored}, refused={len(self.refused)})"


def document_name(identity: Identity, kind: DocumentKind, suffix: str) -> str:
    """Return the name under which an employer sees a file: the person's, in plain letters."""
    plain = unicodedata.normalize("NFKD", f"{identity.first_name} {identity.last_name}")
    words = re.findall(r"[A-Za-z0-9]+", plain.encode("ascii", "ignore").decode())
    name = "_".join(words)[:NAME_MAX]
    return f"{name}_{kind.value}.{suffix}" if name else f"{kind.value}.{suffix}"


def new_document(application_id: UUID, user_id: UUID, made: Made, seal: Seal) -> Document:
    """Return the row of a document that was made."""
    document = Document(
        application_id=application_id,
        user_id=user_id,
        kind=made.kind,
        media_type=made.media_type,
        sha256="",
        size=0,
        file_name_sealed=b"",
        content_sealed=b"",
    )
    fill_document(document, made, seal)
    return document


def fill_document(document: Document, made: Made, seal: Seal) -> None:
    """Have a document hold what was made."""

    def sealed(column: str, plain: bytes) -> bytes:
        return seal.seal(plain, place_of(TABLE, column, document.id))

    document.media_type, document.tailored = made.media_type, made.tailored
    document.sha256, document.size = hashlib.sha256(made.content).hexdigest(), len(made.content)
    document.updated_at = now()
    document.content_sealed = sealed("content_sealed", made.content)
    document.file_name_sealed = sealed("file_name_sealed", made.file_name.encode())
    document.source_sealed = (
        sealed("source_sealed", made.source.encode()) if made.source is not None else None
    )
    refused = json.dumps(list(made.refused), ensure_ascii=False).encode() if made.refused else None
    document.refused_sealed = sealed("refused_sealed", refused) if refused is not None else None


def read_content(document: Document, seal: Seal) -> bytes:
    """Return a document's bytes."""
    return seal.open(document.content_sealed, place_of(TABLE, "content_sealed", document.id))


def read_file_name(document: Document, seal: Seal) -> str:
    """Return a document's file name."""
    return seal.open_text(document.file_name_sealed, place_of(TABLE, "file_name_sealed", document.id))


def read_source(document: Document, seal: Seal) -> str | None:
    """Return what a document was made of: a JSON Resume document or a letter's text; None for an upload."""
    if document.source_sealed is None:
        return None
    return seal.open_text(document.source_sealed, place_of(TABLE, "source_sealed", document.id))


def read_refused(document: Document, seal: Seal) -> list[str]:
    """Return the claims that the fact check took out."""
    if document.refused_sealed is None:
        return []
    place = place_of(TABLE, "refused_sealed", document.id)
    claims: list[str] = json.loads(seal.open(document.refused_sealed, place))
    return claims
