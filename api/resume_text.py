"""Tells what an uploaded résumé is by its first bytes, and has a process under hard limits read its text."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

import structlog

import models
from api.turnstile import Turnstile
from models.errors import UnprocessableError
from models.resume_enums import ResumeFault, ResumeFormat

AT_ONCE = 2
WAITING_MAX = 20
WALL_SECONDS = 15.0
OUTPUT_MAX = 8 * 1024**2
READ_BYTES = 64 * 1024

PDF_MAGIC = b"%PDF-"
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

ADVICE = {
    ResumeFault.ENCRYPTED: "The file is protected by a password; remove the password and upload it again.",
    ResumeFault.UNREADABLE: "The file is damaged or is not what it seems; export it anew as PDF or DOCX.",
    ResumeFault.TOO_LARGE: "The file unpacks to more than a résumé holds; export it anew as a plain PDF.",
    ResumeFault.NO_TEXT: "The file has no text, only pictures; export it as a PDF with text, not as a scan.",
}
OLD_WORD = "This is an old .doc file or one with a password; save it as .docx without a password, or as PDF."
NEITHER = "A résumé must be a PDF or a DOCX file."
EMPTY = "The file is empty; choose the résumé again."

ROOT = str(Path(models.__path__[0]).parent)
# -I keeps the current folder, PYTHONPATH and the user's packages out, and our root comes last
BOOT = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); "
    "runpy.run_module('models.resume_reader', run_name='__main__')"
)

log = structlog.get_logger()


def format_of(content: bytes) -> ResumeFormat:
    """Tell the format by the first bytes, whatever the name says; UnprocessableError says what to do."""
    if not content:
        raise UnprocessableError(EMPTY)
    if content.startswith(PDF_MAGIC):
        return ResumeFormat.PDF
    if content.startswith(ZIP_MAGIC):
        return ResumeFormat.DOCX
    raise UnprocessableError(OLD_WORD if content.startswith(OLE_MAGIC) else NEITHER)


class ResumeReader:
    """Reads a few résumés at a time; who finds too many waiting is asked to come again."""

    def __init__(self) -> None:
        self._turnstile = Turnstile(AT_ONCE, WAITING_MAX)

    async def read(self, content: bytes, kind: ResumeFormat) -> str:
        """Return a file's text; UnprocessableError says what is wrong with it and what to do."""
        async with self._turnstile.passed():
            return await _read(content, kind)


async def _read(content: bytes, kind: ResumeFormat) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", BOOT, ROOT, kind.value),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=_environment(),
    )
    output, code = b"", None
    try:
        async with asyncio.timeout(WALL_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(_feed(process, content))
            output = await _collect(process)
            code = await process.wait()
    except TimeoutError:
        log.warning("resume.reader_timed_out", format=kind.value)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise UnprocessableError(ADVICE[_fault_of(output, code)])
    return output.decode()


def _environment() -> dict[str, str]:
    """Return an environment without secrets, with where shared libraries are found."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}


async def _feed(process: Process, content: bytes) -> None:
    if process.stdin is None:
        return
    # a reader that was ended by its limits no longer listens
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()


async def _collect(process: Process) -> bytes:
    """Read the answer to its end; one that grows beyond measure ends the process."""
    output = bytearray()
    while process.stdout is not None and (piece := await process.stdout.read(READ_BYTES)):
        output += piece
        if len(output) > OUTPUT_MAX:
            process.kill()
            return b""
    return bytes(output)


def _fault_of(output: bytes, code: int | None) -> ResumeFault:
    with suppress(ValueError):
        return ResumeFault(output.decode())
    log.warning("resume.reader_ended", code=code)
    return ResumeFault.UNREADABLE
