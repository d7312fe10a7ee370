"""What the texts of settings must look like: addresses, origins, names of hosts, networks and rates."""

import re
from ipaddress import ip_address, ip_network
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field

WEB = {"http": 80, "https": 443}
HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")

ORIGIN = (
    "an origin is written as browsers send it, scheme://host or scheme://host:port in small letters, such as"
    " https://app.example.com: no path, no final slash, no `*`, no `null`, no default port"
)
NAME = "a host is a name or an address alone, in small letters: no scheme, no port, no path, no `*`"
PROXIES = (
    "a proxy is an address or a network such as 10.0.0.0/24, with commas between several; `*` would let"
    " anybody choose the address that limits count by"
)


def _without_slash(url: str) -> str:
    return url.rstrip("/")


def origin_of(parts: SplitResult) -> str:
    """Return the origin of an address as browsers write it; ValueError where its port is none."""
    host = parts.hostname or ""
    port = "" if parts.port in {None, WEB.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://[{host}]{port}" if ":" in host else f"{parts.scheme}://{host}{port}"


def _exact_origin(text: str) -> str:
    try:
        parts = urlsplit(text)
        right = parts.scheme in WEB and is_host(parts.hostname or "") and origin_of(parts) == text
    except ValueError:
        right = False
    if not right:
        raise ValueError(ORIGIN)
    return text


def is_host(text: str) -> bool:
    """Tell whether it is a host's name or address, without a port."""
    try:
        ip_address(text)
    except ValueError:
        return HOST.fullmatch(text) is not None
    return True


def _host(text: str) -> str:
    if not is_host(text):
        raise ValueError(NAME)
    return text


def _proxies(text: str) -> str:
    for each in filter(None, (part.strip() for part in text.split(","))):
        try:
            ip_network(each)
        except ValueError:
            raise ValueError(PROXIES) from None
    return text


BaseUrl = Annotated[str, AfterValidator(_without_slash)]
Origin = Annotated[str, AfterValidator(_exact_origin)]
HostName = Annotated[str, AfterValidator(_host)]
Proxies = Annotated[str, AfterValidator(_proxies)]
RateText = Annotated[str, Field(pattern=r"^[1-9][0-9]*/[1-9][0-9]*[smhd]$")]
"""So many in a time: `10/15m` lets ten through at once, and then one every minute and a half."""
