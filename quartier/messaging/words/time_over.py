"""What is said of help whose time is over, where more is known than that: a neighbour met nobody, one of us must see to
it first, or a ride is looked for at another hour. (A part of `circumstances`.)"""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

# A neighbour was at the door, or called, and met nobody: that no one could come would not be true.
NOT_MET: dict[str, Words] = {
    "missed_day": Words(
        text=_(
            "{What}: it did not work out with {name}, and we did not find another time. We are sorry. Our number: "
            "{phone}. {next}"
        ),
        subject=_("{What}: it did not work out this time"),
        mail=_(
            "{What}: it did not work out with {name}, and we did not find another time. We are sorry.\n\n"
            "You can always call us: {phone}. {next}"
        ),
    ),
    "still_needed": Words(
        text=_(
            "{What}: it did not work out with {name}. Still needed? Tell us {until}, or we will stop: {phone} "
            "or {link}"
        ),
        answer=_(
            "{What}: it did not work out with {name}. Still needed? Reply YES {number} or NO {number} {until}, "
            "or we will stop. {phone}"
        ),
        subject=_("Is it still needed? {What}"),
        mail=_(
            "{What}: it did not work out with {name}, and no one else has come. We are sorry.\n\n"
            "Is it still needed? Tell us {until}, and we will look for someone at once:\n"
            "{link}\n\n"
            "If we do not hear from you, we will stop looking. You can always ask again, or call us: "
            "{phone}"
        ),
    ),
}
# One of us reads it, or speaks with them, before neighbours are asked: none is looked for at once.
SEEN_BY_US: dict[str, Words] = {
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
            "Was it done, or is it still needed? Tell us {until}, and one of us will see to it:\n"
            "{link}\n\n"
            "If we do not hear from you, we will leave it at that. You can always ask again, or call us: "
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
            "Was it done, or is it still needed? Tell us {until}, and one of us will see to it:\n"
            "{link}\n\n"
            "If we do not hear from you, we will leave it at that. You can always ask again, or call us: "
            "{phone}"
        ),
    ),
}
# A ride that was missed: its window begins anew, and the hour that they had asked for is not in it any more.
AT_ANOTHER_HOUR: dict[str, Words] = {
    "offer": Words(
        text=_(
            "{What}, {where}, {distance}, {when}. It was for {former_hour}: agree on the new hour with them. Yes or "
            "no: {link}"
        ),
        subject=_("{What} for a neighbour, {where}, {when}"),
        mail=_(
            "A neighbour needs help.\n\n"
            "What: {what}\n"
            "Where: {where}, {distance}\n"
            "When: {when}\n\n"
            "It was for {former_hour} and did not work out. If you say yes, agree on the new hour with them.\n\n"
            "Yes or no, with one tap:\n"
            "{link}\n\n"
            "You are free to say no. Then we will ask someone else."
        ),
        answer=_(
            "{What}, {where}, {distance}, {when}. It was for {former_hour}: agree on the new hour. Reply YES "
            "{number} or NO {number}, or: {link}"
        ),
    ),
}
# They take back what nobody had come for by its time.
IN_VAIN: dict[str, Words] = {
    "withdrawn": Words(
        text=_(
            "Thank you. We are no longer looking: {what}. We are sorry we could not help this time. {phone}"
        ),
        subject=_("We are no longer looking: {what}"),
        mail=_(
            "Thank you for telling us. We are no longer looking: {what}.\n\n"
            "We are sorry that we could not help you this time. If you need us again, call {phone}."
        ),
    ),
}
# So of one day of a series that goes on: nobody should think that all of it is over.
ONE_DAY_IN_VAIN: dict[str, Words] = {
    "withdrawn": Words(
        text=_(
            "Thank you. We are no longer looking this time: {what}. We are sorry we could not help. The next ones "
            "are still planned. {phone}"
        ),
        subject=_("We are no longer looking: {what}"),
        mail=_(
            "Thank you for telling us. We are no longer looking this time: {what}.\n\n"
            "We are sorry that we could not help you. The next ones are still planned. If you need us before then, "
            "call {phone}."
        ),
    ),
}
