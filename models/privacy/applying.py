"""The register's part about applications: what was asked, answered, made, sent and proven."""

from models.account_enums import RetainedKind
from models.privacy.shape import WHILE_THE_ACCOUNT, Columns, Sealed, Table

WITH_APPLICATION = "as long as its application"
HASH_OF_A_KEY = "a hash of the API key that was used, which may be the installation's"

APPLYING = (
    Table(
        "application",
        "Applications: where each stands.",
        (
            Columns(
                "id created_at user_id job_id fingerprint apply_url",
                "who to which job",
                "unique indexes keep anybody from applying twice",
            ),
            Columns(
                "company_key host",
                "the employer's name in a normal form, and the careers site",
                "caps count by them",
            ),
            Columns(
                "origin mode state reason retryable moved_at submitted_at",
                "where it stands: words of closed sets, times",
                "lists, caps, reconciliation",
            ),
            Columns(
                "score confidence near_duplicate_of",
                "how well the job fits, and an application to what may be the same job",
                "lists; auto mode goes by them",
            ),
            Columns(
                "scouted_at asked_at deadline_at undo_until",
                "when the form was read, and until when the person is waited for",
                "waits and reminders",
            ),
            Columns(
                "approved_hash",
                "an HMAC, under the person's key, of what was approved",
                "what is sent is what was shown; it tells nothing about it",
            ),
            Columns(
                "stage outcome progress_at ghosted_proposed_at",
                "how far the employer has come, as the person says it",
                "lists, counters",
            ),
            Columns("notes_sealed", "the person's notes", "their own words", sealed=Sealed.TEXT),
            Columns(
                "confirmation_sealed",
                "what the employer's site said",
                "it may repeat the person's details",
                sealed=Sealed.TEXT,
            ),
            Columns(
                "log_length log_head",
                "how long its log is, and the newest entry's hash",
                "an entry that was taken out is found",
            ),
        ),
        kept=WHILE_THE_ACCOUNT,
    ),
    Table(
        "application_log",
        "What happened to an application. A trigger refuses every change of an entry.",
        (
            Columns(
                "application_id number user_id at kind",
                "what happened to which application, when",
                "the history that a person can see",
            ),
            Columns("data", "ids, hashes, counts and words of closed sets", "no text of anybody's"),
            Columns(
                "previous_hash hash", "the chain of hashes", "proves that nothing was changed afterwards"
            ),
        ),
        kept=WITH_APPLICATION,
    ),
    Table(
        "application_question",
        "What a form asks, and the answers.",
        (
            Columns(
                "id created_at application_id user_id position page field",
                "which control of which form",
                "",
            ),
            Columns(
                "label hint kind required options max_length",
                "the employer's question, as it stands on the form",
                "the employer's words, the same for every applicant",
            ),
            Columns(
                "topic scope",
                "what it is about, and for which country, skill or language",
                "one answer resumes every application that asks the same",
            ),
            Columns("source answered_at", "where the answer comes from", "shown beside it"),
            Columns("answer_sealed", "the answer", "it is the person's", sealed=Sealed.JSON),
        ),
        kept=WITH_APPLICATION,
    ),
    Table(
        "given_answer",
        "Answers on their way to the workflow.",
        (
            Columns(
                "question_id application_id user_id created_at remember",
                "that an answer was given and is not yet taken over",
                "deleted once it is",
            ),
            Columns(
                "value_sealed",
                "the answer",
                "so that Temporal's histories need not hold it",
                sealed=Sealed.JSON,
            ),
        ),
        kept="until the workflow has taken it over",
    ),
    Table(
        "application_document",
        "Files for employers.",
        (
            Columns(
                "id created_at application_id user_id kind updated_at",
                "which document of which application",
                "",
            ),
            Columns(
                "media_type sha256 size tailored",
                "its form and its hash",
                "shown in lists; proves which file was sent",
            ),
            Columns(
                "file_name_sealed", "the name that the employer sees", "names tell names", sealed=Sealed.TEXT
            ),
            Columns("content_sealed", "the file", "it is the person's life", sealed=Sealed.FILE),
            Columns(
                "source_sealed",
                "what it was made of: a JSON Resume document, or a letter's text",
                "it can be edited",
                sealed=Sealed.TEXT,
            ),
            Columns(
                "refused_sealed",
                "claims that the fact check found nowhere and took out",
                "they are about the person",
                sealed=Sealed.JSON,
            ),
        ),
        kept=WITH_APPLICATION,
    ),
    Table(
        "scout",
        "Looks at forms.",
        (
            Columns(
                "id created_at application_id user_id number ended_at run_id",
                "which look at which form, and its run at the vendor",
                "",
            ),
            Columns(
                "account_hash",
                "in whose account at the vendor",
                "a run is known in its own account only",
                kept_back=HASH_OF_A_KEY,
            ),
        ),
        kept=WITH_APPLICATION,
    ),
    Table(
        "vendor_file",
        "Files that were uploaded to Skyvern.",
        (
            Columns("id created_at user_id file_id", "which file, when", "an erasure deletes it there"),
            Columns(
                "account_hash",
                "in whose account at the vendor",
                "a file is known in its own account only",
                kept_back=HASH_OF_A_KEY,
            ),
        ),
        kept=WHILE_THE_ACCOUNT,
    ),
    Table(
        "interview",
        "Conversations with employers.",
        (
            Columns(
                "id created_at application_id user_id at stage",
                "that there is a conversation, when",
                "counters",
            ),
            Columns("notes_sealed", "the person's notes", "their own words", sealed=Sealed.TEXT),
        ),
        kept="until the person deletes it",
    ),
    Table(
        "submit_attempt",
        "Attempts to submit, each made at most once.",
        (
            Columns("id created_at application_id user_id number", "which attempt", ""),
            Columns(
                "attempt_key",
                "the key by which the vendor's list is searched: the application's id and a number",
                "looked up after a lost answer",
            ),
            Columns("state posted_at paused_at run_id", "how far it came, and the vendor's run", "the fence"),
            Columns(
                "account_hash",
                "SHA-256 of the API key that was used",
                "a file or run is known in its own account only",
                kept_back=HASH_OF_A_KEY,
            ),
            Columns(
                "vendor_workflow_id file_id", "ids at the vendor", "the file can be bound to one run ever"
            ),
            Columns(
                "payload_sealed",
                "exactly what the vendor was given to enter",
                "the proof that a person gets back",
                sealed=Sealed.JSON,
            ),
        ),
        kept=WITH_APPLICATION,
    ),
    Table(
        "evidence",
        "Screenshots of filled-in forms.",
        (
            Columns("id created_at application_id user_id artifact_id", "which screenshot", "copied once"),
            Columns("media_type sha256 size", "its form", "shown in lists"),
            Columns(
                "content_sealed",
                "the picture of a filled-in form",
                "it shows everything",
                sealed=Sealed.FILE,
            ),
            Columns("removed_at", "when the picture was removed after its time", "the proof says so"),
        ),
        kept="the picture for `JOBRAKER_PRIVACY__EVIDENCE_DAYS` days; that there was one, with its hash, as"
        " long as its application",
        pruned=RetainedKind.EVIDENCE,
    ),
)
