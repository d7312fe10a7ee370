"""The house keeps its shape: file lengths, empty packages, sandboxed workflows, every step implemented."""

import ast
import inspect
from pathlib import Path

import pytest
from temporalio import workflow

import activities
import workflows
from workflows import steps
from workflows.wire import WORKFLOWS, sandbox

ROOT = Path(__file__).parent.parent
ROOMS = ("workflows", "activities", "api", "models", "local", "bench", "configuration", "tests")
DOORS = ("settings.py", "telemetry.py", "worker.py", "cli.py")
LONGEST = 300
LONGEST_TEST = 400
VERSIONS = ROOT / "models" / "migrations" / "versions"

FILES = [ROOT / door for door in DOORS if (ROOT / door).exists()] + [
    file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")) if VERSIONS not in file.parents
]


def name_of(file: Path) -> str:
    """Return a file's name from the root."""
    return str(file.relative_to(ROOT))


def lines_of(file: Path) -> int:
    """Count a file's lines."""
    return len(file.read_text().splitlines())


def test_no_file_outgrows_its_limit() -> None:
    def limit(file: Path) -> int:
        return LONGEST_TEST if file.is_relative_to(ROOT / "tests") else LONGEST

    assert {name_of(file): lines_of(file) for file in FILES if lines_of(file) > limit(file)} == {}


def test_every_package_is_empty() -> None:
    packages = [file for file in FILES if file.name == "__init__.py"]
    assert packages
    assert [name_of(file) for file in packages if file.read_text()] == []


def test_nothing_is_imported_inside_a_function() -> None:
    offenders = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [each for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom)]
                offenders += [f"{name_of(file)}:{each.lineno}" for each in inner]
    assert offenders == []


@pytest.mark.parametrize("decided", WORKFLOWS, ids=lambda each: each.__name__)
async def test_a_workflow_loads_in_the_sandbox(decided: type) -> None:
    definition = workflow._Definition.must_from_class(decided)  # noqa: SLF001 -- no public way
    sandbox().prepare_workflow(definition)


def contracts() -> dict[str, type]:
    """Return every steps class by its name."""
    return {name: each for name, each in vars(steps).items() if name.endswith("Steps")}


def test_every_step_has_a_name_of_its_own() -> None:
    names = [name for contract in contracts().values() for name in contract.__abstractmethods__]  # type: ignore[attr-defined]
    assert len(names) == len(set(names))


def implemented() -> dict[str, type]:
    """Return, by its contract's name, the class in the activities' room that implements each contract."""
    found: dict[str, type] = {}
    for file in sorted(Path(activities.__path__[0]).rglob("*.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for _, each in inspect.getmembers(__import__(module, fromlist=["_"]), inspect.isclass):
            bases = {base.__name__ for base in each.__mro__} & set(contracts())
            if each.__module__ == module and bases and not inspect.isabstract(each):
                found |= dict.fromkeys(bases, each)
    return found


@pytest.mark.parametrize("contract", contracts())
def test_every_step_is_implemented_as_an_activity(contract: str) -> None:
    names = contracts()[contract].__abstractmethods__  # type: ignore[attr-defined]
    implementation = implemented()[contract]
    for name in names:
        definition = getattr(getattr(implementation, name), "__temporal_activity_definition", None)
        assert definition is not None, f"{implementation.__name__}.{name} is not an activity"
        assert definition.name == name


def test_every_workflow_of_the_room_is_registered() -> None:
    found = set()
    for file in Path(workflows.__path__[0]).glob("*.py"):
        tree = ast.parse(file.read_text())
        found |= {
            node.name
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and any(ast.unparse(decorator) == "workflow.defn" for decorator in node.decorator_list)
        }
    assert found == {each.__name__ for each in WORKFLOWS}
