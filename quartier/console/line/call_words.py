"""How a call stands, in the words of the bar: long on a desk, a few letters on a phone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quartier.callcore import Standing, State
from quartier.callcore.call import WAITING
from quartier.callcore.operator import UNREACHABLE_REASON
from quartier.console.queries.line import Caller, Mine
from quartier.lib import clock, phone
from quartier.lib.elision import elided
from quartier.look import rules as look

# A call that was handed over says by whom for so long: then it is a call like any other.
GIVEN_NEWS_FOR = timedelta(minutes=1)


def call_words(here: Mine) -> dict[str, Any]:
    """`state_said` and `state_short`: where the call stands, "" when they simply talk; `talks_since`: from when the
    time of the call counts; `did_not_come`: which colleague did not, in a sentence; `hang_up`: whom the red button cuts
    off; `hand_over_words`: who has the call afterwards; `asked_title` and `asked_text`: who asks the actor, since when,
    about whose call, and whether the caller hears them."""
    said, short = _state(here)
    asked = ("", "")
    if here.helps and here.caller is not None and here.since is not None:
        asked = asked_words((here.asks, here.asked_for), here.caller, here.since)
    elif here.standing == Standing.IN_CALL:
        asked = _given_words(here)
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
    if has is None and here.noted_call is not None and here.noted_call.state in WAITING:
        return _("No one has taken the call: the caller is waiting. Time for your notes.")
    if has is None:
        return _("The call goes on to someone else: time for your notes.")
    return _("%(name)s has the call now: time for your notes.") % {"name": has.name}


def _state(here: Mine) -> tuple[str, str]:
    name = here.second.account.name if here.second else ""
    if here.helps:
        if here.asked_for == "consult":
            said = _("%(name)s asks for your advice") % {"name": here.asks}
            return said, _("with %(name)s") % {"name": here.asks}
        if here.asks:
            said = elided(_("you are on the call of %(name)s") % {"name": here.asks})
            return said, _("with %(name)s") % {"name": here.asks}
        return _("you are on the call of a colleague"), pgettext("a call", "a colleague's")
    match here.state:
        case State.HELD:
            return _("on hold, with music"), pgettext("a call", "on hold")
        case State.CONSENTING:
            said = _("is asked whether the call may be recorded, and will hear you again afterwards")
            return said, pgettext("a caller", "is being asked")
        case State.CALLING:
            return _("their phone is ringing"), _("their phone is ringing")
        case State.CONSULTING:
            return _consulting(here, name)
    return "", ""


def asked_words(asked: tuple[str, str], who: Caller, since: datetime) -> tuple[str, str]:
    """For a colleague who was asked and has come: they see at once what is wanted of them. `asked`: by whom, and for
    what (`consult`, `third`)."""
    asks, asked_for = asked
    if not asked_for:
        return "", ""
    number = who.call.number
    caller = who.called or (phone.display(number) if number else "") or _("the caller")
    values = {"name": asks, "time": look.since_time(since, clock.now()), "caller": capfirst(caller)}
    if asked_for == "third":
        asked_you = elided(_("%(name)s asked you to join in at %(time)s.") % values)
        return asked_you, _("%(caller)s hears you too.") % values
    return _("%(name)s asks for your advice, since %(time)s.") % values, _(
        "%(caller)s is on hold with music meanwhile, and does not hear you."
    ) % values


def _given_words(here: Mine) -> tuple[str, str]:
    if not here.asks or here.since is None or clock.now() - here.since >= GIVEN_NEWS_FOR:
        return "", ""
    title = _("%(name)s hands this call over to you.") % {"name": here.asks}
    return title, _("What has been written so far is in the form and in the notes.")


def _consulting(here: Mine, name: str) -> tuple[str, str]:
    if here.second is None:
        return _("on hold while you talk to your colleague"), pgettext("a caller", "waiting")
    if here.second.standing != Standing.IN_CALL:
        short = _("%(name)s’s phone is ringing") % {"name": name}
        return _("%(name)s’s phone is ringing; meanwhile the caller waits") % {"name": name}, short
    if here.wished == "third":
        short = _("together with %(name)s") % {"name": name}
        return short, short
    return _("on hold while you talk to %(name)s") % {"name": name}, _("with %(name)s") % {"name": name}


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
    caller = here.caller.called if here.caller else ""
    values = {"caller": caller or _("the caller"), "colleague": here.second.account.name}
    return HangUp(_("Hang up with both"), _("%(caller)s and %(colleague)s") % values)


def _hand_over(here: Mine) -> str:
    if here.second is None:
        return _("Hand over now")
    return _("Hand over to %(name)s") % {"name": here.second.account.name}


def _talks_since(here: Mine) -> datetime | None:
    """One's own call counts from when it was answered, also after a page that came again, or a colleague before; one
    that is a colleague's, from when the actor came."""
    call = here.caller.call if here.caller else None
    if call is not None and call.answered_at and not here.helps:
        return call.answered_at
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
