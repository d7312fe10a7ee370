"""Access tokens: which are let in, what forged ones meet, and how signing keys change unnoticed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from api.security import ALGORITHM, AUDIENCE, HEADER, ISSUER
from tests.api.client import PASSWORD, Api, ApiAt, Person, assert_problem
from tests.api.configured import JWT_SECRET

Claims = dict[str, Any]
OURS = {**HEADER, "kid": "test"}
OTHER_SECRET = "o" * 48
DIGESTS = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def encoded(part: object) -> str:
    """Return a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def signed(content: object, header: object, secret: str | bytes = JWT_SECRET, digest: str = ALGORITHM) -> str:
    """Return a token by hand: libraries refuse to make most of these."""
    signing_input = f"{encoded(header)}.{encoded(content)}"
    key = secret if isinstance(secret, bytes) else secret.encode()
    signature = hmac.new(key, signing_input.encode(), DIGESTS[digest]).digest()
    return f"{signing_input}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def claims_of(person: Person, **changed: object) -> Claims:
    """Return the claims of a token that is let in, but for what is changed; None leaves a claim out."""
    moment = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(person.id),
        "role": "user",
        "iat": moment,
        "nbf": moment,
        "exp": moment + 60,
        "jti": str(uuid4()),
        "sid": str(person.session_id),
    }
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


async def shown(api: Api, token: str) -> httpx.Response:
    """Ask with a token."""
    return await api.http.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})


RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def public_pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public half as everybody may have it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def by_key_of_their_own(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, algorithm: str
) -> Callable[[Claims], str]:
    """Return what signs by a key pair and brings the public half along."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    found = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return lambda content: jwt.encode(content, pem, algorithm, headers={"kid": "test", "jwk": found})


FORGED: dict[str, Callable[[Claims], str]] = {
    "no algorithm, no signature": lambda content: (
        signed(content, {**OURS, "alg": "none"}).rpartition(".")[0] + "."
    ),
    "no algorithm in capitals": lambda content: (
        signed(content, {**OURS, "alg": "NoNe"}).rpartition(".")[0] + "."
    ),
    "no algorithm, our signature": lambda content: signed(content, {**OURS, "alg": "none"}),
    "no algorithm named": lambda content: signed(content, {"typ": "JWT", "kid": "test"}),
    "algorithm is a list": lambda content: signed(content, {**OURS, "alg": ["HS256"]}),
    "a longer digest": lambda content: signed(content, {**OURS, "alg": "HS512"}, digest="HS512"),
    "a longer digest called ours": lambda content: signed(content, OURS, digest="HS384"),
    "another secret": lambda content: signed(content, OURS, OTHER_SECRET),
    "an empty secret": lambda content: signed(content, OURS, ""),
    "a public RSA key as the secret": lambda content: signed(content, OURS, public_pem(RSA_KEY)),
    "a public EC key as the secret": lambda content: signed(content, OURS, public_pem(EC_KEY)),
    "an RSA key of their own": by_key_of_their_own(RSA_KEY, "RS256"),
    "an EC key of their own": by_key_of_their_own(EC_KEY, "ES256"),
    "RS256 over our secret": lambda content: signed(content, {**OURS, "alg": "RS256"}),
    "a secret of their own brought along": lambda content: signed(
        content, {**OURS, "jwk": {"kty": "oct", "k": encoded(OTHER_SECRET)}}, OTHER_SECRET
    ),
    "an address of keys": lambda content: signed(content, {**OURS, "jku": "https://evil.example/keys"}),
    "an address of a certificate": lambda content: signed(content, {**OURS, "x5u": "https://evil.example/x"}),
    "something critical": lambda content: signed(content, {**OURS, "crit": ["exp"]}),
    "something critical that nobody knows": lambda content: signed(content, {**OURS, "crit": ["x"], "x": 1}),
    "a payload that is not encoded": lambda content: signed(content, {**OURS, "b64": False, "crit": ["b64"]}),
    "another type": lambda content: signed(content, {**OURS, "typ": "at+jwt"}),
    "no type": lambda content: signed(content, {"alg": "HS256", "kid": "test"}),
    "no key id": lambda content: signed(content, HEADER),
    "an unknown key id": lambda content: signed(content, {**OURS, "kid": "other"}),
    "a key id that is a file": lambda content: signed(content, {**OURS, "kid": "../../../../dev/null"}, ""),
    "a key id that is SQL": lambda content: signed(content, {**OURS, "kid": "x' UNION SELECT 'o"}, "o"),
    "a key id that is a list": lambda content: signed(content, {**OURS, "kid": ["test"]}),
    "a key id that is null": lambda content: signed(content, {**OURS, "kid": None}),
    "a header that is a list": lambda content: signed(content, [OURS]),
    "claims that are a list": lambda content: signed([content], OURS),
    "a nested token": lambda content: signed(signed(content, OURS), OURS),
    "a cut signature": lambda content: signed(content, OURS)[:-3],
    "a fourth part": lambda content: signed(content, OURS) + ".x",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_token_lets_nobody_in(api: Api, forge: Callable[[Claims], str]) -> None:
    person = await api.person()
    content = claims_of(person)
    assert (await shown(api, signed(content, OURS))).status_code == 200
    assert_problem(await shown(api, forge(content)), 401, "unauthenticated")


async def test_claims_that_were_changed_behind_the_signature_let_nobody_in(api: Api) -> None:
    person, other = await api.person(), await api.person()
    header, _, signature = person.tokens["access_token"].split(".")
    for changed in ({"sub": str(other.id)}, {"role": "admin"}, {"exp": int(time.time()) + 10_000}):
        token = f"{header}.{encoded(claims_of(person, **changed))}.{signature}"
        assert_problem(await shown(api, token), 401, "unauthenticated")


async def test_a_token_of_one_person_with_the_login_of_another_lets_nobody_in(api: Api) -> None:
    person, other = await api.person(), await api.person()
    for owner, login in ((person, other), (other, person)):
        content = claims_of(owner, sid=str(login.session_id))
        assert_problem(await shown(api, signed(content, OURS)), 401, "unauthenticated")


WRONG: dict[str, Claims] = {
    "expired": {"exp": int(time.time()) - 60},
    "not valid yet": {"nbf": int(time.time()) + 3600},
    "issued in the future": {"iat": int(time.time()) + 3600},
    "of another issuer": {"iss": "somebody"},
    "for another audience": {"aud": "another-api"},
    "for nobody in particular": {"aud": []},
    "of nobody": {"sub": "not-a-uuid"},
    "of a number": {"sub": 1},
    "of an unknown role": {"role": "emperor"},
    "of no login": {"sid": "not-a-uuid"},
    "of a login that never was": {"sid": str(uuid4())},
    "of nobody who is there": {"sub": str(uuid4())},
    "for ever": {"exp": 1e400},
    "until never": {"exp": "never"},
    **{
        f"without {name}": {name: None}
        for name in ("iss", "aud", "sub", "role", "iat", "nbf", "exp", "jti", "sid")
    },
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=WRONG.keys())
async def test_a_token_of_ours_with_wrong_claims_lets_nobody_in(api: Api, changed: Claims) -> None:
    person = await api.person()
    assert_problem(await shown(api, signed(claims_of(person, **changed), OURS)), 401, "unauthenticated")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é.é.é", "." * 5000, "jbk_", "jbk_" + "x" * 43])
async def test_what_is_no_token_lets_nobody_in(api: Api, token: str) -> None:
    headers = [(b"Authorization", f"Bearer {token}".encode("latin-1"))]
    assert_problem(await api.http.get("/api/auth/me", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "bearer"])
async def test_without_a_bearer_token_nobody_is_let_in(api: Api, header: str) -> None:
    answer = await api.http.get("/api/jobs/", headers={"Authorization": header})
    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


RING = {"old": "a" * 48, "new": "b" * 48}


@pytest.mark.parametrize(("secret", "kid"), [("a" * 48, "new"), ("b" * 48, "old")])
async def test_a_key_id_that_was_moved_to_another_keys_token_is_refused(
    api_at: ApiAt, secret: str, kid: str
) -> None:
    async with api_at(security={"jwt_keys": RING, "current_jwt_key": "new"}) as api:
        content = claims_of(await api.person())
        assert_problem(
            await shown(api, signed(content, {**HEADER, "kid": kid}, secret)), 401, "unauthenticated"
        )
        right = signed(content, {**HEADER, "kid": "new" if kid == "old" else "old"}, secret)
        assert (await shown(api, right)).status_code == 200


async def test_signing_keys_change_without_logging_anybody_out(api_at: ApiAt) -> None:
    async with api_at(security={"jwt_keys": {"old": RING["old"]}, "current_jwt_key": "old"}) as api:
        person = await api.person()
        pair = person.tokens
        assert jwt.get_unverified_header(pair["access_token"])["kid"] == "old"
    async with api_at(security={"jwt_keys": RING, "current_jwt_key": "new"}) as api:
        assert (await shown(api, pair["access_token"])).status_code == 200
        old, pair = pair, (await api.http.post("/api/auth/refresh", json=refresh_of(pair))).json()
        assert jwt.get_unverified_header(pair["access_token"])["kid"] == "new"
        assert (await shown(api, pair["access_token"])).status_code == 200
        login = {"email": person.email, "password": PASSWORD}
        fresh = (await api.http.post("/api/auth/login", json=login)).json()
    async with api_at(security={"jwt_keys": {"new": RING["new"]}, "current_jwt_key": "new"}) as api:
        for tokens in (pair, fresh):
            assert (await shown(api, tokens["access_token"])).status_code == 200
            assert (await api.http.post("/api/auth/refresh", json=refresh_of(tokens))).status_code == 200
        # by now it would have expired: the old key is taken out no earlier
        assert_problem(await shown(api, old["access_token"]), 401, "unauthenticated")


async def test_who_slept_through_the_change_of_keys_is_still_logged_in(api_at: ApiAt) -> None:
    async with api_at(security={"jwt_keys": {"old": RING["old"]}, "current_jwt_key": "old"}) as api:
        pair = (await api.person()).tokens
    async with api_at(security={"jwt_keys": {"new": RING["new"]}, "current_jwt_key": "new"}) as api:
        assert_problem(await shown(api, pair["access_token"]), 401, "unauthenticated")
        pair = (await api.http.post("/api/auth/refresh", json=refresh_of(pair))).json()
        assert (await shown(api, pair["access_token"])).status_code == 200


def refresh_of(pair: dict[str, Any]) -> dict[str, str]:
    """Return the body that asks for the next tokens."""
    return {"refresh_token": pair["refresh_token"]}
