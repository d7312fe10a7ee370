"""The documentation's page works without any other site."""

import re

from tests.api.client import Api


async def test_the_page_asks_for_nothing_from_elsewhere(api: Api) -> None:
    page = await api.http.get("/docs")
    asked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert page.status_code == 200
    assert len(asked) == 3
    for path in asked:
        assert path.startswith("/docs/assets/")
        assert (await api.http.get(path)).status_code == 200
    assert "https:" not in page.headers["content-security-policy"]


async def test_a_path_outside_the_assets_is_not_served(api: Api) -> None:
    answer = await api.http.get("/docs/assets/..%2f__init__.py")
    assert answer.status_code == 404
