"""Signed links that anybody may open until they expire: artifacts of runs, and uploaded files."""

import hashlib
import hmac
import time

DAY_SECONDS = 24 * 60 * 60.0


class Links:
    """Signs and checks links; `base` may be learnt later, the lifetime may be changed by a control."""

    def __init__(self, base: str, secret: str) -> None:
        self.base = base.rstrip("/")
        self._key = hashlib.sha256(f"links/{secret}".encode()).digest()
        self._lifetime_seconds = DAY_SECONDS

    def set_lifetime(self, seconds: float) -> None:
        """Let links that are signed from now on live so long; less than nothing means: already expired."""
        self._lifetime_seconds = seconds

    def restore_lifetime(self) -> None:
        """Let links live a day again."""
        self._lifetime_seconds = DAY_SECONDS

    def learn(self, base: str) -> None:
        """Take the address of a request as the public one, where none was configured."""
        self.base = self.base or base.rstrip("/")

    def app_url(self, run_id: str, *, of_task: bool) -> str:
        """Return where Skyvern's own user interface would show a run."""
        return f"{self.base}/{'tasks' if of_task else 'runs'}/{run_id}"

    def artifact(self, artifact_id: str) -> str:
        """Return a fresh link to an artifact's bytes."""
        return self._signed(f"/v1/artifacts/{artifact_id}/content")

    def upload(self, stored_name: str) -> str:
        """Return a fresh link to an uploaded file's bytes; the link ends in the file's stored name."""
        return self._signed(f"/v1/uploads/{stored_name}")

    def is_valid(self, path: str, expiry: str, signature: str) -> bool:
        """Tell whether a link was signed here and has not expired."""
        # Only what was signed here is read as a number.
        genuine = hmac.compare_digest(self._signature(path, expiry).encode(), signature.encode())
        return genuine and float(expiry) > time.time()

    def _signed(self, path: str) -> str:
        expiry = f"{time.time() + self._lifetime_seconds:.3f}"
        return f"{self.base}{path}?expiry={expiry}&sig={self._signature(path, expiry)}"

    def _signature(self, path: str, expiry: str) -> str:
        return hmac.new(self._key, f"{path}\n{expiry}".encode(), hashlib.sha256).hexdigest()
