"""What people are asked: how a visit was, and whether they are well."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

ASKED: dict[str, Words] = {
    "after_visit": Words(
        text=_("Did {name} come, and is everything fine? {link}"),
        subject=_("Did {name} come, and is everything fine?"),
        mail=_(
            "{name} was to come to you: {what}.\n\nDid it happen, did it go well, do you need something else? Three "
            "short questions, and you need not answer:\n{link}"
        ),
        answer=_("Did {name} come, and is everything fine? Answer YES {number} or NO {number}, or: {link}"),
    ),
    "after_call": Words(
        text=_("Did {name} call, and is everything fine? {link}"),
        subject=_("Did {name} call, and is everything fine?"),
        mail=_(
            "{name} was to call you.\n\nDid it happen, did it go well, do you need something else? Three short "
            "questions, and you need not answer:\n{link}"
        ),
        answer=_("Did {name} call, and is everything fine? Answer YES {number} or NO {number}, or: {link}"),
    ),
    "after_failed": Words(
        text=_("It did not work out with {name}. Is everything fine now? {link}"),
        subject=_("It did not work out with {name}. Is everything fine now?"),
        mail=_(
            "It did not work out with {name}: {what}.\n\nIs everything fine now, or do you still need something? Tell "
            "us here:\n{link}"
        ),
        answer=_(
            "It did not work out with {name}. Is everything fine now? Answer YES {number} or NO {number}, or: {link}"
        ),
    ),
    "after_thanks": Words(
        text=_("Thank you, that is good to know. If you need us again: {phone}"),
        subject=_("Thank you, that is good to know"),
    ),
    "after_we_call": Words(
        text=_("Thank you for telling us. One of our team calls you {by}. Our number: {phone}"),
        subject=_("Thank you for telling us"),
        promises="call",
    ),
    "after_we_write": Words(
        text=_("Thank you for telling us. One of our team writes to you {by}. Our number: {phone}"),
        subject=_("Thank you for telling us"),
        promises="news",
    ),
    "check_heat": Words(
        text=_("It is very hot. Drink often, stay in the shade. Are you well? {link}"),
        subject=_("It is very hot. Are you well?"),
        mail=_(
            "It is very hot. Drink often, even without thirst, stay in the shade, close the curtains.\n\nAre you well? "
            "Tell us with one tap:\n{link}\n\nIf we hear nothing, one of us calls you. Our number: {phone}"
        ),
        answer=_(
            "It is very hot. Drink often, stay in the shade. Are you well? Answer YES {number} or NO {number}, or: "
            "{link}"
        ),
        owed_by="followup.CheckIn",
    ),
    "check_blackout": Words(
        text=_("The power is out. Keep warm, use a torch, no candles. Are you well? {link}"),
        subject=_("The power is out. Are you well?"),
        mail=_(
            "The power is out. Keep warm, use a torch rather than candles, keep the fridge closed.\n\nAre you well? "
            "Tell us with one tap:\n{link}\n\nIf we hear nothing, one of us calls you. Our number: {phone}"
        ),
        answer=_(
            "The power is out. Keep warm, no candles. Are you well? Answer YES {number} or NO {number}, or: {link}"
        ),
        owed_by="followup.CheckIn",
    ),
    "check_flood": Words(
        text=_("After the flood: is it dry and warm where you are? Are you well? {link}"),
        subject=_("After the flood: are you all right?"),
        mail=_(
            "There was a lot of water in our neighbourhood. Wear gloves when you clean up, and do not go into a cellar "
            "that is under water.\n\nAre you well? Tell us with one tap:\n{link}\n\nIf we hear nothing, one of us "
            "calls you. Our number: {phone}"
        ),
        answer=_(
            "After the flood: are you dry, warm and well? Answer YES {number} or NO {number}, or: {link}"
        ),
        owed_by="followup.CheckIn",
    ),
    "check_arrival": Words(
        text=_("How are you here? Have you a bed for this week, and all you need? {link}"),
        subject=_("How are you here, and have you all you need?"),
        mail=_(
            "You are new here, and we think of you.\n\nHave you a bed for this week, and all you need? Tell us with "
            "one tap:\n{link}\n\nIf we hear nothing, one of us calls you. Our number: {phone}"
        ),
        answer=_(
            "Have you a bed for this week, and all you need? Answer YES {number} or NO {number}, or: {link}"
        ),
        owed_by="followup.CheckIn",
    ),
    "check_lockdown": Words(
        text=_("We think of you. Are you all right, and do you have all you need? {link}"),
        subject=_("Are you all right, and do you have all you need?"),
        mail=_(
            "We think of you in these days at home.\n\nAre you all right, and do you have all you need? Tell us "
            "with one tap:\n{link}\n\nIf we hear nothing, one of us calls you. Our number: {phone}"
        ),
        answer=_(
            "We think of you. Are you well, with all you need? Answer YES {number} or NO {number}, or: {link}"
        ),
        owed_by="followup.CheckIn",
    ),
}
