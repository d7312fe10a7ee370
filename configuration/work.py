"""What is done for people: jobs, applications, and how long what is kept."""

from pydantic import BaseModel, Field


class JobsSettings(BaseModel):
    """How jobs are kept, and how many searches a person may have kept fresh."""

    searches_per_person: int = Field(default=20, ge=0)
    unseen_days: int = Field(
        default=14,
        ge=1,
        description="An old job that no fetch has brought for so long has expired.",
    )
    old_days: int = Field(default=45, ge=1, description="How long after it was posted a job is old.")
    upkeep_minutes: int = Field(default=60, ge=1)


class ApplySettings(BaseModel):
    """How applications are made; the caps count per account."""

    sweep_minutes: int = 60
    daily_cap: int = Field(default=5, ge=0, description="The default of a profile, and its ceiling is 50.")
    allow_private_urls: bool = Field(
        default=False, description="Whether forms on private networks may be filled in: for stand-ins."
    )
    reconcile_seconds: int = Field(default=30, ge=5)
    follow_up_days: float = Field(
        default=7, gt=0, description="How long after it was sent a person is reminded to ask how it stands."
    )
    ghosted_days: float = Field(
        default=30, gt=0, description="How long after it was sent `ghosted` is proposed."
    )


class PrivacySettings(BaseModel):
    """Exports, erasures, and for how many days what is kept."""

    export_days: int = Field(default=7, ge=1)
    export_link_minutes: int = Field(default=15, ge=1)
    erasure_hours: float = Field(default=24, ge=0, description="The cooling-off period.")
    erasure_grace_seconds: float = Field(
        default=120, ge=0, description="How long cancelled workflows have before they are terminated."
    )
    terms_version: str = "1"
    chat_days: int = Field(default=365, ge=1)
    event_days: int = Field(default=90, ge=1)
    notification_days: int = Field(default=365, ge=1)
    evidence_days: int = Field(default=730, ge=1)
    expired_job_days: int = Field(default=180, ge=1)
    audit_days: int = Field(default=730, ge=1)
    login_days: int = Field(default=30, ge=1, description="After their end.")
    unconfirmed_days: int = Field(default=7, ge=1)
    receipt_days: int = Field(default=1095, ge=1)
