"""A scene for the steps of an erasure, which looks at everything that the database holds."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.account_erasure.activities import AccountErasureActivities
from activities.account_erasure.context import Context
from activities.credentials import AdzunaKeys, ApiKey, CredentialStore, InstallationKeys
from activities.vendors.client import new_client
from activities.vendors.mail import Mailer
from activities.vendors.skyvern import Skyvern
from local.ports import free_port
from models.database import Database
from models.erasure import Erasure
from models.privacy.register import REGISTER
from models.privacy.rows import belongs_to
from models.sealed import KeyRing
from models.tables import all_tables
from tests.activities.people import KEYS
from tests.local.skyvern_stage import KEY
from workflows.account_messages import ErasureRef

PUBLIC_URL = "https://jobraker.example.com"
NOWHERE = Mailer("", 25, "Jobraker <no-reply@example.com>")


@dataclass
class Erasing:
    """The steps over one database; `client` is of the worker that they are run by."""

    database: Database
    steps: AccountErasureActivities
    client: Client | None = None

    async def ask(self, user_id: UUID, cooling_off: timedelta = timedelta(0)) -> ErasureRef:
        """Store an erasure as it is after its second asking."""
        erasure = Erasure.ask(user_id, cooling_off)
        async with self.database.begin() as session:
            session.add(erasure)
        return ErasureRef(erasure_id=erasure.id)

    async def begun(self, user_id: UUID) -> ErasureRef:
        """Ask, and pass the point of no return."""
        ref = await self.ask(user_id)
        assert await self.run("freeze", ref)
        return ref

    async def run(self, step: str, ref: ErasureRef) -> Any:  # noqa: ANN401 -- what the step returns
        """Run a step as a worker does."""
        environment = ActivityEnvironment(client=self.client) if self.client else ActivityEnvironment()
        return await environment.run(getattr(self.steps, step), ref)

    async def row(self, ref: ErasureRef) -> Erasure:
        """Return the erasure as it stands."""
        async with self.database.begin() as session:
            return await session.get_one(Erasure, ref.erasure_id)

    def changed(self, **changes: Any) -> "Erasing":  # noqa: ANN401 -- of the context
        """Return the same steps with something else in their context."""
        return replace(self, steps=AccountErasureActivities(replace(self.steps.context, **changes)))


async def left(database: Database, user_id: UUID) -> dict[str, int]:
    """Return how many rows of the person there are in each table, those left out that have none."""
    counts = {}
    async with database.begin() as session:
        connection = await session.connection()
        for name, table in all_tables().items():
            if REGISTER[name].owner.column is not None:
                query = select(func.count()).where(belongs_to(REGISTER[name], user_id)).select_from(table)
                counts[name] = (await connection.execute(query)).scalar_one()
    return {name: count for name, count in counts.items() if count}


async def dump(database: Database) -> dict[str, str]:
    """Return every value of every table as text, by table."""
    texts = {}
    async with database.reader() as connection:
        for name in all_tables():
            async with connection.cursor().copy(f'COPY "{name}" TO STDOUT'.encode()) as copied:
                texts[name] = "".join([bytes(part).decode() async for part in copied])
    return texts


@asynccontextmanager
async def erasing(
    database_url: str,
    *,
    skyvern: str | None = None,
    keys: KeyRing = KEYS,
    mailer: Mailer = NOWHERE,
    client: Client | None = None,
) -> AsyncIterator[Erasing]:
    """Open the scene; without an address nobody listens where Skyvern should be."""
    async with AsyncExitStack() as stack:
        database = Database(database_url)
        stack.push_async_callback(database.close)
        address = skyvern or f"http://127.0.0.1:{free_port()}"
        vendor = await stack.enter_async_context(new_client(address, 5.0))
        installation = InstallationKeys(AdzunaKeys("", ""), ApiKey(KEY), ApiKey(""))
        context = Context(
            database,
            keys,
            CredentialStore(database, keys, installation),
            Skyvern(vendor),
            mailer,
            PUBLIC_URL,
            grace=timedelta(0),
            settle=timedelta(0),
        )
        yield Erasing(database, AccountErasureActivities(context), client)
