"""Brings a database to the newest schema (Alembic), one process at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from models.database import driver_url

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for one database; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = driver_url(url)
    return config


def upgrade(url: str) -> None:
    """Run every migration that the database lacks; concurrent calls wait for each other."""
    command.upgrade(alembic_config(url), "head")
