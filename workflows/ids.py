"""Workflow ids, the task queue and the search attributes: opaque ids only."""

from uuid import UUID

from temporalio.common import Priority, SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from workflows.messages import ApplicationRef

TASK_QUEUE = "jobraker"

USER = SearchAttributeKey.for_keyword("JobrakerUser")
JOB = SearchAttributeKey.for_keyword("JobrakerJob")
APPLICATION = SearchAttributeKey.for_keyword("JobrakerApplication")
PHASE = SearchAttributeKey.for_keyword("JobrakerPhase")
SEARCH_ATTRIBUTES = (USER, JOB, APPLICATION, PHASE)

AUTO_APPLY = "AutoApply"
CHAT_TURN = "ChatTurn"
NOTIFY = "Notify"
FOLLOW_UP = "FollowUp"
MATCH_JOBS = "MatchJobs"
TOKEN_MAIL = "TokenMail"  # noqa: S105 -- a type of workflow, not a secret
ACCOUNT_EXPORT = "AccountExport"
ACCOUNT_ERASURE = "AccountErasure"
"""Workflow types that other workflows start: by name, since their modules start each other."""

ACCOUNT_ERASURE_CHANGED = "changed"
"""The signal by which an erasure looks at its row."""

JOB_FETCH_ID = "job-fetch"
SWEEP_ID = "auto-apply-sweep"
RECONCILE_ID = "reconcile"
UPKEEP_ID = "job-upkeep"
RETENTION_ID = "retention"
MATCH_JOBS_ID = "match-jobs"


def match_person_id(user_id: UUID) -> str:
    """Return the id of the workflow that matches one person anew."""
    return f"match-person/{user_id}"


def auto_apply_id(user_id: UUID, job_id: UUID) -> str:
    """Return the id of the one workflow that may apply for a person to a job."""
    return f"auto-apply/{user_id}/{job_id}"


def chat_turn_id(user_id: UUID, message_id: UUID) -> str:
    """Return the id of the workflow that makes one answer."""
    return f"chat-turn/{user_id}/{message_id}"


def notify_id(user_id: UUID, notification_id: UUID) -> str:
    """Return the id of the workflow that sends one notification."""
    return f"notify/{user_id}/{notification_id}"


def notify_id_from(workflow_id: str, user_id: UUID, notification_id: UUID) -> str:
    """Return the id of a notification's workflow as it is started by the workflow of this id.

    A follow-up lasts a month. One that is called `follow-up/{application}` began before such ids named their
    person: its history holds `notify/{notification}`, and would not be replayed with another.
    """
    kind, *rest = workflow_id.split("/")
    if kind == "follow-up" and len(rest) == 1:
        return f"notify/{notification_id}"
    return notify_id(user_id, notification_id)


def follow_up_id(user_id: UUID, application_id: UUID) -> str:
    """Return the id of the workflow that follows a submitted application."""
    return f"follow-up/{user_id}/{application_id}"


def token_mail_id(user_id: UUID, token_id: UUID) -> str:
    """Return the id of the workflow that sends one mail about an account."""
    return f"token-mail/{user_id}/{token_id}"


def account_export_id(user_id: UUID, export_id: UUID) -> str:
    """Return the id of the workflow that makes one export."""
    return f"account-export/{user_id}/{export_id}"


def account_erasure_id(erasure_id: UUID) -> str:
    """Return the id of the workflow that erases one account; it names nobody, and outlives the account."""
    return f"account-erasure/{erasure_id}"


OWNED = frozenset(
    {"match-person", "auto-apply", "chat-turn", "notify", "follow-up", "token-mail", "account-export"}
)
"""The first words of the ids whose second word is the person that the workflow is about."""


def owner_of(workflow_id: str) -> UUID | None:
    """Return whose workflow it is, as its id says; None where it is the installation's."""
    kind, _, rest = workflow_id.partition("/")
    if kind not in OWNED:
        return None
    try:
        return UUID(rest.partition("/")[0])
    except ValueError:
        return None


def application_attributes(application: ApplicationRef) -> TypedSearchAttributes:
    """Return what operators filter an application's workflow by."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(USER, str(application.user_id)),
            SearchAttributePair(JOB, str(application.job_id)),
            SearchAttributePair(APPLICATION, str(application.application_id)),
        ]
    )


def user_attributes(user_id: UUID) -> TypedSearchAttributes:
    """Return what operators filter a person's other workflows by."""
    return TypedSearchAttributes([SearchAttributePair(USER, str(user_id))])


def fair_to(user_id: UUID) -> Priority:
    """Return a priority under which no person's backlog holds up another's."""
    return Priority(fairness_key=str(user_id))
