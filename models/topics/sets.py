"""What may be done with answers to a topic: drafted, shared between forms, remembered, declined."""

from models.answering_enums import Topic

T = Topic

DEMOGRAPHIC = frozenset({T.GENDER, T.RACE, T.VETERAN, T.DISABILITY, T.PRONOUNS, T.RELIGION})
"""Declined where the person says nothing; never part of a prompt."""

DRAFTABLE = frozenset({T.WHY_COMPANY, T.WHY_ROLE, T.HARDEST_PROBLEM, T.ADDITIONAL_INFO})
"""All that the model may answer, beside open questions without a topic."""

DOCUMENTS = frozenset({T.RESUME, T.COVER_LETTER})
"""Answered by a document that is made for the application."""

ONE_EMPLOYER = frozenset(
    {T.WHY_COMPANY, T.WHY_ROLE, T.PREVIOUSLY_EMPLOYED_HERE, T.REFERRAL, T.ADDITIONAL_INFO, T.CONSENT, T.PHOTO}
)
"""Topics whose answer is about one employer: true there, and perhaps nowhere else."""

NEVER_SHARED = (
    ONE_EMPLOYER | DOCUMENTS | frozenset({T.HARDEST_PROBLEM, T.RELOCATION, T.ONSITE_DAYS_OK, T.NON_COMPETE})
)
"""Topics that are never answered in one form because they were in another.

Besides those of one employer: who tells one employer of a problem may choose another for the next, and who
would move to one town, come into one office, or is free for one line of work, need not be so for another.
"""
