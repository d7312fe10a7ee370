"""What the settings say of accounts, for the routes."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class AccountRules:
    """Without `confirms` accounts are live at once; the others say how long a mailed token is good."""

    confirms: bool
    confirm: timedelta
    reset: timedelta
