"""Bodies and requests that are made to confuse or to exhaust: each is refused, and the next one is served."""

import gzip
import json
from collections.abc import Iterator

import pytest

from tests.api.client import Api, Person, assert_problem
from tests.attacks.wire import sent

DEPTH = 20_000


async def test_a_packed_body_is_not_unpacked(api: Api) -> None:
    person = await api.person()
    body = gzip.compress(json.dumps({"daily_cap": 3, "x": " " * 50_000_000}).encode())
    assert len(body) < 100_000
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await person.patch("/api/profile/", content=body, headers=headers)
    assert_problem(answer, 400, "bad-request")


def nested(path: list[str], innermost: str) -> bytes:
    """Return JSON that holds something many levels below a field."""
    return ("".join(f'{{"{name}": ' for name in path) + innermost + "}" * len(path)).encode()


def deep_bodies() -> Iterator[tuple[str, str, bytes]]:
    """Yield bodies that are nested deeply where a model takes nested values."""
    lists, objects = "[" * DEPTH + "]" * DEPTH, '{"a":' * DEPTH + "1" + "}" * DEPTH
    for deep in (lists, objects):
        for path in (
            *(["facts", "expected_pay"], ["facts", "demographics"], ["automation"]),
            *(["preferences", "work_authorisations"], ["identity", "phone"]),
        ):
            yield "PATCH", "/api/profile/", nested(path, deep)
        yield "PUT", "/api/answers/", b'{"topic": "start_date", "value": ' + deep.encode() + b"}"
        yield "POST", "/api/applications/bulk", b'{"job_ids": ' + deep.encode() + b"}"
        yield "PUT", f"/api/resumes/{'0' * 8}-0000-7000-8000-{'0' * 12}/structured", deep.encode()


async def test_deeply_nested_values_are_refused_at_every_depth_and_the_next_request_is_served(
    api: Api,
) -> None:
    person = await api.person()
    for method, path, body in deep_bodies():
        answer = await person.request(
            method, path, content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in {400, 422}, (path, answer.text[:200])
        assert len(answer.content) < 20_000
    assert (await person.get("/api/profile/")).status_code == 200


async def _form(person: Person, parts: bytes) -> int:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return (await person.post("/api/resumes/", content=parts + b"--x--\r\n", headers=headers)).status_code


async def test_a_form_of_many_parts_or_endless_headers_is_refused(api: Api) -> None:
    person = await api.person()
    field = b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nv\r\n'
    assert await _form(person, b"".join(field % n for n in range(20_000))) == 400
    headers = b"".join(b"X-%d: y\r\n" % n for n in range(20_000))
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n'
    assert await _form(person, part + headers + b"\r\nx\r\n") in {400, 422}
    long = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
        + b"a" * 2_000_000
        + b'"\r\n\r\nx\r\n'
    )
    assert await _form(person, long) in {400, 422}
    assert (await person.get("/api/resumes/")).json() == []


LOGIN = b"POST /api/auth/login HTTP/1.1\r\nHost: x"
SMUGGLED = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        LOGIN + b"\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        LOGIN + b"\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n0\r\n\r\n" + SMUGGLED,
        LOGIN + b"\r\nContent-Length: -1\r\n\r\n" + SMUGGLED,
        LOGIN + b"\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        b"GET /health/live HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n"
        + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(500))
        + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100 + b"\r\n\r\n",
    ],
    ids=range(8),
)
async def test_a_request_with_two_meanings_is_refused_and_what_is_behind_it_is_never_served(
    served: Api, request_: bytes
) -> None:
    answer = await sent(served, request_)
    assert answer.status in {0, 400, 404, 411, 413, 414, 422, 431, 501, 505}
    assert b'"status":"live"' not in answer.body.replace(b" ", b"")
    assert (await served.http.get("/health/live")).status_code == 200


async def test_what_is_expected_in_one_line_takes_no_other(api: Api) -> None:
    person = await api.person()
    for hostile in ("a\nb", "a\rb", "a\u2028b", "a\u2029b", "a\x00b", "a\x1b[31mb"):
        for body in (
            {"facts": {"city": hostile}},
            {"preferences": {"titles": [hostile]}},
            {"identity": {"first_name": hostile, "last_name": "B", "email": "a@b.co"}},
        ):
            answer = await person.patch("/api/profile/", json=body)
            assert_problem(answer, 422, "invalid")
            assert hostile not in answer.text
