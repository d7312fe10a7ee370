"""A run as it is remembered: what was asked, how far it got, what came out."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

Json = dict[str, Any]


class Status(StrEnum):
    """The states of a run."""

    CREATED = "created"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    TIMED_OUT = "timed_out"
    FAILED = "failed"
    TERMINATED = "terminated"
    COMPLETED = "completed"
    CANCELED = "canceled"


FINAL = frozenset({Status.TIMED_OUT, Status.FAILED, Status.TERMINATED, Status.COMPLETED, Status.CANCELED})


class Phase(StrEnum):
    """Whether the employer may have been told anything: a run that was submitting is never begun again."""

    FRESH = "fresh"
    SUBMITTING = "submitting"


class WebhookState(StrEnum):
    """What became of the webhook."""

    NOT_DUE = "not_due"
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    LOST = "lost"


class RunMode(StrEnum):
    """How a run is told to end."""

    NORMAL = "normal"
    STUCK_QUEUED = "stuck_queued"
    PAUSED = "paused"
    MAX_STEPS = "max_steps"
    TIMED_OUT = "timed_out"
    NULL_OUTPUT = "null_output"


class WebhookMode(StrEnum):
    """How a run's webhook is told to go wrong."""

    NORMAL = "normal"
    LOST = "lost"
    LATE = "late"
    DOUBLED = "doubled"
    EARLY = "early"
    FORGED = "forged"


class Block(BaseModel):
    """What a block of a workflow left: its task, its state and what it read; of a loop, its rounds."""

    label: str
    task_id: str
    status: Status
    extracted_information: Any = None
    failure_reason: str | None = None
    errors: list[Json] = Field(default_factory=list)
    artifact_ids: list[str] = Field(default_factory=list)
    rounds: list["Round"] | None = None


class Round(BaseModel):
    """One round of a loop: the value it was done for, and its blocks."""

    value: Any
    blocks: list[Block]


class Run(BaseModel):
    """One run of a workflow or of a task; times are naive UTC."""

    run_id: str
    task_run_id: str
    run_type: str
    title: str | None
    workflow_permanent_id: str | None = None
    definition: Json = Field(default_factory=dict)
    request: Json
    parameters: Json = Field(default_factory=dict)
    file_ids: list[str] = Field(default_factory=list)
    max_steps: int | None = None
    status: Status = Status.CREATED
    phase: Phase = Phase.FRESH
    blocks: list[Block] = Field(default_factory=list)
    output: Any = None
    output_is_null: bool = False
    errors: list[Json] = Field(default_factory=list)
    failure_reason: str | None = None
    step_count: int = 0
    created_at: str
    modified_at: str
    queued_at: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    mode: RunMode = RunMode.NORMAL
    after_submit: bool = False
    webhook_mode: WebhookMode = WebhookMode.NORMAL
    webhook_seconds: float = 0
    webhook_copies: int = 1
    webhook_state: WebhookState = WebhookState.NOT_DUE

    @property
    def is_workflow(self) -> bool:
        """Whether this is a workflow's run rather than a task's."""
        return self.workflow_permanent_id is not None

    @property
    def is_final(self) -> bool:
        """Whether the run has ended."""
        return self.status in FINAL

    @property
    def webhook_url(self) -> str | None:
        """Return where the webhook goes."""
        return self.request.get("webhook_url")
