"""Stopping the stack and starting it again: nothing is left behind, and nothing is lost."""

import shutil
import signal
import stat
import subprocess
import time

from local.demo.api import open_api
from local.throwaway import LocalStack
from tests.e2e.people import applicant, fetch_jobs

STOPPED_SECONDS = 15.0
UP_AGAIN_SECONDS = 45.0
KEPT = ("state", "confirmation", "sent", "submitted_at", "run_id", "transitions")


def processes_of(groups: set[int]) -> list[str]:
    """Return the processes that are in one of the groups; each part leads one."""
    ps = shutil.which("ps")
    assert ps is not None
    command = [ps, "-axo", "pgid=,pid=,args="]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 -- no input
    return [line for line in listed.splitlines() if int(line.split()[0]) in groups]


async def test_ctrl_c_leaves_no_process_and_a_second_start_finds_its_data_again(stack: LocalStack) -> None:
    await fetch_jobs(stack)
    async with applicant(stack) as maya:
        application_id = await maya.apply((await maya.jobs())[0])
        before = await maya.reaches(application_id, "submitted")
        person = maya.person
    groups = {part["pid"] for part in stack.state["parts"].values()} | {stack.state["pid"]}
    assert len(processes_of(groups)) >= len(groups)

    started = time.monotonic()
    code, output = stack.stop(signal.SIGINT), stack.output
    took = time.monotonic() - started
    left = processes_of(groups)
    started = time.monotonic()
    # whatever comes out: the other tests need it
    stack.start()
    assert time.monotonic() - started < UP_AGAIN_SECONDS
    assert (code, left) == (0, []), output
    assert took < STOPPED_SECONDS

    async with open_api(stack.api) as api:
        await api.login(person.email, person.password)
        after = await api.call("GET", f"/api/applications/{application_id}")
        assert (await api.call("GET", "/api/jobs/"))["items"]
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}


def test_what_is_kept_on_disk_is_its_owners_alone(stack: LocalStack) -> None:
    others = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
    kept = [stack.data_dir, *stack.data_dir.rglob("*")]
    assert len(kept) > len(stack.state["parts"])
    assert [str(path) for path in kept if path.exists() and path.stat().st_mode & others] == []
