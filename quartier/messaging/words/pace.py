"""What is said while somebody is looked for, and when that has an end: at night, in between, after a missed visit."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

PACE: dict[str, Words] = {
    "received_night": Words(
        text=_("Noted. At night we wake nobody: we look {begins}. News {by}. Danger: 112. {link}"),
        subject=_("We have it, and look for someone {begins}"),
        mail=_(
            "We have it: {what}.\n\nAt night we wake none of our neighbours. We begin to look for someone near you "
            "{begins}, and you hear from us {by}, even if we have not found anyone yet.\n\nIf it cannot wait: in "
            "danger call 112. On your page stands who answers at night:\n{link}\n\nYour reference: {reference}"
        ),
        promises="news",
    ),
    "night_search": Words(
        text=_("Nobody yet. We go on looking {begins}. News {by}. Danger: 112. {link}"),
        subject=_("We go on looking {begins}"),
        mail=_(
            "Nobody could come yet: {what}.\n\nAt night we wake none of our neighbours. We go on looking {begins}, and "
            "you hear from us {by}.\n\nIf it cannot wait: in danger call 112. On your page stands who answers at "
            "night:\n{link}"
        ),
        promises="news",
    ),
    "still_looking": Words(
        text=_("{What}: we are still looking. Next news {by}. Our number: {phone}. {link}"),
        subject=_("{What}: we are still looking for someone"),
        mail=_(
            "{What}, {when}: we are still looking for someone.\n\nYou hear from us again {by}, or sooner if a "
            "neighbour says yes. You can also call us: {phone}\n\nYour page:\n{link}"
        ),
        promises="news",
    ),
    "regular_cannot": Words(
        text=_("{name} cannot come this time: {what}, {when}. We look for someone else. News {by}."),
        subject=_("{name} cannot come this time: {what}, {when}"),
        mail=_(
            "{name} cannot come this time: {what}, {when}.\n\nWe look for someone else and tell you who comes. You "
            "hear from us {by}, even if we have not found anyone yet.\n\nYour page:\n{link}"
        ),
        promises="news",
    ),
    "not_heard": Words(
        text=_("No word from {name}: we look for someone else. News {by}. {link}"),
        subject=_("We have not heard from {name}"),
        mail=_(
            "We have not heard from {name}, who was to help you {when}: {what}. So we look for someone else.\n\nYou "
            "hear from us {by}, even if we have not found anyone yet.\n\nIf {name} helped you after all, tell us "
            "here:\n{link}"
        ),
        promises="news",
    ),
    "not_met": Words(
        text=_("{name} came and found nobody. Our team looks after it. News {by}. {link}"),
        subject=_("{name} came and found nobody"),
        mail=_(
            "{name} came and found nobody: {what}.\n\nOne of our team looks after it, and you hear from us {by}.\n\n"
            "If it should be another time or another address, tell us here:\n{link}"
        ),
        promises="news",
    ),
    "not_reached": Words(
        text=_("{name} called and did not reach you. Our team looks after it. News {by}. {link}"),
        subject=_("{name} called and did not reach you"),
        mail=_(
            "{name} called and did not reach you.\n\nOne of our team looks after it, and you hear from us {by}.\n\n"
            "If it should be another time or another number, tell us here:\n{link}"
        ),
        promises="news",
    ),
    "visit_given_on": Words(
        text=_(
            "We have not heard from you, so we ask somebody else: {what}, {where}, planned {when}. If you went after "
            "all, call {phone}."
        ),
        subject=_("We look for somebody else: {what}, {when}"),
        mail=_(
            "We have not heard from you, so we look for somebody else: {what}, {where}, planned {when}. You need "
            "not go there any more.\n\nIf you went after all, call us: {phone}. Nobody blames you.\n\n{link}"
        ),
    ),
    "still_needed": Words(
        text=_("{What}: not done? We are sorry. Still needed? Tell us {until}, or we stop: {link}"),
        subject=_("Is it still needed? {What}"),
        mail=_(
            "The time for this is over: {what}. If it was not done, we are sorry.\n\nWas it done, or is it still "
            "needed? Tell us {until}, and we look for someone again at once:\n{link}\n\nIf we do not hear from you, "
            "we stop looking. You can always ask again, or call us: {phone}"
        ),
    ),
    "still_needed_named": Words(
        text=_("Did {name} help you: {what}? If not, we are sorry. Tell us {until}: {link}"),
        subject=_("Did {name} help you? {What}"),
        mail=_(
            "{name} was to help you and has not told us how it went: {what}. If it was not done, we are sorry.\n\nWas "
            "it done, or is it still needed? Tell us {until}, and we look for someone at once:\n{link}\n\nIf we do not "
            "hear from you, we stop looking. You can always ask again, or call us: {phone}"
        ),
    ),
    "closed_unanswered": Words(
        text=_("We did not hear from you, so we stop looking: {what}. Still needed? Call {phone} or: {link}"),
        subject=_("We stop looking: {what}"),
        mail=_(
            "We asked whether it is still needed and did not hear from you, so we stop looking: {what}.\n\nIs it "
            "still needed? Then tell us, we are glad to look again: call {phone}, or ask on your page:\n{link}"
        ),
    ),
}
