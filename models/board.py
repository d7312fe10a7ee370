"""The board that a frontend shows: a projection of an application's three axes, stored nowhere."""

from enum import StrEnum

from models.application import ACTIVE
from models.enums import ApplicationState, Outcome, Stage

S = ApplicationState


class Column(StrEnum):
    """The board's columns, from left to right."""

    PENDING = "pending"
    APPLIED = "applied"
    INTERVIEW = "interview"
    OFFER = "offer"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_BY_OUTCOME = {
    Outcome.OFFER_ACCEPTED: Column.OFFER,
    Outcome.OFFER_DECLINED: Column.OFFER,
    Outcome.REJECTED: Column.REJECTED,
    Outcome.WITHDRAWN: Column.WITHDRAWN,
    # silence is no answer: who was never rejected is not shown as rejected
    Outcome.NO_RESPONSE: Column.APPLIED,
    Outcome.GHOSTED: Column.APPLIED,
}
_BY_STAGE = {
    Stage.RECRUITER_SCREEN: Column.INTERVIEW,
    Stage.ASSESSMENT: Column.INTERVIEW,
    Stage.HIRING_MANAGER_SCREEN: Column.INTERVIEW,
    Stage.TECHNICAL_INTERVIEW: Column.INTERVIEW,
    Stage.ONSITE: Column.INTERVIEW,
    Stage.OFFER: Column.OFFER,
}
_BY_STATE = {
    **dict.fromkeys(ACTIVE | {S.UNKNOWN_OUTCOME}, Column.PENDING),
    S.SUBMITTED: Column.APPLIED,
    S.CANCELLED: Column.WITHDRAWN,
    S.DECLINED: Column.WITHDRAWN,
}

_REPLIES = frozenset({Outcome.OFFER_ACCEPTED, Outcome.OFFER_DECLINED, Outcome.REJECTED})


def column_of(state: ApplicationState, stage: Stage | None, outcome: Outcome | None) -> Column | None:
    """Return where an application stands on the board; None where it is on none of its columns.

    What has failed, expired, was skipped or was never sent is on none: it is no answer of an employer's, and
    nobody waits for one.
    """
    if outcome is not None:
        return _BY_OUTCOME[outcome]
    if stage in _BY_STAGE:
        return _BY_STAGE[stage]
    return _BY_STATE.get(state)


def is_reply(stage: Stage | None, outcome: Outcome | None) -> bool:
    """Tell whether the employer has answered; ghosted, no response and withdrawn are no answers."""
    return outcome in _REPLIES or stage in _BY_STAGE
