"""What our messages say. One short text, one mail; both in the language of who reads them.

Values in braces come ready to read: `write` turns times, distances and kinds of help into words first.
Times, places and numbers come first in a text, one thing a message.
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
    ),
    "welcome": Words(
        text=_("{organisation}: thank you, you are on the list. We write when a neighbour needs you. {link}"),
        subject=_("You are on the list"),
        mail=_(
            "Thank you. When a neighbour near you needs something that you can do, we write to you. You are free "
            "to say no each time.\n\nYour page, where you can change everything or take a break:\n{link}"
        ),
    ),
    "received": Words(
        text=_(
            "We are looking for someone near you. You will hear from us by {by}, even if we have not found "
            "anyone yet. Follow it here: {link}"
        ),
        subject=_("We are looking for someone near you"),
        mail=_(
            "We are looking for someone near you: {what}. You will hear from us by {by}, even if we have not "
            "found anyone yet.\n\nYour reference: {reference}\nFollow it, change it or cancel it here:\n{link}"
        ),
    ),
    "someone_comes": Words(
        text=_("{name} is coming {when}. Code word: {word}. {link}"),
        subject=_("{name} is coming {when}"),
        mail=_(
            "{name} is coming {when}, for: {what}.\n\nCode word: {word}. {name} says it at the door. Nobody of ours "
            "ever asks for your bank card or your PIN.\n\n{link}"
        ),
    ),
    "someone_calls": Words(
        text=_("{name} calls you {when}. Code word: {word}. {link}"),
        subject=_("{name} calls you {when}"),
        mail=_(
            "{name} calls you {when}.\n\nCode word: {word}. {name} says it first. Nobody of ours ever asks for your "
            "bank card or your PIN.\n\n{link}"
        ),
    ),
    "on_way": Words(
        text=_("{name} is on the way to you now. Code word: {word}."),
        subject=_("{name} is on the way"),
    ),
    "helped": Words(
        text=_("{name} tells us that it is done: {what}. If something is not right, tell us: {link}"),
        subject=_("Done: {what}"),
    ),
    "looking_again": Words(
        text=_(
            "{name} cannot come after all. We are already looking for someone else. You hear from us by {by}."
        ),
        subject=_("We are looking for someone else"),
    ),
    "nobody_yet": Words(
        text=_(
            "We have not found anyone yet. Somebody of our team is taking care of it and will call you by {by}. "
            "You can also call us: {phone}"
        ),
        subject=_("We have not found anyone yet"),
    ),
    "withdrawn": Words(
        text=_("It is cancelled: {what}. If you need us again, we are here: {phone}"),
        subject=_("Cancelled: {what}"),
    ),
    "offer": Words(
        text=_("{what} for a neighbour, {where}, {distance}, {when}. Yes or no, here: {link}"),
        subject=_("{what} for a neighbour, {where}, {when}"),
        mail=_(
            "A neighbour of yours needs somebody.\n\nWhat: {what}\nWhere: {where}, {distance}\nWhen: {when}\n\n"
            "Yes or no, with one tap:\n{link}\n\nYou are free to say no. Then we ask somebody else."
        ),
    ),
    "offer_remote": Words(
        text=_("{what}: a neighbour would like to be called, {when}. Yes or no, here: {link}"),
        subject=_("{what}, {when}"),
        mail=_(
            "Somebody would like to be called.\n\nWhat: {what}\nWhen: {when}\n\nYes or no, with one tap:\n{link}\n\n"
            "You are free to say no. Then we ask somebody else."
        ),
    ),
    "accepted": Words(
        text=_("Thank you. {what}, {where}, {when}. Code word: {word}. Address and number: {link}"),
        subject=_("Thank you: {what}, {when}"),
        mail=_(
            "Thank you for going.\n\nWhat: {what}\nWhere: {where}\nWhen: {when}\nCode word: {word}\n\n"
            "The address and the number are on your page:\n{link}\n\nIf something comes up, tell us there; nobody "
            "will blame you."
        ),
    ),
    "visit_cancelled": Words(
        text=_("No need to go any more: {what}, {where}, {when}. Thank you for being ready."),
        subject=_("No need to go any more: {what}"),
    ),
    "visit_moved": Words(
        text=_(
            "Your neighbour asks for another time: {what}, {where}, now {when}. If it does not suit you, "
            "tell us: {link}"
        ),
        subject=_("Another time: {what}, {when}"),
    ),
    "visit_reminder": Words(
        text=_(
            "You were going to a neighbour: {what}, {where}, {when}. Did it work out? Tell us here: {link}"
        ),
        subject=_("Did it work out? {what}, {where}"),
    ),
}
