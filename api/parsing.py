"""How the server reads requests: what is no HTTP at all is refused by a problem, as everything else is.

uvicorn takes it by `--http api.parsing:Protocol`.
"""

import json

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.problems import MEDIA_TYPE, Kind

MALFORMED = Kind(400, "bad-request", "Bad Request")
ADVICE = "This is no request that HTTP/1.1 allows; check its first line, its headers and its Host."


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1, with our words where it cannot make a request of what it reads."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- uvicorn's words are of its parser
        """Refuse what was read, and close the connection."""
        body = {
            "type": MALFORMED.type,
            "title": MALFORMED.title,
            "status": MALFORMED.status,
            "detail": ADVICE,
        }
        content = json.dumps(body).encode()
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(content)).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        answer = (
            h11.Response(status_code=MALFORMED.status, headers=headers, reason=b"Bad Request"),
            h11.Data(data=content),
            h11.EndOfMessage(),
        )
        for event in answer:
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
