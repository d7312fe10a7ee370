"""An uploaded file: taken from a multipart body only after we know who sends it, and named harmlessly."""

import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from api.deps import ContextDep, Me
from api.limiting import Limit
from models.errors import TooLargeError, UnprocessableError
from models.profile import FILE_NAME_MAX

FIELD = "file"
MULTIPART = "multipart/form-data"
NO_FILE = f"Send the file as multipart/form-data in the field `{FIELD}`, and nothing beside it."
UNNAMED = "resume"

UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "format": "binary"}},
                    "additionalProperties": False,
                }
            }
        },
    }
}
"""What FastAPI would write into the document itself, had it parsed the body before asking who sends it."""


@dataclass(frozen=True)
class Upload:
    """A file's name as it was sent, and its bytes."""

    name: str
    content: bytes


async def read_upload(request: Request, me: Me, context: ContextDep) -> Upload:
    """Read the one file of a multipart body; TooLargeError names the limit."""
    if not request.headers.get("content-type", "").lower().startswith(MULTIPART):
        raise UnprocessableError(NO_FILE)
    await context.limiter.take_person(Limit.UPLOAD_ACCOUNT, me)
    try:
        async with request.form(max_files=1, max_fields=1) as form:
            if set(form) - {FIELD}:
                raise UnprocessableError(NO_FILE)
            return await _taken(form.get(FIELD), context.resume_max)
    except UnicodeError:
        # the body names the codec of its names, and some codecs raise what the parser does not foresee
        raise UnprocessableError(NO_FILE) from None


async def _taken(file: UploadFile | str | None, size_max: int) -> Upload:
    if not isinstance(file, UploadFile):
        raise UnprocessableError(NO_FILE)
    if file.size is None or file.size > size_max:
        raise TooLargeError(f"A résumé may have at most {size_max} bytes.")
    return Upload(file.filename or "", await file.read())


UploadDep = Annotated[Upload, Depends(read_upload)]


def safe_name(name: str, suffix: str) -> str:
    """Return a file name without folders, control characters or a suffix that lies about the content."""
    base = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    stem = printable[: -len(suffix) - 1] if printable.lower().endswith(f".{suffix}") else printable
    return f"{stem.strip(' .')[: FILE_NAME_MAX - len(suffix) - 1] or UNNAMED}.{suffix}"


def attachment(name: str) -> str:
    """Return the Content-Disposition that has a browser save a file under its name (RFC 6266, RFC 8187)."""
    plain = "".join(
        char if char.isascii() and char.isprintable() and char not in '"\\%' else "_" for char in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
