"""Exports over HTTP: asked for one at a time, followed, and fetched by a link that is good once."""

import asyncio
import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select
from temporalio.testing import ActivityEnvironment

from activities.account_export import parts
from activities.account_export.activities import AccountExportActivities
from models.account import Account
from models.account_enums import ExportState, TokenPurpose
from models.account_export import AccountExport, ExportPart
from models.audit import AuditEntry
from models.base import now
from models.one_time_token import OneTimeToken
from settings import LimitSettings
from tests.api.client import PATIENCE, Api, ApiAt, Person, assert_problem
from tests.api.sse import following
from tests.workflows.running import worker_with
from workflows.account_messages import ExportRef

EXPORTS = "/api/privacy/exports/"
KEPT = timedelta(days=7)


async def ask(person: Person) -> dict[str, Any]:
    """Ask for an export."""
    answer = await person.post(EXPORTS)
    assert answer.status_code == 202, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def steps_of(api: Api) -> AccountExportActivities:
    """Return the real steps on the app's database."""
    return AccountExportActivities(api.database, api.context.keys, KEPT)


async def ready(person: Person) -> UUID:
    """Ask for an export and have it collected; return its id."""
    export_id = UUID((await ask(person))["id"])
    ref = ExportRef(export_id=export_id, user_id=person.id)
    await ActivityEnvironment().run(steps_of(person.api).collect_export, ref)
    return export_id


async def link_to(person: Person, export_id: UUID) -> str:
    """Make a link and return its path with the token, as it is fetched."""
    answer = await person.post(f"{EXPORTS}{export_id}/link")
    assert answer.status_code == 201, answer.text
    base = person.api.context.public_url
    url: str = answer.json()["url"]
    assert url.startswith(f"{base}{EXPORTS}download?token=")
    return url.removeprefix(base)


async def test_an_export_is_asked_for_followed_and_fetched(api: Api) -> None:
    ada = await api.person()
    asked = await ask(ada)
    assert (asked["state"], asked["done"], asked["size"]) == ("queued", 0, None)
    ref = ExportRef(export_id=UUID(asked["id"]), user_id=ada.id)
    await ActivityEnvironment().run(steps_of(api).collect_export, ref)
    shown = (await ada.get(f"{EXPORTS}{asked['id']}")).json()
    assert shown["state"] == "ready"
    assert shown["done"] == shown["total"] > 0
    assert [shown] == (await ada.get(EXPORTS)).json()
    # whoever has the link needs no login
    file = await api.http.get(await link_to(ada, ref.export_id))
    assert file.status_code == 200
    assert file.headers["content-type"] == "application/zip"
    assert file.headers["content-disposition"].startswith(
        f'attachment; filename="jobraker-export-{asked["id"]}.zip"'
    )
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["referrer-policy"] == "no-referrer"
    assert len(file.content) == shown["size"] == int(file.headers["content-length"])
    assert hashlib.sha256(file.content).hexdigest() == shown["sha256"]
    assert ada.email in zipfile.ZipFile(io.BytesIO(file.content)).read("data/account.json").decode()


