"""The bodies of answers about runs, key for key as the real server writes them."""

from collections.abc import Sequence

from local.skyvern.ids import ORGANIZATION_ID
from local.skyvern.links import Links
from local.skyvern.run import Block, Json, Run, Status
from local.skyvern.store.artifacts import SCREENSHOT_ACTION, SCREENSHOTS, Artifact, Artifacts

NEWEST_SCREENSHOTS = 3
STORAGE = "s3://skyvern-artifacts"
_UNSTARTED = {Status.CREATED, Status.QUEUED, Status.CANCELED}


class Shapes:
    """Draws runs with links that are signed anew for each answer."""

    def __init__(self, artifacts: Artifacts, links: Links) -> None:
        self._artifacts = artifacts
        self._links = links

    def created(self, run: Run) -> Json:
        """Return the answer to the POST that made the run."""
        request = run.request if run.is_workflow else {**run.request, "title": None, "max_steps": None}
        return {
            **self._common(run),
            "screenshot_urls": None,
            "errors": None,
            "step_count": None,
            **self._particular(run),
            "app_url": self._links.app_url(run.run_id, of_task=False),
            "run_request": request,
        }

    def run(self, run: Run) -> Json:
        """Return the answer to `GET /v1/runs/{id}`."""
        return {**self._common(run), **self._particular(run), "run_request": _request_later(run)}

    def row(self, run: Run) -> Json:
        """Return a run's row in the list."""
        return {
            "task_run_id": run.task_run_id,
            "run_id": run.run_id,
            "task_run_type": run.run_type,
            "status": run.status,
            "title": run.title,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "created_at": run.created_at,
            "workflow_permanent_id": run.workflow_permanent_id,
            "workflow_deleted": False,
            "script_run": False,
            "trigger_type": "api",
            "created_by": None,
            "attempt": 1,
            "retry_pending": False,
            "next_attempt_at": None,
        }

    def artifact(self, artifact: Artifact) -> Json:
        """Return one artifact with a signed link."""
        ending = "png" if artifact.artifact_type in SCREENSHOTS else "html"
        path = f"{ORGANIZATION_ID}/{artifact.task_id}/{artifact.step_id}"
        return {
            "created_at": artifact.created_at,
            "modified_at": artifact.created_at,
            "artifact_id": artifact.artifact_id,
            "artifact_type": artifact.artifact_type,
            "uri": f"{STORAGE}/{path}/{artifact.artifact_id}_{artifact.artifact_type}.{ending}",
            "bundle_key": None,
            "checksum": None,
            "file_size": artifact.size,
            "task_id": artifact.task_id,
            "step_id": artifact.step_id,
            "workflow_run_id": artifact.run_id if artifact.run_id.startswith("wr_") else None,
            "workflow_run_block_id": None,
            "run_id": artifact.run_id,
            "browser_session_id": None,
            "observer_cruise_id": None,
            "observer_thought_id": None,
            "ai_suggestion_id": None,
            "signed_url": self._links.artifact(artifact.artifact_id),
            "archived": False,
            "organization_id": ORGANIZATION_ID,
        }

    def output(self, run: Run) -> object:
        """Return the run's output: for a workflow one entry a block, and all that was extracted."""
        if not run.is_workflow or run.output_is_null or not run.blocks:
            return run.output
        output: Json = {f"{block.label}_output": self._block(run, block) for block in run.blocks}
        output["extracted_information"] = [
            block.extracted_information
            for block in _with_inner(run.blocks)
            if block.extracted_information is not None
        ]
        return output

    def screenshots(self, run: Run, types: tuple[str, ...] = SCREENSHOTS) -> list[str]:
        """Return links to the newest screenshots, newest first."""
        ids = [a.artifact_id for a in self._artifacts.of_run(run.run_id) if a.artifact_type in types]
        return [self._links.artifact(artifact_id) for artifact_id in ids[:NEWEST_SCREENSHOTS]]

    def _common(self, run: Run) -> Json:
        types = SCREENSHOTS if run.is_workflow else (SCREENSHOT_ACTION,)
        return {
            "run_id": run.run_id,
            "status": run.status,
            "output": self.output(run) if run.is_final else None,
            "downloaded_files": None if run.status in _UNSTARTED else [],
            "recording_url": None,
            "recording_archived": False,
            "screenshot_urls": (self.screenshots(run, types) or None) if run.is_final else None,
            "failure_reason": run.failure_reason,
            "created_at": run.created_at,
            "modified_at": run.modified_at,
            "queued_at": run.queued_at if run.is_workflow else None,
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "app_url": self._links.app_url(run.run_id, of_task=not run.is_workflow),
            "browser_session_id": None,
            "browser_profile_id": None,
            "max_screenshot_scrolls": run.request.get("max_screenshot_scrolls"),
            "script_run": None,
            "errors": run.errors,
            "step_count": run.step_count,
            "run_type": run.run_type,
        }

    def _particular(self, run: Run) -> Json:
        if not run.is_workflow:
            return {}
        return {
            "attempt": 1,
            "retry_pending": False,
            "next_attempt_at": None,
            "attempts": attempts_of(run),
            "run_with": "agent",
            "ai_fallback": run.request.get("ai_fallback"),
            "script_id": None,
            "browser_seed_source": "fresh",
            "browser_settings_receipt": None,
        }

    def _block(self, run: Run, block: Block) -> object:
        if block.rounds is not None:
            return [
                [{"loop_value": done.value, "output_value": self._block(run, inner)} for inner in done.blocks]
                for done in block.rounds
            ]
        of_block = list(reversed(block.artifact_ids))[:NEWEST_SCREENSHOTS]
        blocks = _with_inner(run.blocks)
        earlier = blocks[: blocks.index(block) + 1]
        of_workflow = [i for b in reversed(earlier) for i in reversed(b.artifact_ids)][:NEWEST_SCREENSHOTS]
        return {
            "task_id": block.task_id,
            "status": block.status,
            "extracted_information": block.extracted_information,
            "failure_reason": block.failure_reason,
            "errors": block.errors,
            "failure_category": None,
            "downloaded_files": [],
            "downloaded_file_urls": None,
            "downloaded_file_artifact_ids": None,
            "task_screenshots": [self._links.artifact(i) for i in of_block],
            "workflow_screenshots": [self._links.artifact(i) for i in of_workflow],
            "task_screenshot_artifact_ids": of_block,
            "workflow_screenshot_artifact_ids": of_workflow,
        }


def _with_inner(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with those that were done within loops, in the order in which they were done."""
    found: list[Block] = []
    for block in blocks:
        found.append(block)
        for done in block.rounds or ():
            found += done.blocks
    return found


def attempts_of(run: Run) -> list[Json]:
    """Return the one attempt of a workflow run, once it has ended."""
    if not run.is_final:
        return []
    return [
        {
            "attempt_number": 1,
            "status": run.status,
            "failure_reason": run.failure_reason,
            "error_codes": [error["error_code"] for error in run.errors],
            "started_at": run.started_at,
            "finished_at": run.finished_at,
            "retry_decision": None,
            "decision_reason": None,
            "next_attempt_at": None,
            "webhook_sent_at": None,
        }
    ]


def _request_later(run: Run) -> Json:
    """What was asked, less what the real server no longer tells after the POST."""
    if run.is_workflow:
        return {**run.request, "run_metadata": None, "file_ids": None}
    return {**run.request, "title": None, "file_ids": None, "max_steps": run.max_steps}
