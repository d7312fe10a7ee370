"""What follows from other wishes: which new jobs find the person, and which searches are kept for them."""

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from api.searching import keep_wished
from models.base import now
from models.interests import interests_of
from models.match_row import Interest
from models.profile import Profile


async def note_wishes(session: AsyncSession, profile: Profile) -> None:
    """Let new jobs find the person by what they look for now, and have older ones matched anew.

    The searches that bring such jobs are kept for them.
    """
    profile.wishes_changed_at = now()
    await session.exec(delete(Interest).where(col(Interest.user_id) == profile.user_id))
    wished = profile.read_preferences()
    for title, word, words in interests_of(wished.titles, wished.countries):
        session.add(Interest(user_id=profile.user_id, title=title, word=word, words=words))
    await keep_wished(session, profile)
