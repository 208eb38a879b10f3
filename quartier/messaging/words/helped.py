"""What those hear who are helped, or who asked for them."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

HELPED: dict[str, Words] = {
    "received": Words(
        text=_("We are looking for someone near you. You will hear from us {by} either way. {link}"),
        subject=_("We are looking for someone near you"),
        mail=_(
            "We are looking for someone near you: {what}.\n\nYou will hear from us {by}, even if we have not found "
            "anyone yet.\n\nYour reference: {reference}\n\nFollow it, change it or cancel it here:\n{link}"
        ),
        promises="news",
    ),
    "received_read": Words(
        # Read at night too: it says that it will be read, not that somebody is at it.
        text=_("Thank you. One of us will read it first. News {by}. Emergency: 112. {link}"),
        subject=_("Thank you: one of us will read what you asked"),
        mail=_(
            "Thank you, we have received it: {what}. One of us will read it first, and then we will look for "
            "someone near you.\n\n"
            "You will hear from us {by}, even if we have not found anyone yet. In an emergency call 112.\n\n"
            "Your reference: {reference}\n\n"
            "Follow it, change it or cancel it here:\n"
            "{link}"
        ),
        promises="news",
    ),
    "received_for": Words(
        text=_(
            "We have what you asked for someone else: {what}. News will go to them, not to you. How things "
            "stand: {link}"
        ),
        subject=_("We have what you asked for someone else"),
        mail=_(
            "We have what you asked for someone else: {what}.\n\n"
            "News will go to them, not to you, as you asked.\n\n"
            "Your reference: {reference}\n\n"
            "How things stand, and where you can change or cancel it:\n"
            "{link}"
        ),
    ),
    "someone_comes": Words(
        text=_("{name} is coming {when} and will say the word: {word}. {link}"),
        subject=_("{name} is coming {when}"),
        mail=_(
            "{name} is coming {when}: {what}.\n\nCode word: {word}. {name} says it at the door.\n\nWe "
            "will never ask for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "first_comes": Words(
        text=_("{name} and a second volunteer are coming {when}. Code word: {word}. {link}"),
        subject=_("{name} is coming {when}, with an experienced volunteer"),
        mail=_(
            "{name} is coming {when}: {what}.\n\n"
            "It is {name}’s first visit, so an experienced volunteer comes too: expect two people at the "
            "door. We will tell you who as soon as we know.\n\n"
            "Code word: {word}. They say it at the door.\n\n"
            "We will never ask for your bank card or your PIN.\n\n"
            "Your page:\n"
            "{link}"
        ),
        owed_by="visits.Assignment",
    ),
    "pair_comes": Words(
        text=_("{name} and {other} are coming {when} and will say the word: {word}. {link}"),
        subject=_("{name} and {other} are coming together {when}"),
        mail=_(
            "{name} and {other} are coming together {when}: {what}.\n\nCode word: {word}. They say it at the door."
            "\n\nWe will never ask for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "someone_calls": Words(
        text=_("{name} will call you {when} and will say the word: {word}. {link}"),
        subject=_("{name} will call you {when}"),
        mail=_(
            "{name} will call you {when}.\n\nCode word: {word}. {name} says it first.\n\nWe will never ask "
            "for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "comes_ahead": Words(
        text=_("Reminder: {name} is coming {when} and will say the word: {word}. {link}"),
        subject=_("Reminder: {name} is coming {when}"),
        mail=_(
            "{name} is coming {when}: {what}.\n\nCode word: {word}. {name} says it at the door.\n\nWe "
            "will never ask for your bank card or your PIN.\n\nYour page, if it does not suit you after all:\n{link}"
        ),
    ),
    "call_ahead": Words(
        text=_("Reminder: {name} will call you {when}. Code word: {word}. {link}"),
        subject=_("Reminder: {name} will call you {when}"),
        mail=_(
            "{name} will call you {when}.\n\nCode word: {word}. {name} says it first.\n\nYour page, if it does not "
            "suit you after all:\n{link}"
        ),
    ),
    "on_way": Words(
        text=_("{name} is on the way to you now and will say the word: {word}."),
        subject=_("{name} is on the way"),
        mail=_("{name} is on the way to you now.\n\nCode word: {word}. {name} says it at the door."),
    ),
    "helped": Words(
        text=_("{name} says that it is done: {what}. If anything is wrong, tell us: {link}"),
        subject=_("Done: {what}"),
        mail=_("{name} says that it is done: {what}.\n\nIf anything is wrong, tell us here:\n{link}"),
    ),
    "looking_again": Words(
        text=_(
            "{name} cannot come {when} after all. We are already looking for someone else. You will hear "
            "from us {by}."
        ),
        subject=_("We are looking for someone else"),
        mail=_(
            "{name} cannot come {when} after all. We are already looking for someone else.\n\nYou will hear from us "
            "{by}, even if we have not found anyone yet.\n\nYour page:\n{link}"
        ),
        promises="news",
    ),
    "caller_cannot": Words(
        text=_(
            "{name} cannot call you {when} after all. We are already looking for someone else. You will "
            "hear from us {by}."
        ),
        subject=_("We are looking for someone else"),
        mail=_(
            "{name} cannot call you {when} after all. We are already looking for someone else.\n\nYou will hear from "
            "us {by}, even if we have not found anyone yet.\n\nYour page:\n{link}"
        ),
        promises="news",
    ),
    "late_call": Words(
        text=_(
            "We said we would call you by now, and have not. We are sorry. Someone from our team will call "
            "you {by}. Our number: {phone}"
        ),
        subject=_("We have not called you yet, and we are sorry"),
        mail=_(
            "We said we would call you by now, and have not. We are sorry.\n\n"
            "Someone from our team will call you {by}. You can also call us: {phone}"
        ),
        promises="call",
    ),
    "late_news": Words(
        text=_(
            "We said you would hear from us by now, and have nothing new yet. We are sorry. You will hear "
            "from us {by}. Our number: {phone}"
        ),
        subject=_("We have nothing new yet, and we are sorry"),
        mail=_(
            "We said you would hear from us by now, and have nothing new yet. We are sorry.\n\n"
            "You will hear from us {by}. You can also call us: {phone}"
        ),
        promises="news",
    ),
    "late_call_again": Words(
        text=_(
            "We have still not called you, and we are sorry. {advice}Do not wait for us: call {phone}. "
            "Someone from our team will call you {by}."
        ),
        subject=_("We have still not called you, and we are sorry"),
        mail=_(
            "We have still not called you. That is not good enough, and we are sorry. {advice}Do not wait "
            "for us: call {phone}.\n\n"
            "Someone from our team will call you {by}."
        ),
        promises="call",
    ),
    "late_news_again": Words(
        text=_(
            "We still have no news for you. That is not good enough, and we are sorry. {advice}Do not wait "
            "for us: call {phone}. You will hear from us {by}."
        ),
        subject=_("We still have no news for you, and we are sorry"),
        mail=_(
            "We still have no news for you. That is not good enough, and we are sorry. {advice}Do not wait "
            "for us: call {phone}.\n\n"
            "You will hear from us {by}."
        ),
        promises="news",
    ),
    "vain_call": Words(
        text=_(
            "We called you and did not reach you. Someone from our team will call you again {by}. You can "
            "also call us: {phone}"
        ),
        subject=_("We called you and did not reach you"),
        mail=_(
            "We called you and did not reach you.\n\n"
            "Someone from our team will call you again {by}. You can also call us: {phone}"
        ),
        promises="call",
    ),
    "vain_news": Words(
        text=_(
            "We called you and could not reach you. You will hear from us {by}. You can also call us: {phone}"
        ),
        subject=_("We called you and did not reach you"),
        mail=_(
            "We called you and could not reach you.\n\n"
            "You will hear from us {by}. You can also call us: {phone}"
        ),
        promises="news",
    ),
    "waits_call": Words(
        text=_("Nothing new yet about {what}. Someone from our team will call you {by}. Our number: {phone}"),
        subject=_("Nothing new yet: {what}"),
        mail=_(
            "There is nothing new yet about {what}.\n\n"
            "Someone from our team will call you {by}. You can also call us: {phone}"
        ),
        promises="call",
    ),
    "waits_news": Words(
        text=_("Nothing new yet about {what}. You will hear from us {by}. Our number: {phone}"),
        subject=_("Nothing new yet: {what}"),
        mail=_(
            "There is nothing new yet about {what}.\n\n"
            "You will hear from us {by}. You can also call us: {phone}"
        ),
        promises="news",
    ),
    "nobody_yet_write": Words(
        text=_(
            "We have not found anyone yet. Our team knows, and one of us will write to you {by}. "
            "Our number: {phone}"
        ),
        subject=_("We have not found anyone yet"),
        mail=_(
            "We have not found anyone yet.\n\n"
            "Our team knows, and one of us will write to you {by}. You can also call us: {phone}"
        ),
        promises="news",
    ),
    "nobody_yet": Words(
        text=_(
            "We have not found anyone yet. Our team knows, and one of us will call you {by}. "
            "Our number: {phone}"
        ),
        subject=_("We have not found anyone yet"),
        mail=_(
            "We have not found anyone yet.\n\nOur team knows, and one of us will call you {by}. You can "
            "also call us: {phone}"
        ),
        promises="call",
    ),
    "comes_each_time": Words(
        text=_("{name} will come every time from now on: {what}, {rhythm}. {next}"),
        subject=_("{name} will come every time: {what}"),
        mail=_(
            "{name} will come every time from now on: {what}, {rhythm}. {next}\n\n"
            "Leave one out, pause or stop here:\n"
            "{link}"
        ),
    ),
    "regular_stops": Words(
        text=_(
            "{name} will no longer come every time: {what}. For each date we will ask a neighbour, and tell "
            "you who is coming."
        ),
        subject=_("{name} will no longer come every time: {what}"),
        mail=_(
            "{name} will no longer come every time: {what}.\n\n"
            "For each date we will ask a neighbour, and tell you who is coming.\n\n"
            "All the dates, and where you can pause or stop:\n"
            "{link}"
        ),
        owed_by="cases.Series",
    ),
    "withdrawn": Words(
        text=_("It is cancelled: {what}. If you need us again, call {phone}."),
        subject=_("Cancelled: {what}"),
        mail=_("It is cancelled: {what}.\n\nIf you need us again, call {phone}."),
    ),
    "news": Words(
        text=_("{event} {link} or {phone}"),
        subject=_("We are here to help with this too"),
        mail=_(
            "{event}\n\nTell us what you need:\n{link}\n\nOr call us: {phone}\n\nThe help is free of "
            "charge. We will never ask for your bank card or your PIN."
        ),
    ),
    "expense_asked": Words(
        text=_(
            "{name} paid {amount} for you. If it is right, say {word}, or: {link} Never a card, never a PIN."
        ),
        subject=_("{name} paid {amount} for you. Is it right?"),
        mail=_(
            "{name} paid {amount} for you. Is it right?\n\n"
            "If it is, tell {name} this word and number: {word}. Or say yes or no on your page, where you "
            "also see the receipt:\n"
            "{link}\n\n"
            "Never give anyone your bank card or your PIN, even if they ask for it."
        ),
    ),
    "expense_settled": Words(
        text=_("{name} has {amount} back, so there is nothing left to pay. If that is not right: {link}"),
        subject=_("{amount}: there is nothing left to pay"),
        mail=_(
            "{name} says that {amount} has been paid back. There is nothing left to pay.\n\n"
            "If that is not right, tell us here:\n"
            "{link}\n\n"
            "Never give anyone your bank card or your PIN, even if they ask for it."
        ),
    ),
    "expense_decided": Words(
        text=_("We looked into the money and decided: {amount}. Why, and what comes next: {link}"),
        subject=_("We have decided: {amount}"),
        mail=_(
            "We looked into the money with both of you, and decided: {amount}.\n\n"
            "Why, and what comes next:\n"
            "{link}\n\n"
            "Never a bank card, never a PIN: no one from us asks for them."
        ),
    ),
    "concern_answered": Words(
        text=_("You told us about something that worries you. What we did about it: {link}"),
        subject=_("What we did about your concern"),
        mail=_("You told us about something that worries you.\n\nWhat we did about it:\n{link}"),
    ),
}
