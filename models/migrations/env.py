"""Alembic's door to the tables: one transaction under an advisory lock, so replicas may start together."""

from importlib import import_module
from pkgutil import walk_packages

from alembic import context
from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

import models

MIGRATION_LOCK = 7_231_847

for module in walk_packages(models.__path__, "models."):
    if not module.name.startswith("models.migra"):
        import_module(module.name)


def run() -> None:
    """Migrate the database named by the configuration."""
    engine = create_engine(context.config.attributes["url"])
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
        context.run_migrations()
    engine.dispose()


run()
