"""The program that reads résumés: what it may not do, and what it makes of a file."""

import resource
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from api.resume_text import BOOT, ROOT
from api.uploads import attachment, safe_name
from models.resume_enums import ResumeFault
from models.resume_reader import FAULT_EXIT, PAGES_MAX
from tests.api.files import docx_of, pdf_of, zip_of

AFTER_LIMIT = f"import sys; sys.path.append({ROOT!r}); from models.resume_reader import limit; limit(); "


def after_limit(code: str) -> subprocess.CompletedProcess[bytes]:
    """Run code under the reader's limits."""
    argv = [sys.executable, "-I", "-c", AFTER_LIMIT + code]
    return subprocess.run(argv, capture_output=True, check=False, timeout=30)  # noqa: S603 -- our own


def read(content: bytes, kind: str) -> tuple[int, str]:
    """Read a file as the API does, and return the exit code and the answer."""
    argv = [sys.executable, "-I", "-c", BOOT, ROOT, kind]
    ended = subprocess.run(argv, input=content, capture_output=True, check=False, timeout=30)  # noqa: S603
    return ended.returncode, ended.stdout.decode()


@pytest.mark.parametrize(
    "code",
    ["bytearray(2 * 1024 ** 3)", "open('{}', 'wb', 0).write(b'x')", "[open('/dev/null') for _ in range(99)]"],
)
def test_the_reader_has_no_memory_files_or_descriptors_to_waste(code: str, tmp_path: Path) -> None:
    assert after_limit("pass").returncode == 0
    assert after_limit(code.format(tmp_path / "written")).returncode != 0


def test_the_reader_is_ended_when_it_takes_too_much_time() -> None:
    code = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    assert after_limit(code).returncode < 0


def test_the_reader_reads_both_formats() -> None:
    assert read(pdf_of("Ada Lovelace"), "pdf") == (0, "Ada Lovelace")
    code, text = read(docx_of("Ada Lovelace"), "docx")
    assert (code, text.splitlines()[0]) == (0, "Ada Lovelace")


def test_the_reader_counts_before_it_unpacks() -> None:
    many = zip_of({f"{n}": b"" for n in range(2100)} | {"word/document.xml": b"<x/>"})
    squeezed = zip_of({"word/document.xml": b"<x/>", "a": b" " * 5_000_000})
    for content in (many, squeezed, zip_of({"word/document.xml": b" " * 60_000_000})):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        assert read(content, "docx") == (FAULT_EXIT, ResumeFault.TOO_LARGE)
        assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 2
    assert read(pdf_of("x", pages=PAGES_MAX + 1), "pdf") == (FAULT_EXIT, ResumeFault.TOO_LARGE)


def test_a_page_that_unpacks_to_gigabytes_is_given_up() -> None:
    packed = zlib.compress(b" " * 400_000_000)
    page = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    good = pdf_of("x")
    start, end = good.index(b"<< /Length"), good.index(b"endstream") + len(b"endstream")
    code, answer = read(good[:start] + page + good[end:], "pdf")
    assert code != 0
    assert answer in {"", *ResumeFault}


def test_only_what_has_words_is_a_text() -> None:
    assert read(pdf_of("--- ... !!!"), "pdf") == (FAULT_EXIT, ResumeFault.NO_TEXT)


@pytest.mark.parametrize("name", ['a"b.pdf', "a\\b.pdf", "Köln.pdf", "%41.pdf", "a;b=c.pdf", "\r\nX: y.pdf"])
def test_a_name_cannot_break_out_of_its_header(name: str) -> None:
    header = attachment(safe_name(name, "pdf"))
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="')
