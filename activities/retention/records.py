"""The records of what was done: the audit log, and the receipts of erasures."""

from activities.retention.pages import Rows

AUDIT = Rows("audit_entry", "id < %(floor)s AND created_at < %(before)s")

RECEIPTS = Rows(
    "erasure",
    "id < %(floor)s AND state IN ('erased', 'undone') AND coalesce(ended_at, undone_at) < %(before)s",
)
"""There are few of them, and one that is still open stays."""
