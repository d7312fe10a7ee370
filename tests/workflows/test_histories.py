"""The recorded history of every terminal path replays on today's code, and a changed decision is noticed."""

import json
import re
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.workflows.paths import APPLICATIONS, OTHERS, PLAYED
from tests.workflows.record_histories import HISTORIES
from workflows.messages import ApplicationRef
from workflows.policies import DATABASE_STEP
from workflows.steps import AutoApplySteps
from workflows.wire import plugin

RECORDED = sorted(HISTORIES.glob("*.json"))


def read(file: Path) -> WorkflowHistory:
    """Read a recorded history."""
    return WorkflowHistory.from_json(file.stem, file.read_text())


def test_every_terminal_path_has_a_recorded_history() -> None:
    assert {file.stem for file in RECORDED} >= {*APPLICATIONS, *PLAYED, *OTHERS}


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
async def test_a_recorded_history_replays(file: Path) -> None:
    await Replayer(workflows=[], plugins=[plugin()]).replay_workflow(read(file))


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_a_recorded_history_ended(file: Path) -> None:
    last = json.loads(file.read_text())["events"][-1]
    assert last["eventType"] == "EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED"


@pytest.mark.parametrize("events", [33, None], ids=["that waits for its proposal", "that has ended"])
async def test_a_follow_up_of_before_its_id_named_its_person_replays(events: int | None) -> None:
    history = read(HISTORIES / "follow_up.json").to_json_dict()
    told = json.dumps(history["events"][:events])
    # as it was recorded then: the children were called by the notification alone
    before = re.sub(r'"notify/[0-9a-f-]{36}/', '"notify/', told)
    assert before != told
    follow_up = WorkflowHistory.from_json("follow-up/" + "1" * 8, json.dumps({"events": json.loads(before)}))
    await Replayer(workflows=[], plugins=[plugin()]).replay_workflow(follow_up)


@workflow.defn(name="AutoApply", sandboxed=False)
class Changed:
    """Decides otherwise than what was recorded: it submits before it prepares."""

    @workflow.run
    async def run(self, application: ApplicationRef) -> None:
        """Stage first."""
        await workflow.execute_activity_method(AutoApplySteps.stage, application, **DATABASE_STEP)


async def test_a_changed_decision_does_not_replay() -> None:
    replayer = Replayer(workflows=[Changed], data_converter=pydantic_data_converter)
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(read(HISTORIES / "submitted.json"))
