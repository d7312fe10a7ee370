"""The register's part about what people are told: the chat, live events and notifications."""

from models.account_enums import RetainedKind
from models.privacy.shape import WHILE_THE_ACCOUNT, Columns, Owner, Sealed, Table

TELLING = (
    Table(
        "chat_message",
        "The conversation with the assistant.",
        (
            Columns(
                "id created_at user_id role state error ended_at",
                "who spoke when, and how it ended (a word of a closed set)",
                "lists; one answer at a time",
            ),
            Columns("text_sealed", "the text", "people tell an assistant everything", sealed=Sealed.TEXT),
        ),
        kept="`JOBRAKER_PRIVACY__CHAT_DAYS` days",
        pruned=RetainedKind.CHAT,
    ),
    Table(
        "chat_delta",
        "Answers as they stream, piece by piece.",
        (
            Columns(
                "message_id number kind",
                "the order of the pieces of a streaming answer",
                "a reader resumes after its last piece",
            ),
            Columns("text_sealed", "the piece", "as the message", sealed=Sealed.TEXT),
        ),
        kept="as long as its message",
        owner=Owner("message_id", "chat_message"),
        pruned=RetainedKind.CHAT,
    ),
    Table(
        "event",
        "Live events.",
        (
            Columns(
                "user_id number kind subject_id created_at",
                "that something happened to what",
                "frontends follow it",
            ),
            Columns("data", "ids, counts and words of closed sets", "no text of anybody's"),
        ),
        kept="`JOBRAKER_PRIVACY__EVENT_DAYS` days",
        pruned=RetainedKind.EVENTS,
    ),
    Table(
        "event_cursor",
        "The number of a person's last event.",
        (Columns("user_id last", "the person's last event number", "numbers without gaps"),),
        kept=WHILE_THE_ACCOUNT,
    ),
    Table(
        "notification",
        "What people were told.",
        (
            Columns(
                "id created_at user_id application_id kind number read_at mailed_at",
                "that somebody was told something, which reminder it was, or of how many matches",
                "its words are made when it is shown",
            ),
        ),
        kept="`JOBRAKER_PRIVACY__NOTIFICATION_DAYS` days",
        pruned=RetainedKind.NOTIFICATIONS,
    ),
)
