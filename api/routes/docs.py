"""The API's own documentation as a page: Swagger UI from its package, so that nothing is asked elsewhere."""

import hashlib
import re
from base64 import b64encode
from pathlib import Path

import fastapi_swagger
from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

ASSETS = "/docs/assets"
FOR_SCRIPTS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""What says something to scripts alone: no other answer of ours lets any run."""

_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

router = APIRouter(include_in_schema=False)
assets = StaticFiles(directory=Path(fastapi_swagger.__file__).parent / "resources")


@router.get("/docs")
async def read_docs(request: Request) -> HTMLResponse:
    """Show every route, to be tried out with a token."""
    page = get_swagger_ui_html(
        openapi_url=str(request.app.openapi_url),
        title=str(request.app.title),
        swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS}/favicon-32x32.png",
    )
    page.headers.update({"Content-Security-Policy": _policy(bytes(page.body)), **FOR_SCRIPTS})
    return page


def _policy(page: bytes) -> str:
    """Let just the scripts run that are in the page now, and ask nobody but us."""
    hashes = (b64encode(hashlib.sha256(script).digest()).decode() for script in _SCRIPT.findall(page))
    scripts = " ".join(f"'sha256-{each}'" for each in hashes)
    return (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; connect-src 'self';"
        f" img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' {scripts}"
    )
