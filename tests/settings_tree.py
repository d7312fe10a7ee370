"""Walks the Settings model: every setting by the name of its environment variable."""

from collections.abc import Iterator

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from settings import Settings

PREFIX = "JOBRAKER_"


def fields_by_name(model: type[BaseModel] = Settings, prefix: str = PREFIX) -> dict[str, FieldInfo]:
    """Return every setting by its variable's name."""
    return dict(_walk(model, prefix))


def _walk(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _walk(field.annotation, f"{variable}__")
        else:
            yield variable, field


def default_of(field: FieldInfo) -> object:
    """Return a setting's default in plain form: a secret's text, a nested model's dictionary."""
    return _plain(field.get_default(call_default_factory=True))


def _plain(value: object) -> object:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case BaseModel():
            return value.model_dump()
        case list():
            return [_plain(each) for each in value]
    return value
