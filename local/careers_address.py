"""Every employer and Adzuna host is read as the careers site, so that recorded adverts can be applied to."""

from urllib.parse import quote, unquote, urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TRAILING = frozenset({"apply", "application", "apply-now"})


def careers_address(url: str, careers_url: str) -> str:
    """Return the careers site's address for a job's address; a ValueError where it is no web address."""
    address, site = urlsplit(url.strip()), urlsplit(careers_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ValueError("not an HTTP or HTTPS address")
    if _same_host(address.hostname, site.hostname or "") and address.port == site.port:
        query = f"?{address.query}" if address.query else ""
        return f"{careers_url.rstrip('/')}{address.path or '/'}{query}"
    parts = [unquote(part) for part in address.path.split("/") if part]
    while len(parts) > 1 and parts[-1].lower() in _TRAILING:
        parts.pop()
    slug = parts[-1] if parts else address.hostname
    return f"{careers_url.rstrip('/')}/jobs/{quote(slug, safe='')}"


def _same_host(one: str, other: str) -> bool:
    return one == other or (one in _LOOPBACK and other in _LOOPBACK)
