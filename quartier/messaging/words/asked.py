"""What people are asked: how a visit was, and whether they are well."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

ASKED: dict[str, Words] = {
    "after_visit": Words(
        text=_("Did {name} come, and was everything all right? {link}"),
        subject=_("Did {name} come, and was everything all right?"),
        mail=_(
            "{name} was due to come to you {when}: {what}.\n\n"
            "Did it happen, did it go well, do you need anything else? Three short questions, and you need "
            "not answer:\n"
            "{link}"
        ),
        answer=_(
            "{What}: did {name} come, and was everything all right? Reply YES {number} or NO {number}, or: "
            "{link}"
        ),
    ),
    "after_call": Words(
        text=_("Did {name} call, and was everything all right? {link}"),
        subject=_("Did {name} call, and was everything all right?"),
        mail=_(
            "{name} was due to call you {when}.\n\n"
            "Did it happen, did it go well, do you need anything else? Three short questions, and you need "
            "not answer:\n"
            "{link}"
        ),
        answer=_(
            "Did {name} call, and was everything all right? Reply YES {number} or NO {number}, or: {link}"
        ),
    ),
    "after_failed": Words(
        text=_("{name}’s visit did not happen. Are you all right now? {link}"),
        subject=_("{name}’s visit did not happen. Are you all right now?"),
        mail=_(
            "{name}’s visit did not happen: {what}.\n\n"
            "Are you all right now, or do you still need something? Tell us here:\n"
            "{link}"
        ),
        answer=_(
            "{name}’s visit did not happen. Are you all right now? Reply YES {number} or NO {number}, or: "
            "{link}"
        ),
    ),
    "after_thanks": Words(
        text=_("Thank you, that is good to know. If you need us again: {phone}"),
        subject=_("Thank you, that is good to know"),
    ),
    "after_we_call": Words(
        text=_("Thank you for telling us. Someone from our team will call you {by}. Our number: {phone}"),
        subject=_("Thank you for telling us"),
        promises="call",
    ),
    "after_we_write": Words(
        text=_("Thank you for telling us. Someone from our team will write to you {by}. Our number: {phone}"),
        subject=_("Thank you for telling us"),
        promises="news",
    ),
    "check_heat": Words(
        text=_("It is very hot. Drink often, stay in the shade. Are you OK? {link}"),
        subject=_("It is very hot. Are you OK?"),
        mail=_(
            "It is very hot. Drink often, even if you are not thirsty, stay in the shade and keep the "
            "curtains closed.\n\n"
            "Are you OK? Tell us with one tap:\n"
            "{link}\n\n"
            "If we hear nothing, someone from our team will call you, or someone will come to your door. "
            "Our number: {phone}"
        ),
        answer=_(
            "It is very hot. Drink often, stay in the shade. Are you OK? Reply YES {number} or NO "
            "{number}, or: {link}"
        ),
        owed_by="followup.CheckIn",
    ),
    "check_blackout": Words(
        text=_("The power is out. Keep warm, use a torch, no candles. Are you OK? {link}"),
        subject=_("The power is out. Are you OK?"),
        mail=_(
            "The power is out. Keep warm, use a torch rather than candles, and keep the fridge closed.\n\n"
            "Are you OK? Tell us with one tap:\n"
            "{link}\n\n"
            "If we hear nothing, someone from our team will call you, or someone will come to your door. "
            "Our number: {phone}"
        ),
        answer=_(
            "The power is out. Keep warm, no candles. Are you OK? Reply YES {number} or NO {number}, or: "
            "{link}"
        ),
        owed_by="followup.CheckIn",
    ),
    "check_flood": Words(
        text=_("After the flood: is it dry and warm where you are? Are you OK? {link}"),
        subject=_("After the flood: are you all right?"),
        mail=_(
            "There has been a flood in our neighbourhood. Wear gloves when you clean up, and do not go "
            "into a flooded cellar.\n\n"
            "Are you OK? Tell us with one tap:\n"
            "{link}\n\n"
            "If we hear nothing, someone from our team will call you, or someone will come to your door. "
            "Our number: {phone}"
        ),
        answer=_("After the flood: are you dry, warm and OK? Reply YES {number} or NO {number}, or: {link}"),
        owed_by="followup.CheckIn",
    ),
    "check_arrival": Words(
        text=_("How are you? Do you have somewhere to sleep this week, and everything you need? {link}"),
        subject=_("How are you, and do you have everything you need?"),
        mail=_(
            "You are new here, and we would like to know how you are.\n\n"
            "Do you have somewhere to sleep this week, and everything you need? Tell us with one tap:\n"
            "{link}\n\n"
            "If we hear nothing, someone from our team will call you, or someone will come to your door. "
            "Our number: {phone}"
        ),
        answer=_(
            "Do you have somewhere to sleep this week, and everything you need? Reply YES {number} or NO "
            "{number}, or: {link}"
        ),
        owed_by="followup.CheckIn",
    ),
    "check_missed": Words(
        text=_(
            "We asked {since} if you were OK and had no answer. No one called or came: we are sorry. How are "
            "you? {link} or {phone}"
        ),
        subject=_("No one called you or came to you, and we are sorry"),
        mail=_(
            "We asked {since} if you were OK, and had no answer. We had said that someone would call you or come "
            "to your door, and no one did. That was our fault, and we are sorry.\n\n"
            "How are you? Tell us with one tap:\n"
            "{link}\n\n"
            "Or call us: {phone}. In an emergency call 112."
        ),
        answer=_(
            "We asked {since} if you were OK and had no answer. No one called or came: we are sorry. Are you "
            "OK? Reply YES {number} or NO {number}, or call {phone}"
        ),
    ),
    "check_lockdown": Words(
        text=_("Are you OK, and do you have everything you need? {link}"),
        subject=_("Are you all right, and do you have everything you need?"),
        mail=_(
            "We are checking that everyone at home is all right.\n\n"
            "Are you OK, and do you have everything you need? Tell us with one tap:\n"
            "{link}\n\n"
            "If we hear nothing, someone from our team will call you, or someone will come to your door. "
            "Our number: {phone}"
        ),
        answer=_(
            "Are you OK, and do you have everything you need? Reply YES {number} or NO {number}, or: {link}"
        ),
        owed_by="followup.CheckIn",
    ),
}
