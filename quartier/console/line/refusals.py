"""Why a number may not be dialled, in words, and what can be done instead."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from quartier.telephony.rules import country_prefix

# By every reason of `MayNotDial`: why, and what to do.
REFUSAL_TEXTS = {
    "no_number": (
        gettext_lazy("There is no number that can be dialled."),
        gettext_lazy("Write to them if you can, or mark it as done."),
    ),
    "own_number": (
        gettext_lazy("That is the number of this line."),
        gettext_lazy("Mark it as done."),
    ),
    "demonstration": (
        gettext_lazy("That number is invented, and is never dialled."),
        gettext_lazy("Mark it as done."),
    ),
    "not_allowed": (
        gettext_lazy("Your group does not call numbers of this country."),
        gettext_lazy(
            "Send them a message, call with your own phone, or ask a coordinator to allow the country."
        ),
    ),
    "costly": (
        gettext_lazy("This number costs too much, and is never dialled."),
        gettext_lazy("Write to them if you can, or mark it as done."),
    ),
    "no_calls_out": (
        gettext_lazy("This line cannot call out."),
        gettext_lazy("Call with your own phone."),
    ),
    "stopped": (
        gettext_lazy(
            "Outgoing calls are stopped: one that was not ours went to the carrier. A coordinator is "
            "dealing with it."
        ),
        gettext_lazy("Call with your own phone, or from here once outgoing calls are allowed again."),
    ),
    "too_many_now": (
        gettext_lazy("Your group’s limit for outgoing calls at the same time has been reached."),
        gettext_lazy("Try again when one has ended, or let an administrator allow more."),
    ),
    "too_many_hour": (
        gettext_lazy("You have made as many calls in an hour as your group allows each of you."),
        gettext_lazy("Call again a little later, or let an administrator allow more."),
    ),
    "own_spent": (
        gettext_lazy("Today’s budget for own phones is spent."),
        gettext_lazy("Take calls in the browser, and call from there."),
    ),
    "unproven": (
        gettext_lazy("You have not confirmed yet that this phone is yours."),
        gettext_lazy("Take calls in the browser, and call from there."),
    ),
    "quiet": (
        gettext_lazy("We do not call anyone at this hour to say a code."),
        gettext_lazy("Take calls in the browser, and ask for the code in the daytime."),
    ),
    "spent": (
        gettext_lazy("You have reached today’s limit for calls."),
        gettext_lazy(
            "The line can call again tomorrow. Call with your own phone, or ask an administrator to allow "
            "more."
        ),
    ),
}


@dataclass(frozen=True)
class Refusal:
    """`why` in a sentence, `advice` in another one; `country`: what would have to be allowed, such as `+33`, or ""."""

    why: str
    advice: str
    country: str = ""


def refusal_of(reason: str, number: str, home: str = "") -> Refusal | None:
    """In words, or `None` where nothing speaks against a call. `home`: the country of the line."""
    if not reason:
        return None
    why, advice = REFUSAL_TEXTS[reason]
    return Refusal(str(why), str(advice), country_prefix(number, home) if reason == "not_allowed" else "")
