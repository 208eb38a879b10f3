"""The tables of messages: the outbox with what comes of it and what comes in, and the chats."""

from quartier.messaging.models.chats import ChatCode, ChatFeed, ChatLink
from quartier.messaging.models.outbox import (
    Code,
    Message,
    OwnWords,
    PostSettings,
    ProviderState,
    PushSubscription,
    Received,
    Report,
    SandboxDelivery,
    Stop,
)

__all__ = [
    "ChatCode",
    "ChatFeed",
    "ChatLink",
    "Code",
    "Message",
    "OwnWords",
    "PostSettings",
    "ProviderState",
    "PushSubscription",
    "Received",
    "Report",
    "SandboxDelivery",
    "Stop",
]
