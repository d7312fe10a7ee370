"""Files that are no résumé: each is refused with what to do, within bounded memory and time."""

import time
import zlib

import pytest

from api import resume_text
from settings import ApiSettings
from tests.api.client import Api, ApiAt, assert_problem
from tests.api.files import docx_of, locked_pdf, pdf_of, with_document, zip_of

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SECRET_FILE = "/etc/hostname"


def document(body: str, before: str = "") -> bytes:
    """Return a DOCX whose main part has this body, and this in front of its root."""
    xml = f'<?xml version="1.0"?>{before}<w:document {W}><w:body>{body}</w:body></w:document>'
    return with_document(xml.encode())


def paragraph(text: str) -> str:
    """Return a paragraph of a DOCX."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def laughs() -> bytes:
    """Return a DOCX with entities that would grow to gigabytes."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return document(paragraph("&l9;"), f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>')


def pdf_bomb() -> bytes:
    """Return a PDF whose page unpacks to two hundred megabytes."""
    packed = zlib.compress(zlib.compress(b"BT (x) Tj ET " * (16 * 1024 * 1024)))
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
    good = pdf_of("x")
    start = good.index(b"<< /Length")
    end = good.index(b"endstream") + len(b"endstream")
    return good[:start] + stream % (len(packed), packed) + good[end:]


def lying_zip() -> bytes:
    """Return a DOCX whose table of contents says that the main part is small."""
    content = bytearray(with_document(b"<x>" + b" " * 60_000_000 + b"</x>"))
    size = (60_000_007).to_bytes(4, "little")
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


BAD = {
    "empty": b"",
    "one byte": b"%",
    "text": b"My name is Ada.",
    "html": b"<html><script>alert(1)</script></html>",
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "program": b"\x7fELF" + b"\0" * 100,
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
    "pdf that is cut": pdf_of("Ada Lovelace")[:60],
    "pdf of nothing": b"%PDF-1.7\n",
    "pdf of garbage": b"%PDF-1.7\n" + bytes(range(256)) * 40,
    "pdf without text": pdf_of(" "),
    "pdf with a password": locked_pdf("Ada", "secret"),
    "pdf of too many pages": pdf_of("x", pages=101),
    "zip of nothing": zip_of({"readme.txt": b"hello"}),
    "zip that is cut": docx_of("x")[:200],
    "zip of garbage": b"PK\x03\x04" + bytes(range(256)) * 4,
    "docx without text": document(""),
    "docx of garbage": with_document(b"<w:document"),
    "docx of another xml": with_document(b"<x/>"),
    "docx with many parts": zip_of({f"{n}": b"" for n in range(2100)} | {"word/document.xml": b"<x/>"}),
    "docx that unpacks to much": zip_of({"word/document.xml": b" " * 60_000_000}),
    "docx of nested bombs": zip_of({"word/document.xml": b"<x/>", "a": zip_of({"b": b"\0" * 50_000_000})}),
    "docx that lies about sizes": lying_zip(),
    "docx of laughs": laughs(),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_file_that_is_no_resume_is_refused_with_what_to_do(api: Api, name: str) -> None:
    person = await api.person()
    began = time.monotonic()
    answer = await person.post("/api/resumes/", files={"file": ("cv.pdf", BAD[name], "application/pdf")})
    problem = assert_problem(answer, 422, "unprocessable")
    assert any(word in problem["detail"] for word in ("export", "must be", "save it", "password", "choose"))
    assert time.monotonic() - began < resume_text.WALL_SECONDS
    assert (await person.get("/api/resumes/")).json() == []


async def test_a_pdf_bomb_is_refused_or_read_within_its_limits(api: Api) -> None:
    person = await api.person()
    answer = await person.post("/api/resumes/", files={"file": ("cv.pdf", pdf_bomb(), "application/pdf")})
    assert_problem(answer, 422, "unprocessable")


async def test_an_entity_reads_no_file_of_ours(api: Api) -> None:
    person = await api.person()
    doctype = f'<!DOCTYPE x [<!ENTITY stolen SYSTEM "file://{SECRET_FILE}">]>'
    content = document(paragraph("harmless") + paragraph("&stolen;"), doctype)
    answer = await person.post("/api/resumes/", files={"file": ("cv.docx", content, "x/y")})
    # the entity is left out: only the harmless word has been read
    assert answer.status_code == 201, answer.text
    assert answer.json()["characters"] == len("harmless")


async def test_a_reader_that_takes_too_long_is_ended(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume_text, "WALL_SECONDS", 0.01)
    person = await api.person()
    answer = await person.post("/api/resumes/", files={"file": ("cv.pdf", pdf_of("x"), "x/y")})
    assert_problem(answer, 422, "unprocessable")


async def test_a_file_over_the_limit_is_refused_by_its_size(api_at: ApiAt) -> None:
    settings = ApiSettings(max_body_bytes=200_000, max_resume_bytes=100_000)
    async with api_at(api=settings) as api:
        person = await api.person()
        for size, limit in ((150_000, "100000"), (250_000, "200000")):
            files = {"file": ("cv.pdf", b"%PDF-" + b"0" * size, "application/pdf")}
            problem = assert_problem(await person.post("/api/resumes/", files=files), 413, "too-large")
            assert limit in problem["detail"]


@pytest.mark.parametrize(
    ("content_type", "content", "status"),
    [
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=x", b"", 422),
        ("multipart/form-data; boundary=x", b"garbage", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--\r\n", 400),
        ("multipart/form-data; boundary=x; charset=\xff", b"--x--\r\n", 422),
        (
            "multipart/form-data; boundary=x; charset=undefined",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n\r\nx\r\n--x--\r\n',
            422,
        ),
        (
            "multipart/form-data; boundary=x; charset=punycode",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a-z9999999"\r\n\r\n\r\n--x--\r\n',
            422,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file\r\n--x--\r\n',
            422,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\x00"\r\n\r\nx\r\n--x--\r\n',
            422,
        ),
        ("application/json", b"{}", 422),
        ("", b"x", 422),
    ],
)
async def test_a_body_that_is_no_upload_is_refused(
    api: Api, content_type: str, content: bytes, status: int
) -> None:
    person = await api.person()
    headers = {**person.headers, "Content-Type": content_type}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await api.http.request("POST", "/api/resumes/", content=content, headers=raw)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_two_files_at_once_are_refused(api: Api) -> None:
    person = await api.person()
    part = ("cv.pdf", pdf_of("x"), "application/pdf")
    answer = await api.http.post("/api/resumes/", files=[("file", part)] * 2, headers=person.headers)
    assert_problem(answer, 400, "bad-request")
    assert (await person.get("/api/resumes/")).json() == []
