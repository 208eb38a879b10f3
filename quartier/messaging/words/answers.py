"""What is answered to those who have written to us."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

ANSWERS: dict[str, Words] = {
    "reply_yours": Words(
        text=_("You are down to go, thank you. Everything is here: {link}"),
        subject=_("You are down to go, thank you"),
    ),
    "reply_no": Words(
        text=_("Thank you for telling us. We will ask someone else."),
        subject=_("Thank you for your answer"),
    ),
    "reply_covered": Words(
        text=_("Thank you, someone else is already going."),
        subject=_("Someone else is already going"),
    ),
    "reply_over": Words(
        text=_("Thank you, it is no longer needed."),
        subject=_("It is no longer needed"),
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
    "reply_expected": Words(
        text=_("You are still expected. If you cannot go, tell us: {link} Our team will also read this."),
        subject=_("You are still expected"),
        owed_by="conversation.ToRead",
    ),
    "reply_which": Words(
        text=_("Which one? Reply YES or NO with its number. {offers}"),
        subject=_("Which one?"),
    ),
    "reply_hour": Words(
        text=_("{What}, {when}: at what time? Reply YES {number} and the time, or: {link}"),
        subject=_("At what time will you come?"),
    ),
    "reply_sure": Words(
        text=_(
            "{What}, {when}: can we count on you? Reply YES {number} or NO {number}. "
            "We also read what you wrote."
        ),
        subject=_("Can we count on you?"),
    ),
    "reply_cancel": Words(
        text=_(
            "Nothing is cancelled yet. What do you no longer need? Choose here: {link} "
            "Someone from our team will also read this."
        ),
        subject=_("Nothing is cancelled yet"),
        owed_by="conversation.ToRead",
    ),
    "reply_unknown": Words(
        text=_("We do not know the number {number}. Look at our message again, or call us: {phone}"),
        subject=_("We do not know this number"),
    ),
    "step_on_way": Words(
        text=_("Thank you. You are on your way, and we will tell the person waiting for you. {link}"),
        subject=_("You are on your way"),
    ),
    "step_done": Words(
        text=_("Thank you, it is marked as done. A mistake? For half an hour you can undo it here: {link}"),
        subject=_("Thank you, it is marked as done"),
    ),
    "step_early_on_way": Words(
        text=_("{What}, {when}: are you leaving already? Reply YES {number}. We have not told anyone yet."),
        subject=_("Are you leaving now already?"),
    ),
    "step_early_done": Words(
        text=_("{What}, {when}: is it done already? Reply YES {number}. We have not told anyone yet."),
        subject=_("Is it done already?"),
    ),
    "step_not_yet": Words(
        text=_("All right. Nothing changes, it stays as agreed: {what}, {when}."),
        subject=_("Nothing changes"),
    ),
    "step_which": Words(
        text=_("Which one? Send it again with its number. {offers}"),
        subject=_("Which one?"),
    ),
    "step_noted": Words(
        text=_("We already know that you are on your way. What is next: {link}"),
        subject=_("You have already told us"),
    ),
    "step_page": Words(
        text=_("We cannot take this from a message. You can do it here: {link}"),
        subject=_("Please tell us on the page of the visit"),
    ),
    "appeal_yes": Words(
        text=_("Thank you for telling us. You can undo it here: {link}"),
        subject=_("Thank you, we have your answer"),
    ),
    "appeal_no": Words(
        text=_("Thank you for telling us. Nothing changes for you."),
        subject=_("Thank you for your answer"),
    ),
    "appeal_break": Words(
        text=_(
            "You are on a break. We will not ask you for anything until you say that you are back: {link}"
        ),
        subject=_("You are on a break"),
    ),
    "appeal_over": Words(
        text=_("Thank you. This has ended, and nothing changes for you."),
        subject=_("This has ended, thank you"),
    ),
    "missed_call": Words(
        text=_(
            "{organisation}: we saw that you called. We will call you back, or simply reply to this text."
        ),
        subject=_("We saw that you called"),
        owed_by="telephony.Callback",
    ),
    "write_to_us": Words(
        text=_(
            "This is {organisation}. Reply to this text and tell us what you need. In an emergency, call 112."
        ),
        subject=_("Write to us"),
    ),
    "heard": Words(
        text=_(
            "Thank you for your message. Someone from our team will read it. If it is urgent, call "
            "{phone}; in an emergency, 112"
        ),
        subject=_("Thank you for your message"),
        owed_by="conversation.ToRead",
    ),
    "danger_numbers": Words(
        text=_("We have read this and are telling our team now. If someone is in danger, call: {numbers}"),
        subject=_("We are telling our team now"),
        owed_by="alerts.Alert",
    ),
    "who_are_you": Words(
        text=_(
            "Thank you for your message. Who is this, and how can we help? Reply here or call us: {phone}. "
            "In an emergency, call 112."
        ),
        subject=_("Who is this, and how can we help?"),
    ),
    "relay": Words(
        text=_("{name} writes: {words}"),
        subject=_("{name} writes to you"),
        mail=_(
            "{name} writes:\n\n{words}\n\nReply to this email, or answer on your page. {name} does not see your "
            "address.\n{link}"
        ),
    ),
    "relay_call": Words(
        text=_("We do not know who this is for. Call us and we will pass it on: {phone}"),
        subject=_("We do not know who this is for"),
    ),
    "stopped": Words(
        text=_("You will get no more messages from us. Reply START to get them again."),
        subject=_("You will get no more messages from us"),
    ),
    "stop_alone": Words(
        text=_(
            "Someone from our team will read this. To get no more messages at all from us, reply STOP and "
            "nothing else."
        ),
        subject=_("Someone from our team will read this"),
        owed_by="conversation.ToRead",
    ),
    "started": Words(
        text=_("You will hear from us again. Reply STOP to end it."),
        subject=_("You will hear from us again"),
    ),
    "still_stopped": Words(
        text=_(
            "You asked us to stop messaging you. Reply START to get our messages again, or call us: {phone}"
        ),
        subject=_("You asked us to stop messaging you"),
    ),
    "page_again": Words(
        text=_("Here is the link to your page. Keep it to yourself: {link}"),
        subject=_("The link to your page"),
        mail=_(
            "Here is the link to your page. Keep it to yourself: anyone who has it can see the page.\n\n"
            "If you did not ask for it, you need not do anything.\n\n"
            "Your page:\n"
            "{link}"
        ),
    ),
    "said": Words(
        text=_("{organisation}: {words}"),
        subject=_("A message from {organisation}"),
        mail=_("{words}\n\nYou can reply to this email, or call us: {phone}"),
    ),
}
