"""What our messages say. One short text, one mail; both in the language of who reads them.

Values in braces come ready to read: `saying` turns times, distances and kinds of help into words first; {What}
is {what} with a capital letter. Times, places and numbers come first in a text, one thing a message, without
letters that double its price where a language can do without them (`lib.sms`).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """`text` for a phone; `subject` and `mail` for a mailbox (`mail` empty: the text is enough)."""

    text: str | Promise
    subject: str | Promise
    mail: str | Promise = ""


TEMPLATES: dict[str, Words] = {
    "sign_in_code": Words(
        text=_("{code} is your code for {organisation}. It works for 15 minutes. Give it to nobody."),
        subject=_("{code} is your code"),
        mail=_(
            "Your code is {code}.\n\nIt works for 15 minutes. Give it to nobody: we never ask for it by phone.\n\n"
            "If you did not ask for a code, you need not do anything."
        ),
    ),
    "welcome": Words(
        text=_("You are on the list of {organisation}. We write when a neighbour needs you. {link}"),
        subject=_("You are on the list"),
        mail=_(
            "When a neighbour near you needs something that you can do, we write to you. You are free to say no "
            "each time.\n\nYour page, where you can change everything or take a break:\n{link}"
        ),
    ),
    "received": Words(
        text=_("We are looking for someone near you. You will hear from us {by}, in any case. {link}"),
        subject=_("We are looking for someone near you"),
        mail=_(
            "We are looking for someone near you: {what}.\n\nYou will hear from us {by}, even if we have not found "
            "anyone yet.\n\nYour reference: {reference}\n\nFollow it, change it or cancel it here:\n{link}"
        ),
    ),
    "someone_comes": Words(
        text=_("{name} is coming {when}. Code word: {word}. {link}"),
        subject=_("{name} is coming {when}"),
        mail=_(
            "{name} is coming {when}: {what}.\n\nCode word: {word}. {name} says it at the door.\n\nNobody of ours "
            "ever asks for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "someone_calls": Words(
        text=_("{name} will call you {when}. Code word: {word}. {link}"),
        subject=_("{name} will call you {when}"),
        mail=_(
            "{name} will call you {when}.\n\nCode word: {word}. {name} says it first.\n\nNobody of ours ever asks "
            "for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "on_way": Words(
        text=_("{name} is on the way to you now. Code word: {word}."),
        subject=_("{name} is on the way"),
        mail=_("{name} is on the way to you now.\n\nCode word: {word}. {name} says it at the door."),
    ),
    "helped": Words(
        text=_("{name} tells us that it is done: {what}. If something is not right, tell us: {link}"),
        subject=_("Done: {what}"),
        mail=_(
            "{name} tells us that it is done: {what}.\n\nIf something is not right, tell us here:\n{link}"
        ),
    ),
    "looking_again": Words(
        text=_("{name} cannot come after all. We are already looking for someone else. News {by}."),
        subject=_("We are looking for someone else"),
        mail=_(
            "{name} cannot come after all. We are already looking for someone else.\n\nYou will hear from us {by}, "
            "even if we have not found anyone yet.\n\nYour page:\n{link}"
        ),
    ),
    "nobody_yet": Words(
        text=_(
            "We have not found anyone yet. One of our team is taking care of it and will call you {by}. "
            "Our number: {phone}"
        ),
        subject=_("We have not found anyone yet"),
        mail=_(
            "We have not found anyone yet.\n\nOne of our team is taking care of it and will call you {by}. You can "
            "also call us: {phone}"
        ),
    ),
    "withdrawn": Words(
        text=_("It is cancelled: {what}. If you need us again, call {phone}."),
        subject=_("Cancelled: {what}"),
        mail=_("It is cancelled: {what}.\n\nIf you need us again, call {phone}."),
    ),
    "offer": Words(
        text=_("{What} for a neighbour, {where}, {distance}, {when}. Yes or no: {link}"),
        subject=_("{What} for a neighbour, {where}, {when}"),
        mail=_(
            "A neighbour needs somebody.\n\nWhat: {what}\nWhere: {where}, {distance}\nWhen: {when}\n\n"
            "Yes or no, with one tap:\n{link}\n\nYou are free to say no. Then we ask somebody else."
        ),
    ),
    "offer_remote": Words(
        text=_("{What} to a neighbour, from your home, {when}. Yes or no: {link}"),
        subject=_("{What} to a neighbour, {when}"),
        mail=_(
            "Somebody would like to be called.\n\nWhat: {what}, from your home\nWhen: {when}\n\n"
            "Yes or no, with one tap:\n{link}\n\nYou are free to say no. Then we ask somebody else."
        ),
    ),
    "accepted": Words(
        text=_("{What}, {where}, {when}. Code word: {word}. Address and number: {link}"),
        subject=_("You are going: {what}, {where}, {when}"),
        mail=_(
            "You are going, thank you.\n\nWhat: {what}\nWhere: {where}\nWhen: {when}\nCode word: {word}\n\n"
            "The address and the number are on your page:\n{link}\n\nIf something comes up, tell us there. We will "
            "find somebody else."
        ),
    ),
    "visit_cancelled": Words(
        text=_("No need to go any more: {what}, {where}, {when}. Thank you for being ready."),
        subject=_("No need to go any more: {what}"),
        mail=_("No need to go any more: {what}, {where}, {when}.\n\nThank you for being ready."),
    ),
    "visit_moved": Words(
        text=_("Another time is wished: {what}, {where}, {when}. If it does not suit you: {link}"),
        subject=_("Another time: {what}, {when}"),
        mail=_(
            "Your neighbour wishes another time: {what}, {where}, {when}.\n\nIf it does not suit you, tell us here; "
            "we will find somebody else:\n{link}"
        ),
    ),
    "risk_heard": Words(
        text=_("Somebody is in danger: {name} has them on the line now. {link}"),
        subject=_("Somebody is in danger, on the line now"),
        mail=_(
            "{name} has somebody on the line who is in danger.\n\nGo and help, or call {name}. The call:\n{link}"
        ),
    ),
    "wake": Words(
        text=_("Somebody waits on the line and nobody is there. Can you take calls? {link}"),
        subject=_("Somebody waits on the line"),
    ),
    "visit_reminder": Words(
        text=_("{What}, {where}, {when}: did it work out? Tell us here: {link}"),
        subject=_("Did it work out? {What}, {where}"),
        mail=_(
            "You were going to a neighbour: {what}, {where}, {when}.\n\nDid it work out? Tell us here:\n{link}"
        ),
    ),
}
