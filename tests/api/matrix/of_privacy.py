"""What is expected of privacy: the person's own affair, but for what a number or a link alone opens."""

from tests.api.client import PASSWORD
from tests.api.matrix.accounts import a_link, an_erasure, an_erasure_asked_for, an_export, the_terms
from tests.api.matrix.expected import Access, Expectations, Expected, constant

PERSON = Access.IN_PERSON
EXPORT = "/api/privacy/exports/{export_id}"

PRIVACY: Expectations = {
    "GET /api/privacy/audit": Expected(Access.ME, 200, varies=True),
    "GET /api/privacy/erasure": Expected(PERSON, 200, an_erasure, others=404),
    "POST /api/privacy/erasure": Expected(PERSON, 200, json=constant({"password": PASSWORD})),
    "DELETE /api/privacy/erasure": Expected(PERSON, 200, an_erasure, others=404),
    "POST /api/privacy/erasure/confirm": Expected(
        PERSON, 202, an_erasure_asked_for, lambda ids: {**ids, "password": PASSWORD}, others=422
    ),
    "GET /api/privacy/receipts/{erasure_id}": Expected(Access.PUBLIC, 200, an_erasure),
    "GET /api/privacy/consents": Expected(PERSON, 200),
    "PUT /api/privacy/consents/{kind}": Expected(
        PERSON,
        200,
        the_terms,
        lambda ids: {"given": True, "version": ids["version"]},
        is_owned=False,
    ),
    "GET /api/privacy/exports/": Expected(PERSON, 200, an_export),
    "POST /api/privacy/exports/": Expected(PERSON, 202),
    "GET /api/privacy/exports/download": Expected(
        Access.PUBLIC, 200, a_link, params=lambda ids: ids, streams=True, varies=True
    ),
    f"GET {EXPORT}": Expected(PERSON, 200, an_export),
    f"POST {EXPORT}/link": Expected(PERSON, 201, an_export),
    f"DELETE {EXPORT}": Expected(PERSON, 204, an_export),
}
