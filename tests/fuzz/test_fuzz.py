"""The short run of the fuzzer over the document, as everybody who may ask; the long one is `make fuzz`."""

import asyncio
from pathlib import Path

import pytest

from models.database import Database
from settings import LimitSettings
from tests.api.client import IDENTITY, PASSWORD, Api, job_with, served_app, store
from tests.api.configured import settings_for
from tests.api.files import pdf_of
from tests.fuzz.running import Effort, fuzz
from tests.fuzz.world import LIMITS, PLENTY, Fuzzer

EXAMPLES = {"person": 2, "key": 1, "admin": 1}
JOBS = 3


async def furnished(api: Api, *, admin: bool) -> Fuzzer:
    """Store somebody who has something of most kinds."""
    person = await (api.administrator() if admin else api.person())
    for method, path, body in (
        ("PATCH", "/api/profile/", {"identity": IDENTITY, "preferences": {"titles": ["engineer"]}}),
        ("PUT", "/api/answers/", {"topic": "notice_period", "scope": "months", "value": 1}),
        ("POST", "/api/searches/", {"country": "gb", "what": "engineer"}),
        ("POST", "/api/chat/", {"text": "Hello"}),
    ):
        assert (await person.request(method, path, json=body)).is_success
    files = {"file": ("cv.pdf", pdf_of("Ada"), "application/pdf")}
    assert (await person.post("/api/resumes/", files=files)).is_success
    return Fuzzer("admin" if admin else "person", person.email, PASSWORD)


@pytest.mark.parametrize("who", ["person", "key", "admin"])
async def test_whatever_is_asked_is_answered_as_the_document_says(
    database_url: str, temporal_server: str, tmp_path: Path, who: str
) -> None:
    settings = settings_for(database_url, temporal=temporal_server)
    settings.limits = LimitSettings(**dict.fromkeys(LIMITS, PLENTY))
    async with served_app(settings) as api:
        database: Database = api.database
        await store(database, *(job_with() for _ in range(JOBS)))
        fuzzer = await furnished(api, admin=who == "admin")
        fuzzer = Fuzzer(who, fuzzer.email, fuzzer.password, by_key=who == "key")
        effort = Effort(seed=1, examples=EXAMPLES[who], phases="fuzzing,stateful")
        url = str(api.http.base_url).rstrip("/")
        code, said = await asyncio.to_thread(fuzz, url, tmp_path, fuzzer, effort)
    assert code == 0, said
    assert "No issues found" in said
