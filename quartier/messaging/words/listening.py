"""What messages of the listening programme say: never a name of who is called, and nothing of what was said."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

LISTENING: dict[str, Words] = {
    "companion_asked": Words(
        text=_("Somebody would like to be called regularly. Would it suit you? {link}"),
        subject=_("Would you call somebody regularly?"),
        mail=_(
            "Somebody would like to be called regularly, and we think that the two of you could get on.\n\nSee why, "
            "and say yes or no:\n{link}"
        ),
    ),
    "companion_agreed": Words(
        text=_("You have both said yes. Choose when you call: {link}"),
        subject=_("You have both said yes"),
    ),
    "companion_remind": Words(
        text=_("Have you been able to call? Tell us in two taps: {link}"),
        subject=_("Have you been able to call?"),
    ),
    "companion_missed": Words(
        text=_("A call planned {when} was perhaps not made: nobody has said how it went. {link}"),
        subject=_("A call that was perhaps not made"),
    ),
    "companion_gone": Words(
        text=_("A listener cannot go on for now. Somebody waits for another one: {link}"),
        subject=_("Another listener is needed"),
    ),
    "companion_paused": Words(
        text=_("The calls are paused for a while. When they go on stands here: {link}"),
        subject=_("The calls are paused for a while"),
    ),
    "companion_ended": Words(
        text=_("Your calls with one of your people are ending. Thank you for each of them."),
        subject=_("The calls end. Thank you for each of them"),
    ),
    "companion_died": Words(
        text=_("One of the people whom you call has died. If you would like to talk: {phone}"),
        subject=_("Sad news"),
        mail=_(
            "One of the people whom you call has died. You need do nothing more.\n\nThank you for having been there. "
            "If you would like to talk about it, call us: {phone}"
        ),
    ),
    "companion_opened": Words(
        text=_("{name} has opened a notebook of yours. Why stands here: {link}"),
        subject=_("{name} has opened a notebook of yours"),
    ),
    "companion_instead_asked": Words(
        text=_("Could you call somebody for some days, in the place of another listener? {link}"),
        subject=_("Could you call somebody for some days?"),
    ),
    "companion_instead_over": Words(
        text=_("You need not call in the place of another listener any more. Thank you. {link}"),
        subject=_("You need not call any more. Thank you"),
    ),
    "companion_instead": Words(
        text=_("For some days, {name} calls you instead. If you would rather not, call us: {phone}"),
        subject=_("{name} calls you for some days"),
    ),
    "companion_instead_yes": Words(
        text=_("Somebody calls for some days in the place of a listener. See whom: {link}"),
        subject=_("Somebody stands in for a listener"),
    ),
    "companion_instead_no": Words(
        text=_("Nobody stands in for a listener any more. Please ask somebody else: {link}"),
        subject=_("Somebody else is needed to stand in"),
    ),
    "companion_referral": Words(
        text=_("A listener and the person she calls have thought of a service: {link}"),
        subject=_("A service for somebody whom we call"),
    ),
    "companion_number": Words(
        text=_("The number you asked for: {its_number}, {service}"),
        subject=_("The number you asked for"),
        mail=_(
            "The number you asked for:\n\n{service}\n{its_number}\n\nIf you would like help with it: {phone}"
        ),
    ),
    "companion_hour": Words(
        text=_("{name} will call you regularly, first {when}. If another time suits you better: {phone}"),
        subject=_("{name} will call you regularly"),
    ),
    "companion_moved": Words(
        text=_("The call of {name} has another time: {when}. If that does not suit you: {phone}"),
        subject=_("The call has another time"),
    ),
    "companion_uncalled": Words(
        text=_("Your call {when} was perhaps not made. We are sorry. To talk to somebody: {phone}"),
        subject=_("Your call was perhaps not made"),
    ),
    "companion_worry": Words(
        text=_("{name} is worried about somebody whom we call regularly. Have a look: {link}"),
        subject=_("{name} is worried about somebody"),
    ),
    "companion_check": Words(
        text=_("Somebody whom we call was not reached twice: please check. {seen} {link}"),
        subject=_("Not reached twice: please check"),
    ),
    "companion_glass": Words(
        text=_("{name} has opened a listener's notebook. See why: {link}"),
        subject=_("{name} has opened a listener's notebook"),
    ),
}
