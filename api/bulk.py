"""Doing one thing for many: each on its own, so that one that fails hurts none of the others."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

import structlog
from fastapi import Response

from api.problems import ANSWERS, INTERNAL, problem
from models.application_public import ApplicationPublic
from models.bulk import BulkResult

FAILED = (
    "Something went wrong with this one; it may or may not have been done. Look at it before you repeat it."
)

Item = TypeVar("Item")

log = structlog.get_logger()


async def each_of(
    items: Sequence[Item],
    do: Callable[[Item], Awaitable[ApplicationPublic]],
    id_of: Callable[[Item], UUID],
    *,
    status: int = 200,
    at_once: int = 1,
) -> list[BulkResult]:
    """Do it for each item, in their order and so many at once, and return what became of each.

    `status` is that of a success. What is named twice is done once, and answered once.
    """
    turns = asyncio.Semaphore(at_once)

    async def in_turn(item: Item) -> ApplicationPublic:
        async with turns:
            return await do(item)

    different = _different(items)
    done = await asyncio.gather(*(in_turn(item) for item in different), return_exceptions=True)
    return [
        _refused(id_of(item), result)
        if isinstance(result, BaseException)
        else BulkResult(id=id_of(item), status=status, application=result)
        for item, result in zip(different, done, strict=True)
    ]


def _different(items: Iterable[Item]) -> list[Item]:
    found: list[Item] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def _refused(item_id: UUID, error: BaseException) -> BulkResult:
    answer = _answer_to(error)
    return BulkResult(id=item_id, status=answer.status_code, problem=json.loads(bytes(answer.body)))


def _answer_to(error: BaseException) -> Response:
    """Return what a request for this one alone would have been answered by."""
    if not isinstance(error, Exception):
        raise error
    try:
        for kind in type(error).__mro__:
            if kind in ANSWERS:
                return ANSWERS[kind](error)
    except type(error):
        # no problem is foreseen for it
        pass
    log.error("bulk.item_failed", exc_info=error)
    return problem(INTERNAL, FAILED)
