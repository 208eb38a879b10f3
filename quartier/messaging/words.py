"""What our messages say. One short text, one mail; both in the language of who reads them.

Values in braces come ready to read: `saying` turns times, distances and kinds of help into words first; {What}
is {what} with a capital letter. Times, places and numbers come first in a text, one thing a message, without
letters that double its price where a language can do without them (`lib.sms`).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """`text` for a phone; `subject` and `mail` for a mailbox (`mail` empty: the text is enough). `answer`: instead of
    `text` where it can be answered with a {number}."""

    text: str | Promise
    subject: str | Promise
    mail: str | Promise = ""
    answer: str | Promise = ""


# A code is asked for where somebody signs in: perhaps because the browser (or the chat) that is told things is not
# theirs any more.
NOT_BY_PUSH = frozenset({"sign_in_code"})

TEMPLATES: dict[str, Words] = {
    "sign_in_code": Words(
        text=_("{code} is your code for {organisation}. It works for 15 minutes. Give it to nobody."),
        subject=_("{code} is your code"),
        mail=_(
            "Your code is {code}.\n\nIt works for 15 minutes. Give it to nobody: we never ask for it by phone.\n\n"
            "If you did not ask for a code, you need not do anything."
        ),
    ),
    "welcome": Words(
        text=_("You are on the list of {organisation}. We write when a neighbour needs you. {link}"),
        subject=_("You are on the list"),
        mail=_(
            "When a neighbour near you needs something that you can do, we write to you. You are free to say no "
            "each time.\n\nYour page, where you can change everything or take a break:\n{link}"
        ),
    ),
    "received": Words(
        text=_("We are looking for someone near you. You will hear from us {by}, in any case. {link}"),
        subject=_("We are looking for someone near you"),
        mail=_(
            "We are looking for someone near you: {what}.\n\nYou will hear from us {by}, even if we have not found "
            "anyone yet.\n\nYour reference: {reference}\n\nFollow it, change it or cancel it here:\n{link}"
        ),
    ),
    "someone_comes": Words(
        text=_("{name} is coming {when}. Code word: {word}. {link}"),
        subject=_("{name} is coming {when}"),
        mail=_(
            "{name} is coming {when}: {what}.\n\nCode word: {word}. {name} says it at the door.\n\nNobody of ours "
            "ever asks for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "someone_calls": Words(
        text=_("{name} will call you {when}. Code word: {word}. {link}"),
        subject=_("{name} will call you {when}"),
        mail=_(
            "{name} will call you {when}.\n\nCode word: {word}. {name} says it first.\n\nNobody of ours ever asks "
            "for your bank card or your PIN.\n\nYour page:\n{link}"
        ),
    ),
    "comes_ahead": Words(
        text=_("Reminder: {name} is coming {when}. Code word: {word}. {link}"),
        subject=_("Reminder: {name} is coming {when}"),
        mail=_(
            "{name} is coming {when}: {what}.\n\nCode word: {word}. {name} says it at the door.\n\nNobody of ours "
            "ever asks for your bank card or your PIN.\n\nYour page, if it does not suit you after all:\n{link}"
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
    ),
    "withdrawn": Words(
        text=_("It is cancelled: {what}. If you need us again, call {phone}."),
        subject=_("Cancelled: {what}"),
        mail=_("It is cancelled: {what}.\n\nIf you need us again, call {phone}."),
    ),
    "offer": Words(
        text=_("{What} for a neighbour, {where}, {distance}, {when}. Yes or no: {link}"),
        subject=_("{What} for a neighbour, {where}, {when}"),
        mail=_(
            "A neighbour needs somebody.\n\nWhat: {what}\nWhere: {where}, {distance}\nWhen: {when}\n\n"
            "Yes or no, with one tap:\n{link}\n\nYou are free to say no. Then we ask somebody else."
        ),
        answer=_("{What}, {where}, {distance}, {when}. Answer YES {number} or NO {number}, or: {link}"),
    ),
    "offer_remote": Words(
        text=_("{What} to a neighbour, from your home, {when}. Yes or no: {link}"),
        subject=_("{What} to a neighbour, {when}"),
        mail=_(
            "Somebody would like to be called.\n\nWhat: {what}, from your home\nWhen: {when}\n\n"
            "Yes or no, with one tap:\n{link}\n\nYou are free to say no. Then we ask somebody else."
        ),
        answer=_("{What} from your home, {when}. Answer YES {number} or NO {number}, or: {link}"),
    ),
    "accepted": Words(
        text=_("{What}, {where}, {when}. Code word: {word}. Address and number: {link}"),
        subject=_("You are going: {what}, {where}, {when}"),
        mail=_(
            "You are going, thank you.\n\nWhat: {what}\nWhere: {where}\nWhen: {when}\nCode word: {word}\n\n"
            "The address and the number are on your page:\n{link}\n\nIf something comes up, tell us there. We will "
            "find somebody else."
        ),
    ),
    "visit_cancelled": Words(
        text=_("No need to go any more: {what}, {where}, {when}. Thank you for being ready."),
        subject=_("No need to go any more: {what}"),
        mail=_("No need to go any more: {what}, {where}, {when}.\n\nThank you for being ready."),
    ),
    "visit_moved": Words(
        text=_("Another time is wished: {what}, {where}, {when}. If it does not suit you: {link}"),
        subject=_("Another time: {what}, {when}"),
        mail=_(
            "Your neighbour wishes another time: {what}, {where}, {when}.\n\nIf it does not suit you, tell us here; "
            "we will find somebody else:\n{link}"
        ),
    ),
    "visit_ahead": Words(
        text=_("Reminder: {what}, {where}, {when}. If you cannot go after all: {link}"),
        subject=_("Reminder: {what}, {where}, {when}"),
        mail=_(
            "You are going: {what}, {where}, {when}.\n\nAddress, number and code word are on your page. If you "
            "cannot go after all, tell us there; we will find somebody else:\n{link}"
        ),
    ),
    "series_ended": Words(
        text=_("No need to go each time any more: {what}, {where}. Thank you for all the times."),
        subject=_("No need to go each time any more: {what}"),
        mail=_(
            "No need to go each time any more: {what}, {where}.\n\nThank you for all the times that you went."
        ),
    ),
    "person_died": Words(
        text=_("The person you went to ({what}, {where}) has died. If you would like to talk: {phone}"),
        subject=_("Sad news"),
        mail=_(
            "The person you went to ({what}, {where}) has died. You need not go there any more.\n\nThank you for "
            "having been there. If you would like to talk about it, call us: {phone}"
        ),
    ),
    "risk_heard": Words(
        text=_("Somebody is in danger: {name} has them on the line now. {link}"),
        subject=_("Somebody is in danger, on the line now"),
        mail=_(
            "{name} has somebody on the line who is in danger.\n\nGo and help, or call {name}. The call:\n{link}"
        ),
    ),
    "not_joined": Words(
        text=_(
            "We cannot put you on the list of volunteers. You can object, and somebody else decides: {link}"
        ),
        subject=_("We cannot put you on the list"),
        mail=_(
            "Somebody of our team has decided not to put this number or address on the list of volunteers.\n\nYou can "
            "object. Somebody else decides on that:\n{link}"
        ),
    ),
    "visit_alarm": Words(
        text=_("{name} went to a neighbour alone and needs help, or does not answer. {link}"),
        subject=_("{name} needs help, or does not answer"),
        mail=_(
            "{name} went to a neighbour alone and needs help, or does not answer.\n\nWhere, since when, and what to "
            "do:\n{link}"
        ),
    ),
    "watch_over": Words(
        text=_("Are you well? The time that you told us is over. Say so here: {link}"),
        subject=_("Are you well?"),
        mail=_(
            "The time that you told us is over.\n\nTell us that you are well, or that you need longer. Without a "
            "word from you we call you in ten minutes:\n{link}"
        ),
    ),
    "concern_danger": Words(
        text=_("Somebody is worried and sees a danger. Please read it now: {link}"),
        subject=_("Somebody is worried and sees a danger"),
        mail=_(
            "Somebody has raised a concern and sees a danger.\n\nRead it now, and say that you have it:\n{link}"
        ),
    ),
    "concern_raised": Words(
        text=_("Somebody is worried about something. Please read it today: {link}"),
        subject=_("Somebody is worried about something"),
        mail=_("Somebody has raised a concern.\n\nRead it today, and say that you have it:\n{link}"),
    ),
    "concern_answered": Words(
        text=_("You told us of something that worries you. What came of it: {link}"),
        subject=_("What came of your concern"),
        mail=_("You told us of something that worries you.\n\nWhat came of it:\n{link}"),
    ),
    "push_test": Words(
        text=_("It works: this is how we tell you things at once. {link}"),
        subject=_("A test, nothing else"),
    ),
    "wake": Words(
        text=_("Somebody waits on the line and nobody is there. Can you take calls? {link}"),
        subject=_("Somebody waits on the line"),
    ),
    "visit_reminder": Words(
        text=_("{What}, {where}, {when}: did it work out? Tell us here: {link}"),
        subject=_("Did it work out? {What}, {where}"),
        mail=_(
            "You were going to a neighbour: {what}, {where}, {when}.\n\nDid it work out? Tell us here:\n{link}"
        ),
    ),
    # Appeals to volunteers who have had little to do. {note}: a sentence of the group's own, with a space before it.
    "appeal_place": Words(
        text=_("{where}: helpers are missing. May we ask you there too?{note} {link}"),
        subject=_("Helpers are missing: {where}"),
        mail=_(
            "Helpers are missing here: {where}. It is a little farther than you said you would go.{note}\n\nMay we "
            "ask you there too, for a month? You are free to say no each time.\n\nYes, no or later, with one tap:"
            "\n{link}"
        ),
        answer=_(
            "{where}: helpers are missing. May we ask you there?{note} YES {number} or NO {number}, or: {link}"
        ),
    ),
    "appeal_kind": Words(
        text=_("{What}: helpers are missing. Would you do that too?{note} {link}"),
        subject=_("Helpers are missing: {what}"),
        mail=_(
            "Helpers are missing for this: {what}.{note}\n\nMay we ask you for it too, now and then? You are free to "
            "say no each time.\n\nYes, no or later, with one tap:\n{link}"
        ),
        answer=_(
            "{What}: helpers are missing. Would you do that too?{note} YES {number} or NO {number}, or: {link}"
        ),
    ),
    "appeal_role": Words(
        text=_("We look for volunteers {role}. Would you like that?{note} {link}"),
        subject=_("Would you like to do something else too?"),
        mail=_(
            "We look for volunteers {role}.{note}\n\nWould you like that? Somebody of our team speaks with you first; "
            "you promise nothing.\n\nYes, no or later, with one tap:\n{link}"
        ),
        answer=_("We look for volunteers {role}. Would you?{note} YES {number} or NO {number}, or: {link}"),
    ),
    "appeal_still": Words(
        text=_("May we still ask you when a neighbour needs somebody?{note} {link}"),
        subject=_("May we still ask you?"),
        mail=_(
            "You have not been needed for a while: there are more who help than who ask, and that is good news.{note}"
            "\n\nMay we still ask you when a neighbour needs somebody?\n\nYes, no or later, with one tap:\n{link}"
        ),
        answer=_("May we still ask you for help?{note} YES {number} or NO {number}, or: {link}"),
    ),
    "role_given": Words(
        text=_("We would be glad to have you: {role}. One of our team calls you soon. {link}"),
        subject=_("We would be glad to have you"),
        mail=_(
            "We would be glad to have you: {role}.\n\nOne of our team calls you soon and tells you how it goes."
            "\n\nYour page:\n{link}"
        ),
    ),
    # Money that a volunteer laid out.
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
    "expense_agreed": Words(
        text=_("Your neighbour agrees: {amount}. How you get it back: {link}"),
        subject=_("Your neighbour agrees: {amount}"),
        mail=_(
            "Your neighbour agrees: {amount}.\n\nTell us when you have it back:\n{link}\n\nTake cash or a transfer. "
            "Never take a bank card or a PIN, even if it is offered."
        ),
    ),
    "expense_disputed": Words(
        text=_("Your neighbour sees it otherwise: {amount}. One of our team calls you. {link}"),
        subject=_("Your neighbour sees it otherwise: {amount}"),
        mail=_(
            "Your neighbour does not agree with {amount}. It may be a mistake: one of our team calls you, and looks "
            "into it with both of you.\n\n{link}\n\nNever take a bank card or a PIN, even if it is offered."
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
    "away_visit": Words(
        text=_("You will be away, and have promised: {what}, {where}, {when}. If you cannot go: {link}"),
        subject=_("You will be away, and have promised: {what}"),
        mail=_(
            "You told us that you will be away. For that time you have promised a visit: {what}, {where}, {when}.\n\n"
            "If you cannot go, tell us here; we will find somebody else:\n{link}"
        ),
    ),
    "digest": Words(
        text=_("What is new for you: {list}"),
        subject=_("What is new for you, in one mail"),
        mail=_("{list}\n\nWhat cannot wait comes by itself, as before."),
    ),
    # Answers to what somebody has written to us.
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
    "heard": Words(
        text=_("Thank you, we have your message. One of our team reads it. If it is urgent, call {phone}"),
        subject=_("We have your message"),
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
        text=_("You hear from us again. STOP to end it."),
        subject=_("You hear from us again"),
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
