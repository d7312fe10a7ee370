"""Whether a secret is one: what was copied from an example, typed by hand or counted up is none."""

from itertools import pairwise

KNOWN = frozenset({"local", "local-skyvern-key", "local-openai-key", "sk-test-not-a-real-key"})
"""The keys that the stand-ins accept: they are in the source, for everybody to read."""

PLACEHOLDERS = (
    *("…", "....", "changeme", "change-", "change_", "replace", "your-", "your_", "example", "placeholder"),
    *("default", "dummy", "password", "passw0rd", "secret", "jobraker", "postgres", "letmein", "qwerty"),
)
DISTINCT = 8
STEPS = 3


def weakness(secret: bytes) -> str | None:
    """Return what is wrong with a secret beside its length, to be said behind its name; None if nothing."""
    text = secret.decode(errors="replace").strip().lower()
    is_bracketed = secret.isascii() and text[:1] + text[-1:] == "<>"
    if text in KNOWN or is_bracketed or any(word in text for word in PLACEHOLDERS):
        return "is a placeholder that everybody knows"
    if _is_repeated(secret):
        return "repeats one pattern"
    if len(set(secret)) < min(DISTINCT, len(secret) // 2) or _is_counted(secret):
        return "can be guessed"
    return None


def is_typed(key: bytes) -> bool:
    """Tell whether the bytes of a key are text: of random ones that is as good as impossible."""
    return key.isascii() and key.decode().isprintable()


def _is_repeated(secret: bytes) -> bool:
    length = len(secret)
    return any(
        (secret[:period] * (length // period + 1))[:length] == secret for period in range(1, length // 2 + 1)
    )


def _is_counted(secret: bytes) -> bool:
    return len({after - before for before, after in pairwise(secret)}) <= STEPS
