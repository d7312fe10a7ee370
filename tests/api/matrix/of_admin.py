"""What is expected of administration, and of what machines ask."""

from tests.api.matrix.accounts import the_account
from tests.api.matrix.expected import Access, Content, Expectations, Expected, Maker, constant, nothing

ONE = "/api/admin/users/{user_id}"
BECAUSE = {"reason": "for the matrix of rights"}
RATES = {"as_of": "2026-01-02", "rates": [{"currency": "USD", "per_euro": 1.1}]}


def admin(status: int = 200, make: Maker = nothing, json: Content | None = None) -> Expected:
    """Return what is expected of a route for administrators."""
    return Expected(Access.ADMIN, status, make, json)


def done(**members: str) -> Expected:
    """Return what is expected where something is done with an account for a reason."""
    return admin(200, the_account, constant({**BECAUSE, **members}))


NO_PAYLOADS: dict[str, list[object]] = {"payloads": []}


def codec(*, in_query: bool) -> Expected:
    """Return what is expected where payloads are sealed or opened, which is said why."""
    payloads = {"payloads": '{"payloads":[]}'}
    return Expected(
        Access.ADMIN,
        200,
        json=None if in_query else constant(NO_PAYLOADS),
        params=lambda _: payloads if in_query else {},
        headers={"X-Reason": BECAUSE["reason"]},
        is_open=True,
    )


ADMIN: Expectations = {
    "GET /api/admin/users/": admin(),
    "POST /api/admin/users/find": admin(200, the_account, lambda ids: {"email": ids["email"], **BECAUSE}),
    f"GET {ONE}": Expected(Access.ADMIN, 200, the_account, headers={"X-Reason": BECAUSE["reason"]}),
    f"POST {ONE}/lock": done(),
    f"POST {ONE}/unlock": done(),
    f"PUT {ONE}/role": done(role="admin"),
    f"DELETE {ONE}/sessions": done(),
    f"DELETE {ONE}/second-factor": done(),
    "GET /api/admin/audit": admin(),
    "GET /api/admin/applying": admin(),
    "PUT /api/admin/applying": admin(200, json=constant({"paused": False})),
    "GET /api/admin/job-fetch": admin(),
    "POST /api/admin/job-fetch": admin(202),
    "GET /api/admin/fetch-budget": admin(),
    "POST /api/codec/session": admin(201, json=constant(BECAUSE)),
    "DELETE /api/codec/session": admin(204),
    "POST /api/codec/decode": codec(in_query=False),
    "GET /api/codec/decode": codec(in_query=True),
    "POST /api/codec/encode": codec(in_query=False),
    "GET /api/codec/encode": codec(in_query=True),
    "PUT /api/admin/exchange-rates": admin(200, json=constant(RATES)),
}

MACHINES: Expectations = {
    "GET /health/live": Expected(Access.PUBLIC, 200),
    "GET /health/ready": Expected(Access.PUBLIC, 200),
    # nobody is let in by who they are: a signature is, which has tests of its own
    "POST /api/webhooks/skyvern": Expected(
        Access.PUBLIC, 403, json=constant({}), params=lambda _: {"attempt": "none"}
    ),
}
