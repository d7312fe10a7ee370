"""What the employer's server makes of a posted page: clean values, or what is wrong with each field."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from starlette.datastructures import FormData, UploadFile

from local.careers.fields import Control, Field

Value = str | list[str]

MAX_FILE_BYTES = 10 * 1024 * 1024
FILE_ENDINGS = (".pdf", ".docx", ".doc", ".odt", ".rtf", ".txt")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[\d\s()./-]{5,30}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class ReceivedFile:
    """An uploaded file as the ledger keeps it: name, SHA-256 in hex, size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass
class PostedPage:
    """One posted page: values by field name, the file if one came, and errors by field name."""

    values: dict[str, Value] = field(default_factory=dict)
    file: ReceivedFile | None = None
    errors: dict[str, str] = field(default_factory=dict)


async def read_page(page: Sequence[Field], form: FormData) -> PostedPage:
    """Read and check every field of a page; fields that the page does not have are ignored."""
    posted = PostedPage()
    for asked in page:
        if asked.control is Control.FILE:
            await _read_file(asked, form, posted)
        else:
            _read_value(asked, form, posted)
    return posted


def _read_value(asked: Field, form: FormData, posted: PostedPage) -> None:
    given = [text for item in form.getlist(asked.name) if isinstance(item, str) and (text := item.strip())]
    if not given:
        if asked.required:
            posted.errors[asked.name] = "This field is required."
        return
    posted.values[asked.name] = given if asked.control is Control.CHECKBOXES else given[0]
    if problem := _problem(asked, given):
        posted.errors[asked.name] = problem


def _problem(asked: Field, given: list[str]) -> str:
    if asked.options and any(text not in asked.options for text in given):
        return "Choose one of the options."
    if asked.max_length is not None and any(len(text) > asked.max_length for text in given):
        return f"Write at most {asked.max_length} characters."
    return _problem_of_control(asked.control, given[0])


def _problem_of_control(control: Control, text: str) -> str:
    if control is Control.EMAIL and not _EMAIL.fullmatch(text):
        return "Enter an e-mail address."
    if control is Control.TEL and not _PHONE.fullmatch(text):
        return "Enter a phone number."
    if control is Control.NUMBER and not _NUMBER.fullmatch(text):
        return "Enter a number."
    if control is Control.URL and not text.startswith(("http://", "https://")):
        return "Enter a web address that begins with http:// or https://."
    if control is Control.DATE and not _is_date(text):
        return "Enter a date."
    return ""


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


async def _read_file(asked: Field, form: FormData, posted: PostedPage) -> None:
    upload = form.get(asked.name)
    if not isinstance(upload, UploadFile) or not upload.filename:
        if asked.required:
            posted.errors[asked.name] = "Attach a file."
        return
    if not upload.size:
        posted.errors[asked.name] = "The file is empty."
    elif upload.size > MAX_FILE_BYTES:
        posted.errors[asked.name] = "The file is larger than 10 MB."
    elif PurePath(upload.filename).suffix.lower() not in FILE_ENDINGS:
        posted.errors[asked.name] = f"The file must end in one of {', '.join(FILE_ENDINGS)}."
    else:
        content = await upload.read()
        posted.file = ReceivedFile(upload.filename, hashlib.sha256(content).hexdigest(), len(content))
