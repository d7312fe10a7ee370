"""One browser: it loads pages of the careers site over HTTP and posts forms, keeping to that site."""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx

from local.careers_address import careers_address
from local.skyvern.browser.page import Form, Page
from local.skyvern.browser.parser import parse

MAX_DOWNLOAD = 30 * 1024 * 1024
_SERVER_ERROR = 500


@dataclass(frozen=True)
class Upload:
    """A file to be uploaded, under the name that the employer will see."""

    name: str
    content: bytes


@dataclass
class Filled:
    """A form with its answers and its files, by the names of their controls."""

    form: Form
    answers: dict[str, list[str]]
    files: dict[str, Upload] = field(default_factory=dict)


class BrowserError(Exception):
    """The site did not answer, or not with a page."""


class Browser:
    """A tab: `page` is what it shows."""

    def __init__(self, client: httpx.AsyncClient, careers_url: str) -> None:
        self._client = client
        self._careers_url = careers_url
        self.page: Page | None = None

    async def open(self, url: str) -> Page:
        """Load an address; a BrowserError where the site does not answer with a page."""
        return await self._load(self._client.build_request("GET", careers_address(url, self._careers_url)))

    async def follow(self, href: str) -> Page:
        """Follow a link of the page that is shown."""
        return await self.open(self._absolute(href))

    async def post(self, filled: Filled) -> Page:
        """Post a filled form, once."""
        form = filled.form
        url = careers_address(self._absolute(form.action), self._careers_url)
        data: dict[str, str | list[str]] = {**form.hidden, **filled.answers}
        if form.encoding.startswith("multipart/"):
            # An empty part makes the body multipart where there is no file, as a browser would.
            files = {name: (file.name, file.content) for name, file in filled.files.items()}
            files = files or {"": ("", b"")}
            request = self._client.build_request("POST", url, data=data, files=files)
        else:
            request = self._client.build_request("POST", url, data=data)
        return await self._load(request)

    async def download(self, url: str) -> Upload | None:
        """Fetch a file by its address, for upload; None where there is none of a sensible size."""
        try:
            answer = await self._client.get(url)
        except (httpx.HTTPError, httpx.InvalidURL):
            return None
        name = urlsplit(url).path.rpartition("/")[2]
        if not answer.is_success or not name or len(answer.content) > MAX_DOWNLOAD:
            return None
        return Upload(name, answer.content)

    def _absolute(self, href: str) -> str:
        return urljoin(self.page.url if self.page is not None else self._careers_url, href)

    async def _load(self, request: httpx.Request) -> Page:
        try:
            answer = await self._client.send(request, follow_redirects=True)
        except httpx.HTTPError as error:
            raise BrowserError(f"{type(error).__name__} while loading the page") from error
        if "html" not in answer.headers.get("content-type", ""):
            raise BrowserError(f"no page but {answer.headers.get('content-type', 'nothing')}")
        if answer.status_code >= _SERVER_ERROR:
            raise BrowserError(f"the site answered with status {answer.status_code}")
        self.page = parse(str(answer.url), answer.status_code, answer.text)
        return self.page
