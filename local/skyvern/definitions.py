"""Turns a workflow as its author wrote it into the shape in which Skyvern keeps and answers it."""

from typing import Any

from local.skyvern.errors import bad_request
from local.skyvern.ids import ORGANIZATION_ID, new_id, now
from local.skyvern.requests import (
    BlockDefinition,
    ExtractionBlock,
    ForLoopBlock,
    JsonDefinition,
    NavigationBlock,
    ParameterDefinition,
)
from local.skyvern.run import Json

# Settings that this stand-in does not read, with the values of a workflow that leaves them alone.
_WORKFLOW_DEFAULTS: Json = {
    "totp_verification_url": None,
    "totp_identifier": None,
    "persist_browser_session": False,
    "reuse_browser_session": False,
    "mask_secrets": False,
    "pin_saved_session_ip": False,
    "browser_profile_id": None,
    "browser_profile_key": None,
    "model": None,
    "status": "published",
    "max_screenshot_scrolls": None,
    "extra_http_headers": None,
    "cdp_connect_headers": None,
    "run_with": "agent",
    "browser_type": None,
    "ai_fallback": True,
    "cache_key": "default",
    "adaptive_caching": False,
    "enable_self_healing": False,
    "code_version": 2,
    "generate_script_on_terminal": False,
    "run_sequentially": False,
    "sequential_key": None,
    "folder_id": None,
    "import_error": None,
    "created_by": None,
    "edited_by": None,
    "copilot_authored": False,
    "original_created_by": None,
    "original_created_at": None,
}
_BLOCK_DEFAULTS: Json = {
    "model": None,
    "disable_cache": False,
    "ignore_workflow_system_prompt": False,
    "next_loop_on_failure": False,
    "task_type": "general",
    "complete_criterion_is_untrusted": False,
    "complete_on_download": False,
    "download_suffix": None,
    "totp_verification_url": None,
    "totp_identifier": None,
    "include_action_history_in_verification": False,
    "download_timeout": None,
}
_NAVIGATION_DEFAULTS: Json = {
    "data_extraction_goal": None,
    "data_schema": None,
    "complete_verification": True,
    "include_extracted_text": True,
}
_EXTRACTION_DEFAULTS: Json = {
    "navigation_goal": None,
    "error_code_mapping": None,
    "complete_verification": False,
    "include_extracted_text": False,
    "export_enabled": False,
    "export_data_schema": None,
    "export_file_name": None,
    "export_records": None,
}
_LOOP_DEFAULTS: Json = {
    "next_block_label": None,
    "model": None,
    "disable_cache": False,
    "ignore_workflow_system_prompt": False,
    "loop_over": None,
    "data_schema": None,
}
_DEFINITION_DEFAULTS: Json = {
    "finally_block_label": None,
    "retry_policy": None,
    "workflow_system_prompt": None,
    "completion_contract": None,
}


def build_workflow(definition: JsonDefinition) -> Json:
    """Return the workflow's body; a SkyvernError where blocks or parameters do not fit together."""
    workflow_id, permanent_id = new_id("w"), new_id("wpid")
    content = definition.workflow_definition
    labels = [label for block in content.blocks for label in _labels(block)]
    if len(set(labels)) < len(labels):
        raise bad_request("WorkflowDefinition block labels must be unique.")
    parameters = {p.key: _parameter(p, workflow_id) for p in content.parameters}
    outputs = {label: _output_parameter(label, workflow_id) for label in labels}
    return {
        "workflow_id": workflow_id,
        "organization_id": ORGANIZATION_ID,
        "title": definition.title,
        "workflow_permanent_id": permanent_id,
        "version": 1,
        "is_saved_task": False,
        "is_template": False,
        "description": definition.description,
        "workflow_definition": {
            "version": 1,
            "parameters": [*outputs.values(), *parameters.values()],
            "blocks": [_block(block, outputs, parameters) for block in content.blocks],
            "error_code_mapping": content.error_code_mapping,
            **_DEFINITION_DEFAULTS,
        },
        "proxy_location": definition.proxy_location,
        "webhook_callback_url": definition.webhook_callback_url,
        "max_elapsed_time_minutes": definition.max_elapsed_time_minutes,
        **_WORKFLOW_DEFAULTS,
        "created_at": now(),
        "modified_at": now(),
        "deleted_at": None,
        "agent_id": permanent_id,
    }


def _times() -> Json:
    return {"created_at": now(), "modified_at": now(), "deleted_at": None}


def _output_parameter(label: str, workflow_id: str) -> Json:
    return {
        "parameter_type": "output",
        "key": f"{label}_output",
        "description": f"Output parameter for block {label}",
        "output_parameter_id": new_id("op"),
        "workflow_id": workflow_id,
        **_times(),
    }


def _parameter(parameter: ParameterDefinition, workflow_id: str) -> Json:
    return {
        "parameter_type": "workflow",
        "key": parameter.key,
        "description": parameter.description,
        "workflow_parameter_id": new_id("wp"),
        "workflow_parameter_type": parameter.workflow_parameter_type,
        "workflow_id": workflow_id,
        "default_value": parameter.default_value,
        **_times(),
    }


def _labels(block: BlockDefinition) -> list[str]:
    inner = [each.label for each in block.loop_blocks] if isinstance(block, ForLoopBlock) else []
    return [block.label, *inner]


def _block(block: BlockDefinition, outputs: dict[str, Json], parameters: dict[str, Json]) -> Json:
    output = outputs[block.label]
    if isinstance(block, ForLoopBlock):
        inner = [_block(each, outputs, parameters) for each in block.loop_blocks]
        return {**_LOOP_DEFAULTS, **block.model_dump(), "output_parameter": output, "loop_blocks": inner}
    unknown = [key for key in block.parameter_keys or [] if key not in parameters]
    if unknown:
        raise bad_request(f"Invalid workflow definition: undefined parameters {unknown}")
    kind = _NAVIGATION_DEFAULTS if isinstance(block, NavigationBlock) else _EXTRACTION_DEFAULTS
    given: dict[str, Any] = block.model_dump(exclude={"parameter_keys"})
    if isinstance(block, ExtractionBlock) and block.engine is None:
        del given["engine"]
    return {
        "next_block_label": None,
        "output_parameter": output,
        "parameters": [parameters[key] for key in block.parameter_keys or []],
        **_BLOCK_DEFAULTS,
        **kind,
        **given,
    }
