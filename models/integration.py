"""A person's own credentials for a vendor: sealed, write-only, used before the installation's."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import SecretStr, StringConstraints
from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from models.base import Body, Row, text_enum
from models.enums import Vendor
from models.text import HEADER_SAFE, ONE_LINE

SECRET_MAX = 500

Secret = Annotated[SecretStr, Field(min_length=8, max_length=SECRET_MAX), HEADER_SAFE]


class AdzunaCredentials(Body):
    """An Adzuna application's id and key."""

    vendor: Literal[Vendor.ADZUNA]
    app_id: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), ONE_LINE]
    app_key: Secret


class SkyvernCredentials(Body):
    """A Skyvern API key."""

    vendor: Literal[Vendor.SKYVERN]
    api_key: Secret


class OpenAICredentials(Body):
    """An OpenAI API key."""

    vendor: Literal[Vendor.OPENAI]
    api_key: Secret


Credentials = Annotated[
    AdzunaCredentials | SkyvernCredentials | OpenAICredentials, Field(discriminator="vendor")
]


class Integration(Row, table=True):
    """Sealed credentials (the JSON of one of the Credentials models) of one person for one vendor."""

    __tablename__ = "integration"
    __table_args__ = (UniqueConstraint("user_id", "vendor", name="uq_integration_vendor"),)

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    vendor: Vendor = Field(sa_type=text_enum(Vendor))
    credentials_sealed: bytes = Field(sa_type=LargeBinary)


class IntegrationPublic(SQLModel):
    """That credentials exist; never what they are."""

    vendor: Vendor
    created_at: datetime


def integrations_of(user_id: UUID) -> SelectOfScalar[Integration]:
    """Select the person's integrations."""
    return select(Integration).where(Integration.user_id == user_id)
