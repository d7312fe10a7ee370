"""Addresses: what leads anywhere but to the public web is found out, however it is written."""

import pytest

from models.profile import ProfileUpdate
from models.public_url import URL_MAX, why_not_public

PUBLIC = [
    "https://boards.greenhouse.io/acme/jobs/123?gh_src=x#app",
    "http://jobs.example.com",
    "https://jobs.example.com./apply",
    "https://JOBS.example.com/",
    "https://jobs.example.com:443/",
    "http://jobs.example.com:80/",
    "https://jobs.example.com:8443/",
    "http://8.8.8.8/jobs",
    "https://[2606:4700:4700::1111]/",
    "https://b\u00fccher.example.de/stellen",
    "https://xn--bcher-kva.example.de/",
    "https://a_b.example.com/",
    "https://localhost.example.com/",
    "https://internal-tools.example.com/",
    "https://127.example.com/",
    "https://jobs.example.com/r?to=http://127.0.0.1/",
    "https://jobs.example.com/@admin",
]

PRIVATE = {
    "loopback": "http://127.0.0.1/",
    "another loopback": "http://127.1.2.3/",
    "no port of the web": "http://jobs.example.com:22/",
    "a database's port": "http://jobs.example.com:5432/",
    "an empty port": "http://jobs.example.com:/",
    "a huge port": "http://jobs.example.com:99999/",
    "ten": "http://10.0.0.1/",
    "a hundred and seventy-two": "http://172.16.3.4/",
    "a hundred and ninety-two": "https://192.168.1.1/",
    "carrier grade": "http://100.64.0.1/",
    "the metadata of clouds": "http://169.254.169.254/latest/meta-data/",
    "another metadata": "http://100.100.100.200/",
    "a platform": "http://168.63.129.16/",
    "metadata by name": "http://metadata.google.internal/",
    "this host": "http://0.0.0.0/",
    "broadcast": "http://255.255.255.255/",
    "multicast": "http://224.0.0.1/",
    "documentation": "http://192.0.2.1/",
    "decimal": "http://2130706433/",
    "hexadecimal": "http://0x7f000001/",
    "hexadecimal parts": "http://0x7f.0x0.0x0.0x1/",
    "octal": "http://017700000001/",
    "octal parts": "http://0177.0.0.1/",
    "padded": "http://127.000.000.001/",
    "short": "http://127.1/",
    "shorter": "http://0/",
    "mixed": "http://0x7f.1/",
    "too large": "http://4294967297/",
    "a public address in decimal": "http://134744072/",
    "a final dot": "http://127.0.0.1./",
    "a number at the end": "http://jobs.example.1/",
    "hexadecimal at the end": "http://jobs.example.0x7f/",
    "percent": "http://127.0.0.%31/",
    "percent in a name": "http://%6c%6f%63%61%6c%68%6f%73%74/",
    "full-width digits": "http://\uff11\uff12\uff17.0.0.1/",
    "circled digits": "http://\u2460\u2461\u2466.0.0.1/",
    "ideographic dots": "http://127\u30020\u30020\u30021/",
    "full-width letters": "http://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54/",
    "a soft hyphen": "http://local\u00adhost/",
    "IPv6 loopback": "http://[::1]/",
    "IPv6 nowhere": "http://[::]/",
    "IPv6 link-local": "http://[fe80::1]/",
    "IPv6 with a zone": "http://[fe80::1%25eth0]/",
    "IPv6 unique local": "http://[fd00::1]/",
    "IPv6 multicast": "http://[ff02::1]/",
    "mapped": "http://[::ffff:127.0.0.1]/",
    "mapped in hexadecimal": "http://[::ffff:7f00:1]/",
    "compatible": "http://[::127.0.0.1]/",
    "6to4": "http://[2002:7f00:1::]/",
    "Teredo": "http://[2001:0:7f00:1:0:0:80ff:fffe]/",
    "NAT64": "http://[64:ff9b::7f00:1]/",
    "metadata by IPv6": "http://[fd00:ec2::254]/",
    "localhost": "http://localhost/",
    "localhost with a dot": "http://localhost./",
    "LOCALHOST": "http://LOCALHOST/",
    "below localhost": "http://jobs.localhost/",
    "one label": "http://postgres/",
    "one label with a port": "http://api:8080/",
    "local": "http://printer.local/",
    "internal": "http://wiki.internal/",
    "a cluster": "http://kubernetes.default.svc/",
    "a cluster in full": "http://api.default.svc.cluster.local/",
    "at home": "http://router.home.arpa/",
    "an onion": "http://abcdefgh.onion/",
    "a name that leads anywhere": "http://127.0.0.1.nip.io/",
    "another": "http://app.localtest.me/",
    "credentials": "http://jobs.example.com@127.0.0.1/",
    "credentials before a public name": "https://user:word@jobs.example.com/",
    "an empty user": "http://@jobs.example.com/",
    "a back-slash": "http://jobs.example.com\\@127.0.0.1/",
    "back-slashes": "http:\\\\127.0.0.1\\",
    "a tab": "http://127.0.0\t.1/",
    "a line": "http://jobs.example.com/\nHost: localhost",
    "a space": "http://jobs.example.com /",
    "a space before": " http://jobs.example.com/",
    "a control character": "http://jobs.example.com/\x00",
    "another direction": "http://jobs.example.com/\u202e",
    "three slashes": "http:///127.0.0.1/",
    "one slash": "http:/127.0.0.1/",
    "no slash": "http:127.0.0.1",
    "no scheme": "//jobs.example.com/",
    "a path": "/etc/passwd",
    "nothing": "",
    "a file": "file:///etc/passwd",
    "an old protocol": "gopher://jobs.example.com/",
    "FTP": "ftp://jobs.example.com/",
    "a script": "javascript:alert(1)",
    "data": "data:text/html,x",
    "an open bracket": "http://[::1/",
    "no host": "http://",
    "a query alone": "http://?jobs.example.com",
    "an empty label": "http://jobs..example.com/",
    "a hyphen first": "http://-jobs.example.com/",
    "a long label": f"http://{'a' * 64}.example.com/",
    "too long": f"https://jobs.example.com/{'a' * URL_MAX}",
}


@pytest.mark.parametrize("url", PUBLIC)
def test_an_address_on_the_public_web_may_be_opened(url: str) -> None:
    assert why_not_public(url) is None


@pytest.mark.parametrize("trick", PRIVATE)
def test_no_trick_leads_anywhere_else(trick: str) -> None:
    reason = why_not_public(PRIVATE[trick])
    assert reason is not None
    # it is a sentence about the address, and quotes nothing of it
    assert reason.split()[0] in {"it", "its"}


IDENTITY = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org"}


@pytest.mark.parametrize("field", ["linkedin", "github", "website"])
def test_no_link_of_a_profile_leads_to_a_private_network(field: str) -> None:
    for url in ("http://2130706433/", "http://localhost/x", "https://a:b@example.org/", "http://[::1]/"):
        with pytest.raises(ValueError, match=f"{field} must be an address on the public web"):
            ProfileUpdate.model_validate({"identity": {**IDENTITY, field: url}})
    assert ProfileUpdate.model_validate({"identity": {**IDENTITY, field: "https://example.org/ada"}}).identity
