"""Why somebody whom the line called did not come, as the team reads it."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from quartier.look import rules as look
from quartier.telephony.models import Call

FAILURE_WORDS = {
    "busy": gettext_lazy("The line is busy."),
    "no_such_number": gettext_lazy("This number does not exist."),
    "forwarded": gettext_lazy(
        "This person has forwarded their calls. The line does not follow, since no one knows who it leads "
        "to, or at what price."
    ),
    "no_answer": gettext_lazy("No one is answering."),
    "refused": gettext_lazy("The call was refused at the other end."),
    "network": gettext_lazy("The phone company is not putting the call through."),
    # Of a masked call alone.
    "over": gettext_lazy("That visit has ended."),
}
SHORT_WORDS = {
    "busy": pgettext_lazy("how a call ended", "busy"),
    "no_such_number": pgettext_lazy("how a call ended", "no such number"),
    "forwarded": pgettext_lazy("how a call ended", "calls forwarded"),
    "no_answer": pgettext_lazy("how a call ended", "no answer"),
    "refused": pgettext_lazy("how a call ended", "refused"),
    "network": pgettext_lazy("how a call ended", "did not go through"),
}


def failure_text(call: Call | None, refusals: Mapping[str, object]) -> str:
    """What is said of it during the call. Of a masked one, that they wanted somebody else first; `refusals`: why a
    number is not dialled."""
    if call is None or not call.failure:
        return ""
    why = FAILURE_WORDS.get(call.failure) or refusals.get(call.failure, "")
    if call.direction == Call.Direction.OUT:
        return str(why)
    return _("They wanted to reach the person who helps them, or the person they help. %(why)s") % {
        "why": why
    }


def failure_note(call: Call | None, now: datetime) -> str:
    """In a row of a list: why, and when."""
    if call is None or call.ended_at is None or call.failure not in SHORT_WORDS:
        return ""
    return f"{SHORT_WORDS[call.failure]}, {look.day_time(call.ended_at, now)}"
