"""Reads a PDF or DOCX from stdin and writes its text to stdout; a program of its own, under hard limits.

The file is hostile, so it is opened only here: in a process without secrets, with bounded memory and time,
that can write no file. Exit code 0 means text; otherwise stdout holds one word of ResumeFault.
"""

import io
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator

from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from models.resume_enums import ResumeFault, ResumeFormat

MEMORY_BYTES = 1024**3
CPU_SECONDS = 10
OPEN_FILES = 64
PAGES_MAX = 100
ENTRIES_MAX = 2_000
UNPACKED_MAX = 50 * 1024**2
RATIO_MAX = 200
RATIO_FROM = 1024**2
"""A part smaller than this may shrink as well as it likes."""

TEXT_MAX = 1_000_000
ENCRYPTED_FLAG = 0x1
FAULT_EXIT = 3
DOCX_BODY = "word/document.xml"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What older programs show in place of a text box: the same text again."""

_CONTROL = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n")


class FaultError(Exception):
    """The file cannot be read, for a reason that can be told."""

    def __init__(self, fault: ResumeFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def limit() -> None:
    """Give up memory, time and the right to write files, for good."""
    for kind, amount in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))


def read_pdf(content: bytes) -> str:
    """Return the text of a PDF, page by page; FaultError where there is none to be had."""
    reader = PdfReader(io.BytesIO(content))
    # an empty password opens what is only protected against being changed
    if reader.is_encrypted and not reader.decrypt(""):
        raise FaultError(ResumeFault.ENCRYPTED)
    if len(reader.pages) > PAGES_MAX:
        raise FaultError(ResumeFault.TOO_LARGE)
    return _joined(page.extract_text() for page in reader.pages)


def read_docx(content: bytes) -> str:
    """Return the text of a DOCX: headers, then paragraphs and tables in their order, then footers."""
    check_package(content)
    document = Document(io.BytesIO(content))
    sections = list(document.sections)
    headers = [section.header for section in sections if not section.header.is_linked_to_previous]
    footers = [section.footer for section in sections if not section.footer.is_linked_to_previous]
    parts = [*(header.part.element for header in headers), document.element.body]
    return _joined(_text_of(part) for part in [*parts, *(footer.part.element for footer in footers)])


def check_package(content: bytes) -> None:
    """Look at a DOCX's table of contents only; FaultError before anything of it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()
    if len(entries) > ENTRIES_MAX:
        raise FaultError(ResumeFault.TOO_LARGE)
    if any(entry.flag_bits & ENCRYPTED_FLAG for entry in entries):
        raise FaultError(ResumeFault.ENCRYPTED)
    if DOCX_BODY not in {entry.filename for entry in entries}:
        raise FaultError(ResumeFault.UNREADABLE)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_MAX or any(map(_is_bomb, entries)):
        raise FaultError(ResumeFault.TOO_LARGE)


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_FROM and entry.file_size > RATIO_MAX * max(entry.compress_size, 1)


def _text_of(part: object) -> str:
    """Join the text runs of one part of the document, a line for each paragraph and a tab for each tab."""
    pieces = []
    for element in part.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:p")):  # type: ignore[attr-defined]
        if next(element.iterancestors(FALLBACK), None) is not None:
            continue
        if element.tag == qn("w:t"):
            pieces.append(element.text or "")
        else:
            pieces.append("\t" if element.tag == qn("w:tab") else "\n")
    return "".join(pieces)


def _joined(parts: Iterator[str]) -> str:
    pieces: list[str] = []
    length = 0
    for part in parts:
        length += len(part)
        if length > TEXT_MAX:
            raise FaultError(ResumeFault.TOO_LARGE)
        pieces.append(part)
    text = _CONTROL.sub(" ", "\n\n".join(pieces))
    text = _BLANK_LINES.sub("\n\n", text).strip()
    if not any(char.isalnum() for char in text):
        raise FaultError(ResumeFault.NO_TEXT)
    return text


READERS: dict[ResumeFormat, Callable[[bytes], str]] = {
    ResumeFormat.PDF: read_pdf,
    ResumeFormat.DOCX: read_docx,
}


def main(arguments: list[str]) -> int:
    """Read stdin as the format that is named; return the exit code."""
    limit()
    read = READERS[ResumeFormat(arguments[0])]
    try:
        result, code = read(sys.stdin.buffer.read()), 0
    except FaultError as error:
        result, code = error.fault.value, FAULT_EXIT
    except Exception:  # noqa: BLE001 -- parsers of hostile files raise anything, and it may quote the file
        result, code = ResumeFault.UNREADABLE.value, FAULT_EXIT
    sys.stdout.buffer.write(result.encode())
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
