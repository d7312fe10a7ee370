"""Exchange rates with their date: what salaries in different currencies are compared by."""

from datetime import date

from sqlmodel import Field, SQLModel


class ExchangeRate(SQLModel, table=True):
    """How much of a currency (ISO 4217) one euro was on a day."""

    __tablename__ = "exchange_rate"

    currency: str = Field(primary_key=True, max_length=3)
    per_euro: float = Field(gt=0)
    as_of: date
