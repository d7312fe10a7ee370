"""The one door to the outside: what Caddy passes to the API, what it keeps, and whom the API believes."""

import re
from ipaddress import ip_network

from settings import ApiSettings
from tests.compose import ROOT, SET, read_compose

CADDYFILE = re.sub(
    r"^\s*#.*\n", "", (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(), flags=re.MULTILINE
)
COMPOSE = read_compose()
MEGABYTE = 1_000_000


def block(name: str) -> str:
    """Return what a block of the file holds, by its first words."""
    before, found, rest = CADDYFILE.partition(f"{name} {{\n")
    assert found, name
    indent = re.findall(r"^[ \t]*", before.rpartition("\n")[2])[0]
    return rest.partition(f"\n{indent}}}")[0]


def test_its_site_is_the_public_name_whose_certificate_it_gets_by_itself() -> None:
    site = block("\n{$PUBLIC_DOMAIN}")
    assert not re.search(r"^\s*(tls|auto_https|http_port|https_port)\b", CADDYFILE, re.MULTILINE)
    assert "reverse_proxy" in site
    assert COMPOSE.environment("caddy") == {"PUBLIC_DOMAIN": SET["PUBLIC_DOMAIN"]}
    assert COMPOSE.environment("api")["JOBRAKER_API__PUBLIC_URL"] == f"https://{SET['PUBLIC_DOMAIN']}"


def test_what_watches_the_api_is_not_passed_on() -> None:
    kept = re.findall(r"^\s*@internal path (.*)$", CADDYFILE, re.MULTILINE)
    assert kept == ["/metrics /metrics/* /health /health/*"]
    assert "respond 404" in block("handle @internal")
    assert "reverse_proxy" not in block("handle @internal")


def test_streams_are_passed_on_as_they_come_and_uploads_in_full() -> None:
    proxy = block("handle")
    assert "reverse_proxy {$API_ADDRESS:api:8000}" in proxy
    assert re.search(r"flush_interval -1\b", proxy)
    assert "encode" not in CADDYFILE
    size = int(re.findall(r"max_size (\d+)MB", proxy)[0]) * MEGABYTE
    assert size > ApiSettings().max_body_bytes


def test_it_can_be_steered_by_nobody_and_mixes_up_no_names() -> None:
    assert "admin off" in CADDYFILE
    assert "strict_sni_host on" in CADDYFILE
    assert "trusted_proxies" not in CADDYFILE


def test_the_api_believes_only_the_network_in_which_nobody_but_the_door_is() -> None:
    (subnet,) = (each["subnet"] for each in COMPOSE.tree["networks"]["front"]["ipam"]["config"])
    assert COMPOSE.environment("api")["JOBRAKER_API__PROXIES"] == subnet
    assert ip_network(subnet).is_private
    assert {name for name in COMPOSE.services if "front" in COMPOSE.networks(name)} == {"api", "caddy"}
    assert COMPOSE.tree["networks"]["front"]["internal"] is True
    assert "ports" not in COMPOSE.services["api"]
