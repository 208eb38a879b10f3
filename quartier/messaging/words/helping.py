"""What volunteers hear. In appeals {note} is a sentence of the group's own, with a space before it."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

HELPING: dict[str, Words] = {
    "welcome": Words(
        text=_(
            "You have signed up with {organisation}. We will message you when a neighbour needs you. {link}"
        ),
        subject=_("You have signed up"),
        mail=_(
            "When a neighbour near you needs something you can do, we will message you. You are free to "
            "say no every time.\n\n"
            "Your page, where you can change everything or take a break:\n"
            "{link}"
        ),
    ),
    "not_joined": Words(
        text=_("We cannot accept you as a volunteer. You can ask for a review by someone else: {link}"),
        subject=_("We cannot accept you as a volunteer"),
        mail=_(
            "Our team has decided not to accept this number or address as a volunteer’s.\n\n"
            "You can ask for a review. Someone else will decide on it:\n"
            "{link}"
        ),
    ),
    "offer": Words(
        text=_("{What} for a neighbour, {where}, {distance}, {when}. Yes or no: {link}"),
        subject=_("{What} for a neighbour, {where}, {when}"),
        mail=_(
            "A neighbour needs help.\n\n"
            "What: {what}\n"
            "Where: {where}, {distance}\n"
            "When: {when}\n\n"
            "Yes or no, with one tap:\n"
            "{link}\n\n"
            "You are free to say no. Then we will ask someone else."
        ),
        answer=_("{What}, {where}, {distance}, {when}. Reply YES {number} or NO {number}, or: {link}"),
    ),
    "offer_remote": Words(
        text=_("{What} to a neighbour, from your home, {when}. Yes or no: {link}"),
        subject=_("{What} to a neighbour, {when}"),
        mail=_(
            "Someone would like a call.\n\n"
            "What: {what}, from your home\n"
            "When: {when}\n\n"
            "Yes or no, with one tap:\n"
            "{link}\n\n"
            "You are free to say no. Then we will ask someone else."
        ),
        answer=_("{What} from your home, {when}. Reply YES {number} or NO {number}, or: {link}"),
    ),
    "accepted": Words(
        text=_("{What}, {where}, {when}. Code word: {word}. Address and number: {link}"),
        subject=_("You are going: {what}, {where}, {when}"),
        mail=_(
            "You are going, thank you.\n\n"
            "What: {what}\n"
            "Where: {where}\n"
            "When: {when}\n"
            "Code word: {word}\n\n"
            "The address and the number are on your page:\n"
            "{link}\n\n"
            "If something comes up, tell us there. We will find someone else."
        ),
        answer=_("{What}, {where}, {when}. Code word: {word}. Leaving: ON MY WAY {number}. {link}"),
    ),
    "call_accepted": Words(
        text=_("{What}, {when}. Code word: {word}. The number: {link}"),
        subject=_("You are calling: {what}, {when}"),
        mail=_(
            "You are calling, thank you.\n\n"
            "What: {what}, from your home\n"
            "When: {when}\n"
            "Code word: {word}; say it first.\n\n"
            "The number is on your page:\n"
            "{link}\n\n"
            "If something comes up, tell us there. We will find someone else."
        ),
    ),
    "accepted_first": Words(
        text=_(
            "{What}, {where}, {when}: thank you. On your first visit an experienced volunteer goes with "
            "you. Please wait until you hear from us: {link}"
        ),
        subject=_("Your first visit is as a pair: {what}, {when}"),
        mail=_(
            "Thank you, you are down to go.\n\n"
            "What: {what}\n"
            "Where: {where}\n"
            "When: {when}\n\n"
            "This is your first visit, so an experienced volunteer will go with you: we are looking for "
            "one and will tell you who it is. Please do not go alone before then.\n\n"
            "Everything is on your page:\n"
            "{link}"
        ),
    ),
    "pair_found": Words(
        text=_("{other} is going with you: {what}, {when}. Meet outside. {link}"),
        subject=_("{other} is going with you: {what}, {when}"),
        mail=_(
            "{other} is going with you.\n\n"
            "What: {what}\n"
            "Where: {where}\n"
            "When: {when}\n"
            "Code word: {word}\n\n"
            "Meet outside and go to the door together. The address is on your page:\n"
            "{link}\n\n"
            "If something comes up, tell us there."
        ),
    ),
    "pair_lost": Words(
        text=_("{other} cannot go with you. We are looking for someone else; please do not go alone: {link}"),
        subject=_("{other} cannot go with you after all"),
    ),
    "pair_without": Words(
        text=_("{other} cannot come. You go alone: {what}, {where}, {when}. {link}"),
        subject=_("{other} cannot come after all: you go alone"),
    ),
    "pair_alone": Words(
        text=_("You can go on your own: {what}, {where}, {when}. {link}"),
        subject=_("You can go on your own: {what}, {when}"),
    ),
    "visit_cancelled": Words(
        text=_("Your visit is cancelled: {what}, {where}, {when}. Thank you for offering."),
        subject=_("Your visit is cancelled: {what}"),
        mail=_("Your visit is cancelled: {what}, {where}, {when}.\n\nThank you for offering."),
    ),
    "call_cancelled": Words(
        text=_("Your call is cancelled: {what}, {when}. Thank you for offering."),
        subject=_("Your call is cancelled: {what}"),
        mail=_("Your call is cancelled: {what}, {when}.\n\nThank you for offering."),
    ),
    "call_moved": Words(
        text=_("New time requested: {what}, {when}. If you cannot make it: {link}"),
        subject=_("New time requested: {what}, {when}"),
        mail=_(
            "Your neighbour would like the call at another time: {what}, {when}.\n\n"
            "If you cannot make it, tell us here; we will find someone else:\n"
            "{link}"
        ),
    ),
    "visit_moved": Words(
        text=_("New time requested: {what}, {where}, {when}. If you cannot make it: {link}"),
        subject=_("New time requested: {what}, {when}"),
        mail=_(
            "Your neighbour has asked for another time: {what}, {where}, {when}.\n\n"
            "If you cannot make it, tell us here; we will find someone else:\n"
            "{link}"
        ),
    ),
    "visit_changed": Words(
        text=_("Changed: {what}, {where}, {when}. If you cannot make it: {link}"),
        subject=_("Changed: {what}, {when}"),
        mail=_(
            "Something has changed: {what}, {where}, {when}.\n\n"
            "Your page says where it goes now. If you cannot make it, tell us there; we will find someone "
            "else:\n"
            "{link}"
        ),
    ),
    "visit_ahead": Words(
        text=_("Reminder: {what}, {where}, {when}. If something comes up: {link}"),
        subject=_("Reminder: {what}, {where}, {when}"),
        mail=_(
            "You said yes: {what}, {where}, {when}.\n\n"
            "Everything you need is on your page. If something comes up, tell us there; we will find "
            "someone else:\n"
            "{link}"
        ),
    ),
    "visit_after_all": Words(
        text=_("Needed after all: {what}, {where}, {when}. {link}"),
        subject=_("Needed after all: {what}, {where}, {when}"),
        mail=_("You need to come on this day after all: {what}, {where}, {when}.\n\nYour page:\n{link}"),
    ),
    "visit_reminder": Words(
        text=_("{What}, {where}, {when}: did it go ahead? Tell us here: {link}"),
        subject=_("Did it go ahead? {What}, {where}"),
        mail=_(
            "You were going to a neighbour: {what}, {where}, {when}.\n\n"
            "Did it go ahead? Tell us here:\n"
            "{link}"
        ),
    ),
    "call_reminder": Words(
        text=_("{What}, {when}: did the call go ahead? Tell us here: {link}"),
        subject=_("Did the call go ahead? {What}, {when}"),
        mail=_("You were going to call someone: {what}, {when}.\n\nDid it go ahead? Tell us here:\n{link}"),
    ),
    "thanked": Words(
        text=_("A thank-you for {what}: “{words}” {link}"),
        subject=_("A thank-you for you"),
        mail=_("A neighbour you helped ({what}) writes:\n\n“{words}”\n\nThe visit:\n{link}"),
    ),
    "series_rests": Words(
        text=_("{What}: pause {rests}. {next}"),
        subject=_("{What}: pause {rests}"),
        mail=_("{What}: pause {rests}. {next}\n\nAll the dates:\n{link}"),
    ),
    "series_goes_on": Words(
        text=_("{What}: starts again. {next}"),
        subject=_("{What}: starts again"),
        mail=_("{What}: starts again. {next}\n\nAll the dates:\n{link}"),
    ),
    "series_ended": Words(
        text=_("The regular visits have ended: {what}, {where}. Thank you for all of them."),
        subject=_("The regular visits have ended: {what}"),
        mail=_("The regular visits have ended: {what}, {where}.\n\nThank you for every time you went."),
    ),
    "regular_released": Words(
        text=_("You are no longer down for every time: {what}, {where}. Already promised: {link}"),
        subject=_("You are no longer down for every time: {what}"),
        mail=_(
            "You are no longer down for every time: {what}, {where}. Thank you for every time you "
            "went.\n\n"
            "What you have already promised is on your page:\n"
            "{link}"
        ),
    ),
    "person_died": Words(
        text=_(
            "We are sorry: the person you helped ({what}, {where}) has died. You need not go there again. If you "
            "would like to talk: {phone}"
        ),
        subject=_("Sad news"),
        mail=_(
            "We are sorry to tell you that the person you visited ({what}, {where}) has died. You need not "
            "go there again.\n\n"
            "Thank you for being there. If you would like to talk about it, call us: {phone}"
        ),
    ),
    "watch_over": Words(
        text=_("Are you OK? You said you would be out by now. Tell us here: {link}"),
        subject=_("Are you OK?"),
        mail=_(
            "You said you would be out by now.\n\n"
            "Tell us that you are OK, or that you need longer. If we do not hear from you, we will call "
            "you in ten minutes:\n"
            "{link}"
        ),
        owed_by="visits.Watch",
    ),
    "away_visit": Words(
        text=_("You will be away, but promised: {what}, {where}, {when}. Cannot go? {link}"),
        subject=_("You will be away, and have promised: {what}"),
        mail=_(
            "You told us that you will be away. You have promised a visit for that time: {what}, {where}, "
            "{when}.\n\n"
            "If you cannot go, tell us here; we will find someone else:\n"
            "{link}"
        ),
    ),
    "appeal_place": Words(
        text=_("{where} needs more volunteers. May we ask you there too?{note} {link}"),
        subject=_("More volunteers needed: {where}"),
        mail=_(
            "More volunteers are needed here: {where}. It is a little further than you said you would "
            "go.{note}\n\n"
            "May we ask you there too, for a month? You are free to say no every time.\n\n"
            "Yes, no or later, with one tap:\n"
            "{link}"
        ),
        answer=_(
            "{where} needs more volunteers. May we ask you there?{note} YES {number} or NO {number}, or: "
            "{link}"
        ),
    ),
    "appeal_kind": Words(
        text=_("{What}: we need more volunteers. Could you do this too?{note} {link}"),
        subject=_("More volunteers needed: {what}"),
        mail=_(
            "More volunteers are needed for this: {what}.{note}\n\n"
            "May we ask you for it too, now and then? You are free to say no every time.\n\n"
            "Yes, no or later, with one tap:\n"
            "{link}"
        ),
        answer=_(
            "{What}: we need more volunteers. Could you do this too?{note} YES {number} or NO {number}, "
            "or: {link}"
        ),
    ),
    "appeal_role": Words(
        text=_("We are looking for volunteers {role}. Would you like that?{note} {link}"),
        subject=_("Would you like to do something else too?"),
        mail=_(
            "We are looking for volunteers {role}.{note}\n\n"
            "Would you like that? Someone from our team will talk to you first; you promise nothing.\n\n"
            "Yes, no or later, with one tap:\n"
            "{link}"
        ),
        answer=_(
            "We are looking for volunteers {role}. Would you?{note} YES {number} or NO {number}, or: {link}"
        ),
    ),
    "appeal_event": Words(
        text=_("{event} May we ask you?{note} {link}"),
        subject=_("Neighbours are needed now"),
        mail=_(
            "{event}{note}\n\n"
            "May we ask you for it while this lasts? You are free to say no every time.\n\n"
            "Yes, no or later, with one tap:\n"
            "{link}"
        ),
        answer=_("{event} May we ask you?{note} YES {number} or NO {number}, or: {link}"),
    ),
    "appeal_still": Words(
        text=_("May we still ask you when a neighbour needs help?{note} {link}"),
        subject=_("May we still ask you?"),
        mail=_(
            "You have not been needed for a while: we have more volunteers than requests, and that is good "
            "news.{note}\n\n"
            "May we still ask you when a neighbour needs help?\n\n"
            "Yes, no or later, with one tap:\n"
            "{link}"
        ),
        answer=_("May we still ask you for help?{note} YES {number} or NO {number}, or: {link}"),
    ),
    "appeal_quiet": Words(
        text=_("You are free to stay, take a break or stop: which suits you?{note} {link}"),
        subject=_("Shall we go on asking you, or would a break suit you?"),
        mail=_(
            "We have asked you several times in the last month and have not heard from you. That is fine: life is "
            "sometimes too full.{note}\n\n"
            "Would you like to stay, take a break for a month, or stop? Until we hear from you, we will ask others "
            "first.\n\n"
            "One tap is enough, and you need not give a reason:\n"
            "{link}"
        ),
        answer=_(
            "Shall we go on asking you? YES {number}, or NO {number} for a break; no reason needed.{note} {link}"
        ),
    ),
    "role_training": Words(
        text=_("Thank you for offering {role}. Next: a short training session. {link}"),
        subject=_("Thank you for offering"),
        mail=_(
            "Thank you for offering {role}.\n\n"
            "A short training session is next: someone from our team will call you to find a day.\n\n"
            "How things stand:\n"
            "{link}"
        ),
        owed_by="appeals.RoleWish",
    ),
    "role_given": Words(
        text=_("Thank you for offering {role}. Someone from our team will call you soon. {link}"),
        subject=_("Thank you for offering"),
        mail=_(
            "Thank you for offering {role}.\n\n"
            "Someone from our team will call you soon and tell you how it works.\n\n"
            "Your page:\n"
            "{link}"
        ),
        owed_by="appeals.RoleWish",
    ),
    "expense_agreed": Words(
        text=_("Your neighbour agrees: {amount}. How you get it back: {link}"),
        subject=_("Your neighbour agrees: {amount}"),
        mail=_(
            "Your neighbour agrees: {amount}.\n\n"
            "Tell us when you have been paid back:\n"
            "{link}\n\n"
            "Take cash or a bank transfer. Never take a bank card or a PIN, even if it is offered."
        ),
    ),
    "expense_disputed": Words(
        text=_("Your neighbour does not agree: {amount}. Someone from our team will call you. {link}"),
        subject=_("Your neighbour does not agree: {amount}"),
        mail=_(
            "Your neighbour does not agree with {amount}. It may be a mistake: someone from our team will "
            "call you, and look into it with both of you.\n\n"
            "{link}\n\n"
            "Never take a bank card or a PIN, even if it is offered."
        ),
        owed_by="expenses.Expense",
    ),
}
