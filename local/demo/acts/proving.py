"""The proof of a submitted application, compared with what the employer received."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from local.demo.acts.untrue import insist
from local.demo.api import Api
from local.demo.screen import Act
from local.demo.waiting import until

HASH_SHOWN = 16

Json = dict[str, Any]


@dataclass(frozen=True)
class Witness:
    """The employer's site, which keeps a ledger of its own, and what it should have received."""

    careers: str
    email: str
    resume_sha256: str

    async def confirmation_id(self) -> str:
        """Return the id that the employer confirmed with; UntrueError where its ledger says otherwise."""
        async with httpx.AsyncClient(base_url=self.careers, trust_env=False) as client:
            answer = await client.get("/_control/ledger", params={"email": self.email})
        entries: list[Json] = answer.raise_for_status().json()
        insist(len(entries) == 1, f"the employer's ledger has the application {len(entries)} times")
        insist(entries[0]["file_sha256"] == self.resume_sha256, "the employer received another résumé")
        return str(entries[0]["confirmation_id"])


async def prove(act: Act, applicant: Api, application_id: str, witness: Witness) -> None:
    """Show confirmation, screenshots and what was sent; insist that the employer's ledger agrees."""
    act.show("waiting for the screenshots")

    counts = [0]

    async def with_screenshots() -> Json | None:
        detail: Json = await applicant.call("GET", f"/api/applications/{application_id}")
        counts.append(len(detail["evidence"]))
        return detail if counts[-1] and counts[-1] == counts[-2] else None

    # they are copied in one by one after the application was submitted
    detail = await until(with_screenshots)
    act.detail(f"confirmation  {detail['confirmation']}")
    for name, value in _leaves(detail["sent"] or {}):
        act.detail(f"sent          {name}: {value}")
    for picture in detail["evidence"]:
        content = await applicant.download(picture["url"])
        digest = hashlib.sha256(content).hexdigest()
        insist(digest == picture["sha256"], "a screenshot differs from its hash")
        act.detail(f"screenshot    {len(content):,} bytes, SHA-256 {digest[:HASH_SHOWN]}…")
    confirmed = await witness.confirmation_id()
    insist(confirmed in str(detail["confirmation"]), f"the employer confirmed {confirmed}, which we lost")
    act.outcome = f"{len(detail['evidence'])} screenshots; the employer's ledger has it once, as {confirmed}"


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every value of a JSON document with the path to it."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from _leaves(inner, f"{path}.{name}" if path else name)
        case list():
            for number, inner in enumerate(value):
                yield from _leaves(inner, f"{path}[{number}]")
        case _:
            yield path, value
