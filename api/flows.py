"""The only place of the API that speaks to Temporal: starts, rings and updates workflows, never waiting long.

A start that fails is logged and left to the workflow `Reconcile`: the row that asks for it is committed.
An update that fails is told: whoever sent it knows whether it was refused, or how long it may still come.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import structlog
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.account_flows import AccountFlows
from api.flow_calls import RPC_TIMEOUT, Answer
from api.flow_errors import AWAY, NOT_NOW, refusal_of
from models.errors import UnavailableError
from workflows.auto_apply import AutoApply
from workflows.follow_up import FollowUp
from workflows.ids import (
    CHAT_TURN,
    JOB_FETCH_ID,
    TASK_QUEUE,
    application_attributes,
    auto_apply_id,
    chat_turn_id,
    fair_to,
    follow_up_id,
    match_person_id,
    user_attributes,
)
from workflows.job_fetch import JobFetch
from workflows.job_messages import PersonRef
from workflows.match_person import MatchPerson
from workflows.messages import (
    ApplicationRef,
    Approve,
    Approved,
    ChatTurnRef,
    Conclusion,
    GiveAnswers,
    Taken,
)

UPDATE_SECONDS = 5.0
"""How long a person waits for their update: it runs a step on a worker, which a start does not."""

JOB_FETCH_NOW_ID = f"{JOB_FETCH_ID}-now"

log = structlog.get_logger()


class FlowStarter(AccountFlows):
    """Starts workflows behind the answer's back; construct it in any thread, use it in one event loop."""

    def start_auto_apply(self, application: ApplicationRef) -> None:
        """Have the application's workflow started soon; call it after the row was committed.

        One that runs already, mostly for an application before this one, is rung: it looks at its row.
        """
        workflow_id = auto_apply_id(application.user_id, application.job_id)

        async def start(client: Client) -> None:
            try:
                await client.start_workflow(
                    AutoApply.run,
                    application,
                    id=workflow_id,
                    task_queue=TASK_QUEUE,
                    search_attributes=application_attributes(application),
                    priority=fair_to(application.user_id),
                    rpc_timeout=RPC_TIMEOUT,
                )
            except WorkflowAlreadyStartedError:
                await _ring(client, workflow_id)
                raise

        self._soon("start auto-apply", start)

    def start_follow_up(self, application: ApplicationRef) -> None:
        """Have the workflow started soon that follows a submitted application; call it after the commit."""

        async def start(client: Client) -> None:
            with suppress(WorkflowAlreadyStartedError):
                await client.start_workflow(
                    FollowUp.run,
                    application,
                    id=follow_up_id(application.user_id, application.application_id),
                    task_queue=TASK_QUEUE,
                    search_attributes=application_attributes(application),
                    priority=fair_to(application.user_id),
                    rpc_timeout=RPC_TIMEOUT,
                )

        self._soon("start follow-up", start)

    def start_match_person(self, user_id: UUID) -> None:
        """Have somebody whose wishes have changed matched anew soon; call it after the commit."""

        async def start(client: Client) -> None:
            await client.start_workflow(
                MatchPerson.run,
                PersonRef(user_id=user_id),
                id=match_person_id(user_id),
                task_queue=TASK_QUEUE,
                search_attributes=user_attributes(user_id),
                priority=fair_to(user_id),
                rpc_timeout=RPC_TIMEOUT,
            )

        self._soon("start match-person", start)

    def start_chat_turn(self, turn: ChatTurnRef) -> None:
        """Have the answer's workflow started soon; call it after the row was committed."""
        self._start_soon(
            "start chat-turn", CHAT_TURN, turn, chat_turn_id(turn.user_id, turn.message_id), turn.user_id
        )

    def ring(self, user_id: UUID, job_id: UUID) -> None:
        """Have an application's workflow look at its run soon; one that has ended already is no error."""

        async def signal(client: Client) -> None:
            await _ring(client, auto_apply_id(user_id, job_id))

        self._soon("ring auto-apply", signal)

    def ring_follow_up(self, user_id: UUID, application_id: UUID) -> None:
        """Have a submitted application's follow-up plan anew; one that has ended already is no error."""

        async def signal(client: Client) -> None:
            handle = client.get_workflow_handle(follow_up_id(user_id, application_id))
            await handle.signal(FollowUp.changed, rpc_timeout=RPC_TIMEOUT)

        self._soon("ring follow-up", signal)

    async def give_answers(self, application: ApplicationRef, given: GiveAnswers) -> Taken:
        """Have the workflow take answers over whose words are stored already, and wait for it.

        Raises ConflictError where it waits for none, BadAnswerError where one does not fit, UnavailableError
        where it is not known whether they are or will be taken.
        """

        async def update(handle: WorkflowHandle[AutoApply, Conclusion]) -> Taken:
            return await handle.execute_update(AutoApply.give_answers, given, rpc_timeout=RPC_TIMEOUT)

        return await self._update("give answers", application, update)

    async def approve(self, application: ApplicationRef, shown_hash: str) -> Approved:
        """Have the workflow approve what the hash names, and wait for it.

        Raises ConflictError where it does not wait for approval, StaleError where it shows something else,
        UnavailableError where it is not known whether the approval is or will be taken.
        """

        async def update(handle: WorkflowHandle[AutoApply, Conclusion]) -> Approved:
            approval = Approve(shown_hash=shown_hash)
            return await handle.execute_update(AutoApply.approve, approval, rpc_timeout=RPC_TIMEOUT)

        return await self._update("approve", application, update)

    async def start_job_fetch(self) -> tuple[str, bool]:
        """Start a fetch now; return its workflow id and whether it ran already.

        Raises UnavailableError while Temporal is away.
        """

        async def start(client: Client) -> None:
            await client.start_workflow(
                JobFetch.run, id=JOB_FETCH_NOW_ID, task_queue=TASK_QUEUE, rpc_timeout=RPC_TIMEOUT
            )

        try:
            await self._call(start)
        except WorkflowAlreadyStartedError:
            return JOB_FETCH_NOW_ID, True
        except AWAY as error:
            log.warning("temporal.away", call="start job-fetch", error=type(error).__name__)
            raise UnavailableError("Temporal is away for the moment; the schedule fetches later.") from None
        return JOB_FETCH_NOW_ID, False

    async def _update(
        self,
        name: str,
        application: ApplicationRef,
        update: Callable[[WorkflowHandle[AutoApply, Conclusion]], Awaitable[Answer]],
    ) -> Answer:
        workflow_id = auto_apply_id(application.user_id, application.job_id)

        async def call(client: Client) -> Answer:
            return await update(client.get_workflow_handle_for(AutoApply.run, workflow_id))

        try:
            return await self._call(call, UPDATE_SECONDS)
        except WorkflowUpdateFailedError as error:
            raise refusal_of(error, name) from None
        except AWAY as error:
            log.warning("temporal.away", call=name, error=type(error).__name__)
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                # its start was lost, or it has just ended; if it is to run, it looks at its row
                self.start_auto_apply(application)
            raise UnavailableError(NOT_NOW) from None


async def _ring(client: Client, workflow_id: str) -> None:
    handle = client.get_workflow_handle(workflow_id)
    try:
        await handle.signal(AutoApply.doorbell, rpc_timeout=RPC_TIMEOUT)
    except RPCError as error:
        # it has ended, perhaps just now
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
