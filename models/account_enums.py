"""The closed sets of words of accounts, of security and of privacy."""

from enum import StrEnum


class SessionEnd(StrEnum):
    """Why a login was ended before its time."""

    LOGOUT = "logout"
    LOGOUT_OF_ALL = "logout_of_all"
    TOKEN_REUSED = "token_reused"  # noqa: S105 -- a reason, not a secret
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- as above
    EMAIL_CHANGED = "email_changed"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    LOCKED = "locked"
    ROLE_CHANGED = "role_changed"
    ENDED_BY_ADMIN = "ended_by_admin"
    ERASING = "erasing"


class TokenPurpose(StrEnum):
    """What a token that is good once is for; `already_registered` and `email_left` are mails without one."""

    CONFIRM_EMAIL = "confirm_email"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 -- a purpose, not a secret
    CHANGE_EMAIL = "change_email"
    EMAIL_LEFT = "email_left"
    DOWNLOAD_EXPORT = "download_export"
    CONFIRM_ERASURE = "confirm_erasure"


class Scope(StrEnum):
    """What an API key may do. Accounts, privacy and administration are beyond any key."""

    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    PROFILE_READ = "profile:read"
    PROFILE_WRITE = "profile:write"
    CHAT_READ = "chat:read"
    CHAT_WRITE = "chat:write"
    NOTIFICATIONS_READ = "notifications:read"
    NOTIFICATIONS_WRITE = "notifications:write"
    INTEGRATIONS_READ = "integrations:read"
    INTEGRATIONS_WRITE = "integrations:write"


class AuditActor(StrEnum):
    """Who did what the audit log tells."""

    USER = "user"
    ADMIN = "admin"
    SYSTEM = "system"


class ConsentKind(StrEnum):
    """What people agree to."""

    TERMS = "terms"
    AUTOMATED_APPLYING = "automated_applying"
    MODEL_PROCESSING = "model_processing"


class ExportState(StrEnum):
    """How far an export is."""

    QUEUED = "queued"
    COLLECTING = "collecting"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class ErasureState(StrEnum):
    """How far an erasure is."""

    COOLING_OFF = "cooling_off"
    UNDONE = "undone"
    ERASING = "erasing"
    ERASED = "erased"


class ErasureStep(StrEnum):
    """What an erasure does, in this order."""

    FREEZE = "freeze"
    END_WORKFLOWS = "end_workflows"
    ERASE_AT_VENDORS = "erase_at_vendors"
    DELETE_ROWS = "delete_rows"
    DELETE_HISTORIES = "delete_histories"
    DESTROY_KEY = "destroy_key"


class RetainedKind(StrEnum):
    """What is deleted after its time."""

    CHAT = "chat"
    EVENTS = "events"
    NOTIFICATIONS = "notifications"
    EVIDENCE = "evidence"
    JOBS = "jobs"
    AUDIT = "audit"
    LOGINS = "logins"
    UNCONFIRMED = "unconfirmed"
    EXPORTS = "exports"
    RECEIPTS = "receipts"
    RATES = "rates"
