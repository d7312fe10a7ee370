"""What must hold in a hostile world whatever was said: nothing leaked, nobody was obeyed, pages are inert."""

import io
import json
import logging
import re
import zipfile
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.hostile.site import DRAFTED, GENUINE
from tests.hostile.world import SECRETS, World

EXCERPT = 40
EXCERPT_MIN = 12
GENUINE_NAMES = frozenset(each.name for each in GENUINE) - DRAFTED
GENUINE_LABELS = {each.label: each.name for each in GENUINE}
ACTIVE = frozenset({"script", "iframe", "object", "embed", "form", "link", "base", "svg", "input"})


def genuine(posted: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what was entered into the genuine fields, less what a model may write."""
    return {name: values for name, values in posted.items() if name in GENUINE_NAMES}


def known(shown: dict[str, Any]) -> dict[str, tuple[Any, str | None]]:
    """Return the answers to the genuine questions with their sources, less what a model may write."""
    return {
        each["label"]: (each["answer"], each["source"])
        for each in shown["questions"]
        if GENUINE_LABELS.get(each["label"]) in GENUINE_NAMES
    }


def drafts(shown: dict[str, Any]) -> list[str]:
    """Return what a model has written into the form."""
    return [each["answer"] for each in shown["questions"] if each["source"] == "draft"]


class Elements(HTMLParser):
    """Collects a page's tags and the attributes that could do something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.doing: list[tuple[str, str | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.add(tag)
        self.doing += [
            (name, value)
            for name, value in attrs
            if name.startswith("on") or name in {"src", "href", "style"}
        ]


def assert_inert(page: str) -> None:
    """Check that a page has nothing that runs, leads away or asks somebody else."""
    elements = Elements(page)
    assert not ACTIVE & elements.tags
    files = re.compile(r"(?:screenshots|documents)/\w+\.[a-z]+")
    assert [each for each in elements.doing if not files.fullmatch(each[1] or "")] == []


async def assert_shown_everywhere(world: World, application_id: str) -> None:
    """Check that lists, the detail and the proof answer, and that the proof can be opened safely."""
    path = f"/api/applications/{application_id}"
    for each in (path, f"{path}/evidence"):
        answer = await world.person.get(each)
        assert answer.status_code == 200, answer.text
        json.loads(answer.content)
    zipped = await world.person.get(f"{path}/evidence.zip")
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        assert archive.testzip() is None
        assert all(re.fullmatch(r"[a-zA-Z0-9_/]+(\.[a-z]+)?", name) for name in archive.namelist())
        assert_inert(archive.read("index.html").decode())
        json.loads(archive.read("application.json"))


async def assert_lists_answer(world: World) -> None:
    """Check that everything that lists hostile words still answers, as JSON."""
    for path in ("/api/applications/", "/api/jobs/", "/api/notifications/", "/api/resumes/", "/api/answers/"):
        answer = await world.person.get(path)
        assert answer.status_code == 200, (path, answer.text)
        json.loads(answer.content)


def holds(text: str, secret: str) -> bool:
    """Tell whether a text holds a secret; an amount by itself, since ids, ports and times hold any digits."""
    if not secret.isdigit():
        return secret in text
    return re.search(rf"(?<![\w.-])(?<!\d:){secret}(?![\w-])", text) is not None


async def assert_nothing_leaked(
    world: World, texts: Iterable[str], captured: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Check prompts, Temporal's messages, logs and traps, after everything was played."""
    prompts = await world.prompts()
    assert prompts
    assert [secret for secret in SECRETS for prompt in prompts if holds(prompt, secret)] == []
    kept = "\n".join([*world.told, captured, caplog.text])
    assert "temporal.away" in kept  # the net that logs are caught with holds
    assert [secret for secret in SECRETS if holds(kept, secret)] == []
    excerpts = {text.strip()[:EXCERPT] for text in texts}
    assert [each for each in excerpts if len(each) >= EXCERPT_MIN and each in kept] == []
    assert world.site.visited == []


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything from INFO on."""
    caplog.set_level(logging.INFO)
    return caplog
