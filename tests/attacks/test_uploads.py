"""Uploads that are two things at once, name places that are not theirs, or want something fetched."""

import asyncio
import io
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document

from tests.api.client import Api, assert_problem
from tests.api.files import docx_of, pdf_of, with_document, zip_of
from tests.attacks.wire import listening

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SCRIPT = b"<html><script>alert(document.domain)</script></html>"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

NAMES = [
    "../../../../etc/cron.d/x.pdf",
    "..\\..\\..\\Windows\\win.ini",
    "/etc/passwd",
    "C:\\boot.ini",
    "\\\\evil.example.org\\share\\cv.pdf",
    "file:///etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "....//....//cv.pdf",
    "cv.pdf/../../x",
    "CON",
    "nul.pdf",
    ".htaccess",
    "..",
    ".",
    "~root/.ssh/authorized_keys",
    "$(touch x).pdf",
    "`id`;rm -rf *.pdf",
    "cv.pdf\u202efdp.exe",
    "<img src=x onerror=alert(1)>.pdf",
    '"; filename="other.exe',
    "\uff0e\uff0e\uff0fcv.pdf",
    "=cmd|' /C calc'!A0.pdf",
    "a" * 2_000,
]


def parameters_of(disposition: str) -> dict[str, str]:
    """Return the parameters of a Content-Disposition; a quoted one may hold anything."""
    return dict(re.findall(r'; ([a-z*]+)=("[^"]*"|[^;"]+)', disposition))


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_a_name_of_an_upload_leads_nowhere(api: Api, name: str) -> None:
    person = await api.person()
    answer = await person.post("/api/resumes/", files={"file": (name, pdf_of("Ada"), "application/pdf")})
    assert answer.status_code == 201, answer.text
    kept = answer.json()["file_name"]
    assert kept.endswith(".pdf")
    assert not set(kept) & {"/", "\\", "\x00", "\r", "\n"}
    assert kept.isprintable()
    assert len(kept) <= 200
    assert not kept.startswith(".")
    shown = (await person.get(f"/api/resumes/{answer.json()['id']}/file")).headers
    assert shown["content-disposition"].startswith("attachment; ")
    assert set(parameters_of(shown["content-disposition"])) == {"filename", "filename*"}


