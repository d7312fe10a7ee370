"""Stopping the stack and starting it again: nothing is left behind, and nothing is lost."""

import shutil
import signal
import subprocess
import time

from local.demo.api import open_api
from local.postgres.cluster import throwaway_folder
from local.supervisor.watchdog import Watchdog
from tests.e2e.people import applicant, fetch_jobs
from tests.e2e.stack import LocalStack

STOP_SECONDS = 15.0
SECOND_UP_SECONDS = 30.0


def processes_of(groups: set[int]) -> list[str]:
    """Return the processes that are in one of the groups; each part leads one."""
    ps = shutil.which("ps")
    assert ps is not None
    command = [ps, "-axo", "pgid=,pid=,args="]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 -- no input
    return [line for line in listed.splitlines() if int(line.split()[0]) in groups]


async def test_ctrl_c_leaves_no_process_and_a_second_start_finds_its_data_again(watchdog: Watchdog) -> None:
    with throwaway_folder() as folder:
        stack = LocalStack(folder, watchdog)
        stack.start()
        await fetch_jobs(stack)
        async with applicant(stack) as maya:
            application_id = await maya.apply((await maya.jobs())[0])
            before = await maya.reaches(application_id, "submitted")
            person = maya.person
        groups = {part["pid"] for part in stack.state["parts"].values()} | {stack.state["pid"]}
        assert len(processes_of(groups)) >= len(groups)

        started = time.monotonic()
        assert stack.stop(signal.SIGINT) == 0, stack.output
        assert time.monotonic() - started < STOP_SECONDS
        assert processes_of(groups) == []

        started = time.monotonic()
        stack.start()
        try:
            assert time.monotonic() - started < SECOND_UP_SECONDS
            async with open_api(stack.api) as api:
                await api.login(person.email, person.password)
                after = await api.call("GET", f"/api/applications/{application_id}")
                jobs = (await api.call("GET", "/api/jobs/"))["items"]
        finally:
            stack.stop()
        compared = ("state", "confirmation", "sent", "submitted_at", "run_id", "transitions")
        assert {name: after[name] for name in compared} == {name: before[name] for name in compared}
        assert jobs
