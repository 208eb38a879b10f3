"""The same where it is said in other circumstances: a neighbour knocks because somebody does not answer us, somebody
has complained, something has lasted. Only our own words differ; what a group writes itself goes to all."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.answers import ANSWERS
from quartier.messaging.words.form import Words
from quartier.messaging.words.time_over import AT_ANOTHER_HOUR, IN_VAIN, NOT_MET, ONE_DAY_IN_VAIN, SEEN_BY_US

# Values of `kind` that are no kind of help (`saying.ERRANDS`). Of a complaint the team reads other words than whoever
# made it.
KNOCK, COMPLAINT, COMPLAINT_FOR_TEAM = "knock", "complaint", "complaint_for_team"
# The mark of an offer that is not the first one for the same person.
SAME = "same"

FOR_A_KNOCK: dict[str, Words] = {
    "offer": Words(
        text=_(
            "Someone near you is not answering us. Could you go to their door? {where}, {distance}, "
            "{when}. Yes or no: {link}"
        ),
        subject=_("Could you go to a door near you? {where}, {when}"),
        mail=_(
            "We asked someone near you whether they are OK, and have had no answer.\n\n"
            "Could you go to their door and ask?\n\n"
            "Where: {where}, {distance}\n"
            "When: {when}\n\n"
            "Yes or no, with one tap:\n"
            "{link}\n\n"
            "You are free to say no. Then we will ask someone else."
        ),
        answer=_(
            "Could you go to a door? Someone is not answering us. {where}, {distance}, {when}. Reply YES "
            "{number} or NO {number}, or: {link}"
        ),
    ),
    "someone_comes": Words(
        text=_(
            "{name} is coming {when} to check that all is well: we had no answer from you. Code word: "
            "{word}. {link}"
        ),
        subject=_("{name} is coming {when} to check that all is well"),
        mail=_(
            "We asked whether you are OK, and had no answer from you. So {name} is coming {when} to see.\n\n"
            "Code word: {word}. {name} says it at the door.\n\n"
            "If all is well, tell us: {phone}. Then no one need come.\n\n"
            "We will never ask for your bank card or your PIN.\n\n"
            "Your page:\n"
            "{link}"
        ),
    ),
    "helped": Words(
        text=_(
            "{name} came to your door, as we had no answer from you. If you need anything: {phone} or {link}"
        ),
        subject=_("{name} came to your door"),
        mail=_(
            "{name} came to your door, as we had no answer from you.\n\n"
            "Do you need anything, or would you like to talk to someone? Call us: {phone}, or tell us here:\n"
            "{link}"
        ),
    ),
}
AFTER_A_COMPLAINT: dict[str, Words] = {
    "given_up": Words(
        text=_(
            "You told us that something was wrong after a visit. No one answered: we are sorry. Our team leaders "
            "have it. To talk about it: {phone} or {link}"
        ),
        subject=_("We did not answer what you told us, and we are sorry"),
        mail=_(
            "You told us that something was wrong after a visit. None of us has answered you. That was our "
            "fault, and we are sorry.\n\n"
            "So that you do not go on waiting for us, we are stopping here. What you told us stays with "
            "the head of our team.\n\n"
            "Would you like to talk to someone about it? Call {phone}, or write it on your page:\n"
            "{link}"
        ),
    ),
}
# One day of a series that goes on: nobody should think that all of it is over.
ONE_DAY = Words(
    text=_(
        "{What}: we failed you, and we are sorry. Only this time ends here; the next ones are still planned. "
        "{phone} or: {link}"
    ),
    subject=_("{What}: we failed you this time, and we are sorry"),
    mail=_(
        "{What}: we did not manage it this time. That was our fault and not yours, and we are sorry.\n\n"
        "Only this time ends here. The next ones are still planned.\n\n"
        "Is this one still needed? Call {phone}, or ask again on your page:\n"
        "{link}"
    ),
)
ONE_DAY_OF_MANY: dict[str, Words] = dict.fromkeys(["given_up", "given_up_unread"], ONE_DAY)
THE_NEXT_IS_KNOWN: dict[str, Words] = {
    "missed_day": Words(
        text=_("{What}: no one could come, and we are sorry. {next} Our number: {phone}"),
        subject=_("{What}: no one could come"),
        mail=_("{What}: no one could come, and we are sorry.\n\n{next}\n\nYou can always call us: {phone}"),
    ),
}
# The first word about a lateness, where the next hour may be too late for them.
WITH_ADVICE: dict[str, Words] = {
    "late_call": Words(
        text=_(
            "We said we would call you by now, and have not. We are sorry. {advice}Do not wait for us: call "
            "{phone}. Someone from our team will call you {by}."
        ),
        subject=_("We have not called you yet, and we are sorry"),
        mail=_(
            "We said we would call you by now, and have not. We are sorry. {advice}Do not wait for us: call "
            "{phone}.\n\n"
            "Someone from our team will call you {by}."
        ),
        promises="call",
    ),
    "late_news": Words(
        text=_(
            "We said you would hear from us by now, and have nothing new yet. We are sorry. {advice}Do not wait "
            "for us: call {phone}. You will hear from us {by}."
        ),
        subject=_("We have nothing new yet, and we are sorry"),
        mail=_(
            "We said you would hear from us by now, and have nothing new yet. We are sorry. {advice}Do not wait "
            "for us: call {phone}.\n\n"
            "You will hear from us {by}."
        ),
        promises="news",
    ),
}
# Help that came again ends: what is cancelled is not one visit.
ALL_TIMES: dict[str, Words] = {
    "withdrawn": Words(
        text=_("The regular help has ended: {what}. If you need us again, call {phone}."),
        subject=_("The regular help has ended: {what}"),
        mail=_("The regular help has ended: {what}.\n\nIf you need us again, call {phone}."),
    ),
}
# It is the reader's own: "Thomas is dealing with it" would seem to mean somebody else.
OWNER_WORDS: dict[str, Words] = {
    "after_bad": Words(
        text=_("Someone was not happy after a visit: {what}, {where}. This one is yours. {link}"),
        subject=_("Someone was not happy after a visit, and this one is yours: {what}, {where}"),
        mail=_(
            "Someone we helped says that something is wrong: {what}, {where}.\n\n"
            "This one is yours: please call them, or write where we have no number. The request:\n"
            "{link}"
        ),
    ),
}
# Whoever was asked whether they are well, and has not answered yet.
STILL_WELL = Words(
    text=_(
        "We have not heard from you. Are you OK? {link} If we hear nothing, we will call you or someone will "
        "come to your door. Emergency: 112"
    ),
    subject=_("We have not heard from you. Are you OK?"),
    mail=_(
        "We asked you if you are OK, and have not heard from you.\n\n"
        "Are you OK? Tell us with one tap:\n"
        "{link}\n\n"
        "If we hear nothing, someone from our team will call you, or someone will come to your door. In an "
        "emergency call 112. Our number: {phone}"
    ),
    answer=_(
        "We have not heard from you. Are you OK? Reply YES {number} or NO {number}. If we hear nothing, we "
        "will call or someone will come. Emergency: 112"
    ),
    owed_by="followup.CheckIn",
)
ASKED_ONCE_MORE: dict[str, Words] = dict.fromkeys(
    ["check_heat", "check_blackout", "check_flood", "check_arrival", "check_lockdown"], STILL_WELL
)
LASTING: dict[str, Words] = {
    "check_unreached": Words(
        text=_("Still not reached, please decide today who goes: {ladder}. {link}"),
        subject=_("Still not reached: {names}"),
        mail=_(
            "{occasion}, and for more than a day no one has been reached here:\n\n"
            "{ladder}.\n\n"
            "Please decide today who calls and who goes. If you fear for someone’s life, call 112:\n"
            "{link}"
        ),
    ),
    "concern_danger": Words(
        text=_(
            "No one is dealing yet with a danger that someone reported {when}. Please read it now: {link}"
        ),
        subject=_("No one is dealing with a danger yet"),
        mail=_(
            "Someone raised a concern {when} and says there is danger. No one is dealing with it yet.\n\n"
            "Read it now, and say that you have it:\n"
            "{link}"
        ),
    ),
    "companion_uncalled": Words(
        text=_(
            "It seems your call {when} was missed again. That is not right, and we are sorry. Please call "
            "us: {phone}"
        ),
        subject=_("It seems your call was missed again"),
    ),
    "companion_missed": Words(
        text=_(
            "Several calls in a row may not have happened, the last {when}. Please see to it soon: {link}"
        ),
        subject=_("Several calls in a row may not have happened"),
    ),
}
# Whoever comes each time was silent the last times: asked, and not counted on.
ASKED_FIRST: dict[str, Words] = {
    "offer": Words(
        text=_("Are you coming this time? {What}, {where}, {distance}, {when}. Yes or no: {link}"),
        subject=_("Are you coming this time? {What}, {when}"),
        mail=_(
            "You usually come, and we did not hear from you the last few times. We’ll count on you only if "
            "you say yes.\n\n"
            "What: {what}\n"
            "Where: {where}, {distance}\n"
            "When: {when}\n\n"
            "Are you coming this time? Yes or no, with one tap:\n"
            "{link}\n\n"
            "You are free to say no. Then we will ask someone else."
        ),
        answer=_(
            "Are you coming this time? {What}, {where}, {distance}, {when}. Reply YES {number} or NO "
            "{number}, or: {link}"
        ),
    ),
}
# So late that neighbours are asked in the morning only: "already" would not be true.
IN_THE_MORNING = Words(
    text=_(
        "{name} cannot make it {when} after all. We will look for someone else {begins}. You will hear "
        "from us {by}."
    ),
    subject=_("{name} cannot make it {when} after all"),
    mail=_(
        "{name} cannot make it {when} after all.\n\n"
        "We do not disturb our neighbours this late. We will look for someone else {begins}, and you will "
        "hear from us {by}, even if we have not found anyone yet.\n\n"
        "Your page:\n"
        "{link}"
    ),
    promises="news",
)
# Help by telephone. Whoever asked for somebody else hears of that one's call.
BY_PHONE: dict[str, Words] = {
    "helped": Words(
        text=_("{name} says that you have spoken on the phone. If anything is wrong, tell us: {link}"),
        subject=_("You have spoken to {name}"),
        mail=_(
            "{name} says that you have spoken on the phone.\n\nIf anything is wrong, tell us here:\n{link}"
        ),
    ),
}
BY_PHONE_FOR_ANOTHER: dict[str, Words] = {
    "helped": Words(
        text=_(
            "{name} says that they have spoken to {for_whom} on the phone. If anything is wrong, tell us: "
            "{link}"
        ),
        subject=_("{name} has spoken to {for_whom}"),
        mail=_(
            "{name} says that they have spoken to {for_whom} on the phone.\n\n"
            "If anything is wrong, tell us here:\n"
            "{link}"
        ),
    ),
}
# The hour of the next one is known: when it is looked for again, or the next regular call.
WITH_THE_NEXT_HOUR: dict[str, Words] = {
    **dict.fromkeys(["looking_again", "caller_cannot"], IN_THE_MORNING),
    "companion_uncalled": Words(
        text=_(
            "Your call {when} may not have happened. We are sorry. Next call: {begins}. To talk to someone: "
            "{phone}"
        ),
        subject=_("Your call may not have happened"),
    ),
}

# A notification, and a text of whose answer we would never hear.
ANSWER_ON_PAGE: dict[str, Words] = {
    "relay": Words(
        text=_("{name} writes: {words} Answer: {link}"),
        subject=ANSWERS["relay"].subject,
        mail=ANSWERS["relay"].mail,
    ),
}
# The hour of what was asked has passed: "nothing new yet" would sound as if somebody could still come for it.
OUT_OF_TIME: dict[str, Words] = {
    "waits_call": Words(
        text=_(
            "We did not manage it in time: {what}. We are sorry. Someone from our team will call you {by}. "
            "Our number: {phone}"
        ),
        subject=_("We did not manage it in time: {what}"),
        mail=_(
            "We did not manage it in time: {what}. We are sorry.\n\n"
            "Someone from our team will call you {by}. You can also call us: {phone}"
        ),
        promises="call",
    ),
    "waits_news": Words(
        text=_(
            "We did not manage it in time: {what}. We are sorry. You will hear from us {by}. "
            "Our number: {phone}"
        ),
        subject=_("We did not manage it in time: {what}"),
        mail=_(
            "We did not manage it in time: {what}. We are sorry.\n\n"
            "You will hear from us {by}. You can also call us: {phone}"
        ),
        promises="news",
    ),
}
# Broken for days: the same sentence each day would be no word at all. It says since when they wait.
FOR_DAYS: dict[str, Words] = {
    "late_call_again": Words(
        text=_(
            "You have waited {waited}, since {since}, and we have still not called. We are sorry. {advice}Do "
            "not wait for us: call {phone}. Someone from our team will call you {by}."
        ),
        subject=_("You have waited {waited} and we have not called: we are sorry"),
        mail=_(
            "You have waited {waited}, since {since}, and we have still not called you. That is our fault, "
            "and we are sorry. {advice}Do not wait for us: call {phone}.\n\n"
            "Someone from our team will call you {by}."
        ),
        promises="call",
    ),
    "late_news_again": Words(
        text=_(
            "You have waited {waited}, since {since}, and we still have no news. We are sorry. {advice}Do "
            "not wait for us: call {phone}. You will hear from us {by}."
        ),
        subject=_("You have waited {waited} and we have no news: we are sorry"),
        mail=_(
            "You have waited {waited}, since {since}, and we still have no news for you. That is our fault, "
            "and we are sorry. {advice}Do not wait for us: call {phone}.\n\n"
            "You will hear from us {by}."
        ),
        promises="news",
    ),
}

CIRCUMSTANCES: tuple[tuple[Callable[[Mapping[str, Any]], bool], dict[str, Words]], ...] = (
    (lambda values: values.get("kind") == KNOCK, FOR_A_KNOCK),
    (lambda values: values.get("kind") == COMPLAINT, AFTER_A_COMPLAINT),
    (lambda values: bool(values.get("goes_on")), ONE_DAY_OF_MANY),
    (lambda values: bool(values.get("not_met")), NOT_MET),
    (lambda values: bool(values.get("by_us")), SEEN_BY_US),
    (lambda values: bool(values.get("next_day")), THE_NEXT_IS_KNOWN),
    (lambda values: "advice" in values, WITH_ADVICE),
    (lambda values: bool(values.get("each_time")), ALL_TIMES),
    (lambda values: bool(values.get("in_vain") and values.get("next_stay")), ONE_DAY_IN_VAIN),
    (lambda values: bool(values.get("in_vain")), IN_VAIN),
    (lambda values: bool(values.get("yours")), OWNER_WORDS),
    (lambda values: bool(values.get("asked_once_more")), ASKED_ONCE_MORE),
    (lambda values: bool(values.get("still")), LASTING),
    (lambda values: bool(values.get("usual")), ASKED_FIRST),
    (lambda values: bool(values.get("former_hour")), AT_ANOTHER_HOUR),
    (lambda values: bool(values.get("answer_on_page")), ANSWER_ON_PAGE),
    (lambda values: bool(values.get("begins")), WITH_THE_NEXT_HOUR),
    (lambda values: bool(values.get("out_of_time")), OUT_OF_TIME),
    (lambda values: bool(values.get("since")), FOR_DAYS),
    (lambda values: bool(values.get("by_phone") and values.get("for_whom")), BY_PHONE_FOR_ANOTHER),
    (lambda values: bool(values.get("by_phone")), BY_PHONE),
)
