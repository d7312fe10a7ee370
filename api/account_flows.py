"""Starts the workflows of accounts: mails and notifications, soon and behind the answer's back."""

from temporalio.client import Client

from api.flow_calls import RPC_TIMEOUT, FlowCaller
from workflows.account_messages import ErasureRef, ExportRef, TokenMailRef
from workflows.ids import (
    ACCOUNT_ERASURE,
    ACCOUNT_ERASURE_CHANGED,
    ACCOUNT_EXPORT,
    NOTIFY,
    TASK_QUEUE,
    TOKEN_MAIL,
    account_erasure_id,
    account_export_id,
    notify_id,
    token_mail_id,
)
from workflows.messages import NotificationRef


class AccountFlows(FlowCaller):
    """Each is called after the commit; what does not start is started by reconciliation."""

    def start_token_mail(self, mail: TokenMailRef) -> None:
        """Have a mail about an account sent soon."""
        self._start_soon(
            "start token-mail", TOKEN_MAIL, mail, token_mail_id(mail.user_id, mail.token_id), mail.user_id
        )

    def start_notify(self, notification: NotificationRef) -> None:
        """Have a notification mailed soon."""
        self._start_soon(
            "start notify",
            NOTIFY,
            notification,
            notify_id(notification.user_id, notification.notification_id),
            notification.user_id,
        )

    def start_account_export(self, export: ExportRef) -> None:
        """Have an export collected soon."""
        self._start_soon(
            "start account-export",
            ACCOUNT_EXPORT,
            export,
            account_export_id(export.user_id, export.export_id),
            export.user_id,
        )

    def start_account_erasure(self, erasure: ErasureRef) -> None:
        """Have the cooling-off period of an erasure waited out."""

        async def start(client: Client) -> None:
            await client.start_workflow(
                ACCOUNT_ERASURE,
                erasure,
                id=account_erasure_id(erasure.erasure_id),
                task_queue=TASK_QUEUE,
                rpc_timeout=RPC_TIMEOUT,
            )

        self._soon("start account-erasure", start)

    def ring_account_erasure(self, erasure: ErasureRef) -> None:
        """Have an erasure's workflow look at its row soon; one that has ended is no error."""

        async def signal(client: Client) -> None:
            handle = client.get_workflow_handle(account_erasure_id(erasure.erasure_id))
            await handle.signal(ACCOUNT_ERASURE_CHANGED, rpc_timeout=RPC_TIMEOUT)

        self._soon("ring account-erasure", signal)
