"""What the worker pulls: messages whose time has come."""

from quartier.jobs.pull import puller
from quartier.messaging import delivery


@puller("messaging.outbox")
def outbox() -> bool:
    """Send some of what is due. True when there was something."""
    return delivery.deliver()
