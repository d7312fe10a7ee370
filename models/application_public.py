"""Applications as the API takes and shows them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.answering_enums import AnswerSource, DocumentKind, QuestionKind, Topic
from models.application_log import LogEntryPublic
from models.base import Body
from models.enums import (
    Actor,
    ApplicationState,
    AutomationMode,
    EndReason,
    Origin,
    Outcome,
    Stage,
)
from models.interview import InterviewPublic


class ApplicationCreate(Body):
    """What asks for an application. Without `mode` it is handled as the profile says (`off`: as `review`)."""

    job_id: UUID
    mode: AutomationMode | None = None


class ApplicationPublic(SQLModel):
    """An application in a list, with enough of its job to be read."""

    id: UUID
    job_id: UUID
    job_title: str
    job_company: str | None
    state: ApplicationState
    reason: EndReason | None
    retryable: bool
    origin: Origin
    mode: AutomationMode
    score: int | None
    confidence: float | None
    near_duplicate_of: UUID | None
    stage: Stage | None
    outcome: Outcome | None
    needs_me: bool
    deadline_at: datetime | None
    undo_until: datetime | None
    created_at: datetime
    moved_at: datetime
    submitted_at: datetime | None


class TransitionPublic(SQLModel):
    """One move, as shown."""

    from_state: ApplicationState | None
    to_state: ApplicationState
    actor: Actor
    reason: EndReason | None
    at: datetime


class EvidencePublic(SQLModel):
    """A screenshot's place and hash; since `removed_at` there is no picture any more."""

    id: UUID
    media_type: str
    sha256: str
    size: int
    removed_at: datetime | None
    url: str


class QuestionPublic(SQLModel):
    """A question of the form with its answer, if there is one, and where that comes from."""

    id: UUID
    position: int
    label: str
    hint: str | None
    kind: QuestionKind
    required: bool
    options: list[str]
    max_length: int | None
    topic: Topic | None
    scope: str
    answer: str | list[str] | None
    source: AnswerSource | None


class DocumentPublic(SQLModel):
    """A document that is or was handed to the employer. `refused` names what the fact check took out."""

    id: UUID
    kind: DocumentKind
    file_name: str
    media_type: str
    sha256: str
    size: int
    tailored: bool
    refused: list[str]
    text: str | None = Field(default=None, description="A letter's text; null for a résumé.")
    url: str


class ApplicationDetail(ApplicationPublic):
    """An application by itself. `shown_hash` names exactly the answers and documents that are shown."""

    transitions: list[TransitionPublic]
    questions: list[QuestionPublic]
    documents: list[DocumentPublic]
    shown_hash: str | None
    sent: dict[str, Any] | None
    confirmation: str | None
    run_id: str | None
    evidence: list[EvidencePublic]
    held_by_vendor: bool = Field(description="The vendor's run waits for somebody to help it.")
    ghosted_proposed: bool
    notes: str | None
    interviews: list[InterviewPublic]


class EvidencePackage(SQLModel):
    """Everything that proves what was sent, with the log's chain of hashes and whether it holds."""

    application: ApplicationDetail
    log: list[LogEntryPublic]
    log_is_whole: bool
    runs: list[dict[str, str | None]] = Field(description="The vendor's runs, by attempt.")
