"""The register's part about accounts, their security, and what people may ask of us."""

from models.account_enums import RetainedKind
from models.privacy.shape import (
    NOBODY,
    WHILE_THE_ACCOUNT,
    Columns,
    Erased,
    Owner,
    Sealed,
    Table,
)

A_SECRET = "it is a secret, or checks one: a stolen export must open nothing"  # noqa: S105 -- a reason
A_LOGIN = "as long as its login"

ACCOUNTS = (
    Table(
        "account",
        "A person who can log in.",
        (
            Columns("id created_at", "a random id that sorts by time", "every other row points to it"),
            Columns("email", "the login name, in lower case", "found at login, unique"),
            Columns("email_confirmed_at", "since when the address is known to be theirs", "login"),
            Columns("password_hash", "Argon2id", "of no use but to check a password", kept_back=A_SECRET),
            Columns(
                "role locked_at erasing_at",
                "user or administrator; kept out since; being erased since",
                "checked at each request",
            ),
            Columns(
                "password_changed_at totp_confirmed_at totp_last_step",
                "when the password was changed, since when there is a second factor, and the time step of"
                " its last code",
                "a code is good once",
            ),
            Columns(
                "totp_sealed",
                "the secret of the second factor",
                "codes are checked by it",
                sealed=Sealed.TEXT,
                kept_back=A_SECRET,
            ),
            Columns("master_key_id", "which master key wrapped the data key", "rotation", kept_back=A_SECRET),
            Columns(
                "data_key",
                "the person's data key",
                "opens all that is sealed of theirs; destroying it erases it",
                sealed=Sealed.WRAPPED,
                kept_back=A_SECRET,
            ),
        ),
        kept="until its erasure; one whose address was never confirmed, for"
        " `JOBRAKER_PRIVACY__UNCONFIRMED_DAYS` days",
        owner=Owner("id"),
        pruned=RetainedKind.UNCONFIRMED,
        erased=Erased.ACCOUNT,
    ),
    Table(
        "login_session",
        "Logins, each until its end.",
        (
            Columns("id created_at user_id", "that somebody logged in, when", "each can be ended by itself"),
            Columns(
                "device_sealed",
                "what the browser calls itself",
                "a person tells their own logins from others by it",
                sealed=Sealed.TEXT,
            ),
            Columns("address_sealed", "the address of its last use", "as above", sealed=Sealed.TEXT),
            Columns(
                "last_used_at expires_at ended_at ended_by",
                "its last use, its end, and the reason: a word of a closed set",
                "an ended login is refused",
            ),
        ),
        kept="`JOBRAKER_PRIVACY__LOGIN_DAYS` days after its end",
        pruned=RetainedKind.LOGINS,
    ),
    Table(
        "refresh_token",
        "The refresh tokens of logins.",
        (
            Columns("id created_at user_id family_id", "which login it belongs to", "one used twice ends it"),
            Columns("token_hash", "SHA-256 of the token", "the token itself is nowhere", kept_back=A_SECRET),
            Columns("expires_at used_at", "its life", "each is used once"),
        ),
        kept=A_LOGIN,
        pruned=RetainedKind.LOGINS,
    ),
    Table(
        "one_time_token",
        "Tokens that are good once: of mails, of downloads, of an erasure.",
        (
            Columns(
                "id created_at user_id", "whose it is; the token itself is nowhere", "looked up by its id"
            ),
            Columns(
                "purpose subject_id expires_at used_at by_mail mailed_at",
                "what for, about which export or erasure, and its life",
                "each is used once, and mailed once",
            ),
            Columns(
                "email_sealed",
                "the address that the account is to have, or had",
                "the mail goes there, instead of to the account's",
                sealed=Sealed.TEXT,
            ),
        ),
        kept="`JOBRAKER_PRIVACY__LOGIN_DAYS` days after its end",
        pruned=RetainedKind.LOGINS,
    ),
    Table(
        "recovery_code",
        "Codes for whoever has lost the device of their second factor.",
        (
            Columns("id created_at user_id used_at", "that there is one, and its use", "each is good once"),
            Columns(
                "code_hash",
                "an HMAC of the code under the person's key",
                "the code itself is nowhere",
                kept_back=A_SECRET,
            ),
        ),
        kept="until new ones are made, or the second factor is switched off",
    ),
    Table(
        "api_key",
        "Keys for people's scripts.",
        (
            Columns("id created_at user_id", "whose", ""),
            Columns("name_sealed", "what the person calls it", "their own words", sealed=Sealed.TEXT),
            Columns(
                "prefix scopes expires_at last_used_at revoked_at",
                "its beginning, what it may do, and its life",
                "a person tells their keys apart by it",
            ),
            Columns("key_hash", "SHA-256 of the key", "the key itself is nowhere", kept_back=A_SECRET),
        ),
        kept=f"{WHILE_THE_ACCOUNT}; a revoked or expired one `JOBRAKER_PRIVACY__LOGIN_DAYS` days longer",
        pruned=RetainedKind.LOGINS,
    ),
    Table(
        "rate",
        "How often something was asked for lately.",
        (
            Columns(
                "key",
                "an HMAC of a limit's name with an account, an e-mail or an address",
                "limits hold in every process; it leads to nobody without the installation's key",
            ),
            Columns("paid_at", "when the limit is free again", ""),
        ),
        kept="until the limit is free again",
        owner=NOBODY,
        pruned=RetainedKind.RATES,
        erased=Erased.NOBODY,
    ),
    Table(
        "audit_entry",
        "Who did what with whose data. A trigger refuses every change of an entry.",
        (
            Columns(
                "id created_at actor actor_id subject_id object_id",
                "who, whose, of what: ids",
                "the person reads what was done with their data; without foreign keys, since what was done"
                " outlives those who did it",
            ),
            Columns("action", "a word, or the method and the route", "as above"),
            Columns(
                "reason_sealed",
                "why, in the administrator's words",
                "sealed by the key of the person that it is about",
                sealed=Sealed.TEXT,
            ),
        ),
        kept="`JOBRAKER_PRIVACY__AUDIT_DAYS` days",
        owner=Owner("subject_id"),
        pruned=RetainedKind.AUDIT,
        erased=Erased.UNNAMED,
    ),
    Table(
        "consent",
        "What a person agreed to, and when they took it back. Without a record `model_processing` is"
        " allowed, by the contract; applying by itself never is without `automated_applying`, which switching"
        " it on gives.",
        (
            Columns("id created_at user_id", "whose, when", "it must be possible to show (Art. 7)"),
            Columns("kind version given", "to what, in which version, and whether", "the newest holds"),
        ),
        kept=WHILE_THE_ACCOUNT,
    ),
    Table(
        "account_export",
        "Exports that were asked for.",
        (
            Columns("id created_at user_id", "whose, when", ""),
            Columns(
                "state attempt done total ended_at expires_at",
                "how far it is, and until when it is kept",
                "shown",
            ),
            Columns("size sha256", "of the file", "shown beside it"),
        ),
        kept=f"the file for `JOBRAKER_PRIVACY__EXPORT_DAYS` days; that it was asked for, {WHILE_THE_ACCOUNT}",
        pruned=RetainedKind.EXPORTS,
    ),
    Table(
        "export_part",
        "The files of exports, in pieces.",
        (
            Columns("export_id number user_id", "which piece of whose export", ""),
            Columns("content_sealed", "the piece", "it holds everything", sealed=Sealed.FILE),
        ),
        kept="as long as its export can be fetched",
        pruned=RetainedKind.EXPORTS,
        kept_back="it is the export itself",
    ),
    Table(
        "erasure",
        "Erasures: asked for, undone, or done. What stays afterwards is a receipt.",
        (
            Columns("id created_at", "the receipt's number", "it can be shown by whoever has it"),
            Columns("user_id", "whose, until it is done", "then it is empty"),
            Columns(
                "subject_hash",
                "SHA-256 of the account's id",
                "who knows that id can find the receipt; it leads back to nobody",
            ),
            Columns(
                "state step due_at undone_at began_at ended_at", "how far it is", "each step may be repeated"
            ),
            Columns("counts receipt_hash", "how much was deleted where, and a hash of it all", "proof"),
        ),
        kept="`JOBRAKER_PRIVACY__RECEIPT_DAYS` days",
        pruned=RetainedKind.RECEIPTS,
        erased=Erased.UNNAMED,
    ),
    Table(
        "installation",
        "The kill switch of applying.",
        (
            Columns(
                "id applying_paused_at applying_paused_by",
                "whether applying is paused, and by which administrator",
                "nothing is sent meanwhile",
            ),
        ),
        kept="always; the administrator's id until their erasure",
        owner=NOBODY,
        erased=Erased.UNNAMED,
    ),
)
