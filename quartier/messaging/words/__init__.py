"""What our messages say. One short text, one mail; both in the language of who reads them.

Values in braces come ready to read: `saying` turns times, distances and kinds of help into words first; {What}
is {what} with a capital letter. Times, places and numbers come first in a text, one thing a message, without
letters that double its price where a language can do without them (`lib.sms`).
"""

from quartier.messaging.words.answers import ANSWERS
from quartier.messaging.words.asked import ASKED
from quartier.messaging.words.duty import DUTY
from quartier.messaging.words.form import Words
from quartier.messaging.words.helped import HELPED
from quartier.messaging.words.helping import HELPING
from quartier.messaging.words.listening import LISTENING
from quartier.messaging.words.pace import PACE
from quartier.messaging.words.team import TEAM

__all__ = ["NOT_BY_PUSH", "TEMPLATES", "Words"]

# A code is asked for where somebody signs in: perhaps because the browser (or the chat) that is told things is not
# theirs any more.
NOT_BY_PUSH = frozenset({"sign_in_code"})

TEMPLATES: dict[str, Words] = {**HELPED, **PACE, **ASKED, **HELPING, **ANSWERS, **LISTENING, **TEAM, **DUTY}
