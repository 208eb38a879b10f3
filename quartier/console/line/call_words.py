"""How a call stands, in the words of the bar: long on a desk, a few letters on a phone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quartier.callcore import Standing, State
from quartier.callcore.operator import UNREACHABLE_REASON
from quartier.console.queries.line import Mine
from quartier.lib import phone
from quartier.look import rules as look


def call_words(here: Mine) -> dict[str, Any]:
    """`state_said` and `state_short`: where the call stands, "" when they simply talk; `talks_since`: from when the
    time of the call counts; `did_not_come`: which colleague did not, in a sentence; `hang_up`: whom the red button cuts
    off; `hand_over_words`: who has the call afterwards; `asked_title` and `asked_text`: who asks the actor, since when,
    about whose call, and whether the caller hears them."""
    said, short = _state(here)
    asked = _asked(here)
    return {
        "state_said": said,
        "state_short": short,
        "talks_since": _talks_since(here),
        "did_not_come": _did_not_come(here),
        "hang_up": _hang_up(here),
        "hand_over_words": _hand_over(here),
        "asked_title": asked[0],
        "asked_text": asked[1],
    }


def goes_on_text(here: Mine) -> str:
    """What is said to whoever has handed a call on that goes on."""
    has = here.noted_call.operator if here.noted_call else None
    if has is None:
        return _("The call goes on to somebody else: time for your notes.")
    return _("%(name)s has the call now: time for your notes.") % {"name": has.name}


def _state(here: Mine) -> tuple[str, str]:
    name = here.second.account.name if here.second else ""
    if here.helps:
        if here.asked_for == "consult":
            said = _("%(name)s asks for your advice") % {"name": here.asks}
            return said, _("with %(name)s") % {"name": here.asks}
        if here.asks:
            said = _("you are on the call of %(name)s") % {"name": here.asks}
            return said, _("with %(name)s") % {"name": here.asks}
        return _("you are on the call of a colleague"), pgettext("a call", "a colleague's")
    match here.state:
        case State.HELD:
            return _("on hold, with music"), pgettext("a call", "on hold")
        case State.CONSENTING:
            said = _("is asked whether the call may be recorded, and hears you again afterwards")
            return said, pgettext("a caller", "is being asked")
        case State.CALLING:
            return _("it rings with them"), _("it rings with them")
        case State.CONSULTING:
            return _consulting(here, name)
    return "", ""


def _asked(here: Mine) -> tuple[str, str]:
    """For a colleague who was asked and has come: they see at once what is wanted of them."""
    if not here.helps or not here.asked_for or here.since is None or here.caller is None:
        return "", ""
    number = here.caller.call.number
    caller = here.caller.name or (phone.display(number) if number else "") or _("the caller")
    values = {"name": here.asks, "time": look.clock_digits(here.since), "caller": capfirst(caller)}
    if here.asked_for == "third":
        return _("%(name)s asked you to join in at %(time)s.") % values, _(
            "%(caller)s hears you too."
        ) % values
    return _("%(name)s asks for your advice, since %(time)s.") % values, _(
        "%(caller)s waits with music meanwhile, and does not hear you."
    ) % values


def _consulting(here: Mine, name: str) -> tuple[str, str]:
    if here.second is None:
        return _("waits while you talk with your colleague"), pgettext("a caller", "waits")
    if here.second.standing != Standing.IN_CALL:
        short = _("it rings with %(name)s") % {"name": name}
        return _("it rings with %(name)s, meanwhile the caller waits") % {"name": name}, short
    if here.wished == "third":
        short = _("together with %(name)s") % {"name": name}
        return short, short
    return _("waits while you talk with %(name)s") % {"name": name}, _("with %(name)s") % {"name": name}


@dataclass(frozen=True)
class HangUp:
    """The button that ends a call. `words`: on it; `whom`: both by name, for whoever hears it read; `rings`: the
    colleague who is asked has not answered yet."""

    words: str
    whom: str = ""
    rings: bool = False


def _hang_up(here: Mine) -> HangUp:
    """The caller is cut off too while they wait on hold: the button says so before it is pressed."""
    if here.state != State.CONSULTING:
        return HangUp(_("Hang up"))
    if here.second is None or here.second.standing != Standing.IN_CALL:
        return HangUp(_("Hang up with the caller"), rings=here.second is not None)
    caller = here.caller.name if here.caller else ""
    values = {"caller": caller or _("the caller"), "colleague": here.second.account.name}
    return HangUp(_("Hang up with both"), _("%(caller)s and %(colleague)s") % values)


def _hand_over(here: Mine) -> str:
    if here.second is None:
        return _("Hand over now")
    return _("Hand over to %(name)s") % {"name": here.second.account.name}


def _talks_since(here: Mine) -> datetime | None:
    """A call that we make counts from when they answered."""
    call = here.caller.call if here.caller else None
    if call is not None and call.direction == call.Direction.OUT and call.answered_at and not here.helps:
        return max(call.answered_at, here.since) if here.since else call.answered_at
    return here.since


def _did_not_come(here: Mine) -> str:
    one = here.did_not_come
    if one is None:
        return ""
    if one.reason == "declined":
        return _("%(name)s cannot come now. The caller hears you.") % {"name": one.account.name}
    if one.reason == UNREACHABLE_REASON:
        return _("%(name)s could not be reached. The caller hears you.") % {"name": one.account.name}
    return _("%(name)s did not answer. The caller hears you.") % {"name": one.account.name}
