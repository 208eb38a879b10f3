"""What becomes of what people write to us."""

from quartier.conversation.actions.page_words import PageWords, hear_on_page, put_in_file
from quartier.conversation.actions.reading import read
from quartier.conversation.actions.retention import forget_received
from quartier.conversation.actions.saying import CannotBeWritten, NothingSaid, say
from quartier.conversation.actions.taking import take_next
from quartier.conversation.actions.visit_words import (
    MAX_WORDS_CHARS,
    Came,
    TooManyWords,
    write_to_other,
    write_too_late,
)

__all__ = [
    "MAX_WORDS_CHARS",
    "Came",
    "CannotBeWritten",
    "NothingSaid",
    "PageWords",
    "TooManyWords",
    "forget_received",
    "hear_on_page",
    "put_in_file",
    "read",
    "say",
    "take_next",
    "write_to_other",
    "write_too_late",
]
