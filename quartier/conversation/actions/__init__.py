"""What becomes of what people write to us."""

from quartier.conversation.actions.reading import read
from quartier.conversation.actions.retention import forget_received
from quartier.conversation.actions.saying import CannotBeWritten, NothingSaid, say
from quartier.conversation.actions.taking import take_next

__all__ = ["CannotBeWritten", "NothingSaid", "forget_received", "read", "say", "take_next"]
