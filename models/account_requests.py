"""What people send to confirm, change and recover what their account is guarded by."""

from typing import Annotated

from pydantic import EmailStr, SecretStr
from sqlmodel import Field, SQLModel

from models.account import EMAIL_MAX, NewPassword, Password
from models.base import Body
from models.one_time_token import TOKEN_LENGTH
from models.text import ENCODABLE

CODE_MAX = 40

Token = Annotated[SecretStr, ENCODABLE, Field(max_length=TOKEN_LENGTH)]
Code = Annotated[SecretStr, ENCODABLE, Field(max_length=CODE_MAX)]
Email = Annotated[EmailStr, Field(max_length=EMAIL_MAX)]


class ConfirmEmail(Body):
    """The token of the mail, and the password of the registration: either alone is not enough."""

    token: Token
    password: Password


class EmailOnly(Body):
    """Whose account it is about."""

    email: Email


class ChangePassword(Body):
    """The present password and the new one."""

    current: Password
    new: NewPassword


class ResetPassword(Body):
    """The token of the mail, and the new password."""

    token: Token
    password: NewPassword


class ChangeEmail(Body):
    """The new e-mail, and the account's password."""

    email: Email
    password: Password


class TokenOnly(Body):
    """The token of a mail."""

    token: Token


class PasswordOnly(Body):
    """The account's password."""

    password: Password


class CodeOnly(Body):
    """A code that the authenticator shows."""

    code: Code


class PasswordAndCode(Body):
    """The account's password and a code: of the authenticator, or a recovery code."""

    password: Password
    code: Code


class Accepted(SQLModel):
    """What is answered whoever an e-mail belongs to."""

    detail: str = "If this e-mail can be used, a mail is on its way to it."


class NewFactor(SQLModel):
    """A secret for an authenticator, shown once; it counts once a code of it was sent."""

    secret: str = Field(description="In base32, to be typed in.")
    uri: str = Field(description="The same as an otpauth address, to be shown as a QR code.")


class RecoveryCodes(SQLModel):
    """Codes for whoever has lost their authenticator: each is good once, and they are shown once."""

    codes: list[str]
