"""The documentation's page works without any other site."""

import hashlib
import re
from base64 import b64encode

from tests.api.client import Api


async def test_the_page_asks_for_nothing_from_elsewhere(api: Api) -> None:
    page = await api.http.get("/docs")
    asked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert page.status_code == 200
    assert len(asked) == 3
    for path in asked:
        assert path.startswith("/docs/assets/")
        assert (await api.http.get(path)).status_code == 200
    policy = page.headers["content-security-policy"]
    assert "https:" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_only_the_scripts_that_are_in_the_page_may_run(api: Api) -> None:
    page = await api.http.get("/docs")
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rule = page.headers["content-security-policy"].partition("script-src ")[2].partition(";")[0]
    assert rule == f"'self' 'sha256-{digest}'"
    assert "camera=()" in page.headers["permissions-policy"]


async def test_a_path_outside_the_assets_is_not_served(api: Api) -> None:
    answer = await api.http.get("/docs/assets/..%2f__init__.py")
    assert answer.status_code == 404
