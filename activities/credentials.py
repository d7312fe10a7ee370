"""Which credentials to use with a vendor: the person's own, from their seal, else the installation's."""

import hashlib
from dataclasses import dataclass, field, replace
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import col, select

from models.account import Account
from models.consent import allows_model
from models.database import Database, seal_of
from models.enums import Vendor
from models.integration import (
    AdzunaCredentials,
    Credentials,
    Integration,
    OpenAICredentials,
    SkyvernCredentials,
    integrations_of,
)
from models.sealed import KeyRing, place_of

_Own = AdzunaCredentials | SkyvernCredentials | OpenAICredentials
_SEALED: TypeAdapter[_Own] = TypeAdapter(Credentials)


@dataclass(frozen=True)
class AdzunaKeys:
    """An Adzuna application's id and key; empty strings where none are set.

    `digest` tells these credentials from those that were stored before them.
    """

    app_id: str
    app_key: str
    digest: str = field(default="", compare=False)

    def __repr__(self) -> str:
        """Show nothing."""
        return "AdzunaKeys(…)"


@dataclass(frozen=True)
class ApiKey:
    """One API key; an empty string where none is set. `own` says that it is the person's."""

    key: str
    own: bool = False

    def __repr__(self) -> str:
        """Show whose it is and nothing else."""
        return f"ApiKey(…, own={self.own})"


@dataclass(frozen=True)
class InstallationKeys:
    """What the installation itself uses where a person brings nothing."""

    adzuna: AdzunaKeys
    skyvern: ApiKey
    openai: ApiKey


@dataclass(frozen=True)
class CredentialStore:
    """Finds the credentials for a vendor; nothing is cached, so that a change counts at once."""

    database: Database
    keys: KeyRing
    installation: InstallationKeys

    async def adzuna(self, owner_id: UUID | None = None) -> AdzunaKeys | None:
        """Return a person's own, or without an owner the installation's; None where there are none.

        SealError where a seal does not open.
        """
        if owner_id is None:
            given = self.installation.adzuna
            text = f"{given.app_id}\0{given.app_key}"
            return replace(given, digest=_digest(text.encode())) if given.app_key else None
        found = await self._own(owner_id, Vendor.ADZUNA)
        if found is None:
            return None
        own, sealed = found
        if not isinstance(own, AdzunaCredentials):
            return None
        return AdzunaKeys(own.app_id, own.app_key.get_secret_value(), _digest(sealed))

    async def adzuna_digests(self) -> dict[UUID | None, str]:
        """Return the digest of each Adzuna key there is by its owner, without opening any seal.

        Those of people who are being erased are used no more.
        """
        query = select(Integration.user_id, Integration.credentials_sealed).join(Account)
        adzuna = query.where(Integration.vendor == Vendor.ADZUNA, col(Account.erasing_at).is_(None))
        async with self.database.begin() as session:
            rows = await session.exec(adzuna)
            found: dict[UUID | None, str] = {owner: _digest(sealed) for owner, sealed in rows}
        installation = await self.adzuna()
        if installation is not None:
            found[None] = installation.digest
        return found

    async def skyvern(self, user_id: UUID) -> ApiKey:
        """Return the person's Skyvern key, else the installation's; SealError where a seal does not open."""
        return await self._api_key(user_id, Vendor.SKYVERN, self.installation.skyvern)

    async def openai(self, user_id: UUID) -> ApiKey | None:
        """Return the person's OpenAI key, else the installation's; SealError where a seal does not open.

        None where the person has withdrawn the consent to the model: nothing of theirs is sent to it.
        """
        async with self.database.begin() as session:
            if not await allows_model(session, user_id):
                return None
        return await self._api_key(user_id, Vendor.OPENAI, self.installation.openai)

    async def _api_key(self, user_id: UUID, vendor: Vendor, default: ApiKey) -> ApiKey:
        found = await self._own(user_id, vendor)
        if found is None or isinstance(found[0], AdzunaCredentials):
            return default
        return ApiKey(found[0].api_key.get_secret_value(), own=True)

    async def _own(self, user_id: UUID, vendor: Vendor) -> tuple[_Own, bytes] | None:
        """Return a person's credentials for a vendor, and as they are sealed; None where they have none."""
        async with self.database.begin() as session:
            found = await session.exec(integrations_of(user_id).where(col(Integration.vendor) == vendor))
            integration = found.first()
            if integration is None:
                return None
            seal = await seal_of(session, self.keys, user_id)
        place = place_of("integration", "credentials_sealed", integration.id)
        sealed = integration.credentials_sealed
        return _SEALED.validate_json(seal.open(sealed, place)), sealed


def _digest(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()
