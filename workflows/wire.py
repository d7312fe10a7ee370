"""How every process speaks to Temporal: one plugin and one connect() for clients, workers and replays."""

from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)
from temporalio.plugin import SimplePlugin
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from workflows.account_erasure import AccountErasure
from workflows.account_export import AccountExport
from workflows.auto_apply import AutoApply
from workflows.auto_apply_sweep import AutoApplySweep
from workflows.chat_turn import ChatTurn
from workflows.follow_up import FollowUp
from workflows.job_fetch import JobFetch
from workflows.job_upkeep import JobUpkeep
from workflows.match_jobs import MatchJobs
from workflows.match_person import MatchPerson
from workflows.notify import Notify
from workflows.reconcile import Reconcile
from workflows.retention import Retention
from workflows.token_mail import TokenMail

WORKFLOWS: list[type] = [
    AccountErasure,
    AccountExport,
    AutoApply,
    AutoApplySweep,
    ChatTurn,
    FollowUp,
    JobFetch,
    JobUpkeep,
    MatchJobs,
    MatchPerson,
    Notify,
    Reconcile,
    Retention,
    TokenMail,
]

PASSED_THROUGH = (
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_inspection",
    "models.account_enums",
    "models.answering_enums",
    "models.enums",
    "models.errors",
    "workflows.messages",
    "workflows.job_messages",
    "workflows.account_messages",
    "workflows.account_steps",
    "workflows.stranded",
    "workflows.steps",
    "workflows.ids",
    "workflows.policies",
    "workflows.children",
    "workflows.waiting",
    "workflows.desk",
    "workflows.quick",
    "workflows.matching",
    "workflows.submitting",
    "workflows.preparing",
)
"""Modules that every workflow shares with its process: they hold no state that a replay could see."""


def sandbox() -> SandboxedWorkflowRunner:
    """Return the sandbox; a module that slips in unannounced is an error when the worker starts."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(
        restrictions=restrictions.with_import_notification_policy(
            SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
        )
    )


def converter(codec: PayloadCodec | None) -> DataConverter:
    """Return how messages become payloads; with a codec, failures' texts and stacks are sealed as well."""
    if codec is None:
        return pydantic_data_converter
    return DataConverter(
        payload_converter_class=PydanticPayloadConverter,
        payload_codec=codec,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def plugin(codec: PayloadCodec | None = None) -> SimplePlugin:
    """Return what clients, workers and replayers must have in common; without a codec they write in plain."""
    return SimplePlugin(
        "jobraker",
        data_converter=converter(codec),
        workflows=WORKFLOWS,
        workflow_runner=lambda _: sandbox(),
    )


async def connect(
    address: str,
    namespace: str,
    codec: PayloadCodec | None = None,
    *,
    tls: bool = False,
    lazy: bool = False,
) -> Client:
    """Connect to Temporal; a lazy client does so at its first call, and may start while Temporal is away."""
    plugins = [plugin(codec)]
    return await Client.connect(address, namespace=namespace, tls=tls, lazy=lazy, plugins=plugins)
