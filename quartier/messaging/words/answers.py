"""What is answered to those who have written to us."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

ANSWERS: dict[str, Words] = {
    "reply_yours": Words(
        text=_("You are going, it is noted. Everything is here: {link}"),
        subject=_("You are going, it is noted"),
    ),
    "reply_no": Words(
        text=_("It is noted, thank you. We ask somebody else."),
        subject=_("It is noted, thank you"),
    ),
    "reply_covered": Words(
        text=_("Thank you, someone else is already going."),
        subject=_("Someone else is already going"),
    ),
    "reply_over": Words(
        text=_("Thank you, it is not needed any more."),
        subject=_("It is not needed any more"),
    ),
    "reply_full": Words(
        text=_(
            "You have as many visits as you wanted, or you are on a break. You can change it here: {link}"
        ),
        subject=_("Not possible just now"),
    ),
    "reply_said_yes": Words(
        text=_("You had said yes to this one. If you cannot go after all, tell us here: {link}"),
        subject=_("You had said yes"),
    ),
    "reply_which": Words(
        text=_("For which one? Answer YES or NO with its number. {offers}"),
        subject=_("For which one?"),
    ),
    "reply_unknown": Words(
        text=_("We do not know the number {number}. Look at our message again, or call us: {phone}"),
        subject=_("We do not know this number"),
    ),
    "appeal_yes": Words(
        text=_("Thank you, it is noted. You can take it back here: {link}"),
        subject=_("Thank you, it is noted"),
    ),
    "appeal_no": Words(
        text=_("It is noted, thank you. Nothing changes for you."),
        subject=_("It is noted, thank you"),
    ),
    "appeal_break": Words(
        text=_("You are on a break. We ask you nothing until you say that you are back: {link}"),
        subject=_("You are on a break"),
    ),
    "appeal_over": Words(
        text=_("Thank you. This is over, nothing changes for you."),
        subject=_("This is over, thank you"),
    ),
    "missed_call": Words(
        text=_("We saw your call to {organisation}. We call you back, or simply answer this text."),
        subject=_("We saw your call"),
        owed_by="telephony.Callback",
    ),
    "write_to_us": Words(
        text=_("Here is {organisation}. Answer this text and tell us what you need. In danger, call 112."),
        subject=_("Write to us"),
    ),
    "heard": Words(
        text=_("Thank you, we have your message. One of our team reads it. If it is urgent, call {phone}"),
        subject=_("We have your message"),
        owed_by="conversation.ToRead",
    ),
    "danger_numbers": Words(
        text=_("We have read this, and one of us is told now. If somebody is in danger, call: {numbers}"),
        subject=_("One of us is told now"),
        owed_by="alerts.Alert",
    ),
    "who_are_you": Words(
        text=_("Who are you, and what can we do for you? Answer here, or call us: {phone}"),
        subject=_("Who are you, and what can we do for you?"),
    ),
    "relay": Words(
        text=_("{name} writes: {words}"),
        subject=_("{name} writes to you"),
    ),
    "relay_call": Words(
        text=_("We do not know whom this is for. Call us, and we pass it on: {phone}"),
        subject=_("We do not know whom this is for"),
    ),
    "stopped": Words(
        text=_("Nothing more comes from us. START to begin again."),
        subject=_("Nothing more comes from us"),
    ),
    "started": Words(
        text=_("You will hear from us again. STOP to end it."),
        subject=_("You will hear from us again"),
    ),
    "still_stopped": Words(
        text=_(
            "You had asked us to write nothing more. START if we may again. You can also call us: {phone}"
        ),
        subject=_("You had asked us to write nothing more"),
    ),
    "said": Words(
        text=_("{organisation}: {words}"),
        subject=_("A word from {organisation}"),
        mail=_("{words}\n\nYou can answer this mail, or call us: {phone}"),
    ),
}
