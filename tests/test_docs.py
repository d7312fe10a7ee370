"""The documents say what is so: settings, tables, commands, links, and a test for each claim."""

import ast
import re
import tomllib
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlmodel import SQLModel

import models
from models.enums import ApplicationState
from tests.compose import FILE, REQUIRED, ROOT, variables
from tests.settings_tree import default_of, fields_by_name
from workflows.ids import SEARCH_ATTRIBUTES
from workflows.schedules import Intervals, schedules

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
FIELDS = fields_by_name()
EXAMPLE = re.findall(r"^(?:# )?([A-Z][A-Z_]+[A-Z])=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
LENGTH_OF_A_DECISION = range(15, 61)

for module in iter_modules(models.__path__):
    if not module.ispkg:
        import_module(f"models.{module.name}")
COLUMNS = {
    f"{table.name}.{column.name}" for table in SQLModel.metadata.tables.values() for column in table.columns
}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_the_example_has_every_setting_once_and_nothing_else() -> None:
    names = [name for name, _ in EXAMPLE]
    assert len(names) == len(set(names))
    assert set(names) == FIELDS.keys() | variables(FILE.read_text()).keys()


@pytest.mark.parametrize(("name", "shown"), [pair for pair in EXAMPLE if pair[0] in FIELDS.keys() - REQUIRED])
def test_the_example_shows_the_default(name: str, shown: str) -> None:
    field = FIELDS[name]
    default = default_of(field)
    assert field.annotation is not None
    if shown == "":
        assert default in {"", None}
        return
    adapter: TypeAdapter[Any] = TypeAdapter(field.annotation)
    is_json = isinstance(default, list | dict)
    value = adapter.validate_json(shown) if is_json else adapter.validate_python(shown)
    assert adapter.dump_python(value) == (default if is_json else adapter.dump_python(field.default))


def test_the_example_is_all_commented_out_and_holds_no_secret() -> None:
    assert not re.findall(r"^[^#\n]", (ROOT / ".env.example").read_text(), re.MULTILINE)
    secret = re.compile("PASSWORD$|SECRET|_KEYS?$|DSN|APP_ID")
    shown = {name: value for name, value in EXAMPLE if secret.search(name) and value}
    ids = {f"JOBRAKER_SECURITY__CURRENT_{kind}_KEY": "2026-1" for kind in ("JWT", "MASTER")}
    rings = {f"JOBRAKER_SECURITY__{kind}_KEYS": '{"2026-1":"…"}' for kind in ("JWT", "MASTER")}
    assert shown == ids | rings


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_named_files_settings_and_targets_exist(page: Path) -> None:
    text = page.read_text()
    for name in re.findall(r"\bJOBRAKER_[A-Z_]+", text):
        assert name in FIELDS, name
    for target in re.findall(
        r"\bmake ([a-z]+)\b(?= |`|\n)", "\n".join(re.findall(r"`[^`\n]+`|^    .*", text, re.MULTILINE))
    ):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target
    for path in re.findall(
        r"`((?:models|workflows|activities|api|local|tests|bench|docs|deploy)/[\w./-]*)`", text
    ):
        assert (ROOT / path).exists(), path


def test_the_readme_is_short_and_names_the_four_commands() -> None:
    assert len(README.partition("## What it claims")[0].splitlines()) <= 50
    assert re.findall(r"^\| `make (\w+)`", README, re.MULTILINE) == ["run", "demo", "test", "lint"]


def claims() -> dict[str, list[str]]:
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", (ROOT / "docs" / "claims.md").read_text(), re.MULTILINE)
    return {claim: re.findall(r"`([^`]+)`", tests) for claim, tests in rows if tests not in {"tests", "---"}}


def test_the_readme_claims_just_what_has_tests() -> None:
    section = README.partition("## What it claims")[2].partition("\n## ")[0]
    assert re.findall(r"^- (.+)$", section, re.MULTILINE) == list(claims())


@pytest.mark.parametrize("claim", claims())
def test_the_tests_of_a_claim_exist(claim: str) -> None:
    tests = claims()[claim]
    assert tests
    for test in tests:
        path, _, name = test.partition("::")
        tree = ast.parse((ROOT / path).read_text())
        defined = {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name in defined, test


def register() -> dict[str, str]:
    """Return what the privacy register says of each column's sealing."""
    said: dict[str, str] = {}
    text = (ROOT / "docs" / "privacy.md").read_text()
    for table, body in re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL):
        for columns, sealed in re.findall(r"^\| (`.*?) \| .*? \| (\w+) \|", body, re.MULTILINE):
            for column in re.findall(r"`(\w+)`", columns):
                assert f"{table}.{column}" not in said, f"{table}.{column}"
                said[f"{table}.{column}"] = sealed
    return said


def test_the_privacy_register_names_every_column() -> None:
    assert register().keys() == COLUMNS


def test_the_privacy_register_tells_the_sealing_as_it_is() -> None:
    said = register()
    sealed = {column for column, word in said.items() if word == "yes"}
    assert sealed == {column for column in COLUMNS if column.endswith("_sealed")}
    assert {column for column, word in said.items() if word not in {"yes", "no"}} == {"account.data_key"}


def test_decisions_are_numbered_and_have_all_their_parts() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for number, page in enumerate(DECISIONS, start=1):
        text = page.read_text()
        assert text.startswith(f"# {number}. "), page.name
        parts = re.findall(r"^## (\w+)$", text, re.MULTILINE)
        assert [
            part for part in parts if part in {"Context", "Decision", "Consequences", "Alternatives"}
        ] == [*("Context", "Decision", "Consequences", "Alternatives")], page.name
        assert len(text.splitlines()) in LENGTH_OF_A_DECISION, page.name


def test_operations_names_the_search_attributes_and_schedules() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    assert set(re.findall(r"\bJobraker[A-Z]\w+", text)) == {key.name for key in SEARCH_ATTRIBUTES}
    minute = timedelta(minutes=1)
    assert re.findall(r"^- `([\w-]+)`", text, re.MULTILINE) == list(
        schedules(Intervals(minute, minute, minute))
    )


def test_the_architecture_names_every_state() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert {state.value for state in ApplicationState if not re.search(rf"\b{state.value}\b", text)} == set()


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert version in (ROOT / "CHANGELOG.md").read_text()
