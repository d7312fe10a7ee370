"""How the next runs are told to go wrong."""

from local.skyvern.requests import RunOrder, WebhookOrder
from local.skyvern.run import RunMode, WebhookMode


class Modes:
    """The orders in force; taking one for a run counts it."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget all orders."""
        self.webhooks = WebhookOrder(mode=WebhookMode.NORMAL)
        self.runs = RunOrder(mode=RunMode.NORMAL)

    def take_webhook_order(self) -> WebhookOrder:
        """Return the order for the next run's webhook."""
        order = self.webhooks
        if order.times is not None:
            left = order.times - 1
            self.webhooks = (
                order.model_copy(update={"times": left}) if left else WebhookOrder(mode=WebhookMode.NORMAL)
            )
        return order

    def take_run_order(self) -> RunOrder:
        """Return the order for the next run."""
        order = self.runs
        if order.times is not None:
            left = order.times - 1
            self.runs = order.model_copy(update={"times": left}) if left else RunOrder(mode=RunMode.NORMAL)
        return order
