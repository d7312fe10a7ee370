"""What is expected of applications and answers: the person's alone, whoever else may know their ids."""

from models.account_enums import Scope
from models.enums import ApplicationState
from tests.api.matrix.belongings import STRUCTURED, an_answer, an_approved_topic
from tests.api.matrix.expected import Access, Content, Expectations, Expected, Ids, Maker, constant, nothing
from tests.api.matrix.makers import (
    a_job,
    an_application,
    asked,
    interviewed,
    proven,
    shown,
    unknown,
)

S = ApplicationState
ONE = "/api/applications/{application_id}"


def read(make: Maker = nothing) -> Expected:
    """Return what is expected where applications are read."""
    return Expected(Access.ME, 200, make, scope=Scope.APPLICATIONS_READ)


def write(status: int, make: Maker = nothing, json: Content | None = None, *, owned: bool = True) -> Expected:
    """Return what is expected where something is done with applications."""
    return Expected(Access.ME, status, make, json, Scope.APPLICATIONS_WRITE, is_owned=owned)


def answered(ids: Ids) -> object:
    """Return the answer to the question."""
    return {"answers": [{"question_id": ids["question_id"], "value": "Yes"}]}


def approved(ids: Ids) -> object:
    """Return the approval of what is shown."""
    return {"items": [{"application_id": ids["application_id"], "shown_hash": ids["shown_hash"]}]}


APPLICATIONS: Expectations = {
    "GET /api/applications/": read(),
    "POST /api/applications/": write(202, a_job, lambda ids: {"job_id": ids["job_id"]}, owned=False),
    "GET /api/applications/counters": read(),
    "GET /api/applications/skipped": read(),
    # each of the ids has an answer of its own; those of others are not found
    "POST /api/applications/bulk": write(200, a_job, lambda ids: {"job_ids": [ids["job_id"]]}, owned=False),
    "POST /api/applications/bulk/approve": write(200, shown, approved, owned=False),
    "POST /api/applications/bulk/cancel": write(
        200,
        an_application(S.QUEUED),
        lambda ids: {"application_ids": [ids["application_id"]]},
        owned=False,
    ),
    f"GET {ONE}": read(proven),
    f"POST {ONE}/cancel": write(200, an_application(S.QUEUED)),
    f"POST {ONE}/retry": write(202, an_application(S.NOT_SUBMITTED)),
    # no worker runs: 503 is what a workflow is answered by that nobody goes on with
    f"PUT {ONE}/answers": write(503, asked, answered),
    f"POST {ONE}/approve": write(503, shown, lambda ids: {"shown_hash": ids["shown_hash"]}),
    f"POST {ONE}/decline": write(200, shown),
    f"GET {ONE}/evidence": read(proven),
    f"GET {ONE}/evidence.zip": read(proven),
    f"GET {ONE}/evidence/{{evidence_id}}": read(proven),
    f"GET {ONE}/documents/{{document}}": read(shown),
    f"PUT {ONE}/letter": write(200, shown, constant({"text": "Dear team"})),
    f"PUT {ONE}/resume": write(200, shown, constant({"resume": STRUCTURED})),
    f"POST {ONE}/settle": write(200, unknown, constant({"went_through": True})),
    f"PATCH {ONE}/progress": write(200, proven, constant({"notes": "They were kind."})),
    f"POST {ONE}/interviews": write(201, proven, constant({"at": "2026-12-01T09:00:00Z", "stage": "onsite"})),
    f"PATCH {ONE}/interviews/{{interview_id}}": write(200, interviewed, constant({"notes": "At nine."})),
    f"DELETE {ONE}/interviews/{{interview_id}}": write(204, interviewed),
}

ANSWERS: Expectations = {
    "GET /api/answers/": read(),
    "PUT /api/answers/": write(200, json=constant({"topic": "notice_period", "value": "now"}), owned=False),
    "PATCH /api/answers/{answer_id}": write(200, an_answer, constant({"value": "two months"})),
    "DELETE /api/answers/{answer_id}": write(204, an_answer),
    "GET /api/answers/approved-topics": read(),
    "DELETE /api/answers/approved-topics/{topic}": write(204, an_approved_topic),
}
