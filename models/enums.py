"""Every closed set of words that the database, the workflows and the API share."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do."""

    USER = "user"
    ADMIN = "admin"


class Actor(StrEnum):
    """Who caused a change."""

    USER = "user"
    SYSTEM = "system"
    PROVIDER = "provider"


class AutomationMode(StrEnum):
    """How far Jobraker may go by itself for a person."""

    OFF = "off"
    REVIEW = "review"
    AUTO = "auto"


class ApplicationState(StrEnum):
    """The run state of an application: ours, never the employer's decision."""

    QUEUED = "queued"
    PREPARING = "preparing"
    NEEDS_INPUT = "needs_input"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    SUBMITTING = "submitting"
    CONFIRMING = "confirming"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN_OUTCOME = "unknown_outcome"
    NOT_SUBMITTED = "not_submitted"


class EndReason(StrEnum):
    """Why an application ended short of `submitted`."""

    JOB_CLOSED = "job_closed"
    ALREADY_APPLIED = "already_applied"
    CAPTCHA = "captcha"
    LOGIN_REQUIRED = "login_required"
    SSO_REQUIRED = "sso_required"
    ACCOUNT_REQUIRED = "account_required"
    NOT_ELIGIBLE_LOCATION = "not_eligible_location"
    NOT_ELIGIBLE_WORK_AUTH = "not_eligible_work_auth"
    MISSING_ANSWER = "missing_answer"
    UNSAFE_REQUEST = "unsafe_request"
    NOT_A_JOB_APPLICATION = "not_a_job_application"
    SITE_BLOCKED = "site_blocked"
    PAGE_ERROR = "page_error"
    STUCK = "stuck"
    TIMEOUT = "timeout"
    PROVIDER_ERROR = "provider_error"
    QUOTA_EXHAUSTED = "quota_exhausted"
    PROFILE_INCOMPLETE = "profile_incomplete"
    CAP_REACHED = "cap_reached"
    CREDENTIALS_REFUSED = "credentials_refused"
    CANCELLED_BY_USER = "cancelled_by_user"
    NO_CONFIRMATION = "no_confirmation"
    DECLINED_BY_USER = "declined_by_user"
    DEADLINE_PASSED = "deadline_passed"
    DUPLICATE = "duplicate"
    AUTOMATION_OFF = "automation_off"
    SETTLED_BY_USER = "settled_by_user"


RETRYABLE = frozenset({EndReason.PROVIDER_ERROR, EndReason.TIMEOUT, EndReason.STUCK, EndReason.PAGE_ERROR})
"""Ends that may be others when the same is tried again."""


class Origin(StrEnum):
    """What asked for an application."""

    PERSON = "person"
    SWEEP = "sweep"


class Stage(StrEnum):
    """How far the employer has come with an application; only the person knows."""

    APPLIED = "applied"
    RECRUITER_SCREEN = "recruiter_screen"
    ASSESSMENT = "assessment"
    HIRING_MANAGER_SCREEN = "hiring_manager_screen"
    TECHNICAL_INTERVIEW = "technical_interview"
    ONSITE = "onsite"
    OFFER = "offer"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What became of an application in the end; never derived from a failure of ours."""

    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NO_RESPONSE = "no_response"
    GHOSTED = "ghosted"


class AttemptState(StrEnum):
    """One crossing of the submission fence. Only `absent` and `refused` prove that nothing was sent."""

    OPEN = "open"
    RUNNING = "running"
    ENDED = "ended"
    ABSENT = "absent"
    REFUSED = "refused"


class Vendor(StrEnum):
    """Whose credentials a person may bring."""

    ADZUNA = "adzuna"
    SKYVERN = "skyvern"
    OPENAI = "openai"


class ChatRole(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"


class ChatState(StrEnum):
    """How far an answer of the assistant has come."""

    QUEUED = "queued"
    STREAMING = "streaming"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DeltaKind(StrEnum):
    """What a piece of a streamed answer does to what came before."""

    TEXT = "text"
    RESET = "reset"
    END = "end"


class ContractType(StrEnum):
    """Adzuna's `contract_type`."""

    PERMANENT = "permanent"
    CONTRACT = "contract"


