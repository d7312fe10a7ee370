"""Every table there is: for what goes through all of them, whoever else is imported or not."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import Table
from sqlmodel import SQLModel

import models

MIGRATIONS = "models.migrat"
"""How the names begin of modules that are run, not imported."""


def all_tables() -> Mapping[str, Table]:
    """Return the tables by name, each behind those that it points at."""
    for module in walk_packages(models.__path__, "models."):
        if not module.name.startswith(MIGRATIONS):
            import_module(module.name)
    return {table.name: table for table in SQLModel.metadata.sorted_tables}
