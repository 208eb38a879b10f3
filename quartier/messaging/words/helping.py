"""What volunteers hear. In appeals {note} is a sentence of the group's own, with a space before it."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

HELPING: dict[str, Words] = {
    "welcome": Words(
        text=_("You are on the list of {organisation}. We write when a neighbour needs you. {link}"),
        subject=_("You are on the list"),
        mail=_(
            "When a neighbour near you needs something that you can do, we write to you. You are free to say no "
            "each time.\n\nYour page, where you can change everything or take a break:\n{link}"
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
    "call_accepted": Words(
        text=_("{What}, {when}. Code word: {word}. The number: {link}"),
        subject=_("You are calling: {what}, {when}"),
        mail=_(
            "You are calling, thank you.\n\nWhat: {what}, from your home\nWhen: {when}\nCode word: {word}; say it "
            "first.\n\nThe number is on your page:\n{link}\n\nIf something comes up, tell us there. We will find "
            "somebody else."
        ),
    ),
    "accepted_first": Words(
        text=_(
            "{What}, {where}, {when}: noted, thank you. It is your first visit, so somebody experienced goes with you. "
            "Wait for our word before you go: {link}"
        ),
        subject=_("You go in two the first time: {what}, {when}"),
        mail=_(
            "Noted, thank you.\n\nWhat: {what}\nWhere: {where}\nWhen: {when}\n\nIt is your first visit. Somebody "
            "experienced goes with you: we are looking for them and tell you who it is. Please do not go alone before."
            "\n\nEverything is on your page:\n{link}"
        ),
    ),
    "pair_found": Words(
        text=_("{other} goes with you: {what}, {when}. You meet in front of the door. {link}"),
        subject=_("{other} goes with you: {what}, {when}"),
        mail=_(
            "{other} goes with you.\n\nWhat: {what}\nWhere: {where}\nWhen: {when}\nCode word: {word}\n\nYou meet in "
            "front of the door and ring together. The address is on your page:\n{link}\n\nIf something comes up, "
            "tell us there."
        ),
    ),
    "pair_lost": Words(
        text=_("{other} cannot go with you. We look for somebody else; please do not go alone: {link}"),
        subject=_("{other} cannot go with you after all"),
    ),
    "pair_without": Words(
        text=_("{other} cannot come. You go without: {what}, {where}, {when}. {link}"),
        subject=_("{other} cannot come after all, you go without"),
    ),
    "pair_alone": Words(
        text=_("You can go alone, we trust you: {what}, {where}, {when}. {link}"),
        subject=_("You can go alone: {what}, {when}"),
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
        text=_("Reminder: {what}, {where}, {when}. If something comes up: {link}"),
        subject=_("Reminder: {what}, {where}, {when}"),
        mail=_(
            "You have promised: {what}, {where}, {when}.\n\nEverything that you need is on your page. If something "
            "comes up, tell us there; we will find somebody else:\n{link}"
        ),
    ),
    "visit_reminder": Words(
        text=_("{What}, {where}, {when}: did it work out? Tell us here: {link}"),
        subject=_("Did it work out? {What}, {where}"),
        mail=_(
            "You were going to a neighbour: {what}, {where}, {when}.\n\nDid it work out? Tell us here:\n{link}"
        ),
    ),
    "call_reminder": Words(
        text=_("{What}, {when}: did the call work out? Tell us here: {link}"),
        subject=_("Did the call work out? {What}, {when}"),
        mail=_("You were going to call somebody: {what}, {when}.\n\nDid it work out? Tell us here:\n{link}"),
    ),
    "series_ended": Words(
        text=_("The regular visits have ended: {what}, {where}. Thank you for all of them."),
        subject=_("The regular visits have ended: {what}"),
        mail=_(
            "The regular visits have ended: {what}, {where}.\n\nThank you for all the times that you went."
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
    "watch_over": Words(
        text=_("Are you well? The time that you told us is over. Say so here: {link}"),
        subject=_("Are you well?"),
        mail=_(
            "The time that you told us is over.\n\nTell us that you are well, or that you need longer. Without a "
            "word from you we call you in ten minutes:\n{link}"
        ),
        owed_by="visits.Watch",
    ),
    "away_visit": Words(
        text=_("You will be away, and have promised: {what}, {where}, {when}. If you cannot go: {link}"),
        subject=_("You will be away, and have promised: {what}"),
        mail=_(
            "You told us that you will be away. For that time you have promised a visit: {what}, {where}, {when}.\n\n"
            "If you cannot go, tell us here; we will find somebody else:\n{link}"
        ),
    ),
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
    "appeal_event": Words(
        text=_("{event} May we ask you?{note} {link}"),
        subject=_("Neighbours are needed now"),
        mail=_(
            "{event}{note}\n\nMay we ask you for it in these days? You are free to say no each time.\n\nYes, no or "
            "later, with one tap:\n{link}"
        ),
        answer=_("{event} May we ask you?{note} YES {number} or NO {number}, or: {link}"),
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
    "role_training": Words(
        text=_("Glad to have you: {role}. A short training is next. {link}"),
        subject=_("We would be glad to have you"),
        mail=_(
            "We would be glad to have you: {role}.\n\nA short training is next: one of our team calls you to find a "
            "day.\n\nWhere it stands:\n{link}"
        ),
        owed_by="appeals.RoleWish",
    ),
    "role_given": Words(
        text=_("We would be glad to have you: {role}. One of our team calls you soon. {link}"),
        subject=_("We would be glad to have you"),
        mail=_(
            "We would be glad to have you: {role}.\n\nOne of our team calls you soon and tells you how it goes."
            "\n\nYour page:\n{link}"
        ),
        owed_by="appeals.RoleWish",
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
        text=_("Your neighbour does not agree: {amount}. One of our team calls you. {link}"),
        subject=_("Your neighbour does not agree: {amount}"),
        mail=_(
            "Your neighbour does not agree with {amount}. It may be a mistake: one of our team calls you, and looks "
            "into it with both of you.\n\n{link}\n\nNever take a bank card or a PIN, even if it is offered."
        ),
        owed_by="expenses.Expense",
    ),
}
