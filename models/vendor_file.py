"""Files that were uploaded to a vendor for somebody, so that they can be deleted there."""

from uuid import UUID

from sqlmodel import Field

from models.base import Row


class VendorFile(Row, table=True):
    """One uploaded file. The vendor deletes it when the run that it is bound to has ended.

    One that no run ever got is known by this row alone.
    """

    __tablename__ = "vendor_file"

    user_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    account_hash: str = Field(description="In whose account at the vendor; see VendorWorkflow.")
    file_id: str
