"""The same for whoever asked for somebody else and hears how it goes: {for_whom} is the first name of who is helped.
Only what would be untrue of the reader has words of its own; what a group writes itself goes to both."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.asked import ASKED
from quartier.messaging.words.form import Words
from quartier.messaging.words.helped import HELPED
from quartier.messaging.words.pace import PACE

FOR_ANOTHER: dict[str, Words] = {
    "received": Words(
        text=_("We are looking for someone near {for_whom}. You will hear from us {by} either way. {link}"),
        subject=_("We are looking for someone near {for_whom}"),
        mail=_(
            "We are looking for someone near {for_whom}: {what}.\n\nYou will hear from us {by}, even if we have not "
            "found anyone yet.\n\nYour reference: {reference}\n\nFollow it, change it or cancel it here:\n{link}"
        ),
        promises="news",
    ),
    "received_read": Words(
        text=HELPED["received_read"].text,
        subject=HELPED["received_read"].subject,
        mail=_(
            "Thank you, we have received it: {what}. One of us will read it first, and then we will look for "
            "someone near {for_whom}.\n\n"
            "You will hear from us {by}, even if we have not found anyone yet. In an emergency call 112.\n\n"
            "Your reference: {reference}\n\n"
            "Follow it, change it or cancel it here:\n"
            "{link}"
        ),
        promises="news",
    ),
    "received_night": Words(
        text=PACE["received_night"].text,
        subject=PACE["received_night"].subject,
        mail=_(
            "Thank you, we have received it: {what}.\n\n"
            "We do not wake our neighbours at night. We will start looking for someone near {for_whom} "
            "{begins}, and you will hear from us {by}, even if we have not found anyone yet.\n\n"
            "If it cannot wait: in an emergency call 112. Your page says who answers at night:\n"
            "{link}\n\n"
            "Your reference: {reference}"
        ),
        promises="news",
    ),
    "someone_comes": Words(
        text=_("{name} is going to {for_whom} {when}. Code word: {word}. {link}"),
        subject=_("{name} is going to {for_whom} {when}"),
        mail=_(
            "{name} is going to {for_whom} {when}: {what}.\n\n"
            "Code word: {word}. {name} says it at the door: please tell {for_whom}.\n\n"
            "We will never ask for a bank card or a PIN.\n\nYour page:\n{link}"
        ),
    ),
    "first_comes": Words(
        text=_("{name} and a second volunteer are going to {for_whom} {when}. Code word: {word}. {link}"),
        subject=_("{name} is going to {for_whom} {when}, with an experienced volunteer"),
        mail=_(
            "{name} is going to {for_whom} {when}: {what}.\n\n"
            "It is {name}’s first visit, so an experienced volunteer goes too: two people will ring at the "
            "door. We will tell you who as soon as we know.\n\n"
            "Code word: {word}. They say it at the door.\n\n"
            "We will never ask for a bank card or a PIN.\n\n"
            "Your page:\n"
            "{link}"
        ),
        owed_by=HELPED["first_comes"].owed_by,
    ),
    "pair_comes": Words(
        text=_("{name} and {other} are going to {for_whom} {when}. Code word: {word}. {link}"),
        subject=_("{name} and {other} are going to {for_whom} together {when}"),
        mail=_(
            "{name} and {other} are going to {for_whom} together {when}: {what}.\n\nCode word: {word}. They say it "
            "at the door.\n\nWe will never ask for a bank card or a PIN.\n\nYour page:\n{link}"
        ),
    ),
    "comes_ahead": Words(
        text=_("Reminder: {name} is going to {for_whom} {when}. Code word: {word}. {link}"),
        subject=_("Reminder: {name} is going to {for_whom} {when}"),
        mail=_(
            "{name} is going to {for_whom} {when}: {what}.\n\n"
            "Code word: {word}. {name} says it at the door: please tell {for_whom}.\n\n"
            "We will never ask for a bank card or a PIN.\n\nYour page, if it does not suit after all:\n{link}"
        ),
    ),
    "on_way": Words(
        text=_("{name} is on the way to {for_whom} now. Code word: {word}."),
        subject=_("{name} is on the way to {for_whom}"),
        mail=_("{name} is on the way to {for_whom} now.\n\nCode word: {word}. {name} says it at the door."),
    ),
    "someone_calls": Words(
        text=_("{name} will call {for_whom} {when}. Code word: {word}. {link}"),
        subject=_("{name} will call {for_whom} {when}"),
        mail=_(
            "{name} will call {for_whom} {when}.\n\nCode word: {word}. {name} says it first.\n\nWe will never ask "
            "for a bank card or a PIN.\n\nYour page:\n{link}"
        ),
    ),
    "call_ahead": Words(
        text=_("Reminder: {name} will call {for_whom} {when}. Code word: {word}. {link}"),
        subject=_("Reminder: {name} will call {for_whom} {when}"),
        mail=_(
            "{name} will call {for_whom} {when}.\n\nCode word: {word}. {name} says it first.\n\nYour page, if it does "
            "not suit after all:\n{link}"
        ),
    ),
    "looking_again": Words(
        text=_(
            "{name} cannot go to {for_whom} {when} after all. We are already looking for someone else. You "
            "will hear from us {by}."
        ),
        subject=HELPED["looking_again"].subject,
        mail=_(
            "{name} cannot go to {for_whom} {when} after all. We are already looking for someone else.\n\nYou will "
            "hear from us {by}, even if we have not found anyone yet.\n\nYour page:\n{link}"
        ),
        promises="news",
    ),
    "caller_cannot": Words(
        text=_(
            "{name} cannot call {for_whom} {when} after all. We are already looking for someone else. You "
            "will hear from us {by}."
        ),
        subject=HELPED["caller_cannot"].subject,
        mail=_(
            "{name} cannot call {for_whom} {when} after all. We are already looking for someone else.\n\nYou will "
            "hear from us {by}, even if we have not found anyone yet.\n\nYour page:\n{link}"
        ),
        promises="news",
    ),
    "not_heard": Words(
        text=PACE["not_heard"].text,
        subject=PACE["not_heard"].subject,
        mail=_(
            "We have not heard from {name}, who was due to help {for_whom} {when}: {what}. So we are looking "
            "for someone else.\n\n"
            "You will hear from us {by}, even if we have not found anyone yet.\n\n"
            "If {name} helped {for_whom} after all, tell us here:\n"
            "{link}"
        ),
        promises="news",
    ),
    "not_met": Words(
        text=PACE["not_met"].text,
        subject=PACE["not_met"].subject,
        mail=_(
            "{name} went to {for_whom} and found no one: {what}.\n\n"
            "Our team is dealing with it, and you will hear from us {by}.\n\n"
            "If it should be another time or another address, tell us here:\n"
            "{link}"
        ),
        promises="news",
    ),
    "told_too_late": Words(
        text=PACE["told_too_late"].text,
        subject=PACE["told_too_late"].subject,
        mail=_(
            "{name} was due to help {for_whom} {when}: {what}. Our message reached {name} too late, and that "
            "is our fault.\n\n"
            "We are already looking for someone else. You will hear from us {by}, even if we have not "
            "found anyone yet.\n\n"
            "Your page:\n"
            "{link}"
        ),
        promises="news",
    ),
    "still_needed_named": Words(
        text=_(
            "Did {name} help {for_whom}: {what}? If not, we are sorry. Tell us {until}, or we will stop: "
            "{phone} or {link}"
        ),
        answer=_(
            "Did {name} help {for_whom}: {what}? Reply YES {number} or NO {number} {until}. If no, we will "
            "look for someone; without a reply we stop. {phone}"
        ),
        subject=_("Did {name} help {for_whom}? {What}"),
        mail=_(
            "{name} was due to help {for_whom} and has not told us how it went: {what}. If it was not done, "
            "we are sorry.\n\n"
            "Was it done, or is it still needed? Tell us {until}, and we will look for someone at once:\n"
            "{link}\n\n"
            "If we do not hear from you, we will stop looking. You can always ask again, or call us: "
            "{phone}"
        ),
    ),
    "not_reached": Words(
        text=_(
            "{name} could not reach {for_whom}. We are dealing with it. You will hear from us {by}. {link}"
        ),
        subject=_("{name} called and did not reach {for_whom}"),
        mail=_(
            "{name} called and did not reach {for_whom}.\n\n"
            "Our team is dealing with it, and you will hear from us {by}.\n\n"
            "If it should be another time or another number, tell us here:\n"
            "{link}"
        ),
        promises="news",
    ),
    "after_visit": Words(
        text=ASKED["after_visit"].text,
        subject=ASKED["after_visit"].subject,
        mail=_(
            "{name} was due to go to {for_whom} {when}: {what}.\n\n"
            "Did it happen, did it go well, is anything else needed? Three short questions, and you need "
            "not answer:\n"
            "{link}"
        ),
        answer=ASKED["after_visit"].answer,
    ),
    "after_failed": Words(
        text=_("{name} could not help {for_whom} after all. Is everything all right now? {link}"),
        subject=_("{name} could not help {for_whom} after all. Is everything all right now?"),
        mail=_(
            "{name} could not help {for_whom} after all: {what}.\n\n"
            "Is everything all right now, or is anything still needed? Tell us here:\n"
            "{link}"
        ),
        answer=_(
            "{name} could not help {for_whom} after all. Is everything all right now? Reply YES {number} or "
            "NO {number}, or: {link}"
        ),
    ),
    "after_call": Words(
        text=_("Did {name} call {for_whom}, and was everything all right? {link}"),
        subject=_("Did {name} call {for_whom}, and was everything all right?"),
        mail=_(
            "{name} was due to call {for_whom} {when}.\n\n"
            "Did it happen, did it go well, is anything else needed? Three short questions, and you need "
            "not answer:\n"
            "{link}"
        ),
        answer=_(
            "Did {name} call {for_whom}, and was everything all right? Reply YES {number} or NO {number}, "
            "or: {link}"
        ),
    ),
    "expense_asked": Words(
        text=_(
            "{name} paid {amount} for {for_whom}. If it is right, say {word}, or: {link} Never a card, never a PIN."
        ),
        subject=_("{name} paid {amount} for {for_whom}. Is it right?"),
        mail=_(
            "{name} paid {amount} for {for_whom}. Is it right?\n\n"
            "If it is, you or {for_whom} can tell {name} this word and number: {word}. Or say yes or no on "
            "your page, where you also see the receipt:\n"
            "{link}\n\n"
            "Never give anyone a bank card or a PIN, even if they ask for it."
        ),
    ),
}
