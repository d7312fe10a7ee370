"""PostgreSQL refuses to run as root: finds an ordinary user for it, as a prefix of the command line."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from local.postgres.binaries import PostgresError

ROOT = 0
NAMESPACE_ID = 1000
FALLBACK_USER = "nobody"
# run by an isolated interpreter, so that the switch needs no further program
SWITCH_USER = (
    "import os, sys; u, g = int(sys.argv[1]), int(sys.argv[2]); "
    "os.setgroups([]); os.setgid(g); os.setuid(u); os.execv(sys.argv[3], sys.argv[3:])"
)

IDLE = (sys.executable, "-I", "-S", "-c", "")


def prepare_owner(data_dir: Path) -> list[str]:
    """Make the (perhaps still absent) folder usable by an ordinary user and return the prefix to run as it.

    An ordinary user needs none. Root runs PostgreSQL in a user namespace, where it seems an ordinary user
    and its files stay root's; where namespaces are not allowed (most containers), as `nobody`, who then owns
    the folder. Raises `PostgresError` when the folder is somebody else's.
    """
    owner = data_dir.stat().st_uid if data_dir.exists() else None
    if os.geteuid() != ROOT:
        if owner not in {None, os.geteuid()}:
            raise PostgresError(
                f"{data_dir} belongs to another user (number {owner}): run as that user, or give it to "
                f"yourself with `sudo chown -R {os.geteuid()} {data_dir}`"
            )
        return []
    if owner in {None, ROOT} and _namespaces_work():
        return _namespace_prefix()
    return _switch_to(data_dir, owner or pwd.getpwnam(FALLBACK_USER).pw_uid)


def _namespace_prefix() -> list[str]:
    unshare = shutil.which("unshare") or "unshare"
    return [unshare, "-U", f"--map-user={NAMESPACE_ID}", f"--map-group={NAMESPACE_ID}", "--"]


def _namespaces_work() -> bool:
    try:
        done = subprocess.run([*_namespace_prefix(), *IDLE], check=False, capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def _switch_to(data_dir: Path, user: int) -> list[str]:
    try:
        group = pwd.getpwuid(user).pw_gid
    except KeyError:
        group = user
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in (data_dir, *data_dir.rglob("*")):
        os.chown(path, user, group, follow_symlinks=False)
    return [sys.executable, "-I", "-S", "-c", SWITCH_USER, str(user), str(group)]
