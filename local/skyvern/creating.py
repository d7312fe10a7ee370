"""Makes a run out of a request: checks what it names, then writes it down with its files bound to it."""

from urllib.parse import urlsplit

from local.skyvern.browser.prompt import read_prompt
from local.skyvern.errors import BAD_URL, bad_request, not_found, unattachable
from local.skyvern.ids import new_id, now
from local.skyvern.requests import TaskRunRequest, WorkflowRunRequest
from local.skyvern.run import Json, Run
from local.skyvern.services import Services

MAX_URL = 2083
_RUN_TYPES = {
    "skyvern-1.0": "task_v1",
    "skyvern-2.0": "task_v2",
    "skyvern-3.0": "task_v3",
    "openai-cua": "openai_cua",
    "anthropic-cua": "anthropic_cua",
    "ui-tars": "ui_tars",
    "yutori-navigator": "yutori_navigator",
}


def create_workflow_run(services: Services, request: WorkflowRunRequest, max_steps: int | None) -> Run:
    """Write a workflow's run down and begin it; a SkyvernError where something it names is not there."""
    workflow = services.stores.workflows.get(request.workflow_id)
    if workflow is None:
        raise not_found(f"Workflow not found. workflow_permanent_id={request.workflow_id}")
    definition: Json = workflow["workflow_definition"]
    parameters = _parameters(definition, request.parameters or {})
    asked = request.model_dump() | {"title": workflow["title"], "parameters": parameters}
    asked["webhook_url"] = _whole_url(request.webhook_url or workflow["webhook_callback_url"])
    run = _new_run("wr", "workflow_run", asked)
    return _begin(
        services,
        run.model_copy(
            update={
                "workflow_permanent_id": request.workflow_id,
                "definition": definition,
                "parameters": parameters,
                "max_steps": max_steps,
            }
        ),
    )


def create_task_run(services: Services, request: TaskRunRequest) -> Run:
    """Write a task's run down and begin it; a SkyvernError where its address or its files are no good."""
    if request.url is not None and not _is_url(request.url):
        raise bad_request(BAD_URL)
    url = _whole_url(request.url)
    asked = request.model_dump() | {"url": url, "webhook_url": _whole_url(request.webhook_url)}
    prefix = "tsk_v2" if request.engine == "skyvern-2.0" else "tsk"
    block = {
        "block_type": "navigation",
        "label": "task",
        "url": url,
        "error_code_mapping": request.error_code_mapping,
    }
    run = _new_run(prefix, _RUN_TYPES[request.engine], asked)
    return _begin(
        services,
        run.model_copy(
            update={
                "definition": {"blocks": [block]},
                "parameters": read_prompt(request.prompt),
                "max_steps": request.max_steps,
            }
        ),
    )


def _new_run(prefix: str, run_type: str, asked: Json) -> Run:
    moment = now()
    return Run(
        run_id=new_id(prefix),
        task_run_id=new_id("tr"),
        run_type=run_type,
        title=asked["title"],
        request=asked,
        file_ids=asked["file_ids"] or [],
        created_at=moment,
        modified_at=moment,
    )


def _begin(services: Services, run: Run) -> Run:
    taken = services.stores.files.not_attachable(run.file_ids)
    if taken:
        raise unattachable(taken)
    webhook, ending = services.modes.take_webhook_order(), services.modes.take_run_order()
    run = run.model_copy(
        update={
            "mode": ending.mode,
            "after_submit": ending.after_submit,
            "webhook_mode": webhook.mode,
            "webhook_seconds": webhook.seconds,
        }
    )
    services.stores.runs.add(run)
    services.worker.launch(run.run_id)
    return run


def _parameters(definition: Json, given: Json) -> Json:
    """Return the values of all parameters of a workflow, with defaults where none was given."""
    values: Json = {}
    for parameter in definition["parameters"]:
        if parameter["parameter_type"] != "workflow":
            continue
        key = parameter["key"]
        values[key] = given[key] if key in given else parameter["default_value"]
        if values[key] is None and key not in given:
            raise bad_request(f"Missing value for workflow parameter {key}")
    return values


def _whole_url(url: str | None) -> str | None:
    """Return an address with a scheme and a path: `foo` becomes `https://foo/`."""
    if not url or "://" in url:
        return url
    return f"https://{url}" if "/" in url else f"https://{url}/"


def _is_url(url: str) -> bool:
    try:
        address = urlsplit(_whole_url(url) or "")
        hostname = address.hostname
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and bool(hostname) and len(url) <= MAX_URL
