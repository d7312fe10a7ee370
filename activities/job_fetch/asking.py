"""One call to Adzuna under the ledger: reserved, made, settled; and what its answer means for the key."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import select

from activities.credentials import AdzunaKeys, CredentialStore
from activities.job_fetch import keys as marks
from activities.job_fetch.errors import failure
from activities.job_fetch.ledger import Ledger, Refusal
from activities.vendors.adzuna import AdzunaClient, SearchPage, SearchQuery
from activities.vendors.client import (
    BrokenError,
    CredentialsRefusedError,
    NotSentError,
    RateLimitedError,
    VendorError,
    retry_after,
)
from models.base import now
from models.database import Database
from models.enums import CallState, FetchFault
from models.errors import NotFoundError, SealError
from models.fetch_key import FetchKey
from workflows.job_messages import PageRef

# how often this page was tried: the calls for its search in this run, less those that brought other pages
_TRIES = """
SELECT (SELECT count(*) FROM fetch_call
        WHERE fetch_key_id = %(key_id)s AND search_id = %(search_id)s
          AND fetch_call.created_at >= fetch_run.created_at)
     - (SELECT count(*) FROM fetched_page
        WHERE fetch_run_id = fetch_run.id AND search_id = %(search_id)s AND page > 0) AS tries
FROM fetch_run WHERE id = %(run_id)s
"""


@dataclass(frozen=True)
class Asker:
    """Asks by `adzuna` with the keys of `credentials`, at most `attempts` times for a page."""

    database: Database
    adzuna: AdzunaClient
    credentials: CredentialStore
    ledger: Ledger
    attempts: int

    async def ask(self, page: PageRef, query: SearchQuery, size: int) -> SearchPage:
        """Return a page as it came; an ApplicationError says why not, by a FetchFault."""
        key_id, given = await self._key(page.key_id)
        call_id = await self._reserve(key_id, page.search_id)
        state = CallState.MADE
        try:
            found = await self.adzuna.search(query, page.page, size, given)
        except NotSentError:
            state = CallState.RELEASED
            error: VendorError | None = NotSentError()
        except VendorError as raised:
            error = raised
        else:
            error = None
        await self.ledger.settle(call_id, state)
        wait = await self._heard(key_id, given, error)
        if error is None:
            return found
        late = await self._tries(page, key_id) >= self.attempts
        raise failure(FetchFault(error.word), last=late, wait=wait)

    async def _key(self, key_id: UUID | None) -> tuple[UUID, AdzunaKeys]:
        """Return a key's ledger and credentials; without an id the installation's."""
        wanted = FetchKey.owner_id if key_id is None else FetchKey.id
        async with self.database.begin() as session:
            key = (await session.exec(select(FetchKey).where(wanted == key_id))).one_or_none()
        if key is None:
            raise failure(FetchFault.CREDENTIALS_REFUSED, last=True)
        try:
            given = await self.credentials.adzuna(key.owner_id)
        except (NotFoundError, SealError):
            given = None
            async with self.database.begin() as session:
                await marks.refuse(session, key.id, key.digest, now())
        if given is None:
            raise failure(FetchFault.CREDENTIALS_REFUSED, last=True)
        return key.id, given

    async def _reserve(self, key_id: UUID, search_id: UUID) -> UUID:
        reserved = await self.ledger.reserve(key_id, search_id)
        if isinstance(reserved, Refusal):
            raise failure(reserved.fault, wait=reserved.wait)
        return reserved

    async def _heard(self, key_id: UUID, given: AdzunaKeys, error: VendorError | None) -> timedelta | None:
        """Note what an answer says of the key; return how long Adzuna is to be left alone, if at all."""
        async with self.database.begin() as session:
            match error:
                case None:
                    await marks.answered(session, key_id)
                case RateLimitedError():
                    seconds = error.retry_after
                    asked = None if seconds is None else timedelta(seconds=seconds)
                    return await marks.block(session, key_id, asked)
                case BrokenError() if seconds := retry_after(error.answer.headers):
                    return await marks.block(session, key_id, timedelta(seconds=seconds))
                case CredentialsRefusedError():
                    await marks.refuse(session, key_id, given.digest, now())
                case _:
                    pass
        return None

    async def _tries(self, page: PageRef, key_id: UUID) -> int:
        values = {"key_id": key_id, "search_id": page.search_id, "run_id": page.fetch_run_id}
        return int((await self.database.rows(_TRIES, values))[0]["tries"])
