"""The closed sets of words about résumé files."""

from enum import StrEnum


class ResumeFault(StrEnum):
    """Why a file's text cannot be read."""

    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NO_TEXT = "no_text"


class ResumeFormat(StrEnum):
    """The kinds of résumé that can be read; the value is the file name's suffix."""

    PDF = "pdf"
    DOCX = "docx"

    @property
    def media_type(self) -> str:
        """The IANA media type."""
        if self is ResumeFormat.PDF:
            return "application/pdf"
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
