"""What mails about accounts say. Nothing in them was written by whoever had them sent."""

from dataclasses import dataclass
from datetime import UTC, datetime

from models.account_enums import TokenPurpose

FOOTER = "You get this mail because an account with Jobraker has this address, or is to have it."
NOT_YOU = "If you did not ask for this, do nothing: without the token nothing happens."


@dataclass(frozen=True)
class Words:
    """The subject, the first lines, and the path that takes the token, where there is one."""

    subject: str
    text: str
    path: str | None = None


WORDS = {
    TokenPurpose.CONFIRM_EMAIL: Words(
        "Confirm your e-mail",
        "Somebody, we hope you, has registered with Jobraker by this e-mail. To confirm that it is yours, "
        "enter the token below with the password that you registered with.",
        "/api/auth/confirm",
    ),
    TokenPurpose.RESET_PASSWORD: Words(
        "Reset your password",
        "Somebody, we hope you, has forgotten the password of your account with Jobraker. "
        "To choose another one, enter it with the token below.",
        "/api/auth/password/reset",
    ),
    TokenPurpose.CHANGE_EMAIL: Words(
        "Confirm your new e-mail",
        "An account with Jobraker is to have this e-mail. To confirm that it is yours, enter the token.",
        "/api/auth/email/confirm",
    ),
    TokenPurpose.ALREADY_REGISTERED: Words(
        "You have an account already",
        "Somebody, we hope you, wanted to register with Jobraker by this e-mail, or to change to it. "
        "There is an account with it already: log in, or reset its password if you have forgotten it.\n\n"
        "If it was not you, you need not do anything: nobody has learned that you have an account.",
    ),
    TokenPurpose.EMAIL_LEFT: Words(
        "Your e-mail was changed",
        "Your account with Jobraker has another e-mail from now on: this one is its login no more.\n\n"
        "If it was not you, somebody knows your password: tell whoever runs this service at once.",
    ),
}
"""By purpose; tokens for other purposes are not mailed."""


def subject_of(purpose: TokenPurpose) -> str:
    """Return the subject of a mail."""
    return WORDS[purpose].subject


def text_of(purpose: TokenPurpose, token: str, expires_at: datetime, public_url: str) -> str:
    """Return the text of a mail; the token, where it has one, stands alone on a line."""
    words = WORDS[purpose]
    parts = [words.text]
    if words.path is not None:
        until = f"{expires_at.astimezone(UTC):%d %B %Y, %H:%M} UTC"
        parts += [
            token,
            f"It is good once, until {until}, and is taken at {public_url}{words.path}.",
            NOT_YOU,
        ]
    return "\n\n".join([*parts, FOOTER]) + "\n"
