"""Workflow definitions by their permanent id."""

import json
from typing import Any

from local.skyvern.store.database import Database

Body = dict[str, Any]


class Workflows:
    """The workflows table; a body is stored in the very shape in which it is answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, body: Body) -> None:
        """Keep a definition."""
        parameters = body["workflow_definition"]["parameters"]
        words = [body["title"]]
        for parameter in parameters:
            words += [parameter["key"], parameter.get("description"), parameter.get("default_value")]
        self._database.execute(
            "INSERT INTO workflows (permanent_id, title, search, body) VALUES (?, ?, ?, ?)",
            body["workflow_permanent_id"],
            body["title"].lower(),
            "\n".join(str(word) for word in words if word is not None).lower(),
            json.dumps(body),
        )

    def get(self, permanent_id: str) -> Body | None:
        """Return a definition, or None."""
        row = self._database.execute(
            "SELECT body FROM workflows WHERE permanent_id = ?", permanent_id
        ).fetchone()
        return json.loads(row["body"]) if row else None

    def page(self, search_key: str | None, title: str, page: int, page_size: int) -> list[Body]:
        """Return one page of definitions, newest first; `search_key` looks at titles and parameters."""
        column, wanted = ("search", search_key) if search_key else ("title", title)
        rows = self._database.execute(
            f"SELECT body FROM workflows WHERE instr({column}, ?)"  # noqa: S608 - one of two constants
            " ORDER BY position DESC LIMIT ? OFFSET ?",
            wanted.lower(),
            page_size,
            (page - 1) * page_size,
        )
        return [json.loads(row["body"]) for row in rows]
