"""What is expected of what else is a person's own: profile, résumés, searches, chat, notifications, keys."""

from models.account_enums import Scope
from models.enums import ChatState
from tests.api.files import pdf_of
from tests.api.matrix.belongings import (
    OPENAI,
    STRUCTURED,
    a_message,
    a_notification,
    a_resume,
    a_search,
    credentials,
    no_running_answer,
)
from tests.api.matrix.expected import Access, Content, Expectations, Expected, Maker, constant, nothing

SEARCH = {"country": "gb", "what": "analytical engineer"}


def mine(scope: Scope, status: int = 200, make: Maker = nothing, json: Content | None = None) -> Expected:
    """Return what is expected of what belongs to a person."""
    return Expected(Access.ME, status, make, json, scope)


def own(scope: Scope, status: int, json: object, make: Maker = nothing) -> Expected:
    """Return what is expected where nothing is named, so that everybody asks about their own."""
    return Expected(Access.ME, status, make, constant(json), scope, is_owned=False)


PEOPLE: Expectations = {
    "GET /api/profile/": mine(Scope.PROFILE_READ),
    "PATCH /api/profile/": own(Scope.PROFILE_WRITE, 200, {"daily_cap": 50}),
    "GET /api/resumes/": mine(Scope.PROFILE_READ),
    "POST /api/resumes/": Expected(
        Access.ME,
        201,
        scope=Scope.PROFILE_WRITE,
        files={"file": ("cv.pdf", pdf_of("Ada Lovelace"), "application/pdf")},
        is_owned=False,
    ),
    "GET /api/resumes/{resume_id}/file": mine(Scope.PROFILE_READ, make=a_resume),
    "GET /api/resumes/{resume_id}/structured": mine(Scope.PROFILE_READ, make=a_resume),
    "PUT /api/resumes/{resume_id}/structured": Expected(
        Access.ME, 200, a_resume, constant(STRUCTURED), Scope.PROFILE_WRITE, is_open=True
    ),
    "DELETE /api/resumes/{resume_id}": mine(Scope.PROFILE_WRITE, 204, a_resume),
    "GET /api/searches/": mine(Scope.JOBS_READ),
    "POST /api/searches/": own(Scope.JOBS_WRITE, 201, SEARCH, a_search),
    "GET /api/searches/{search_id}": mine(Scope.JOBS_READ, make=a_search),
    "PATCH /api/searches/{search_id}": mine(Scope.JOBS_WRITE, 200, a_search, constant({"name": "Engines"})),
    "DELETE /api/searches/{search_id}": mine(Scope.JOBS_WRITE, 204, a_search),
    "GET /api/chat/": mine(Scope.CHAT_READ),
    "POST /api/chat/": own(Scope.CHAT_WRITE, 202, {"text": "How often?"}, no_running_answer),
    "GET /api/chat/{message_id}": mine(Scope.CHAT_READ, make=a_message(ChatState.DONE)),
    "GET /api/chat/{message_id}/stream": Expected(
        Access.ME, 200, a_message(ChatState.DONE), scope=Scope.CHAT_READ, streams=True
    ),
    "POST /api/chat/{message_id}/cancel": mine(Scope.CHAT_WRITE, 200, a_message(ChatState.QUEUED)),
    "GET /api/notifications/": mine(Scope.NOTIFICATIONS_READ),
    "POST /api/notifications/{notification_id}/read": mine(Scope.NOTIFICATIONS_WRITE, 200, a_notification),
    "GET /api/events/": Expected(Access.ME, 200, scope=Scope.NOTIFICATIONS_READ, streams=True),
    "GET /api/integrations/": mine(Scope.INTEGRATIONS_READ),
    "PUT /api/integrations/": own(Scope.INTEGRATIONS_WRITE, 200, OPENAI),
    "DELETE /api/integrations/{vendor}": mine(Scope.INTEGRATIONS_WRITE, 204, credentials),
}