async def test_one_is_collected_at_a_time(api: Api) -> None:
    ada, boris = await api.person(), await api.person()
    answers = await asyncio.gather(*(ada.post(EXPORTS) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert_problem(refused, 409, "under-way")
    # nobody waits for another's
    await ask(boris)
    assert len((await ada.get(EXPORTS)).json()) == 1


async def test_asking_too_often_is_refused_until_a_time_that_is_told(api_at: ApiAt) -> None:
    async with api_at(limits=LimitSettings(export_account="1/1d")) as api:
        ada, boris = await api.person(), await api.person()
        await ready(ada)
        problem = assert_problem(await ada.post(EXPORTS), 429, "rate-limited")
        assert problem["retry_after"] > 3600
        await ask(boris)


async def test_a_link_is_good_once_whoever_comes_first(api: Api) -> None:
    ada = await api.person()
    link = await link_to(ada, await ready(ada))
    answers = await asyncio.gather(*(api.http.get(link) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 9
    assert_problem(await api.http.get(link), 404, "not-found")


async def test_the_link_is_used_up_before_the_first_byte(served: Api) -> None:
    ada = await served.person()
    export_id = await ready(ada)
    link = await link_to(ada, export_id)
    async with served.database.begin() as session:
        # the file cannot be sent: it is broken
        part = await session.get_one(ExportPart, (export_id, 1))
        part.content_sealed = b"broken" * 10
    with pytest.raises(httpx.RemoteProtocolError):
        await served.http.get(link)
    assert_problem(await served.http.get(link), 404, "not-found")


async def refusals(api: Api, *links: str) -> list[dict[str, Any]]:
    """Return the problems by which links are refused."""
    return [assert_problem(await api.http.get(link), 404, "not-found") for link in links]


async def token_row(api: Api, person: Person) -> OneTimeToken:
    """Return a person's newest token."""
    query = select(OneTimeToken).where(OneTimeToken.user_id == person.id)
    async with api.database.begin() as session:
        return (await session.exec(query.order_by(col(OneTimeToken.id).desc()))).first()  # type: ignore[return-value]  # there is one


async def test_every_link_that_is_not_good_is_refused_alike(api: Api) -> None:
    ada, boris = await api.person(), await api.person()
    export_id = await ready(ada)
    void, link = await link_to(ada, export_id), await link_to(ada, export_id)
    path, _, token = link.partition("=")
    forged = f"{path}={token[:-1]}{'0' if token[-1] != '0' else '1'}"
    other_row = f"{path}={(await token_row(api, ada)).id.hex}{'a' * 64}"
    boris_link = await link_to(boris, await ready(boris))
    mixed = f"{path}={token[:32]}{boris_link[-64:]}"
    unknown = f"{path}={uuid4().hex}{token[32:]}"
    words = [f"{path}={each}" for each in ("", "x", "g" * 96, "%00" * 96, "é" * 96, token.upper())]
    problems = await refusals(api, void, forged, other_row, mixed, unknown, *words)
    assert len({tuple(sorted(problem.items())) for problem in problems}) == 1
    assert (await api.http.get(link)).status_code == 200


async def test_a_token_for_something_else_fetches_nothing(api: Api) -> None:
    ada = await api.person()
    export_id = await ready(ada)
    async with api.database.begin() as session:
        account = await session.get_one(Account, ada.id)
        reset = OneTimeToken(
            user_id=ada.id,
            purpose=TokenPurpose.RESET_PASSWORD,
            subject_id=export_id,
            expires_at=now() + KEPT,
        )
        session.add(reset)
    token = reset.token(account.seal(api.context.keys))
    await refusals(api, f"{EXPORTS}download?token={token}")


@pytest.mark.parametrize("column", ["locked_at", "erasing_at"])
async def test_a_link_of_whoever_is_kept_out_is_refused(api: Api, column: str) -> None:
    ada = await api.person()
    link = await link_to(ada, await ready(ada))
    async with api.database.begin() as session:
        setattr(await session.get_one(Account, ada.id), column, now())
    await refusals(api, link)


async def test_the_time_of_a_link_is_short_and_that_of_a_file_ends(api: Api) -> None:
    ada = await api.person()
    export_id = await ready(ada)
    link = await link_to(ada, export_id)
    row = await token_row(api, ada)
    assert now() + timedelta(minutes=14) < row.expires_at < now() + timedelta(minutes=16)
    async with api.database.begin() as session:
        (await session.get_one(OneTimeToken, row.id)).expires_at = now()
    await refusals(api, link)
    late = await link_to(ada, export_id)
    async with api.database.begin() as session:
        (await session.get_one(AccountExport, export_id)).expires_at = now()
    await refusals(api, late)
    assert (await ada.get(f"{EXPORTS}{export_id}")).json()["state"] == "expired"
    assert_problem(await ada.post(f"{EXPORTS}{export_id}/link"), 409, "conflict")


async def test_one_that_is_not_ready_has_no_link(api: Api) -> None:
    ada = await api.person()
    asked = await ask(ada)
    assert_problem(await ada.post(f"{EXPORTS}{asked['id']}/link"), 409, "conflict")


async def test_another_persons_export_is_not_there(api: Api) -> None:
    ada, boris, admin = await api.person(), await api.person(), await api.administrator()
    export_id = await ready(ada)
    for stranger in (boris, admin):
        assert (await stranger.get(EXPORTS)).json() == []
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/link")):
            answer = await stranger.request(method, f"{EXPORTS}{export_id}{path}")
            assert_problem(answer, 404, "not-found")
    assert (await ada.get(f"{EXPORTS}{export_id}")).status_code == 200


async def test_an_administrator_who_acts_for_somebody_gets_no_export(api: Api) -> None:
    ada, admin = await api.person(), await api.administrator()
    export_id = await ready(ada)
    acting = {"X-Act-For": str(ada.id), "X-Reason": "because%20I%20can"}
    for method, path in (("POST", ""), ("GET", ""), ("POST", f"{export_id}/link"), ("GET", f"{export_id}")):
        answer = await admin.request(method, f"{EXPORTS}{path}", headers=acting)
        assert_problem(answer, 403, "forbidden")


async def test_a_deleted_one_is_gone_with_its_file_and_another_may_be_asked_for(api: Api) -> None:
    ada = await api.person()
    export_id = await ready(ada)
    link = await link_to(ada, export_id)
    assert (await ada.request("DELETE", f"{EXPORTS}{export_id}")).status_code == 204
    async with api.database.begin() as session:
        assert (await session.exec(select(ExportPart))).all() == []
    await refusals(api, link)
    queued = await ask(ada)
    assert (await ada.request("DELETE", f"{EXPORTS}{queued['id']}")).status_code == 204
    await ask(ada)


async def test_asking_and_fetching_are_in_the_audit_log(api: Api) -> None:
    ada = await api.person()
    export_id = await ready(ada)
    await api.http.get(await link_to(ada, export_id))
    query = select(AuditEntry).where(AuditEntry.subject_id == ada.id).order_by(col(AuditEntry.id))
    async with api.database.begin() as session:
        entries = (await session.exec(query)).all()
    assert [entry.action for entry in entries] == ["export.asked", "export.downloaded"]
    assert {(entry.actor_id, entry.object_id) for entry in entries} == {(ada.id, export_id)}


async def test_it_is_collected_by_its_workflow_with_events_and_told(
    api_at: ApiAt, temporal_server: str
) -> None:
    async with api_at(temporal=temporal_server) as api, asyncio.timeout(PATIENCE):
        ada = await api.person()
        async with worker_with(temporal_server, steps_of(api), codec=api.context.codec):
            asked = await ask(ada)
            shown = asked
            while shown["state"] not in {"ready", "failed"}:
                await asyncio.sleep(0.05)
                shown = (await ada.get(f"{EXPORTS}{asked['id']}")).json()
        assert shown["state"] == ExportState.READY
        items = (await ada.get("/api/notifications/")).json()["items"]
        assert [item["kind"] for item in items] == ["export_ready"]


async def test_progress_is_streamed_to_its_person(served: Api) -> None:
    ada = await served.person()
    async with following(ada, "/api/events/") as events:
        export_id = await ready(ada)
        received = await events.next()
        while received.data.get("state") != "ready":
            assert received.kind == "export.changed"
            assert received.data["subject_id"] == str(export_id)
            received = await events.next()
        assert received.data["done"] == received.data["total"]


async def test_a_file_of_many_parts_is_streamed_as_it_was_stored(served: Api) -> None:
    ada = await served.person()
    asked = await ask(ada)
    content = bytes(range(256)) * 4096 * 5
    ref = ExportRef(export_id=UUID(asked["id"]), user_id=ada.id)
    mine = await parts.begin(served.database, served.context.keys, ref, 1)
    assert mine is not None
    await mine.take(content)
    await mine.end(KEPT)
    got = hashlib.sha256()
    async with served.http.stream("GET", await link_to(ada, ref.export_id)) as answer:
        async for chunk in answer.aiter_bytes():
            got.update(chunk)
    assert got.hexdigest() == hashlib.sha256(content).hexdigest()
    # a part is gone: the answer ends before its length, and nobody takes it for whole
    link = await link_to(ada, ref.export_id)
    async with served.database.begin() as session:
        await session.delete(await session.get_one(ExportPart, (ref.export_id, 4)))
    with pytest.raises(httpx.RemoteProtocolError):
        await served.http.get(link)
