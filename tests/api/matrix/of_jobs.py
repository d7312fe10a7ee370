"""What is expected of jobs: everybody's, and marked by each person for themselves."""

from dataclasses import replace

from models.account_enums import Scope
from tests.api.matrix.expected import Access, Expectations, Expected, Maker, nothing
from tests.api.matrix.makers import a_job

READ, WRITE = Scope.JOBS_READ, Scope.JOBS_WRITE


def read(make: Maker = nothing, **params: str) -> Expected:
    """Return what is expected where jobs are read."""
    return Expected(Access.ME, 200, make, scope=READ, params=lambda _: params, is_owned=False)


def marked(unknown: int = 404) -> Expected:
    """Return what is expected where a job is marked."""
    return Expected(Access.ME, 204, a_job, scope=WRITE, is_owned=False, unknown=unknown)


JOBS: Expectations = {
    # its cursor tells when the list was begun
    "GET /api/jobs/": replace(read(), varies=True),
    "GET /api/jobs/recommended": read(),
    "GET /api/jobs/suggestions": read(kind="title", text="eng"),
    "GET /api/jobs/{job_id}": read(a_job),
    "GET /api/jobs/{job_id}/similar": read(a_job),
    "GET /api/jobs/{job_id}/match": read(a_job),
    "PUT /api/jobs/{job_id}/saved": marked(),
    "DELETE /api/jobs/{job_id}/saved": marked(),
    "PUT /api/jobs/{job_id}/hidden": marked(),
    "DELETE /api/jobs/{job_id}/hidden": marked(),
    "GET /api/exchange-rates/": read(),
}
