"""What a message is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Words:
    """`text` for a phone; `subject` and `mail` for a mailbox (`mail` empty: the text is enough). `answer`: instead of
    `text` where it can be answered with a {number}."""

    text: str | Promise
    subject: str | Promise
    mail: str | Promise = ""
    answer: str | Promise = ""
