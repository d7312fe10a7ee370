"""What is asked to be kept fresh: a term that is misspelt is refused, not left out."""

import pytest
from pydantic import ValidationError

from models.saved_search import SearchCreate


def test_a_misspelt_term_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        SearchCreate.model_validate({"country": "gb", "what": "nurse", "salary": 30_000})
    assert [error["loc"] for error in refused.value.errors()] == [("salary",)]
