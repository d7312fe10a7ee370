"""Recording live events in the transaction of the change that they tell of."""

from sqlalchemy import TextClause
from sqlmodel.ext.asyncio.session import AsyncSession


async def announce(session: AsyncSession, *statements: TextClause) -> None:
    """Send the pending changes, then the statements of `models.event`; call it last in the transaction."""
    await session.flush()
    # SQLModel's session has no way of its own for text
    connection = await session.connection()
    for statement in statements:
        await connection.execute(statement)
