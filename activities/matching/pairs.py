"""Jobs held against the people who look for such titles: by their words, never job by person.

A page of jobs leads by its titles' words to the interests that have one of them as their rarest, and of these
to the ones whose words are all there. Each pair that is found is scored once, also when a page is repeated.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text

from activities.matching.rows import LASTING, People, row_of, store
from models.base import now
from models.database import Database
from models.fingerprint import words_of
from models.job import Job
from models.match.sides import advert_of

PAIRS_A_READ = 20_000
PAIRS_A_WRITE = 500
"""How many are scored between two looks at the event loop: some 25 ms."""

# the planner knows nothing of the page's words: left to itself it may read every interest there is
_BY_INDEX = text(
    "SELECT set_config(name, 'off', true)"
    " FROM unnest(ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) AS name"
)
# what was matched since a moment, or is not to be matched anew, is left out
PAIRS = text(
    f"""
    SELECT DISTINCT page.id AS job_id, interest.user_id
    FROM jsonb_to_recordset(CAST(:jobs AS jsonb)) AS page(id uuid, words text[])
    CROSS JOIN LATERAL unnest(page.words) AS said(word)
    JOIN interest ON interest.word = said.word AND interest.words <@ page.words
    WHERE NOT EXISTS (
        SELECT FROM job_match
        WHERE job_match.user_id = interest.user_id AND job_match.job_id = page.id
            AND (CAST(:since AS timestamptz) IS NULL OR job_match.updated_at >= :since
                 OR job_match.state = 'queued' OR job_match.reason IN {tuple(map(str, LASTING))})
    )
    LIMIT :limit
    """  # noqa: S608 -- words of our own
)


async def match_pairs(
    database: Database,
    jobs: Sequence[Job],
    until: float,
    since: datetime | None = None,
    people: People | None = None,
) -> tuple[int, bool]:
    """Match these jobs with whoever looks for such titles; return how many pairs, and whether it was all.

    `until` is the monotonic time after which the rest is left to the next call. With `since`, pairs that were
    matched before that moment are matched anew. `people` are those that were read for a page before.
    """
    adverts = {job.id: advert_of(job) for job in jobs}
    words = {job.id: list(dict.fromkeys(words_of(job.title))) for job in jobs}
    page = to_json([{"id": job_id, "words": found} for job_id, found in words.items()]).decode()
    people, matches = people or People(), 0
    while pairs := await _pairs(database, page, since):
        for start in range(0, len(pairs), PAIRS_A_WRITE):
            some = pairs[start : start + PAIRS_A_WRITE]
            async with database.begin() as session:
                known = await people.read(session, {user_id for _, user_id in some})
                at = now()
                rows = [
                    row_of(user_id, seeker, adverts[job_id], at)
                    for job_id, user_id in some
                    if (seeker := known.get(user_id)) is not None
                ]
                await store(session, rows, at, anew=since is not None)
            matches += len(rows)
            is_last = start + PAIRS_A_WRITE >= len(pairs) and len(pairs) < PAIRS_A_READ
            if time.monotonic() > until and not is_last:
                return matches, False
        if len(pairs) < PAIRS_A_READ:
            break
    return matches, True


async def _pairs(database: Database, page: str, since: datetime | None) -> list[tuple[UUID, UUID]]:
    async with database.begin() as session:
        connection = await session.connection()
        await connection.execute(_BY_INDEX)
        values = {"jobs": page, "since": since, "limit": PAIRS_A_READ}
        return [(job_id, user_id) for job_id, user_id in await connection.execute(PAIRS, values)]
