"""The proof of an application: whole as JSON, and a ZIP that a person can read and check without us."""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from api.evidence import package_of
from api.evidence_zip import Contents, zipped
from models.answering_enums import AnswerSource, DocumentKind, LogKind, QuestionKind
from models.application import Application, application_locked
from models.application_log import LogEntry, hash_of
from models.enums import ApplicationState
from models.evidence import Evidence
from tests.api.application_scene import (
    PDF,
    PNG,
    add_attempt,
    add_document,
    add_question,
    add_screenshot,
    confirmed,
    seal_of,
)
from tests.api.applied import put
from tests.api.client import Api, Person, assert_problem

S = ApplicationState
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)> \u202eevil & \"quoted\" 'too'"


async def proven(api: Api, person: Person, **values: Any) -> Application:  # noqa: ANN401 -- columns
    """Store a submitted application with everything that proves it."""
    application = await put(api.database, person.id, S.SUBMITTED, **values)
    await add_question(api, application, 1, answer=HOSTILE, source=AnswerSource.PERSON, label=HOSTILE)
    languages = ["English", "Ελληνικά"]
    await add_question(api, application, 2, answer=languages, label="Languages", kind=QuestionKind.MULTI)
    await add_document(api, application, DocumentKind.RESUME)
    await add_document(api, application, DocumentKind.COVER_LETTER, b"%PDF letter", text="Dear all")
    await add_attempt(api, application)
    for number in (1, 2):
        await add_screenshot(api, application, PNG + bytes([number]), number)
    await confirmed(api, application, f"Thank you {HOSTILE}")
    async with api.database.begin() as session:
        row = (await session.exec(application_locked(application.id))).one()
        session.add(row.log(LogKind.EVIDENCE_COPIED, count=2, ratio=0.5, whole=True, note="naïve"))
    return application


