"""The API's own documentation as a page: Swagger UI from its package, so that nothing is asked elsewhere."""

from pathlib import Path

import fastapi_swagger
from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

ASSETS = "/docs/assets"

router = APIRouter(include_in_schema=False)
assets = StaticFiles(directory=Path(fastapi_swagger.__file__).parent / "resources")


@router.get("/docs")
async def read_docs(request: Request) -> HTMLResponse:
    """Show every route, to be tried out with a token."""
    return get_swagger_ui_html(
        openapi_url=str(request.app.openapi_url),
        title=str(request.app.title),
        swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS}/favicon-32x32.png",
    )
