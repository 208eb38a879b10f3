"""What is said while somebody is looked for, and when that has an end: at night, in between, after a missed visit."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

PACE: dict[str, Words] = {
    "received_night": Words(
        text=_("Thank you. We start looking {begins}. News {by}. Emergency: 112. {link}"),
        subject=_("Thank you: we will look for someone {begins}"),
        mail=_(
            "Thank you, we have received it: {what}.\n\n"
            "We do not wake our neighbours at night. We will start looking for someone near you {begins}, "
            "and you will hear from us {by}, even if we have not found anyone yet.\n\n"
            "If it cannot wait: in an emergency call 112. Your page says who answers at night:\n"
            "{link}\n\n"
            "Your reference: {reference}"
        ),
        promises="news",
    ),
    "night_search": Words(
        text=_("No one yet. We go on looking {begins}. News {by}. Emergency: 112. {link}"),
        subject=_("We will go on looking {begins}"),
        mail=_(
            "No one could come yet: {what}.\n\n"
            "We do not wake our neighbours at night. We will go on looking {begins}, and you will hear "
            "from us {by}.\n\n"
            "If it cannot wait: in an emergency call 112. Your page says who answers at night:\n"
            "{link}"
        ),
        promises="news",
    ),
    "still_looking": Words(
        text=_("{What}: {looking}. Next news {by}. Our number: {phone}. {link}"),
        subject=_("{What}: we are still looking for someone"),
        mail=_(
            "{What}, {when}: we are still looking for someone.\n\n"
            "{asked}You will hear from us again {by}, or sooner if a neighbour says yes. You can also call "
            "us: {phone}\n\n"
            "Your page:\n"
            "{link}"
        ),
        promises="news",
    ),
    "regular_cannot": Words(
        text=_(
            "{name} cannot come this time: {what}, {when}. We are looking for someone else. You will hear "
            "from us {by}."
        ),
        subject=_("{name} cannot come this time: {what}, {when}"),
        mail=_(
            "{name} cannot come this time: {what}, {when}.\n\n"
            "We are looking for someone else and will tell you who is coming. You will hear from us {by}, "
            "even if we have not found anyone yet.\n\n"
            "Your page:\n"
            "{link}"
        ),
        promises="news",
    ),
    "regular_unheard": Words(
        text=_(
            "No word lately from {name}: {what}, {when}. If {name} does not say yes soon, we will ask others. "
            "News {by}."
        ),
        subject=_("We are asking {name} first: {what}, {when}"),
        mail=_(
            "{name} usually comes, but we have not heard from {name} the last few times. So we are asking "
            "{name} first: {what}, {when}.\n\n"
            "If {name} does not say yes soon, we will ask other neighbours and tell you who is coming. You will "
            "hear from us {by}, even if we have not found anyone yet.\n\n"
            "Your page:\n"
            "{link}"
        ),
        promises="news",
    ),
    "not_heard": Words(
        text=_("No word from {name}: we are looking for someone else. You will hear from us {by}. {link}"),
        subject=_("We have not heard from {name}"),
        mail=_(
            "We have not heard from {name}, who was due to help you {when}: {what}. So we are looking for "
            "someone else.\n\n"
            "You will hear from us {by}, even if we have not found anyone yet.\n\n"
            "If {name} helped you after all, tell us here:\n"
            "{link}"
        ),
        promises="news",
    ),
    "not_met": Words(
        text=_(
            "{name} came to your door and had no answer. Were you in? Tell us: {link} You will hear from "
            "us {by}."
        ),
        subject=_("{name} came to your door and had no answer"),
        mail=_(
            "{name} came to your door and had no answer: {what}.\n\n"
            "Our team is dealing with it, and you will hear from us {by}.\n\n"
            "If it should be another time or another address, tell us here:\n"
            "{link}"
        ),
        promises="news",
    ),
    "not_reached": Words(
        text=_("{name} could not reach you. We are dealing with it. You will hear from us {by}. {link}"),
        subject=_("{name} called and did not reach you"),
        mail=_(
            "{name} called and did not reach you.\n\n"
            "Our team is dealing with it, and you will hear from us {by}.\n\n"
            "If it should be another time or another number, tell us here:\n"
            "{link}"
        ),
        promises="news",
    ),
    "visit_given_on": Words(
        text=_(
            "We have not heard from you, so we are asking someone else: {what}, {where}, planned {when}. "
            "If you went after all, call {phone}."
        ),
        subject=_("We are looking for someone else: {what}, {when}"),
        mail=_(
            "We have not heard from you, so we are looking for someone else: {what}, {where}, planned "
            "{when}. You no longer need to go.\n\n"
            "If you went after all, call us: {phone}. These things happen.\n\n"
            "{link}"
        ),
    ),
    "call_given_on": Words(
        text=_(
            "We have not heard from you, so we are asking someone else: {what}, planned {when}. If you "
            "called after all, call {phone}."
        ),
        subject=_("We are looking for someone else: {what}, {when}"),
        mail=_(
            "We have not heard from you, so we are looking for someone else: {what}, planned {when}. You "
            "no longer need to call.\n\n"
            "If you called after all, tell us: {phone}. These things happen.\n\n"
            "{link}"
        ),
    ),
    "told_too_late": Words(
        text=_(
            "Our message reached {name} too late, and that is our fault. We are looking for someone else. "
            "You will hear from us {by}."
        ),
        subject=_("We are looking for someone else"),
        mail=_(
            "{name} was due to help you {when}: {what}. Our message reached {name} too late, and that is "
            "our fault.\n\n"
            "We are already looking for someone else. You will hear from us {by}, even if we have not "
            "found anyone yet.\n\n"
            "Your page:\n"
            "{link}"
        ),
        promises="news",
    ),
    "missed_day": Words(
        text=_(
            "{What}: no one could come, and we are sorry. The next time is still planned. Our number: {phone}"
        ),
        subject=_("{What}: no one could come"),
        mail=_(
            "{What}: no one could come, and we are sorry.\n\n"
            "The next time is still planned. You can always call us: {phone}"
        ),
    ),
    "given_up": Words(
        text=_(
            "{What}: we did not manage, and are stopping here. We are sorry. {advice}Still needed? {phone} "
            "or: {link}"
        ),
        subject=_("We did not manage to help you, and we are sorry"),
        mail=_(
            "We did not manage to help you: {what}. That was our fault and not yours, and we are sorry.\n\n"
            "{advice}So that you do not go on waiting for us, we are stopping here.\n\n"
            "Is it still needed? Call {phone}, or ask again on your page, and we will start at once:\n"
            "{link}"
        ),
    ),
    "given_up_unread": Words(
        text=_(
            "{What}: we did not deal with it, and stop here. We are sorry. {advice}Still needed? {phone} "
            "or: {link}"
        ),
        subject=_("We did not deal with what you asked, and we are sorry"),
        mail=_(
            "We did not deal with what you asked: {what}. That was our fault and not yours, and we are "
            "sorry.\n\n"
            "{advice}So that you do not go on waiting for us, we are stopping here.\n\n"
            "Is it still needed? Call {phone}, or ask again on your page, and we will start at once:\n"
            "{link}"
        ),
    ),
    "still_needed": Words(
        text=_(
            "{What}: still needed? Tell us {until}, or we will stop: {phone} or {link} If it was not done, "
            "we are sorry."
        ),
        answer=_(
            "{What}: still needed? Reply YES {number} or NO {number} {until}, or we will stop. If it was "
            "not done, we are sorry. {phone}"
        ),
        subject=_("Is it still needed? {What}"),
        mail=_(
            "The time for this has passed: {what}. If it was not done, we are sorry.\n\n"
            "Was it done, or is it still needed? Tell us {until}, and we will look for someone at once:\n"
            "{link}\n\n"
            "If we do not hear from you, we will stop looking. You can always ask again, or call us: "
            "{phone}"
        ),
    ),
    "still_needed_uncalled": Words(
        text=_(
            "We were due to call you and did not: sorry. {What}: still needed? Tell us {until}, or we will "
            "stop: {phone} or {link}"
        ),
        answer=_(
            "We were due to call and did not: sorry. {What}: still needed? Reply YES {number} or NO "
            "{number} {until}, or we will stop. {phone}"
        ),
        subject=_("We did not call you: {what}"),
        mail=_(
            "We were due to call you and did not. We are sorry. The time for this has passed: {what}.\n\n"
            "Was it done, or is it still needed? Tell us {until}, and we will look for someone at once:\n"
            "{link}\n\n"
            "If we do not hear from you, we will stop looking. You can always ask again, or call us: "
            "{phone}"
        ),
    ),
    "still_needed_named": Words(
        text=_(
            "Did {name} help you: {what}? If not, we are sorry. Tell us {until}, or we will stop: {phone} "
            "or {link}"
        ),
        answer=_(
            "Did {name} help you: {what}? Reply YES {number} or NO {number} {until}. If no, we will look "
            "for someone; without a reply we stop. {phone}"
        ),
        subject=_("Did {name} help you? {What}"),
        mail=_(
            "{name} was due to help you and has not told us how it went: {what}. If it was not done, we "
            "are sorry.\n\n"
            "Was it done, or is it still needed? Tell us {until}, and we will look for someone at once:\n"
            "{link}\n\n"
            "If we do not hear from you, we will stop looking. You can always ask again, or call us: "
            "{phone}"
        ),
    ),
    "closed_unanswered": Words(
        text=_("We had no answer, so we leave it at that: {what}. Still needed? Call {phone} or: {link}"),
        subject=_("We leave it at that: {what}"),
        mail=_(
            "We asked whether it is still needed and did not hear from you, so we leave it at that: "
            "{what}.\n\n"
            "Is it still needed? Then tell us, and we will gladly look again: call {phone}, or ask on your "
            "page:\n"
            "{link}"
        ),
    ),
}
