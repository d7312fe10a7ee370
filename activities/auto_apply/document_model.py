"""Asking the model for a document: more words and more time than for a short answer, and no failure."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog

from activities.auto_apply.context import Context
from activities.auto_apply.document_prompts import messages_for
from activities.vendors.openai import ModelError
from models.enums import ChatFault

TOKENS_MAX = 8_000
SECONDS_MAX = 70.0
"""For one document: three of them, with the waits, end within the five minutes of the step."""

TRIES = 2
WAIT_SECONDS = 1.0
WAIT_SECONDS_MAX = 20.0

log = structlog.get_logger()


async def ask(
    context: Context, user_id: UUID, name: str, schema: dict[str, Any], asked: tuple[str, dict[str, Any]]
) -> dict[str, Any] | None:
    """Return a document by the schema; `asked` is instructions and data.

    None where the model gives none, or the person wants nothing to be sent to it.
    """
    key = await context.credentials.openai(user_id)
    if key is None:
        return None
    model = replace(
        context.model,
        client=context.model.client.with_options(timeout=SECONDS_MAX),
        max_completion_tokens=max(TOKENS_MAX, context.model.max_completion_tokens),
    )
    for number in range(1, TRIES + 1):
        try:
            return await model.complete(key.key, messages_for(*asked), name, schema)
        except ModelError as error:
            log.warning("document.model", document=name, fault=error.fault.value)
            if error.is_final or error.fault is ChatFault.TIMEOUT or number == TRIES:
                return None
            await asyncio.sleep(min(error.retry_after or WAIT_SECONDS, WAIT_SECONDS_MAX))
    return None
