"""Every kind of notification is told in a sentence of its own, and a reminder says which one it is."""

import pytest

from models.enums import ApplicationState, NotificationKind
from models.notification import Notification, sentence
from tests.api.applied import put
from tests.api.client import Api, store


@pytest.mark.parametrize("kind", NotificationKind)
async def test_each_kind_is_listed_with_its_sentence(api: Api, kind: NotificationKind) -> None:
    person = await api.person()
    application = await put(
        api.database, person.id, ApplicationState.NEEDS_INPUT, title="Cook", company="Inn"
    )
    await store(
        api.database, Notification(user_id=person.id, application_id=application.id, kind=kind, number=3)
    )
    (told,) = (await person.get("/api/notifications/")).json()["items"]
    assert (told["kind"], told["number"]) == (kind.value, 3)
    assert told["application_id"] == str(application.id)
    assert told["text"] == sentence(kind, "Cook", "Inn")
    assert "Cook at Inn" in told["text"]


def test_no_two_kinds_are_told_alike() -> None:
    assert len({sentence(kind, "Cook", None) for kind in NotificationKind}) == len(NotificationKind)


def test_a_failure_is_never_told_as_the_employers_no() -> None:
    for kind in NotificationKind:
        assert "reject" not in sentence(kind, "Cook", "Inn").lower()
