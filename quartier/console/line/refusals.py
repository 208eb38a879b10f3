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
        gettext_lazy("Write to them, dial by hand, or let a coordinator allow the country."),
    ),
    "costly": (
        gettext_lazy("This number costs too much, and is never dialled."),
        gettext_lazy("Write to them if you can, or mark it as done."),
    ),
    "no_calls_out": (
        gettext_lazy("This line cannot call out."),
        gettext_lazy("Dial by hand."),
    ),
    "stopped": (
        gettext_lazy(
            "Calls that we make are stopped: one went to the carrier that was not ours. A coordinator sees to it."
        ),
        gettext_lazy("Dial by hand, or call from here once calls go out again."),
    ),
    "own_spent": (
        gettext_lazy("What your group spends on own phones in a day is spent."),
        gettext_lazy("Take calls in the browser, and call from there."),
    ),
    "spent": (
        gettext_lazy("What your group spends on calls in a day is spent."),
        gettext_lazy("The line can call again tomorrow. Dial by hand, or let an administrator allow more."),
    ),
}


@dataclass(frozen=True)
class Refusal:
    """`why` in a sentence, `advice` in another one; `country`: what would have to be allowed, such as `+33`, or ""."""

    why: str
    advice: str
    country: str = ""


def refusal_of(reason: str, number: str) -> Refusal | None:
    """In words, or `None` where nothing speaks against a call."""
    if not reason:
        return None
    why, advice = REFUSAL_TEXTS[reason]
    return Refusal(str(why), str(advice), country_prefix(number) if reason == "not_allowed" else "")
