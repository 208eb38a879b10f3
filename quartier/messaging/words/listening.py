"""What messages of the listening programme say: never a name of who is called, and nothing of what was said."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

LISTENING: dict[str, Words] = {
    "companion_asked": Words(
        text=_("Someone would like regular calls. Would it suit you? {link}"),
        subject=_("Would you call someone regularly?"),
        mail=_(
            "Someone would like regular calls, and we think the two of you could get on.\n\n"
            "See why, and say yes or no:\n"
            "{link}"
        ),
    ),
    "companion_agreed": Words(
        text=_("You have both said yes. Choose when you will call: {link}"),
        subject=_("You have both said yes"),
    ),
    "companion_remind": Words(
        text=_("Were you able to call? Tell us in two taps: {link}"),
        subject=_("Were you able to call?"),
    ),
    "companion_missed": Words(
        text=_("A call planned {when} may have been missed: no one has said how it went. {link}"),
        subject=_("A call that may not have happened"),
    ),
    "companion_gone": Words(
        text=_("A listener cannot go on for now. Someone is waiting for another one: {link}"),
        subject=_("Another listener is needed"),
    ),
    "companion_paused": Words(
        text=_("The calls are paused for a while. See when they start again: {link}"),
        subject=_("The calls are paused for a while"),
    ),
    "companion_ended": Words(
        text=_("Your calls with one of the people you call are ending. Thank you for every one of them."),
        subject=_("The calls are ending. Thank you for every one of them"),
    ),
    "companion_died": Words(
        text=_(
            "We are sorry to tell you that one of the people you call has died. If you would like to talk: "
            "{phone}"
        ),
        subject=_("Sad news"),
        mail=_(
            "We are sorry to tell you that one of the people you call has died. You need not do anything "
            "more.\n\n"
            "Thank you for being there. If you would like to talk about it, call us: {phone}"
        ),
    ),
    "companion_opened": Words(
        text=_("{name} has opened one of your notebooks. See why: {link}"),
        subject=_("{name} has opened one of your notebooks"),
    ),
    "companion_instead_asked": Words(
        text=_("Could you call someone for a few days, covering for another listener? {link}"),
        subject=_("Could you call someone for a few days?"),
    ),
    "companion_instead_over": Words(
        text=_("You no longer need to cover for another listener. Thank you. {link}"),
        subject=_("You no longer need to call. Thank you"),
    ),
    "companion_instead": Words(
        text=_("For a few days {name} will call you instead. If you would rather not, call us: {phone}"),
        subject=_("{name} will call you for a few days"),
    ),
    "companion_instead_yes": Words(
        text=_("Someone is covering for a listener for a few days. See who: {link}"),
        subject=_("Someone is covering for a listener"),
    ),
    "companion_instead_no": Words(
        text=_("No one is covering for a listener any longer. Please ask someone else: {link}"),
        subject=_("Someone else is needed to cover"),
    ),
    "companion_referral": Words(
        text=_("A listener and the person they call have thought of a service: {link}"),
        subject=_("A service for someone we call"),
    ),
    "companion_number": Words(
        text=_("The number you asked for: {its_number}, {service}"),
        subject=_("The number you asked for"),
        mail=_(
            "The number you asked for:\n\n{service}\n{its_number}\n\nIf you would like help with it: {phone}"
        ),
    ),
    "companion_hour": Words(
        text=_(
            "{name}, one of our volunteers, will call you {rhythm}, first {when}. If another time suits you "
            "better: {phone}"
        ),
        subject=_("{name} will call you regularly"),
    ),
    "companion_moved": Words(
        text=_("{name}’s call has moved: {when}. If that does not suit you: {phone}"),
        subject=_("Your call has moved"),
    ),
    "companion_rests": Words(
        text=_("{name}’s calls are paused {rests}. To talk to someone: {phone}"),
        subject=_("Your calls are paused"),
    ),
    "companion_again": Words(
        text=_("{name} will call you again, first {when}. If another time suits you better: {phone}"),
        subject=_("{name} will call you again"),
    ),
    "companion_uncalled": Words(
        text=_("Your call {when} may not have happened. We are sorry. To talk to someone: {phone}"),
        subject=_("Your call may not have happened"),
    ),
    "companion_not_reached": Words(
        text=_(
            "{name} called you and could not reach you, more than once. Is everything all right? Please call us: "
            "{phone}. Emergency: 112"
        ),
        subject=_("{name} could not reach you. Is everything all right?"),
    ),
    "companion_worry": Words(
        text=_("{name} is worried about someone we call regularly. Have a look: {link}"),
        subject=_("{name} is worried about someone"),
    ),
    "companion_check": Words(
        text=_("Someone we call regularly has not answered twice. Please check on them. {seen} {link}"),
        subject=_("Not reached twice: please check"),
    ),
    "companion_check_waits": Words(
        text=_("Not reached since {since}: someone we call regularly. No one has checked yet. {link}"),
        subject=_("Not reached since {since}: no one has checked yet"),
    ),
    "companion_glass": Words(
        text=_("{name} has opened a listener's notebook. See why: {link}"),
        subject=_("{name} has opened a listener's notebook"),
    ),
}
