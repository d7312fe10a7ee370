"""What may be posted, as pydantic models: unknown fields are ignored, as by the real server."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, Field

from local.skyvern.run import RunMode, Status, WebhookMode

MAX_FILES = 50
MAX_BULK = 100
MAX_PAGE = 100
Mapping = dict[str, str]
Proxy = str | dict[str, Any] | None
FileIds = Annotated[list[str] | None, Field(max_length=MAX_FILES)]
Engine = Literal[
    "skyvern-1.0", "skyvern-2.0", "skyvern-3.0", "openai-cua", "anthropic-cua", "ui-tars", "yutori-navigator"
]


class TaskRunRequest(BaseModel):
    """`POST /v1/run/tasks`, in the order in which answers repeat it."""

    prompt: str
    url: str | None = None
    engine: Engine = "skyvern-1.0"
    title: str | None = None
    proxy_location: Proxy = "RESIDENTIAL"
    data_extraction_schema: dict[str, Any] | list[Any] | str | None = None
    error_code_mapping: Mapping | None = None
    max_steps: int | None = None
    webhook_url: str | None = None
    totp_identifier: str | None = None
    totp_url: str | None = None
    browser_session_id: str | None = None
    browser_profile_id: str | None = None
    start_fresh_browser: bool = False
    model: dict[str, Any] | None = None
    extra_http_headers: Mapping | None = None
    cdp_connect_headers: Mapping | None = None
    publish_workflow: bool = False
    include_action_history_in_verification: bool | None = False
    max_screenshot_scrolls: int | None = None
    browser_address: str | None = None
    run_with: str | None = None
    file_ids: FileIds = None


class WorkflowRunRequest(BaseModel):
    """`POST /v1/run/workflows`; the workflow may be named as `agent_id` too."""

    workflow_id: Annotated[str, Field(validation_alias=AliasChoices("workflow_id", "agent_id"))]
    parameters: dict[str, Any] | None = None
    title: str | None = None
    proxy_location: Proxy = "RESIDENTIAL"
    webhook_url: str | None = None
    totp_url: str | None = None
    totp_identifier: str | None = None
    browser_session_id: str | None = None
    reuse_browser_session: bool | None = None
    browser_profile_id: str | None = None
    start_fresh_browser: bool = False
    max_screenshot_scrolls: int | None = None
    max_elapsed_time_minutes: Annotated[int | None, Field(ge=1, le=480)] = None
    extra_http_headers: Mapping | None = None
    cdp_connect_headers: Mapping | None = None
    browser_address: str | None = None
    ai_fallback: bool | None = None
    run_with: str | None = None
    browser_type: str | None = None
    run_metadata: Mapping | None = None
    file_ids: FileIds = None


class ParameterDefinition(BaseModel):
    """One parameter of a workflow."""

    parameter_type: Literal["workflow"] = "workflow"
    key: str
    description: str | None = None
    workflow_parameter_type: Literal[
        "string", "integer", "float", "boolean", "json", "file_url", "credential_id"
    ]
    default_value: Any = None


class _AnyBlock(BaseModel):
    label: str
    url: str | None = None
    title: str = ""
    engine: Engine | None = None
    continue_on_failure: bool = False
    max_retries: int = 0
    max_steps_per_run: int | None = None
    parameter_keys: list[str] | None = None
    complete_criterion: str | None = None
    terminate_criterion: str | None = None


class NavigationBlock(_AnyBlock):
    """A block that acts on pages until its goal is reached."""

    block_type: Literal["navigation"]
    navigation_goal: str
    error_code_mapping: Mapping | None = None


class ExtractionBlock(_AnyBlock):
    """A block that reads a page."""

    block_type: Literal["extraction"]
    data_extraction_goal: str
    data_schema: dict[str, Any] | list[Any] | str | None = None


class ForLoopBlock(BaseModel):
    """A block that does its blocks for every value of a list that an earlier block left."""

    block_type: Literal["for_loop"]
    label: str
    loop_blocks: Annotated[
        list[Annotated[NavigationBlock | ExtractionBlock, Field(discriminator="block_type")]],
        Field(min_length=1),
    ]
    loop_variable_reference: str
    complete_if_empty: bool = False
    continue_on_failure: bool = False
    next_loop_on_failure: bool = False


BlockDefinition = Annotated[
    NavigationBlock | ExtractionBlock | ForLoopBlock, Field(discriminator="block_type")
]


class WorkflowContent(BaseModel):
    """The parameters and blocks of a workflow."""

    parameters: list[ParameterDefinition]
    blocks: list[BlockDefinition]
    error_code_mapping: Mapping | None = None


class JsonDefinition(BaseModel):
    """A workflow as it is written by its author."""

    title: str
    description: str | None = None
    workflow_definition: WorkflowContent
    proxy_location: Proxy = None
    webhook_callback_url: str | None = None
    max_elapsed_time_minutes: Annotated[int | None, Field(ge=1, le=480)] = None


class WorkflowRequest(BaseModel):
    """`POST /v1/workflows`."""

    json_definition: JsonDefinition | None = None
    yaml_definition: str | None = None


class RunQuery(BaseModel):
    """`GET /v1/runs`: which runs, and which page of them."""

    page: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 1
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 10
    search_key: Annotated[str | None, Field(min_length=3)] = None
    status: list[Status] = Field(default_factory=list)
    run_type: list[str] = Field(default_factory=list)
    workflow_permanent_id: list[str] = Field(default_factory=list)


class BulkCancelRequest(BaseModel):
    """`POST /v1/runs/cancel`."""

    run_ids: Annotated[list[str], Field(max_length=MAX_BULK)]


class ReplayRequest(BaseModel):
    """`POST /v1/runs/{id}/retry_webhook`."""

    webhook_url: str | None = None


class _NextRuns(BaseModel, extra="forbid"):
    times: Annotated[int | None, Field(ge=1)] = None


class WebhookOrder(_NextRuns):
    """Control: how the webhooks of the next `times` runs go wrong; null means until changed."""

    mode: WebhookMode
    seconds: Annotated[float, Field(ge=0)] = 0


class RunOrder(_NextRuns):
    """Control: how the next `times` runs end; `after_submit` moves the end behind the submission."""

    mode: RunMode
    after_submit: bool = False


class LinkOrder(BaseModel, extra="forbid"):
    """Control: how long links live that are signed from now on; null restores the usual 24 hours."""

    expires_in: float | None = None
