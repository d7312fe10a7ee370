"""What the steps of an application work with."""

import asyncio
from dataclasses import dataclass, field

from activities.credentials import CredentialStore
from activities.vendors.openai import OpenAI
from activities.vendors.skyvern import Skyvern
from models.database import Database
from models.sealed import KeyRing
from settings import SkyvernSettings


@dataclass(frozen=True)
class Context:
    """`public_url` is where the vendor reaches our API, without a final slash.

    `allow_private_urls` lets its browser into this machine and private networks, where stand-ins are.
    """

    database: Database
    keys: KeyRing
    credentials: CredentialStore
    skyvern: Skyvern
    settings: SkyvernSettings
    public_url: str
    model: OpenAI
    allow_private_urls: bool = False
    making_workflow: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
