"""What a message is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise

from quartier.promises.models import Promise as PromiseRow


class PromiseWithoutOwner(ValueError):
    """A template promises something, and no open promise of that kind is given with the letter."""


@dataclass(frozen=True)
class Words:
    """`text` for a phone; `subject` and `mail` for a mailbox (`mail` empty: the text is enough). `answer`: instead of
    `text` where it can be answered with a {number}.

    `promises`: what it promises to who reads it, a kind of `promises.Promise`; it is written with such a row, or not at
    all. `owed_by`: the rows of another room that hold what it promises, where the promise is theirs to keep."""

    text: str | Promise
    subject: str | Promise
    mail: str | Promise = ""
    answer: str | Promise = ""
    promises: str = ""
    owed_by: str = ""

    def check_promise(self, promise: PromiseRow | None) -> None:
        """Raise `PromiseWithoutOwner` unless what these words promise is written down in this row. Who is called or
        looked after hears from us too."""
        if not self.promises:
            return
        if (
            promise is None
            or not promise.is_open
            or self.promises not in {PromiseRow.Kind.NEWS, promise.kind}
        ):
            raise PromiseWithoutOwner(str(self.subject))