def polyglots() -> dict[str, bytes]:
    """Return files that other programs take for something else."""
    pdf, docx = pdf_of("Ada Lovelace"), docx_of("Ada Lovelace")
    return {
        "a pdf that browsers may take for a page": pdf.replace(
            b"%PDF-1.4\n", b"%PDF-1.4\n" + SCRIPT + b"\n", 1
        ),
        "a pdf with an archive behind it": pdf + zip_of({"run.exe": b"MZ"}),
        "a pdf with a page behind it": pdf + SCRIPT,
        "a docx with a page behind it": docx + SCRIPT,
        "a docx with a pdf behind it": docx + pdf,
        "a picture that is a pdf": b"GIF89a" + pdf,
        "a program that is an archive": b"MZ" + docx,
        "a pdf that is an archive": b"%PDF-1.4\n" + docx,
        "a java archive": zip_of({"META-INF/MANIFEST.MF": b"Main-Class: x", "x.class": b"\xca\xfe\xba\xbe"}),
        "an office file of another kind": zip_of(
            {"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}
        ),
    }


@pytest.mark.parametrize("name", polyglots())
async def test_what_is_two_things_is_refused_or_given_back_as_nothing_but_a_file(api: Api, name: str) -> None:
    person = await api.person()
    content = polyglots()[name]
    answer = await person.post("/api/resumes/", files={"file": ("cv.html", content, "text/html")})
    if answer.status_code != 201:
        assert_problem(answer, 422, "unprocessable")
        assert (await person.get("/api/resumes/")).json() == []
        return
    assert "alert" not in str(answer.json())
    file = await person.get(f"/api/resumes/{answer.json()['id']}/file")
    assert file.content == content, "what is kept is what was sent, and is never opened by us again"
    assert file.headers["content-type"] in {"application/pdf", DOCX}
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in file.headers["content-security-policy"]
    assert not answer.json()["file_name"].endswith(".html")


def document(body: str, doctype: str = "") -> bytes:
    """Return a DOCX whose main part has this body and document type."""
    xml = f'<?xml version="1.0"?>{doctype}<w:document {W}><w:body>{body}</w:body></w:document>'
    return with_document(xml.encode())


def repacked(parts: dict[str, bytes]) -> bytes:
    """Return a DOCX with further or other parts."""
    with zipfile.ZipFile(io.BytesIO(docx_of("Ada Lovelace"))) as original:
        every = {name: original.read(name) for name in original.namelist()}
    return zip_of({**every, **parts})


def with_link(url: str) -> bytes:
    """Return a DOCX that has a picture, a template and a link elsewhere."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rIdX{n}" Type="{kind}/{word}" Target="{url}/{word}" TargetMode="External"/>'
        for n, word in enumerate(("attachedTemplate", "image", "hyperlink", "oleObject", "subDocument"))
    )
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    with zipfile.ZipFile(io.BytesIO(docx_of("Ada Lovelace"))) as original:
        own = original.read("word/_rels/document.xml.rels").decode()
    changed = own.replace("</Relationships>", links + "</Relationships>")
    settings = f'<?xml version="1.0"?>{head}{links}</Relationships>'
    return repacked(
        {"word/_rels/document.xml.rels": changed.encode(), "word/_rels/settings.xml.rels": settings.encode()}
    )


def with_action(url: str) -> bytes:
    """Return a PDF that wants addresses and programs opened as soon as it is."""
    actions = (
        f"/OpenAction << /S /URI /URI ({url}/open) >> /AA << /O << /S /JavaScript"
        f" /JS (app.launchURL\\('{url}/js'\\)) >> >> /Names << /EmbeddedFiles << /Names [(x) << /Type"
        f" /Filespec /FS /URL /F ({url}/file) >>] >> >>"
    )
    return pdf_of("Ada Lovelace").replace(b"/Type /Catalog", b"/Type /Catalog " + actions.encode(), 1)


async def test_nothing_that_a_file_names_is_fetched(api: Api) -> None:
    person = await api.person()
    async with listening() as elsewhere:
        url = elsewhere.url
        text = "<w:p><w:r><w:t>Ada &x; Lovelace</w:t></w:r></w:p>"
        files = [
            document(text, f'<!DOCTYPE d SYSTEM "{url}/d.dtd">'),
            document(text, f'<!DOCTYPE d [<!ENTITY x SYSTEM "{url}/x">]>'),
            document(text, f'<!DOCTYPE d [<!ENTITY % p SYSTEM "{url}/p"> %p;]>'),
            document(text, f'<!DOCTYPE d PUBLIC "-//x" "{url}/p">'),
            with_link(url),
            with_action(url),
        ]
        for content in files:
            answer = await person.post("/api/resumes/", files={"file": ("cv", content, "x/y")})
            assert answer.status_code in {201, 422}, answer.text
        assert elsewhere.calls == []


async def test_a_parameter_entity_reads_no_file_into_the_resume(api: Api) -> None:
    person = await api.person()
    doctype = (
        '<!DOCTYPE d [<!ENTITY % f SYSTEM "file:///etc/hostname"><!ENTITY % e "<!ENTITY x \'%f;\'>">%e;]>'
    )
    content = document("<w:p><w:r><w:t>a&x;b</w:t></w:r></w:p>", doctype)
    answer = await person.post("/api/resumes/", files={"file": ("cv.docx", content, DOCX)})
    assert answer.status_code == 422 or answer.json()["characters"] <= len("ab")


async def test_no_part_of_an_archive_is_written_anywhere(api: Api, tmp_path: Path) -> None:
    person = await api.person()
    place = tmp_path / "slip"
    names = (f"../../../../../../../..{place}", str(place), "word/../../slip")
    content = repacked(dict.fromkeys(names, b"x"))
    answer = await person.post("/api/resumes/", files={"file": ("cv.docx", content, DOCX)})
    assert answer.status_code in {201, 422}
    assert not await asyncio.to_thread(place.exists)


def loops() -> dict[str, bytes]:
    """Return PDFs whose parts lead back to themselves, or go on and on."""
    good = pdf_of("x")
    return {
        "pages that hold themselves": good.replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
        "a page that is its own parent": good.replace(b"/Parent 2 0 R", b"/Parent 4 0 R"),
        "contents that are their page": good.replace(b"/Contents 5 0 R", b"/Contents 4 0 R"),
        "deep arrays": good.replace(b"[0 0 612 792]", b"[" * 50_000 + b"]" * 50_000),
        "a table of nothing": good.replace(b"0000000000 65535 f", b"9999999999 65535 f"),
        "a length that lies": good.replace(b"<< /Length", b"<< /Length 99999999999 /Was", 1),
        "a trailer that leads to itself": good.replace(b"/Root 1 0 R", b"/Prev 0 /Root 1 0 R"),
        "a great many objects": good.replace(b"/Count 1", b"/Count 2147483647"),
    }


@pytest.mark.parametrize("name", loops())
async def test_a_pdf_that_leads_nowhere_is_ended_in_time(api: Api, name: str) -> None:
    person = await api.person()
    answer = await person.post("/api/resumes/", files={"file": ("cv.pdf", loops()[name], "application/pdf")})
    assert answer.status_code in {201, 422}, answer.text
    assert (await person.get("/api/resumes/")).status_code == 200


async def test_markup_that_is_nested_without_end_is_refused(api: Api) -> None:
    person = await api.person()
    body = "<w:p>" * 100_000 + "</w:p>" * 100_000
    answer = await person.post("/api/resumes/", files={"file": ("cv.docx", document(body), DOCX)})
    assert_problem(answer, 422, "unprocessable")


async def test_macros_are_neither_run_nor_taken_for_text(api: Api) -> None:
    person = await api.person()
    content = repacked(
        {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0Shell(canary)", "word/embeddings/x.bin": b"MZ"}
    )
    answer = await person.post("/api/resumes/", files={"file": ("cv.docm", content, DOCX)})
    assert answer.status_code == 201
    assert answer.json()["file_name"] == "cv.docm.docx"
    whole = Document(io.BytesIO(docx_of("Ada Lovelace")))
    assert answer.json()["characters"] < sum(len(p.text) for p in whole.paragraphs) + 100
