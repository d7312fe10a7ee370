"""The proof of what was sent: screenshots and documents, sealed, each with its hash."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.answering_enums import DocumentKind
from models.base import Row, now, text_enum, utc


class Evidence(Row, table=True):
    """A screenshot that was copied out of the vendor before its link expired, sealed.

    After its time only the picture goes, at `removed_at`: what is left says which one there was.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("application_id", "artifact_id", name="uq_evidence_artifact"),
        Index("ix_evidence_user", "user_id"),
        Index("ix_evidence_kept", "id", postgresql_where="removed_at IS NULL"),
    )

    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    artifact_id: str
    media_type: str
    sha256: str
    size: int
    content_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    removed_at: datetime | None = Field(default=None, sa_type=utc())


class Document(Row, table=True):
    """What the employer is handed as a file: one of each kind for an application.

    `source_sealed` is what the file was made of: a JSON Resume document, or a letter's text. `refused_sealed`
    is a JSON list of the claims that the fact check found nowhere in the profile or the résumé.
    """

    __tablename__ = "application_document"
    __table_args__ = (
        UniqueConstraint("application_id", "kind", name="uq_document_kind"),
        Index("ix_application_document_user", "user_id"),
    )

    application_id: UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    kind: DocumentKind = Field(sa_type=text_enum(DocumentKind))
    media_type: str
    sha256: str
    size: int
    tailored: bool = False
    updated_at: datetime = Field(default_factory=now, sa_type=utc())
    file_name_sealed: bytes = Field(sa_type=LargeBinary)
    content_sealed: bytes = Field(sa_type=LargeBinary)
    source_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    refused_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)


def documents_of(application_id: UUID) -> SelectOfScalar[Document]:
    """Select an application's documents."""
    return select(Document).where(Document.application_id == application_id).order_by(col(Document.kind))
