"""What is expected of accounts: open to those who bring a token or password, else the person's own affair."""

from models.account_enums import TokenPurpose
from tests.api.client import PASSWORD
from tests.api.matrix.accounts import (
    a_confirmation,
    a_login,
    a_second_factor,
    a_secret,
    a_stranger,
    a_token,
    an_api_key,
    another_login,
)
from tests.api.matrix.expected import Access, Content, Expectations, Expected, Ids, Maker, constant, nothing

NEW = "a completely new password"


def public(status: int, make: Maker, json: Content) -> Expected:
    """Return what is expected where what is sent proves who somebody is."""
    return Expected(Access.PUBLIC, status, make, json, varies=True)


def in_person(status: int, make: Maker = nothing, json: object = None) -> Expected:
    """Return what is expected where nobody stands in for the person."""
    return Expected(Access.IN_PERSON, status, make, None if json is None else constant(json))


def with_password(ids: Ids) -> object:
    """Return what was made, beside the password."""
    return {**ids, "password": PASSWORD}


def email(ids: Ids) -> object:
    """Return the e-mail alone."""
    return {"email": ids["email"]}


def refresh_token(ids: Ids) -> object:
    """Return the refresh token alone."""
    return {"refresh_token": ids["refresh_token"]}


ACCOUNTS: Expectations = {
    "POST /api/auth/register": public(202, a_stranger, with_password),
    "POST /api/auth/confirm": public(200, a_confirmation, with_password),
    "POST /api/auth/confirm/resend": public(202, a_login, email),
    "POST /api/auth/login": public(200, a_login, lambda ids: {"email": ids["email"], "password": PASSWORD}),
    "POST /api/auth/refresh": public(200, a_login, refresh_token),
    "POST /api/auth/logout": public(204, a_login, refresh_token),
    "POST /api/auth/password/forgot": public(202, a_login, email),
    "POST /api/auth/password/reset": public(
        204, a_token(TokenPurpose.RESET_PASSWORD), lambda ids: {**ids, "password": NEW}
    ),
    "POST /api/auth/email/confirm": public(204, a_token(TokenPurpose.CHANGE_EMAIL), lambda ids: ids),
    # an account tells who it is to administrators who act for its person, and to no API key
    "GET /api/auth/me": Expected(Access.ME, 200),
    "POST /api/auth/password": in_person(204, json={"current": PASSWORD, "new": NEW}),
    "POST /api/auth/email": Expected(Access.IN_PERSON, 202, a_stranger, with_password),
    "POST /api/auth/totp": in_person(200, json={"password": PASSWORD}),
    "DELETE /api/auth/totp": Expected(Access.IN_PERSON, 204, a_second_factor, with_password, others=409),
    "POST /api/auth/totp/confirm": Expected(Access.IN_PERSON, 200, a_secret, lambda ids: ids, others=409),
    "POST /api/auth/totp/recovery-codes": Expected(
        Access.IN_PERSON, 200, a_second_factor, with_password, others=409
    ),
    "GET /api/auth/sessions": in_person(200),
    "DELETE /api/auth/sessions/{session_id}": in_person(204, another_login),
    "POST /api/auth/logout-all": in_person(204),
    "GET /api/auth/api-keys": in_person(200),
    "POST /api/auth/api-keys": in_person(201, json={"name": "script", "scopes": ["jobs:read"]}),
    "DELETE /api/auth/api-keys/{key_id}": in_person(204, an_api_key),
}