async def unpacked(person: Person, application: Application, folder: Path) -> Path:
    """Download the ZIP and unpack it."""
    answer = await person.get(f"/api/applications/{application.id}/evidence.zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert f"application-{application.id}.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert all(
            re.fullmatch(r"[a-z]+/[a-z_0-9]+\.[a-z]+|[A-Za-z0-9]+(\.[a-z]+)?", name)
            for name in archive.namelist()
        )
        archive.extractall(folder)
    return folder


def verified(folder: Path) -> tuple[int, str]:
    """Run the ZIP's own check, with nothing but the interpreter and in isolation from our code."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", timeout=30)  # noqa: S603 -- our own file
    assert done.stderr == ""
    return done.returncode, done.stdout


TWICE_IN_TITLE = 2
"""The window's title is text only: the job's title and its company's name."""


class Elements(HTMLParser):
    """Collects a page's tags, their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        """Remember text."""
        self.text += data


async def test_the_package_holds_everything_and_says_that_its_log_is_whole(api: Api) -> None:
    person = await api.applicant()
    application = await proven(api, person)
    package = (await person.get(f"/api/applications/{application.id}/evidence")).json()
    assert package["log_is_whole"] is True
    assert [entry["number"] for entry in package["log"]] == [1, 2]
    assert package["log"][1]["previous_hash"] == package["log"][0]["hash"]
    assert [(run["attempt"], run["state"]) for run in package["runs"]] == [("1", "open")]
    assert package["runs"][0]["run_id"] == package["application"]["run_id"]
    assert [each["source"] for each in package["application"]["questions"]] == ["person", "profile"]
    assert len(package["application"]["evidence"]) == 2


async def test_a_log_that_was_changed_or_cut_is_told(api: Api, tmp_path: Path) -> None:
    person = await api.applicant()
    for statement in (
        "UPDATE application_log SET data = '{\"count\": 3}' WHERE application_id = :id AND number = 2",
        "DELETE FROM application_log WHERE application_id = :id AND number = 2",
        "DELETE FROM application_log WHERE application_id = :id",
    ):
        application = await proven(api, person)
        async with api.database.begin() as session:
            connection = await session.connection()
            await connection.execute(text("ALTER TABLE application_log DISABLE TRIGGER USER"))
            await connection.execute(text(statement).bindparams(id=application.id))
        package = (await person.get(f"/api/applications/{application.id}/evidence")).json()
        assert package["log_is_whole"] is False
        code, said = verified(await unpacked(person, application, tmp_path / str(application.id)))
        assert (code, "it was not whole when it was made" in said) == (1, True), statement


async def test_the_zip_opens_and_its_own_check_finds_that_everything_holds(api: Api, tmp_path: Path) -> None:
    person = await api.applicant()
    application = await proven(api, person)
    folder = await unpacked(person, application, tmp_path)
    assert sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()) == [
        *("SHA256SUMS", "application.json", "documents/cover_letter.pdf", "documents/resume.pdf"),
        *("index.html", "log.json", "screenshots/01.png", "screenshots/02.png", "verify.py"),
    ]
    assert (folder / "documents/resume.pdf").read_bytes() == PDF
    assert (folder / "screenshots/02.png").read_bytes() == PNG + b"\x02"
    shown = json.loads((folder / "application.json").read_text("utf-8"))
    assert shown["questions"][0]["answer"] == HOSTILE
    code, said = verified(folder)
    assert (code, said) == (0, "Everything holds: every file, and the log from entry 1 to 2.\n")
    sums = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    assert f"{hashlib.sha256((folder / 'index.html').read_bytes()).hexdigest()}  index.html" in sums


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("screenshots/01.png", b"PNG", b"GNP", "screenshots/01.png: not the file"),
        ("application.json", b"Dear all", b"Dear ALL", "application.json: not the file"),
        ("log.json", b'"count": 2', b'"count": 3', "log.json: entry 2 is not what its hash says"),
        ("log.json", b'"number": 2', b'"number": 3', "log.json: entry 2 does not follow"),
        ("SHA256SUMS", b"index.html", b"other.html", "other.html: missing"),
    ],
)
async def test_the_check_finds_what_was_changed_afterwards(
    api: Api, tmp_path: Path, file: str, old: bytes, new: bytes, said: str
) -> None:
    person = await api.applicant()
    folder = await unpacked(person, await proven(api, person), tmp_path)
    content = (folder / file).read_bytes()
    assert old in content
    (folder / file).write_bytes(content.replace(old, new, 1))
    code, found = verified(folder)
    assert code == 1
    assert said in found


async def test_the_check_finds_a_document_of_which_the_log_does_not_tell(api: Api, tmp_path: Path) -> None:
    person = await api.applicant()
    application = await proven(api, person)
    for sha256, code in ((hashlib.sha256(PDF).hexdigest(), 0), ("0" * 64, 1)):
        async with api.database.begin() as session:
            row = (await session.exec(application_locked(application.id))).one()
            session.add(row.log(LogKind.DOCUMENT_MADE, document="resume", sha256=sha256))
        found, said = verified(await unpacked(person, application, tmp_path / str(code)))
        assert (found, "the log tells of another file" in said) == (code, bool(code)), said


async def test_the_chain_can_be_checked_by_hand_as_the_file_says(api: Api, tmp_path: Path) -> None:
    person = await api.applicant()
    application = await proven(api, person)
    log = json.loads((await unpacked(person, application, tmp_path) / "log.json").read_text("utf-8"))
    assert "sha256sum --check" in " ".join(log["how_to_verify"])
    head = "0" * 64
    for entry in log["entries"]:
        written = {name: entry[name] for name in sorted(entry) if name != "hash"}
        written["application_id"] = log["application_id"]
        line = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry["previous_hash"] == head
        head = hashlib.sha256(line.encode()).hexdigest()
        assert entry["hash"] == head
    assert log["newest_hash"] == head


async def test_the_page_escapes_everything_and_asks_nobody(api: Api, tmp_path: Path) -> None:
    person = await api.applicant()
    application = await proven(api, person, title=HOSTILE, company=HOSTILE)
    page = (await unpacked(person, application, tmp_path) / "index.html").read_text("utf-8")
    elements = Elements(page)
    assert not {"script", "iframe", "object", "form", "link", "base"} & set(elements.tags)
    assert elements.handlers == []
    assert sorted(set(elements.links)) == [
        *("documents/cover_letter.pdf", "documents/resume.pdf", "screenshots/01.png", "screenshots/02.png")
    ]
    assert "default-src &#x27;none&#x27;" in page
    assert page.count("alert(1)") == elements.text.count("alert(1)")
    assert elements.text.count(HOSTILE) >= 4
    # it keeps its direction to itself wherever it stands, but in the title
    assert page.count("\u202e") == len(re.findall("<bdi>[^<]*\u202e[^<]*</bdi>", page)) + TWICE_IN_TITLE
    assert "Ελληνικά" in elements.text
    assert "It was submitted." in elements.text


async def test_an_application_that_has_hardly_begun_has_a_zip_too(api: Api, tmp_path: Path) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id)
    folder = await unpacked(person, application, tmp_path)
    assert verified(folder) == (0, "Everything holds: every file, and the log from entry 1 to 1.\n")
    assert "Nothing: no submission was begun." in (folder / "index.html").read_text("utf-8")


async def test_a_picture_that_was_removed_after_its_time_is_told_of_by_its_hash(
    api: Api, tmp_path: Path
) -> None:
    person = await api.applicant()
    application = await proven(api, person)
    async with api.database.begin() as session:
        query = select(Evidence).where(Evidence.application_id == application.id)
        first, _ = await session.exec(query.order_by(col(Evidence.id)))
        first.content_sealed, first.removed_at = None, datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
    folder = await unpacked(person, application, tmp_path)
    assert [each.name for each in (folder / "screenshots").iterdir()] == ["02.png"]
    page = Elements((folder / "index.html").read_text("utf-8"))
    assert "removed after its time, 2026-05-04 03:02:01 UTC" in page.text
    assert first.sha256 in page.text
    code, said = verified(folder)
    assert (code, said) == (0, "Everything holds: every file, and the log from entry 1 to 2.\n")
    answer = await person.get(f"/api/applications/{application.id}/evidence/{first.id}")
    assert "removed" in assert_problem(answer, 404, "not-found")["detail"]
    shown = (await person.get(f"/api/applications/{application.id}")).json()["evidence"]
    assert [each["removed_at"] is None for each in shown] == [False, True]


async def test_a_proof_that_was_never_sent_says_so_and_calls_it_no_decision(api: Api, tmp_path: Path) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.FAILED)
    page = (await unpacked(person, application, tmp_path) / "index.html").read_text("utf-8")
    assert "The employer has decided nothing." in page


async def test_large_pictures_leave_one_by_one(api: Api) -> None:
    person = await api.applicant()
    application = await put(api.database, person.id, S.SUBMITTED)
    size = 2_000_000
    for number in range(4):
        await add_screenshot(api, application, bytes([number]) * size, number)
    seal = await seal_of(api, person.id)
    async with api.database.begin() as session:
        package = await package_of(session, seal, person.id, application.id)
    pieces = [len(piece) async for piece in zipped(api.database, seal, Contents(package, {}))]
    assert len([piece for piece in pieces if piece > size]) == 4
    # no piece is more than one picture with its heading
    assert max(pieces) < size + 1000


async def test_anothers_proof_is_not_there(api: Api) -> None:
    owner, other = await api.applicant(), await api.applicant()
    application = await proven(api, owner)
    for name in ("evidence", "evidence.zip"):
        assert_problem(await other.get(f"/api/applications/{application.id}/{name}"), 404, "not-found")


async def test_the_hash_in_the_archive_is_that_of_the_table(api: Api, tmp_path: Path) -> None:
    person = await api.applicant()
    application = await proven(api, person)
    log = json.loads((await unpacked(person, application, tmp_path) / "log.json").read_text("utf-8"))
    async with api.database.begin() as session:
        entry = await session.get_one(LogEntry, (application.id, 2))
    made = hash_of(application.id, 2, entry.at, entry.kind, entry.data, entry.previous_hash)
    assert log["entries"][1]["hash"] == entry.hash == made