class ContractTime(StrEnum):
    """Adzuna's `contract_time`."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


class Seniority(StrEnum):
    """How much responsibility a job or a person has, from least to most."""

    INTERN = "intern"
    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    LEAD = "lead"
    EXECUTIVE = "executive"


class PayPeriod(StrEnum):
    """What an amount of pay is for."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class FetchFault(StrEnum):
    """Why a search could not be brought."""

    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"
    CREDENTIALS_REFUSED = "credentials_refused"
    UNSUPPORTED_COUNTRY = "unsupported_country"
    BAD_REQUEST = "bad_request"
    VENDOR_ERROR = "vendor_error"
    GARBAGE = "garbage"
    INTERNAL = "internal"
    BUDGET_SPENT = "budget_spent"


class CallState(StrEnum):
    """One call in the ledger. Only `released` is known not to have been made, and counts no more."""

    RESERVED = "reserved"
    MADE = "made"
    RELEASED = "released"


class CallWindow(StrEnum):
    """A span of time within which an Adzuna account may make so many calls."""

    MINUTE = "minute"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class SearchOrigin(StrEnum):
    """Who wanted a search to be kept: the person by name, or the titles and countries of their wishes."""

    PERSON = "person"
    WISHES = "wishes"


class TermKind(StrEnum):
    """What a term that ads use names."""

    TITLE = "title"
    COMPANY = "company"
    PLACE = "place"


class ChatFault(StrEnum):
    """Why an answer of the assistant is not there, or is not whole."""

    CUT_SHORT = "cut_short"
    CONTENT_FILTER = "content_filter"
    REFUSED = "refused"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BAD_REQUEST = "bad_request"
    NOT_ALLOWED = "not_allowed"
    CREDENTIALS_REFUSED = "credentials_refused"
    MODEL_NOT_FOUND = "model_not_found"
    QUOTA_EXHAUSTED = "quota_exhausted"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BROKEN_STREAM = "broken_stream"
    UNAVAILABLE = "unavailable"


class EventKind(StrEnum):
    """What a live event is about."""

    APPLICATION_CHANGED = "application.changed"
    CHAT_CHANGED = "chat.changed"
    NOTIFICATION_ADDED = "notification.added"
    RESUME_ADDED = "resume.added"
    APPLYING_PAUSED = "applying.paused"
    SEARCH_CHANGED = "search.changed"
    MATCHES_ADDED = "matches.added"
    EXPORT_CHANGED = "export.changed"
    ERASURE_CHANGED = "erasure.changed"
    SESSION_CHANGED = "session.changed"


class NotificationKind(StrEnum):
    """What a person is told."""

    APPLICATION_SUBMITTED = "application_submitted"
    APPLICATION_FAILED = "application_failed"
    APPLICATION_UNKNOWN = "application_unknown"
    APPLICATION_NEEDS_INPUT = "application_needs_input"
    APPLICATION_AWAITS_APPROVAL = "application_awaits_approval"
    APPLICATION_REMINDER = "application_reminder"
    APPLICATION_EXPIRED = "application_expired"
    APPLICATION_HELD_BY_VENDOR = "application_held_by_vendor"
    FOLLOW_UP_DUE = "follow_up_due"
    GHOSTED_PROPOSED = "ghosted_proposed"
    STRONG_MATCHES = "strong_matches"
    ADZUNA_KEY_REFUSED = "adzuna_key_refused"
    LOGIN_TOKEN_REUSED = "login_token_reused"  # noqa: S105 -- what is told, not a secret
    NEW_LOGIN = "new_login"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- as above
    EMAIL_CHANGED = "email_changed"
    SECOND_FACTOR_ENABLED = "second_factor_enabled"
    SECOND_FACTOR_DISABLED = "second_factor_disabled"
    API_KEY_CREATED = "api_key_created"
    EXPORT_READY = "export_ready"
    ERASURE_SCHEDULED = "erasure_scheduled"
    ERASURE_UNDONE = "erasure_undone"
