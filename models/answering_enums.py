"""The closed sets of words about a form's questions, their answers, documents, matches and the log."""

from enum import StrEnum


class QuestionKind(StrEnum):
    """How a form wants a question answered."""

    TEXT = "text"
    TEXTAREA = "textarea"
    SINGLE = "single"
    MULTI = "multi"
    BOOLEAN = "boolean"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"


class Topic(StrEnum):
    """What a question is about, whatever its wording. Some need a scope: a country, a skill or a language."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    PREFERRED_NAME = "preferred_name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    CITY = "city"
    POSTCODE = "postcode"
    COUNTRY = "country"
    RESUME = "resume"
    COVER_LETTER = "cover_letter"
    PHOTO = "photo"
    CONSENT = "consent"
    WORK_AUTHORISATION = "work_authorisation"
    SPONSORSHIP = "sponsorship"
    LOCATION_CURRENT = "location_current"
    RELOCATION = "relocation"
    ONSITE_DAYS_OK = "onsite_days_ok"
    SALARY_EXPECTATION = "salary_expectation"
    SALARY_CURRENT = "salary_current"
    NOTICE_PERIOD = "notice_period"
    START_DATE = "start_date"
    YEARS_WITH = "years_with"
    YEARS_OF_EXPERIENCE = "years_of_experience"
    HIGHEST_DEGREE = "highest_degree"
    LANGUAGE_LEVEL = "language_level"
    LANGUAGES = "languages"
    CURRENT_COMPANY = "current_company"
    CURRENT_TITLE = "current_title"
    LINKEDIN = "linkedin"
    GITHUB = "github"
    PORTFOLIO = "portfolio"
    HOW_HEARD = "how_heard"
    AGE_18 = "age_18"
    PREVIOUSLY_EMPLOYED_HERE = "previously_employed_here"
    REFERRAL = "referral"
    NON_COMPETE = "non_compete"
    SECURITY_CLEARANCE = "security_clearance"
    DRIVERS_LICENCE = "drivers_licence"
    BACKGROUND_CHECK = "background_check"
    CRIMINAL_RECORD = "criminal_record"
    HEALTH = "health"
    DATE_OF_BIRTH = "date_of_birth"
    RELIGION = "religion"
    WHY_COMPANY = "why_company"
    WHY_ROLE = "why_role"
    HARDEST_PROBLEM = "hardest_problem"
    GENDER = "gender"
    RACE = "race"
    VETERAN = "veteran"
    DISABILITY = "disability"
    PRONOUNS = "pronouns"
    ADDITIONAL_INFO = "additional_info"


class AnswerSource(StrEnum):
    """Where an answer on a form comes from."""

    PROFILE = "profile"
    BANK = "bank"
    DRAFT = "draft"
    PERSON = "person"
    DECLINED = "declined"
    """A demographic question, answered with the form's own way of not answering."""

    DOCUMENT = "document"


class AnswerProvenance(StrEnum):
    """How an answer came into the answer bank."""

    PERSON = "person"
    PROFILE = "profile"
    APPROVED_DRAFT = "approved_draft"


class DocumentKind(StrEnum):
    """What is handed to the employer as a file."""

    RESUME = "resume"
    COVER_LETTER = "cover_letter"


class LogKind(StrEnum):
    """What an entry of an application's log tells of."""

    MOVED = "moved"
    SCOUTED = "scouted"
    ANSWERED = "answered"
    DOCUMENT_MADE = "document_made"
    SHOWN = "shown"
    APPROVED = "approved"
    ATTEMPT_OPENED = "attempt_opened"
    RUN_RECORDED = "run_recorded"
    ATTEMPT_SETTLED = "attempt_settled"
    EVIDENCE_COPIED = "evidence_copied"
    PROGRESS_SET = "progress_set"


class MatchState(StrEnum):
    """What became of a job that was matched with a person; `found` is for who applies by themselves only."""

    FOUND = "found"
    CANDIDATE = "candidate"
    QUEUED = "queued"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why the sweep did not apply to a job for a person."""

    NOT_AUTHORISED = "not_authorised"
    WRONG_COUNTRY = "wrong_country"
    WRONG_PLACE = "wrong_place"
    EMPLOYMENT_TYPE = "employment_type"
    PAY_TOO_LOW = "pay_too_low"
    JOB_CLOSED = "job_closed"
    TOO_OLD = "too_old"
    BLOCKED_COMPANY = "blocked_company"
    BLOCKED_WORD = "blocked_word"
    SCORE_TOO_LOW = "score_too_low"
    CONFIDENCE_TOO_LOW = "confidence_too_low"
    ALREADY_APPLIED = "already_applied"
    NEAR_DUPLICATE = "near_duplicate"
    DAILY_CAP = "daily_cap"
    COMPANY_CAP = "company_cap"
    HOST_CAP = "host_cap"
