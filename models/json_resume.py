"""A résumé in the JSON Resume schema, without what the profile holds better; and its strict JSON schema."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from models.text import ONE_LINE, SEVERAL_LINES

LINE_MAX = 300
TEXT_MAX = 4_000
ENTRIES_MAX = 40
POINTS_MAX = 40
WORDS_MAX = 80
CHARACTERS_MAX = 60_000
DATE_PATTERN = r"^(19|20)\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"

T = TypeVar("T")


def _nothing_for_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _without_blanks(value: object) -> object:
    if value is None:
        return []
    if isinstance(value, list):
        return [each for each in value if not isinstance(each, str) or each.strip()]
    return value


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_MAX), ONE_LINE]
_Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX), SEVERAL_LINES
]
_Date = Annotated[str, StringConstraints(strip_whitespace=True, pattern=DATE_PATTERN)]
OptionalLine = Annotated[Line | None, BeforeValidator(_nothing_for_blank)]
OptionalText = Annotated[_Text | None, BeforeValidator(_nothing_for_blank)]
OptionalDate = Annotated[_Date | None, BeforeValidator(_nothing_for_blank)]
"""`YYYY`, `YYYY-MM` or `YYYY-MM-DD`; an end that is not known is the present."""

_Entries = Annotated[list[T], BeforeValidator(_without_blanks), Field(max_length=ENTRIES_MAX)]
Points = Annotated[list[_Text], BeforeValidator(_without_blanks), Field(max_length=POINTS_MAX)]
Words = Annotated[list[Line], BeforeValidator(_without_blanks), Field(max_length=WORDS_MAX)]


class Part(BaseModel):
    """A part of a résumé, in the schema's own spelling; what it has beyond ours is left out."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True, extra="ignore"
    )


class Basics(Part):
    """Headline and summary. Name and contact come from the profile."""

    label: OptionalLine = None
    summary: OptionalText = None


class Work(Part):
    """One employment; `name` is the employer's."""

    name: Line
    position: OptionalLine = None
    location: OptionalLine = None
    start_date: OptionalDate = None
    end_date: OptionalDate = None
    summary: OptionalText = None
    highlights: Points = Field(default_factory=list)


class Volunteer(Part):
    """One engagement without pay."""

    organization: Line
    position: OptionalLine = None
    start_date: OptionalDate = None
    end_date: OptionalDate = None
    summary: OptionalText = None
    highlights: Points = Field(default_factory=list)


class Education(Part):
    """One education; `study_type` is the degree."""

    institution: Line
    area: OptionalLine = None
    study_type: OptionalLine = None
    start_date: OptionalDate = None
    end_date: OptionalDate = None
    score: OptionalLine = None
    courses: Words = Field(default_factory=list)


class Skill(Part):
    """A skill, or a group of them with its members as keywords."""

    name: Line
    level: OptionalLine = None
    keywords: Words = Field(default_factory=list)


class Language(Part):
    """A language and how well it is spoken."""

    language: Line
    fluency: OptionalLine = None


class Project(Part):
    """A project."""

    name: Line
    description: OptionalText = None
    start_date: OptionalDate = None
    end_date: OptionalDate = None
    highlights: Points = Field(default_factory=list)
    keywords: Words = Field(default_factory=list)


class Certificate(Part):
    """A certificate."""

    name: Line
    date: OptionalDate = None
    issuer: OptionalLine = None


class Award(Part):
    """An award."""

    title: Line
    date: OptionalDate = None
    awarder: OptionalLine = None
    summary: OptionalText = None


class Publication(Part):
    """A publication."""

    name: Line
    publisher: OptionalLine = None
    release_date: OptionalDate = None
    summary: OptionalText = None


class Interest(Part):
    """An interest."""

    name: Line
    keywords: Words = Field(default_factory=list)


class JsonResume(Part):
    """A whole résumé, newest entries first; at most `CHARACTERS_MAX` characters of text."""

    basics: Basics = Field(default_factory=Basics)
    work: _Entries[Work] = Field(default_factory=list)
    volunteer: _Entries[Volunteer] = Field(default_factory=list)
    education: _Entries[Education] = Field(default_factory=list)
    skills: _Entries[Skill] = Field(default_factory=list)
    languages: _Entries[Language] = Field(default_factory=list)
    projects: _Entries[Project] = Field(default_factory=list)
    certificates: _Entries[Certificate] = Field(default_factory=list)
    awards: _Entries[Award] = Field(default_factory=list)
    publications: _Entries[Publication] = Field(default_factory=list)
    interests: _Entries[Interest] = Field(default_factory=list)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if sum(map(len, strings_of(self))) > CHARACTERS_MAX:
            raise ValueError(f"must hold at most {CHARACTERS_MAX} characters of text in all")
        return self

    @property
    def is_empty(self) -> bool:
        """Whether nothing is told."""
        return next(strings_of(self), None) is None

    def to_json(self) -> str:
        """Return the document in the schema's own spelling, without what is not told."""
        return json.dumps(self.model_dump(mode="json", by_alias=True, exclude_none=True), ensure_ascii=False)


def strings_of(part: BaseModel) -> Iterator[str]:
    """Yield every text of a part, in its order."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield each
            elif isinstance(each, BaseModel):
                yield from strings_of(each)


_KEPT = frozenset({"type", "properties", "items", "anyOf", "$ref", "$defs", "enum"})


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return a model's JSON schema as a vendor's strict mode wants it: all required, nothing else allowed."""
    schema: dict[str, Any] = _strict(model.model_json_schema(by_alias=True))
    return schema


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key in {"properties", "$defs"}:
            kept[key] = {name: _strict(part) for name, part in value.items()}
        elif key == "anyOf":
            kept[key] = [_strict(part) for part in value]
        elif key in _KEPT:
            kept[key] = _strict(value) if isinstance(value, dict) else value
    if kept.get("type") == "object":
        kept |= {"required": list(kept.get("properties", {})), "additionalProperties": False}
    return kept
