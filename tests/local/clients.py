"""HTTP clients for tests: reading the certificates anew for each one would cost 40 ms a test."""

import ssl
from collections.abc import Mapping

import httpx

_CONTEXT = ssl.create_default_context()


def http_client(
    base_url: str = "", params: Mapping[str, str] | None = None, timeout: float = 5
) -> httpx.AsyncClient:
    """Return a client like `httpx.AsyncClient`, to be closed by the caller; timeout in seconds."""
    return httpx.AsyncClient(base_url=base_url, params=params, timeout=timeout, verify=_CONTEXT)
