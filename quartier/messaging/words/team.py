"""What the team hears, and whoever signs in."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

TEAM: dict[str, Words] = {
    "sign_in_code": Words(
        text=_("{code} is your code for {organisation}. It works for 15 minutes. Give it to nobody."),
        subject=_("{code} is your code"),
        mail=_(
            "Your code is {code}.\n\nIt works for 15 minutes. Give it to nobody: we never ask for it by phone.\n\n"
            "If you did not ask for a code, you need not do anything."
        ),
    ),
    "push_test": Words(
        text=_("It works: this is how we tell you things at once. {link}"),
        subject=_("A test, nothing else"),
    ),
    "digest": Words(
        text=_("What is new for you: {list}"),
        subject=_("What is new for you, in one mail"),
        mail=_("{list}\n\nWhat cannot wait comes by itself, as before."),
    ),
    "morning": Words(
        text=_("This waited for the morning: {subjects}. {link}"),
        subject=_("What waited for the morning"),
        mail=_("So as not to wake you, this waited for the morning:\n\n{list}"),
    ),
    "after_bad": Words(
        text=_("After a visit something is not right: {what}, {where}. {link}"),
        subject=_("After a visit something is not right: {what}, {where}"),
        mail=_(
            "Whoever was helped says that something is not right: {what}, {where}.\n\nPlease call them. The request:"
            "\n{link}"
        ),
    ),
    "check_help": Words(
        text=_("Somebody whom we asked needs help. {link}"),
        subject=_("Somebody whom we asked needs help"),
        mail=_("Somebody whom we asked whether they are well needs help.\n\nCall them first:\n{link}"),
    ),
    "check_to_call": Words(
        text=_("Please call before {clock}: {names}. {link}"),
        subject=_("Please call: {names}"),
        mail=_(
            "{occasion}: one of us should call {names}.\n\nIf nobody of us has by {clock}, a neighbour is asked to "
            "ring at the door; where there is none, you are told. Whom to call:\n{link}"
        ),
    ),
    "check_unreached": Words(
        text=_("Not reached: {ladder}. {link}"),
        subject=_("Not reached: {names}"),
        mail=_("{occasion}, not reached:\n\n{ladder}.\n\nPlease decide what comes next:\n{link}"),
    ),
    "campaign_over": Words(
        text=_("{occasion}: everybody was asked. {tally}. {link}"),
        subject=_("{occasion}: everybody was asked"),
        mail=_("{occasion}: everybody was asked, and nobody is left to ask.\n\n{tally}.\n\n{link}"),
    ),
    "team_waiting": Words(
        text=_("Waits for one of us: {waiting}. {link}"),
        subject=_("Somebody waits for one of us"),
        mail=_(
            "Somebody waits for one of us, and this is what they were promised:\n\n{lines}\n\nEverybody who waits:\n"
            "{link}"
        ),
    ),
    "team_urgent": Words(
        text=_("Urgent: {waiting}. {link}"),
        subject=_("Urgent: somebody waits for one of us"),
        mail=_("It is urgent, and somebody waits for one of us:\n\n{lines}\n\nEverybody who waits:\n{link}"),
    ),
    "team_soon": Words(
        text=_("Still to be kept, within 30 minutes: {waiting}. {link}"),
        subject=_("In half an hour we break our word"),
        mail=_("In half an hour we break our word to somebody:\n\n{lines}\n\nEverybody who waits:\n{link}"),
    ),
    "team_broken": Words(
        text=_("Not kept. Promised now: {waiting}. {link}"),
        subject=_("We have not kept our word to somebody"),
        mail=_("We have not kept our word. This is promised now:\n\n{lines}\n\nEverybody who waits:\n{link}"),
    ),
    "wake": Words(
        text=_("Somebody waits on the line and nobody is there. Can you take calls? {link}"),
        subject=_("Somebody waits on the line"),
    ),
    "line_money_out": Words(
        text=_("Four fifths of today's money for calls out are spent. {link}"),
        subject=_("The line's money for today is nearly spent"),
        mail=_(
            "Four fifths of what the line may spend on calls out today are spent. When all of it is, the line calls "
            "nobody back until tomorrow.\n\n{link}"
        ),
    ),
    "line_money_out_spent": Words(
        text=_("Today's money for calls out is spent: the line calls nobody back until tomorrow. {link}"),
        subject=_("The line's money for today is spent"),
        mail=_(
            "What the line may spend on calls out today is spent. It calls nobody back until tomorrow.\n\nWhoever "
            "waits for a call can be dialled by hand:\n{link}"
        ),
    ),
    "line_money_own": Words(
        text=_("Four fifths of today's money for answering on own phones are spent. {link}"),
        subject=_("The money for own phones is nearly spent"),
        mail=_(
            "Four fifths of what answering on own phones may cost today are spent. When all of it is, callers ring in "
            "browsers alone until tomorrow. If many invented numbers call, look at the list:\n\n{link}"
        ),
    ),
    "line_money_own_spent": Words(
        text=_("Today's money for answering on own phones is spent: only browsers ring. {link}"),
        subject=_("The money for own phones is spent"),
        mail=_(
            "What answering on own phones may cost today is spent. Whoever took calls on an own phone is off the line; "
            "browsers ring.\n\nSomebody should take calls in a browser:\n{link}"
        ),
    ),
    "risk_heard": Words(
        text=_("Somebody is in danger: {name} has them on the line now. {link}"),
        subject=_("Somebody is in danger, on the line now"),
        mail=_(
            "{name} has somebody on the line who is in danger.\n\nGo and help, or call {name}. The call:\n{link}"
        ),
    ),
    "risk_written": Words(
        text=_("Somebody has written to us who may be in danger. Please read it now: {link}"),
        subject=_("Somebody who may be in danger has written to us"),
        mail=_(
            "Somebody has written to us who may be in danger.\n\nRead it now, and say that you look after it:\n{link}"
        ),
    ),
    "line_stopped": Words(
        text=_("A call that is not ours went out by our line. Outgoing calls are stopped. {link}"),
        subject=_("A call that is not ours went out by our line"),
        mail=_(
            "A call that nobody of us made went to the carrier by our line. Since then no call goes out; whoever calls "
            "us is answered as ever.\n\nAsk the carrier about it. What to do, and how calls go out again:\n{link}"
        ),
    ),
    "line_away": Words(
        text=_("The phone line does not answer: whoever calls us reaches nobody. {link}"),
        subject=_("The phone line does not answer"),
        mail=_(
            "The phone line has not answered for more than a minute: whoever calls us reaches nobody, and no call goes "
            "out.\n\nTell whoever looks after the server. What to do:\n{link}"
        ),
    ),
    "line_blind": Words(
        text=_("The phone line does not see which calls go out: for now none does. {link}"),
        subject=_("No call goes out by the phone line"),
        mail=_(
            "The phone line does not see at the moment which calls go out. As long as that is so, none does; whoever "
            "calls us is answered as ever.\n\nTell whoever looks after the server. What to do:\n{link}"
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
}
