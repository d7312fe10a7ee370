"""The app as its own tests have it: in this process, or behind a real socket."""

from tests.api.conftest import api, api_at, served

__all__ = ["api", "api_at", "served"]
