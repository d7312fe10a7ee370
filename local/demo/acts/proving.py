"""The proof of a submitted application, compared with what the employer received."""

import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from typing import Any

import httpx

from local.demo.acts.untrue import insist
from local.demo.api import Api
from local.demo.screen import Act
from local.demo.waiting import until
from models.answering_enums import DocumentKind

HASH_SHOWN = 16

Json = dict[str, Any]


@dataclass(frozen=True)
class Witness:
    """The employer's site, which keeps a ledger of its own, and whom it knows by which address."""

    careers: str
    email: str

    async def entry(self, slug: str) -> Json:
        """Return what the employer has of one application; UntrueError unless it has it once."""
        query = {"email": self.email, "slug": slug}
        async with httpx.AsyncClient(base_url=self.careers, trust_env=False) as client:
            answer = await client.get("/_control/ledger", params=query)
        entries: list[Json] = answer.raise_for_status().json()
        insist(len(entries) == 1, f"the employer's ledger has the application {len(entries)} times")
        return entries[0]


async def prove(act: Act, applicant: Api, application_id: str, slug: str, witness: Witness) -> None:
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
    for picture in detail["evidence"]:
        content = await applicant.download(picture["url"])
        digest = hashlib.sha256(content).hexdigest()
        insist(digest == picture["sha256"], "a screenshot differs from its hash")
        act.detail(f"screenshot    {len(content):,} bytes, SHA-256 {digest[:HASH_SHOWN]}…")
    _check_package(act, await applicant.download(f"/api/applications/{application_id}/evidence.zip"))
    entry = await witness.entry(slug)
    confirmed = str(entry["confirmation_id"])
    insist(confirmed in str(detail["confirmation"]), f"the employer confirmed {confirmed}, which we lost")
    resumes = [each["sha256"] for each in detail["documents"] if each["kind"] == DocumentKind.RESUME]
    insist(resumes == [entry["file_sha256"]], "the employer received another résumé than was shown")
    act.outcome = f"{len(detail['evidence'])} screenshots; the employer's ledger has it once, as {confirmed}"


def _check_package(act: Act, package: bytes) -> None:
    """Unpack the package and have it check itself, as its person can without us."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(package)) as packed:
        packed.extractall(folder)
        checked = subprocess.run(
            [sys.executable, "verify.py"], cwd=folder, check=False, capture_output=True, text=True
        )
        insist(checked.returncode == 0, f"the package is not whole: {checked.stdout}{checked.stderr}")
        act.detail(f"package       {len(packed.namelist())} files, {len(package):,} bytes, checked by itself")
