"""The one error of the acts."""


class UntrueError(Exception):
    """Something that the story promises is not so; the message says what."""


def insist(promise: object, otherwise: str) -> None:
    """Raise `UntrueError` unless the promise holds."""
    if not promise:
        raise UntrueError(otherwise)
