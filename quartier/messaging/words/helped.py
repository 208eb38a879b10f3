"""What those hear who are helped, or who asked for them."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

HELPED: dict[str, Words] = {
    "received": Words(
        text=_("We are looking for someone near you. You will hear from us {by}, in any case. {link}"),
        subject=_("We are looking for someone near you"),
        mail=_(
            "We are looking for someone near you: {what}.\n\nYou will hear from us {by}, even if we have not found "
            "anyone yet.\n\nYour reference: {reference}\n\nFollow it, change it or cancel it here:\n{link}"
        ),
        promises="news",
    ),
    "received_read": Words(
        text=_("One of our team reads what you ask. You will hear from us {by}, in any case. {link}"),
        subject=_("We have what you ask, and one of us reads it"),
        mail=_(
            "One of our team reads what you ask: {what}. Then we look for someone near you.\n\nYou will hear from us "
            "{by}, even if we have not found anyone yet.\n\nYour reference: {reference}\n\nFollow it, change it or "
            "cancel it here:\n{link}"
        ),
        promises="news",
    ),
    "received_for": Words(
        text=_(
            "We have what you ask for somebody else: {what}. News go to them, not to you. How it stands: {link}"
        ),
        subject=_("We have what you ask for somebody else"),
        mail=_(
            "We have what you ask for somebody else: {what}.\n\nNews go to them, not to you, as you wished.\n\nYour "
            "reference: {reference}\n\nHow it stands, and where you can change or cancel it:\n{link}"
        ),
    ),
    "someone_comes": Words(
        text=_("{name} is coming {when}. Code word: {word}. {link}"),
        subject=_("{name} is coming {when}"),
        mail=_(
            "{name} is coming {when}: {what}.\n\nCode word: {word}. {name} says it at the door.\n\nWe "
            "will never ask for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "first_comes": Words(
        text=_("{name} and somebody experienced come {when}. Code word: {word}. {link}"),
        subject=_("{name} is coming {when}, with somebody experienced"),
        mail=_(
            "{name} is coming {when}: {what}.\n\nIt is {name}'s first visit, so somebody experienced of ours comes too:"
            " two people ring. We tell you who as soon as we know.\n\nCode word: {word}. They say it at the door.\n\n"
            "We will never ask for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
        owed_by="visits.Assignment",
    ),
    "pair_comes": Words(
        text=_("{name} and {other} are coming {when}. Code word: {word}. {link}"),
        subject=_("{name} and {other} are coming together {when}"),
        mail=_(
            "{name} and {other} are coming together {when}: {what}.\n\nCode word: {word}. They say it at the door."
            "\n\nWe will never ask for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "someone_calls": Words(
        text=_("{name} will call you {when}. Code word: {word}. {link}"),
        subject=_("{name} will call you {when}"),
        mail=_(
            "{name} will call you {when}.\n\nCode word: {word}. {name} says it first.\n\nWe will never ask "
            "for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "comes_ahead": Words(
        text=_("Reminder: {name} is coming {when}. Code word: {word}. {link}"),
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
        promises="news",
    ),
    "caller_cannot": Words(
        text=_("{name} cannot call you after all. We are already looking for someone else. News {by}."),
        subject=_("We are looking for someone else"),
        mail=_(
            "{name} cannot call you after all. We are already looking for someone else.\n\nYou will hear from us {by}, "
            "even if we have not found anyone yet.\n\nYour page:\n{link}"
        ),
        promises="news",
    ),
    "late_call": Words(
        text=_(
            "We said that we would call you by now, and have not. We are sorry. One of our team calls you {by}. Our "
            "number: {phone}"
        ),
        subject=_("We have not called you yet, and are sorry"),
        mail=_(
            "We said that we would call you by now, and have not. We are sorry.\n\nOne of our team calls you {by}. You "
            "can also call us: {phone}"
        ),
        promises="call",
    ),
    "late_news": Words(
        text=_(
            "We said that you would hear from us by now, and have nothing new yet. We are sorry. You will hear from us "
            "{by}. Our number: {phone}"
        ),
        subject=_("We have nothing new yet, and are sorry"),
        mail=_(
            "We said that you would hear from us by now, and have nothing new yet. We are sorry.\n\nYou will hear "
            "from us {by}. You can also call us: {phone}"
        ),
        promises="news",
    ),
    "late_call_again": Words(
        text=_(
            "We have still not called you, and that is not right. {advice}Do not wait for us: call {phone}. One of our "
            "team calls you {by}."
        ),
        subject=_("We have still not called you, and that is not right"),
        mail=_(
            "We have still not called you, and that is not right. {advice}Do not wait for us: call {phone}.\n\nOne of "
            "our team calls you {by}."
        ),
        promises="call",
    ),
    "late_news_again": Words(
        text=_(
            "We still have no answer for you, and that is not right. {advice}Do not wait for us: call {phone}. You "
            "will hear from us {by}."
        ),
        subject=_("We still have no answer for you, and that is not right"),
        mail=_(
            "We still have no answer for you, and that is not right. {advice}Do not wait for us: call {phone}.\n\nYou "
            "will hear from us {by}."
        ),
        promises="news",
    ),
    "vain_call": Words(
        text=_(
            "One of our team called you and did not reach you. We call you again {by}. You can also call us: {phone}"
        ),
        subject=_("We called you and did not reach you"),
        mail=_(
            "One of our team called you and did not reach you.\n\nWe call you again {by}. You can also call us: {phone}"
        ),
        promises="call",
    ),
    "vain_news": Words(
        text=_(
            "One of our team called you and did not reach you. You will hear from us {by}. You can also call us: "
            "{phone}"
        ),
        subject=_("We called you and did not reach you"),
        mail=_(
            "One of our team called you and did not reach you.\n\nYou will hear from us {by}. You can also call us: "
            "{phone}"
        ),
        promises="news",
    ),
    "waits_call": Words(
        text=_("Nothing new yet: {what}. One of our team calls you {by}. Our number: {phone}"),
        subject=_("Nothing new yet: {what}"),
        mail=_(
            "There is nothing new yet: {what}.\n\nOne of our team calls you {by}. You can also call us: {phone}"
        ),
        promises="call",
    ),
    "waits_news": Words(
        text=_("Nothing new yet: {what}. You will hear from us {by}. Our number: {phone}"),
        subject=_("Nothing new yet: {what}"),
        mail=_(
            "There is nothing new yet: {what}.\n\nYou will hear from us {by}. You can also call us: {phone}"
        ),
        promises="news",
    ),
    "nobody_yet_write": Words(
        text=_(
            "We have not found anyone yet. One of our team is taking care of it and writes to you {by}. "
            "Our number: {phone}"
        ),
        subject=_("We have not found anyone yet"),
        mail=_(
            "We have not found anyone yet.\n\nOne of our team is taking care of it and writes to you {by}. You can "
            "also call us: {phone}"
        ),
        promises="news",
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
        promises="call",
    ),
    "withdrawn": Words(
        text=_("It is cancelled: {what}. If you need us again, call {phone}."),
        subject=_("Cancelled: {what}"),
        mail=_("It is cancelled: {what}.\n\nIf you need us again, call {phone}."),
    ),
    "news": Words(
        text=_("{event} {link} or {phone}"),
        subject=_("We help in these days too"),
        mail=_(
            "{event}\n\nTell us what you need:\n{link}\n\nOr call us: {phone}\n\nIt is free of charge. We "
            "will never ask for your bank card or your PIN."
        ),
    ),
    "expense_asked": Words(
        text=_(
            "{name} paid {amount} for you. If it is right, say {word}, or: {link} Never a card, never a PIN."
        ),
        subject=_("{name} paid {amount} for you. Is it right?"),
        mail=_(
            "{name} paid {amount} for you. Is it right?\n\nIf it is, tell {name} this word and number: {word}. Or say "
            "yes or no on your page, where you also see the receipt:\n{link}\n\nNever give your bank card or your PIN "
            "to anybody, even if somebody asks for it."
        ),
    ),
    "expense_settled": Words(
        text=_("{name} has {amount} back, nothing is left to pay. If that is not so: {link}"),
        subject=_("{amount}: nothing is left to pay"),
        mail=_(
            "{name} tells us that {amount} came back. Nothing is left to pay.\n\nIf that is not so, tell us here:\n"
            "{link}\n\nNever give your bank card or your PIN to anybody, even if somebody asks for it."
        ),
    ),
    "expense_decided": Words(
        text=_("We looked into the money and decided: {amount}. Why, and what comes next: {link}"),
        subject=_("We have decided: {amount}"),
        mail=_(
            "We looked into the money with both of you, and decided: {amount}.\n\nWhy, and what comes next:\n{link}\n\n"
            "Never a bank card, never a PIN: nobody of ours asks for it."
        ),
    ),
    "concern_answered": Words(
        text=_("You told us of something that worries you. What came of it: {link}"),
        subject=_("What came of your concern"),
        mail=_("You told us of something that worries you.\n\nWhat came of it:\n{link}"),
    ),
}
