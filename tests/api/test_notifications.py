"""Every kind of notification is told in a sentence of its own, and a reminder says which one it is."""

import pytest

from models.enums import ApplicationState, NotificationKind
from models.notification import WITHOUT_APPLICATION, Notification, sentence
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
    assert told["text"] == sentence(kind, "Cook", "Inn", 3)
    assert ("Cook at Inn" in told["text"]) is (kind not in WITHOUT_APPLICATION)


@pytest.mark.parametrize("kind", sorted(WITHOUT_APPLICATION))
async def test_what_is_told_of_no_application_is_listed_and_read(api: Api, kind: NotificationKind) -> None:
    person = await api.person()
    about_none = Notification(user_id=person.id, kind=kind, number=2)
    application = await put(api.database, person.id, ApplicationState.SUBMITTED)
    about_one = Notification(
        user_id=person.id, application_id=application.id, kind=NotificationKind.APPLICATION_SUBMITTED
    )
    await store(api.database, about_none, about_one)
    items = (await person.get("/api/notifications/")).json()["items"]
    assert [item["kind"] for item in items] == ["application_submitted", kind.value]
    assert (items[1]["application_id"], items[1]["text"]) == (None, sentence(kind, number=2))
    read = await person.post(f"/api/notifications/{about_none.id}/read")
    assert read.json()["read_at"] is not None
    stranger = await api.person()
    assert (await stranger.post(f"/api/notifications/{about_none.id}/read")).status_code == 404


def test_strong_matches_say_how_many_there_are() -> None:
    kind = NotificationKind.STRONG_MATCHES
    assert sentence(kind) == "A new job fits you well."
    assert sentence(kind, number=3) == "3 new jobs fit you well."


def test_no_two_kinds_are_told_alike() -> None:
    assert len({sentence(kind, "Cook", None) for kind in NotificationKind}) == len(NotificationKind)


def test_a_failure_is_never_told_as_the_employers_no() -> None:
    for kind in NotificationKind:
        assert "reject" not in sentence(kind, "Cook", "Inn").lower()
