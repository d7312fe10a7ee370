"""Skyvern over HTTP: our workflows, their runs, their files and screenshots. No call is ever repeated here.

Every method takes the API key to use, since people may bring their own. All raise VendorError.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from activities.vendors.client import Answer, GarbageError, RefusedError, exchange
from activities.vendors.skyvern_runs import (
    Artifact,
    Run,
    RunRow,
    dicts,
    read_artifacts,
    read_rows,
    read_run,
    run_id_of,
)
from activities.vendors.skyvern_workflow import Workflow
from models.public_url import why_not_public

KEY_HEADER = "x-api-key"
PAGE_SIZE = 100
IMAGE_MAX_BYTES = 10 * 1024 * 1024
SCREENSHOT_TYPES = ("screenshot_final", "screenshot_pre_submit", "screenshot_action")
_WEBP_TAG_AT = 8


@dataclass(frozen=True)
class RunOrder:
    """One run of a workflow of ours: `parameters` is exactly what the agent is given."""

    workflow_id: str
    parameters: dict[str, Any]
    proxy_location: str
    metadata: dict[str, str]
    file_ids: tuple[str, ...] = ()
    webhook_url: str | None = None


@dataclass(frozen=True)
class Upload:
    """A file; the employer sees its name."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Image:
    """A screenshot's bytes, with the media type that they themselves show."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class Skyvern:
    """The client; whoever made the httpx client closes it."""

    client: httpx.AsyncClient

    async def find_workflow(self, key: str, workflow: Workflow) -> str | None:
        """Return a workflow's permanent id in this account, the newest by its exact title, or None."""
        query = {"search_key": workflow.title, "page_size": str(PAGE_SIZE)}
        answer = (await self._ask(key, "GET", "/v1/workflows", params=query)).checked()
        for row in dicts(answer.json(), "workflows"):
            if row.get("title") == workflow.title and row.get("deleted_at") is None:
                return _permanent_id(row)
        return None

    async def create_workflow(self, key: str, workflow: Workflow) -> str:
        """Create a workflow in this account and return its permanent id."""
        answer = (await self._ask(key, "POST", "/v1/workflows", json=workflow.creation_body())).checked()
        return _permanent_id(answer.json())

    async def upload_file(self, key: str, upload: Upload) -> str:
        """Upload a file and return the id by which one run, ever, may use it."""
        files = {"file": (upload.name, upload.content, upload.media_type)}
        document = (await self._ask(key, "POST", "/v1/upload_file", files=files)).checked().json()
        file_id = document.get("file_id") if isinstance(document, dict) else None
        if not isinstance(file_id, str) or not file_id:
            raise GarbageError("the vendor's answer names no file")
        return file_id

    async def run_workflow(self, key: str, order: RunOrder) -> Answer:
        """Make a run, with one POST, and return the answer of whatever status."""
        body = {
            "workflow_id": order.workflow_id,
            "parameters": order.parameters,
            "file_ids": list(order.file_ids),
            "webhook_url": order.webhook_url,
            "proxy_location": order.proxy_location,
            "run_metadata": order.metadata,
        }
        return await self._ask(key, "POST", "/v1/run/workflows", json=body)

    async def find_runs(self, key: str, search_key: str) -> list[RunRow]:
        """Return the newest hundred runs that hold a text somewhere, the oldest first."""
        query = {"search_key": search_key, "page_size": str(PAGE_SIZE)}
        answer = (await self._ask(key, "GET", "/v1/runs", params=query)).checked()
        return sorted(read_rows(answer.json()), key=lambda row: row.created_at)

    async def get_run(self, key: str, run_id: str) -> Run:
        """Read a run."""
        run = read_run((await self._ask(key, "GET", _path(run_id))).checked().json())
        if run.run_id != run_id:
            raise GarbageError("the vendor answered with another run")
        return run

    async def cancel_run(self, key: str, run_id: str) -> bool:
        """End a run; False where it could not be ended, mostly because it has ended.

        What the browser is sending at that moment may still land.
        """
        answer = await self._ask(key, "POST", _path(run_id, "/cancel"))
        try:
            answer.checked()
        except RefusedError:
            return False
        return True

    async def delete_file(self, key: str, file_id: str) -> bool:
        """Delete an uploaded file; False where there is none, mostly because its run has ended."""
        answer = await self._ask(key, "DELETE", f"/v1/files/{quote(file_id, safe='')}")
        if answer.status == HTTPStatus.NOT_FOUND:
            return False
        answer.checked()
        return True

    async def screenshots(self, key: str, run_id: str) -> list[Artifact]:
        """List a run's screenshots, newest first."""
        query = {"artifact_type": SCREENSHOT_TYPES}
        answer = await self._ask(key, "GET", _path(run_id, "/artifacts"), params=query)
        return read_artifacts(answer.checked().json())

    async def download(self, url: str) -> Image:
        """Fetch a screenshot of at most IMAGE_MAX_BYTES by its signed link; GarbageError where it is none.

        The link carries its own permission, so the key stays here.
        """
        if not self.may_fetch(url):
            raise GarbageError("the vendor's link leads where no screenshot can be")
        request = self.client.build_request("GET", url, headers={"accept": "image/*"})
        answer = (await exchange(self.client, request, max_bytes=IMAGE_MAX_BYTES)).checked()
        media_type = media_type_of(answer.body)
        if media_type is None:
            raise GarbageError("what the vendor's link leads to is no image")
        return Image(media_type, answer.body)

    def may_fetch(self, url: str) -> bool:
        """Tell whether a link is at the vendor itself, or over HTTPS at a host of the public internet."""
        try:
            link = httpx.URL(url)
        except httpx.InvalidURL:
            return False
        if link.userinfo or not link.host:
            return False
        base = self.client.base_url
        if (link.scheme, link.host, link.port) == (base.scheme, base.host, base.port):
            return True
        return link.scheme == "https" and why_not_public(url) is None

    async def _ask(self, key: str, method: str, path: str, **content: Any) -> Answer:  # noqa: ANN401 -- httpx's own
        request = self.client.build_request(method, path, headers={KEY_HEADER: key}, **content)
        return await exchange(self.client, request)


def created_run_id(answer: Answer) -> str:
    """Return the run's id from a successful answer to `run_workflow`; GarbageError where it names none."""
    return run_id_of(answer.json())


def media_type_of(content: bytes) -> str | None:
    """Return the media type of an image by its first bytes, None for what is no PNG, JPEG or WebP."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[_WEBP_TAG_AT:].startswith(b"WEBP"):
        return "image/webp"
    return None


def _path(run_id: str, rest: str = "") -> str:
    return f"/v1/runs/{quote(run_id, safe='')}{rest}"


def _permanent_id(document: object) -> str:
    found = document.get("workflow_permanent_id") if isinstance(document, dict) else None
    if not isinstance(found, str) or not found:
        raise GarbageError("the vendor's workflow has no id")
    return found
