"""A person's own credentials for vendors: written and deleted, never read back."""

import json

from fastapi import APIRouter
from pydantic import SecretStr
from sqlmodel import col

from api.deps import KeysDep, Me, SessionDep
from api.described import problems
from models.base import now
from models.database import seal_of
from models.enums import Vendor
from models.errors import NotFoundError
from models.integration import AdzunaCredentials as Adzuna
from models.integration import (
    Credentials,
    Integration,
    IntegrationPublic,
    OpenAICredentials,
    SkyvernCredentials,
    integrations_of,
)
from models.sealed import place_of

router = APIRouter(prefix="/api/integrations", tags=["integrations"])


@router.get("/", responses=problems(401))
async def list_integrations(me: Me, session: SessionDep) -> list[IntegrationPublic]:
    """List the vendors for which there are credentials."""
    integrations = (await session.exec(integrations_of(me.id).order_by(col(Integration.vendor)))).all()
    return [_shown(integration) for integration in integrations]


@router.put("/", responses=problems(401, 409))
async def put_credentials(body: Credentials, me: Me, keys: KeysDep, session: SessionDep) -> IntegrationPublic:
    """Store credentials for a vendor in place of earlier ones.

    They are used before the installation's. By an Adzuna key your saved searches are fetched, with calls
    counted apart from the installation's; where Adzuna refuses it you are told once.
    """
    query = integrations_of(me.id).where(Integration.vendor == body.vendor).with_for_update()
    integration = (await session.exec(query)).first()
    if integration is None:
        integration = Integration(user_id=me.id, vendor=body.vendor, credentials_sealed=b"")
    seal = await seal_of(session, keys, me.id)
    place = place_of("integration", "credentials_sealed", integration.id)
    integration.credentials_sealed = seal.seal_text(_in_clear(body), place)
    integration.created_at = now()
    session.add(integration)
    return _shown(integration)


@router.delete("/{vendor}", status_code=204, responses=problems(401, 404))
async def delete_credentials(vendor: Vendor, me: Me, session: SessionDep) -> None:
    """Delete the credentials for a vendor; the installation's are used from now on."""
    query = integrations_of(me.id).where(Integration.vendor == vendor).with_for_update()
    integration = (await session.exec(query)).first()
    if integration is None:
        raise NotFoundError("You have no credentials for this vendor.")
    await session.delete(integration)


def _in_clear(credentials: Adzuna | SkyvernCredentials | OpenAICredentials) -> str:
    """Return the JSON that is sealed; pydantic's own would hide the secrets."""
    values = credentials.model_dump()
    return json.dumps(
        {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in values.items()
        }
    )


def _shown(integration: Integration) -> IntegrationPublic:
    return IntegrationPublic(vendor=integration.vendor, created_at=integration.created_at)
