"""Résumés: uploaded, read, listed, given back and deleted by their owner alone."""

import hashlib
from asyncio import create_task
from urllib.parse import unquote

import pytest
from sqlmodel import select

from models.account import Account
from models.profile import Resume
from models.sealed import place_of
from tests.api.client import Api, Person, assert_problem, somebody_waits
from tests.api.files import docx_of, pdf_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "Ada Lovelace wrote the first program"


async def uploaded(person: Person, content: bytes, name: str = "cv.pdf") -> dict[str, object]:
    """Upload a file that is taken, and return the résumé."""
    answer = await person.post("/api/resumes/", files={"file": (name, content, "application/pdf")})
    assert answer.status_code == 201, answer.text
    resume: dict[str, object] = answer.json()
    return resume


async def text_of(api: Api, person: Person) -> str:
    """Open the sealed text of a person's only résumé."""
    async with api.database.begin() as session:
        resume = (await session.exec(select(Resume).where(Resume.user_id == person.id))).one()
        seal = (await session.get_one(Account, person.id)).seal(api.context.keys)
    return seal.open_text(resume.text_sealed, place_of("resume", "text_sealed", resume.id))


async def test_a_pdf_is_read_and_given_back_as_it_came(api: Api) -> None:
    person = await api.person()
    content = pdf_of(TEXT)
    resume = await uploaded(person, content)
    assert resume["format"] == "pdf"
    assert resume["size"] == len(content)
    assert resume["sha256"] == hashlib.sha256(content).hexdigest()
    assert resume["characters"] == len(TEXT)
    assert await text_of(api, person) == TEXT
    file = await person.get(f"/api/resumes/{resume['id']}/file")
    assert file.content == content
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-disposition"].startswith('attachment; filename="cv.pdf"')


async def test_a_docx_is_read_with_its_tables(api: Api) -> None:
    person = await api.person()
    # the bytes decide, whatever the name and the media type say
    resume = await uploaded(person, docx_of(TEXT, "Zweite Zeile: Köln"), "cv.pdf")
    assert resume["format"] == "docx"
    assert resume["file_name"] == "cv.pdf.docx"
    text = await text_of(api, person)
    assert text.splitlines()[0] == TEXT
    assert "Zweite Zeile: Köln" in text
    assert "Analytical Engines Ltd" in text
    file = await person.get(f"/api/resumes/{resume['id']}/file")
    assert file.headers["content-type"] == DOCX


async def test_nothing_of_a_resume_lies_open_in_the_database(api: Api) -> None:
    person = await api.person()
    await uploaded(person, pdf_of(TEXT), "Ada-Lovelace.pdf")
    rows = await api.database.rows("SELECT resume::text AS row FROM resume", {})
    stored = rows[0]["row"]
    for word in ("Lovelace", "25504446", b"Lovelace".hex(), TEXT.encode().hex()):
        assert word not in stored


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Ada\\cv.PDF", "cv.pdf"),
        ("a;\u0085\u202ecod.exe", "a;cod.exe.pdf"),
        ("Lebenslauf Ädä.pdf", "Lebenslauf Ädä.pdf"),
        (".pdf", "resume.pdf"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
async def test_a_file_name_is_made_harmless(api: Api, sent: str, kept: str) -> None:
    person = await api.person()
    resume = await uploaded(person, pdf_of(TEXT), sent)
    assert resume["file_name"] == kept
    disposition = (await person.get(f"/api/resumes/{resume['id']}/file")).headers["content-disposition"]
    plain, _, encoded = disposition.partition("; filename*=UTF-8''")
    assert unquote(encoded) == kept
    assert plain.count('"') == 2
    assert disposition.isascii()
    assert disposition.isprintable()


async def test_resumes_are_listed_the_newest_first_and_can_be_deleted(api: Api) -> None:
    person = await api.person()
    first = await uploaded(person, pdf_of("first one"))
    second = await uploaded(person, pdf_of("second one"))
    listed = (await person.get("/api/resumes/")).json()
    assert [resume["id"] for resume in listed] == [second["id"], first["id"]]
    assert listed[0] == second
    assert (await person.request("DELETE", f"/api/resumes/{second['id']}")).status_code == 204
    assert [resume["id"] for resume in (await person.get("/api/resumes/")).json()] == [first["id"]]
    assert_problem(await person.request("DELETE", f"/api/resumes/{second['id']}"), 404, "not-found")


async def test_a_resume_that_is_just_being_deleted_is_not_deleted_twice(api: Api) -> None:
    person = await api.person()
    path = f"/api/resumes/{(await uploaded(person, pdf_of(TEXT)))['id']}"
    async with api.database.begin() as session:
        await session.delete((await session.exec(select(Resume))).one())
        await session.flush()
        late = create_task(person.request("DELETE", path))
        await somebody_waits(api.database)
    assert_problem(await late, 404, "not-found")


async def test_another_persons_resume_is_not_there(api: Api) -> None:
    owner, other = await api.person(), await api.person()
    resume = await uploaded(owner, pdf_of(TEXT))
    assert (await other.get("/api/resumes/")).json() == []
    assert_problem(await other.get(f"/api/resumes/{resume['id']}/file"), 404, "not-found")
    assert_problem(await other.request("DELETE", f"/api/resumes/{resume['id']}"), 404, "not-found")
    assert (await owner.get(f"/api/resumes/{resume['id']}/file")).status_code == 200


async def test_there_is_an_end_to_how_many_are_kept(api: Api) -> None:
    person = await api.person()
    resume = await uploaded(person, pdf_of(TEXT))
    async with api.database.begin() as session:
        row = (await session.exec(select(Resume))).one()
        for _ in range(19):
            session.add(Resume(**row.model_dump(exclude={"id"})))
    answer = await person.post("/api/resumes/", files={"file": ("cv.pdf", pdf_of(TEXT), "application/pdf")})
    assert_problem(answer, 409, "conflict")
    await person.request("DELETE", f"/api/resumes/{resume['id']}")
    await uploaded(person, pdf_of(TEXT))


async def test_an_upload_is_refused_before_its_body_is_looked_at(api: Api) -> None:
    answer = await api.http.post("/api/resumes/", files={"file": ("cv.pdf", pdf_of(TEXT), "application/pdf")})
    assert_problem(answer, 401, "unauthenticated")
