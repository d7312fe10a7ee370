"""The failures of a fetch: which of them an operator is to be warned of."""

import pytest
from temporalio.exceptions import ApplicationErrorCategory

from activities.job_fetch.errors import failure
from models.enums import FetchFault


@pytest.mark.parametrize("fault", list(FetchFault))
def test_waiting_for_a_call_is_no_failure_to_warn_of_and_all_else_is(fault: FetchFault) -> None:
    is_benign = failure(fault).category is ApplicationErrorCategory.BENIGN
    assert is_benign is (fault is FetchFault.BUDGET_SPENT)
