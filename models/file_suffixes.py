"""How files of our media types are called in archives that people get."""

from typing import Final

SUFFIXES: Final = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/plain": "txt",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
}
OTHER_SUFFIX: Final = "bin"


def suffix_of(media_type: str) -> str:
    """Return the suffix of a file's name, without its dot; OTHER_SUFFIX for what we do not know."""
    return SUFFIXES.get(media_type, OTHER_SUFFIX)
