"""People who are logged in, for servers that a bench measures."""

import json
from datetime import timedelta

import psycopg

from api.security import Tokens
from bench.servers import JWT_KEY, Environment, keys_of
from models.account import Account
from models.base import new_id, now

LIFETIME = timedelta(hours=1)
_ACCOUNT = b"""
INSERT INTO account (id, created_at, email, email_confirmed_at, password_hash, role, master_key_id, data_key)
VALUES (%(id)s, %(created_at)s, %(email)s, %(email_confirmed_at)s, %(password_hash)s, %(role)s,
    %(master_key_id)s, %(data_key)s)
"""
_LOGIN = b"""
INSERT INTO login_session (id, created_at, user_id, last_used_at, expires_at)
VALUES (%(id)s, %(at)s, %(user)s, %(at)s, %(until)s)
"""


def add_account(connection: psycopg.Connection, environment: Environment, number: int) -> Account:
    """Store an account whose password nobody knows."""
    account = Account.register(f"person-{number}@bench.example", "", keys_of(environment))
    connection.execute(_ACCOUNT, account.model_dump())
    return account


def log_in(url: str, environment: Environment, account: Account) -> str:
    """Begin a login, and return an access token that servers with this environment take."""
    keys: dict[str, str] = json.loads(environment["JOBRAKER_SECURITY__JWT_KEYS"])
    login_id, at = new_id(), now()
    values = {"id": login_id, "user": account.id, "at": at, "until": at + LIFETIME}
    with psycopg.connect(url) as connection:
        connection.execute(_LOGIN, values)
    return Tokens(keys, JWT_KEY, LIFETIME, LIFETIME).issue(account.id, account.role, login_id)


def somebody(url: str, environment: Environment) -> str:
    """Return the access token of somebody new."""
    with psycopg.connect(url) as connection:
        account = add_account(connection, environment, 0)
    return log_in(url, environment, account)
