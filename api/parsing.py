"""How the server reads requests: what is no HTTP at all is refused by a problem, as everything else is.

uvicorn takes it by `--http api.parsing:Protocol`.
"""

import json

from uvicorn.protocols.http.h11_impl import H11Protocol

from api.problems import MEDIA_TYPE, Kind

MALFORMED = Kind(400, "bad-request", "Bad Request")
ADVICE = "This is no request that HTTP/1.1 allows; check its first line, its headers and its Host."
BODY = json.dumps(
    {"type": MALFORMED.type, "title": MALFORMED.title, "status": MALFORMED.status, "detail": ADVICE}
).encode()
HEAD = f"""HTTP/1.1 {MALFORMED.status} {MALFORMED.title}
content-type: {MEDIA_TYPE}
content-length: {len(BODY)}
x-content-type-options: nosniff
cache-control: no-store
connection: close

""".replace("\n", "\r\n").encode()


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1, with our words where it cannot make a request of what it reads."""

    def send_400_response(self, _msg: str) -> None:
        """Refuse what was read, unless an answer is on its way already, and close the connection."""
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            self.transport.write(HEAD + BODY)
        self.transport.close()
