"""The body of a webhook: the legacy keys of a task or workflow run merged with those of the run."""

from local.skyvern.run import Json, Run
from local.skyvern.shapes import Shapes, attempts_of
from local.skyvern.store.artifacts import SCREENSHOT_ACTION, SCREENSHOT_FINAL


def webhook_body(run: Run, shapes: Shapes) -> Json:
    """Return what a webhook says about a run that has ended."""
    body = _of_workflow(run, shapes) if run.is_workflow else _of_task(run, shapes)
    full = shapes.run(run)
    if not run.is_workflow:
        del full["run_request"]
    return {**body, **{key: value for key, value in full.items() if key not in body}}


def _of_workflow(run: Run, shapes: Shapes) -> Json:
    return {
        "workflow_id": run.workflow_permanent_id,
        "workflow_run_id": run.run_id,
        "status": run.status,
        "attempt": 1,
        "retry_pending": False,
        "next_attempt_at": None,
        "attempts": attempts_of(run),
        "failure_reason": run.failure_reason,
        "failure_category": None,
        "retried_from_workflow_run_id": None,
        "retried_by_workflow_run_id": None,
        "proxy_location": run.request.get("proxy_location"),
        "webhook_callback_url": run.webhook_url,
        "webhook_failure_reason": None,
        "totp_verification_url": None,
        "totp_identifier": run.request.get("totp_identifier"),
        "extra_http_headers": run.request.get("extra_http_headers"),
        "cdp_connect_headers": None,
        "parameters": run.parameters,
        "recording_urls": None,
        "downloaded_file_urls": None,
        "outputs": shapes.output(run),
        "total_steps": run.step_count,
        "total_cost": None,
        "credits_used": 0,
        "cached_credits_used": 0,
        "task_v2": None,
        "workflow_title": run.title,
        "browser_sink_profile_id": None,
        "browser_address": None,
        "browser_type": None,
        "agent_id": run.workflow_permanent_id,
        "agent_run_id": run.run_id,
    }


def _of_task(run: Run, shapes: Shapes) -> Json:
    final = shapes.screenshots(run, (SCREENSHOT_FINAL,))
    return {
        "task_id": run.run_id,
        "status": run.status,
        "extracted_information": run.output,
        "action_screenshot_urls": shapes.screenshots(run, (SCREENSHOT_ACTION,)),
        "screenshot_url": final[0] if final else None,
        "browser_console_log_url": None,
        "downloaded_file_urls": None,
        "failure_category": None,
        "webhook_failure_reason": None,
        "max_steps_per_run": run.max_steps,
        "workflow_run_id": None,
    }
