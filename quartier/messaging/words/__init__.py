"""What our messages say. One short text, one mail; both in the language of who reads them.

Values in braces come ready to read: `saying` turns times, distances and kinds of help into words first; {What}
is {what} with a capital letter. Times, places and numbers come first in a text, one thing a message, without
letters that double its price where a language can do without them (`lib.sms`).
"""

from collections.abc import Mapping
from typing import Any

from quartier.messaging.words.answers import ANSWERS
from quartier.messaging.words.asked import ASKED
from quartier.messaging.words.circumstances import CIRCUMSTANCES
from quartier.messaging.words.duty import DUTY
from quartier.messaging.words.for_another import FOR_ANOTHER
from quartier.messaging.words.form import Words
from quartier.messaging.words.helped import HELPED
from quartier.messaging.words.helping import HELPING
from quartier.messaging.words.listening import LISTENING
from quartier.messaging.words.membership import MEMBERSHIP
from quartier.messaging.words.pace import PACE
from quartier.messaging.words.team import TEAM

__all__ = [
    "ANSWERED_IN_WORDS",
    "CIRCUMSTANCES",
    "FOR_ANOTHER",
    "NOT_BY_PUSH",
    "TEMPLATES",
    "Words",
    "ours_for",
]

# A code is asked for where somebody signs in: perhaps because the browser (or the chat) that is told things is not
# theirs any more.
WITH_CODES = frozenset({"sign_in_code", "many_codes"})
NOT_BY_PUSH = WITH_CODES | {"page_again"}
# Answered by other words than yes and no: there is no key and no button for them.
ANSWERED_IN_WORDS = frozenset({"accepted"})

TEMPLATES: dict[str, Words] = {
    **HELPED, **PACE, **ASKED, **HELPING, **MEMBERSHIP, **ANSWERS, **LISTENING, **TEAM, **DUTY,
}  # fmt: skip


def ours_for(template: str, values: Mapping[str, Any]) -> Words:
    """Our words with which this template is said to who reads them, in these circumstances: `for_whom` stands where
    somebody else is helped."""
    for is_so, words in CIRCUMSTANCES:
        if template in words and is_so(values):
            return words[template]
    if values.get("for_whom") and template in FOR_ANOTHER:
        return FOR_ANOTHER[template]
    return TEMPLATES[template]
