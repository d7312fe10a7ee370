"""Whether an address leads to the public web: what an advert or a person names, a browser may open.

A browser reads an address more generously than most parsers: it takes back-slashes for slashes, `127.1`,
`0x7f.1` and `2130706433` for 127.0.0.1, full-width letters for plain ones. So what is written in an odd way
is refused, and not understood. Names are not looked up here: the browser is elsewhere, and would look them up
anew. What a name of the public DNS leads to is its network's to guard; only ports of the web are let through.
"""

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

URL_MAX = 8000
SCHEMES = frozenset({"http", "https"})
PORTS = frozenset({None, 80, 443, 8080, 8443})

PRIVATE_SUFFIXES = (
    *("localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "svc"),
    *("arpa", "invalid", "onion", "test"),
    # public names that lead wherever their first part says
    *("nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me"),
)
PLATFORM = frozenset({IPv4Address("168.63.129.16")})
"""Addresses that are public on paper, and answer with a cloud's own data inside it."""

ODD = "its host is written in an odd way"
NAT64 = "64:ff9b:"

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_DOTTED = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}", re.ASCII)
_NUMBER = re.compile(r"(?:\d+|0[xX][0-9a-fA-F]*)", re.ASCII)


def why_not_public(url: str) -> str | None:
    """Return why an address must not be opened, as the end of a sentence; None where it may be."""
    if len(url) > URL_MAX:
        return "it is too long"
    if "\\" in url or any(char.isspace() or unicodedata.category(char)[0] == "C" for char in url):
        return "it holds spaces, back-slashes or characters that cannot be seen"
    try:
        parts = urlsplit(url)
        return _why_not_form(parts) or _why_not_host(parts)
    except ValueError:
        return "it is no address"


def _why_not_form(parts: SplitResult) -> str | None:
    if parts.scheme not in SCHEMES or not parts.hostname:
        return "it is no http or https address"
    if "@" in parts.netloc:
        return "it holds credentials"
    if parts.port not in PORTS or parts.netloc.endswith(":"):
        return "its port is none of the web's"
    return None


def _why_not_host(parts: SplitResult) -> str | None:
    host = parts.hostname or ""
    labels = host.removesuffix(".").split(".")
    # what ends in a number is an address to a browser, whatever its shape
    if parts.netloc.startswith("[") or _NUMBER.fullmatch(labels[-1]):
        return _why_not_address(host)
    if host != unicodedata.normalize("NFKC", host):
        return ODD
    return _why_not_name(labels)


def _why_not_name(labels: list[str]) -> str | None:
    try:
        plain = [label.encode("idna").decode() for label in labels]
    except UnicodeError:
        return "its host is no name"
    if not all(_LABEL.fullmatch(label) for label in plain):
        return "its host is no name"
    name = f".{'.'.join(plain)}"
    if len(plain) == 1 or name.endswith(tuple(f".{suffix}" for suffix in PRIVATE_SUFFIXES)):
        return "it leads to a private network"
    return None


def _why_not_address(host: str) -> str | None:
    try:
        address = ip_address(host)
    except ValueError:
        return ODD
    if isinstance(address, IPv4Address) and not _DOTTED.fullmatch(host):
        return ODD
    if any(
        not each.is_global or each.is_multicast or each.is_reserved or each in PLATFORM
        for each in _all_of(address)
    ):
        return "it leads to a private network"
    return None


def _all_of(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return an address with those that are wrapped in it."""
    found: list[IPv4Address | IPv6Address] = [address]
    if isinstance(address, IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        found += [each for each in wrapped if each is not None]
        if address.compressed.startswith(NAT64) or int(address) >> 32 == 0:
            found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return found
