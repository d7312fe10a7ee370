"""How every process speaks to Temporal: one plugin and one connect() for clients, workers and replays."""

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

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

WORKFLOWS: list[type] = [
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
]

PASSED_THROUGH = (
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_inspection",
    "models.answering_enums",
    "models.enums",
    "models.errors",
    "workflows.messages",
    "workflows.job_messages",
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


def plugin() -> SimplePlugin:
    """Return what clients, workers and replayers must have in common."""
    return SimplePlugin(
        "jobraker",
        data_converter=pydantic_data_converter,
        workflows=WORKFLOWS,
        workflow_runner=lambda _: sandbox(),
    )


async def connect(address: str, namespace: str, *, tls: bool = False, lazy: bool = False) -> Client:
    """Connect to Temporal; a lazy client does so at its first call, and may start while Temporal is away."""
    return await Client.connect(address, namespace=namespace, tls=tls, lazy=lazy, plugins=[plugin()])
