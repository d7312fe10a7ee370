"""Which credentials to use with a vendor: the person's own, from their seal, else the installation's."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import col

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

_SEALED: TypeAdapter[AdzunaCredentials | SkyvernCredentials | OpenAICredentials] = TypeAdapter(Credentials)


@dataclass(frozen=True)
class AdzunaKeys:
    """An Adzuna application's id and key; empty strings where none are set."""

    app_id: str
    app_key: str

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

    async def adzuna(self) -> AdzunaKeys:
        """Return the installation's: searches are the installation's, whoever wants them."""
        return self.installation.adzuna

    async def skyvern(self, user_id: UUID) -> ApiKey:
        """Return the person's Skyvern key, else the installation's; SealError where a seal does not open."""
        return await self._api_key(user_id, Vendor.SKYVERN, self.installation.skyvern)

    async def openai(self, user_id: UUID) -> ApiKey:
        """Return the person's OpenAI key, else the installation's; SealError where a seal does not open."""
        return await self._api_key(user_id, Vendor.OPENAI, self.installation.openai)

    async def _api_key(self, user_id: UUID, vendor: Vendor, default: ApiKey) -> ApiKey:
        async with self.database.begin() as session:
            found = await session.exec(integrations_of(user_id).where(col(Integration.vendor) == vendor))
            integration = found.first()
            if integration is None:
                return default
            seal = await seal_of(session, self.keys, user_id)
        place = place_of("integration", "credentials_sealed", integration.id)
        own = _SEALED.validate_json(seal.open(integration.credentials_sealed, place))
        return (
            default
            if isinstance(own, AdzunaCredentials)
            else ApiKey(own.api_key.get_secret_value(), own=True)
        )
