"""What the team hears, and whoever signs in."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

TEAM: dict[str, Words] = {
    "sign_in_code": Words(
        text=_(
            "{code} is your sign-in code for {organisation}. It works for 15 minutes. Do not share it with "
            "anyone."
        ),
        subject=_("{code} is your sign-in code"),
        mail=_(
            "Your sign-in code is {code}.\n\n"
            "It works for 15 minutes. Do not share it with anyone: we never ask for it by phone.\n\n"
            "If you did not ask for a code, you need not do anything."
        ),
    ),
    "many_codes": Words(
        text=_(
            "{code} signs you in to {organisation} on any device, for 24 hours. Someone keeps asking for codes "
            "for you: without one, no one gets in."
        ),
        subject=_("Someone keeps asking for sign-in codes for you"),
        mail=_(
            "Someone has asked for many sign-in codes for you at {organisation}. If it was not you, you need not "
            "do anything: no one signs in without a code that we sent to you.\n\n"
            "We send you no more short codes for now. This one works once, on any device, for 24 hours: "
            "{code}\n\n"
            "Do not share it with anyone: we never ask for it by phone."
        ),
    ),
    "passkey_added": Words(
        text=_("A passkey was added to your account. Was it not you? {link}"),
        subject=_("A passkey was added to your account"),
        mail=_(
            "A passkey was added to your account at {organisation}: anyone who holds it can sign in as you.\n\n"
            "If it was not you, remove it, sign out everywhere, and call us:\n{link}"
        ),
    ),
    "passkey_removed": Words(
        text=_("A passkey was removed from your account. Was it not you? {link}"),
        subject=_("A passkey was removed from your account"),
        mail=_(
            "A passkey was removed from your account at {organisation}.\n\n"
            "If it was not you, sign out everywhere, and call us:\n{link}"
        ),
    ),
    "push_test": Words(
        text=_("It works: this is how we tell you things at once. {link}"),
        subject=_("Only a test"),
    ),
    "digest": Words(
        text=_("What is new for you: {list}"),
        subject=_("What is new for you, in one email"),
        mail=_("{list}\n\nAnything that cannot wait comes separately, as before."),
    ),
    "morning": Words(
        text=_("This waited for the morning: {subjects}. {link}"),
        subject=_("What waited for the morning"),
        mail=_("So as not to wake you, we kept this until the morning:\n\n{list}"),
    ),
    "after_bad": Words(
        text=_("Someone was not happy after a visit: {what}, {where}. {name} is dealing with it. {link}"),
        subject=_("Someone was not happy after a visit: {what}, {where}"),
        mail=_(
            "Someone we helped says that something is wrong: {what}, {where}.\n\n"
            "{name} is dealing with it: please call them, or write where we have no number. The request:\n"
            "{link}"
        ),
    ),
    "check_help": Words(
        text=_("Someone we checked on needs help. {link}"),
        subject=_("Someone we checked on needs help"),
        mail=_("Someone we asked whether they are OK needs help.\n\nCall them first:\n{link}"),
    ),
    "check_to_call": Words(
        text=_("Please call before {clock}: {names}. {link}"),
        subject=_("Please call: {names}"),
        mail=_(
            "{occasion}: one of us should call {names}.\n\n"
            "If no one has by {clock}, we will ask a neighbour to go to their door; if there is none, we "
            "will tell you. Who to call:\n"
            "{link}"
        ),
    ),
    "check_unreached": Words(
        text=_("Not reached: {ladder}. {link}"),
        subject=_("Not reached: {names}"),
        mail=_("{occasion}, not reached:\n\n{ladder}.\n\nPlease decide what comes next:\n{link}"),
    ),
    "campaign_over": Words(
        text=_("{occasion}, how it stands: {tally}. {link}"),
        subject=_("{occasion}: how it stands"),
        mail=_("{occasion}: there is no one left to ask. How it stands:\n\n{tally}.\n\n{link}"),
    ),
    "team_waiting": Words(
        text=_("Waiting for one of us: {waiting}. {link}"),
        subject=_("Someone is waiting for one of us"),
        mail=_(
            "Someone is waiting for one of us, and this is what they were promised:\n\n"
            "{lines}\n\n"
            "Everyone who is waiting:\n"
            "{board}"
        ),
    ),
    "team_urgent": Words(
        text=_("Urgent: {waiting}. {link}"),
        subject=_("Urgent: someone is waiting for one of us"),
        mail=_(
            "It is urgent, and someone is waiting for one of us:\n\n"
            "{lines}\n\n"
            "Everyone who is waiting:\n"
            "{board}"
        ),
    ),
    "team_together": Words(
        text=_("Waiting for one of us: {waiting}. {link}"),
        subject=_("Someone is waiting for one of us"),
        mail=_("{sections}\n\nEveryone who is waiting:\n{board}"),
    ),
    "team_soon": Words(
        text=_("Due within 30 minutes: {waiting}. {link}"),
        subject=_("In half an hour we will break a promise"),
        mail=_(
            "In half an hour we will break a promise to someone:\n\n"
            "{lines}\n\n"
            "Everyone who is waiting:\n"
            "{board}"
        ),
    ),
    "team_broken": Words(
        text=_("Promise broken. Promised now: {waiting}. {link}"),
        subject=_("We have broken a promise to someone"),
        mail=_(
            "We have broken a promise. This is promised now:\n\n{lines}\n\nEveryone who is waiting:\n{board}"
        ),
    ),
    "team_overdue": Words(
        text=_("Overdue: {waiting}. {link}"),
        subject=_("Not done in time: someone needs one of us"),
        mail=_(
            "What one of us should have done by now was not done. Please do it as soon as you can, at the "
            "latest by the hour given:\n\n"
            "{lines}\n\n"
            "Everyone who is waiting:\n"
            "{board}"
        ),
    ),
    "wake": Words(
        text=_("A caller is waiting and no one is free to answer. Can you take calls? {link}"),
        subject=_("A caller is waiting on the line"),
    ),
    "line_money_out": Words(
        text=_("Four fifths of today’s budget for outgoing calls is spent. {link}"),
        subject=_("The line’s budget for today is nearly spent"),
        mail=_(
            "Four fifths of today’s budget for outgoing calls is spent. When all of it is, the line will "
            "call no one back until tomorrow.\n\n"
            "{link}"
        ),
    ),
    "line_money_out_spent": Words(
        text=_(
            "Today’s budget for outgoing calls is spent: the line will call no one back until tomorrow. "
            "{link}"
        ),
        subject=_("The line’s budget for today is spent"),
        mail=_(
            "Today’s budget for outgoing calls is spent. The line will call no one back until tomorrow.\n\n"
            "People waiting for a call can be called with your own phone:\n"
            "{link}"
        ),
    ),
    "line_money_own": Words(
        text=_("Four fifths of today’s budget for answering on own phones is spent. {link}"),
        subject=_("The budget for own phones is nearly spent"),
        mail=_(
            "Four fifths of today’s budget for answering on own phones is spent. When all of it is, "
            "callers will ring only in browsers until tomorrow. If many invented numbers are calling, look "
            "at the list:\n\n"
            "{link}"
        ),
    ),
    "line_money_own_spent": Words(
        text=_("Today’s budget for answering on own phones is spent: only browsers ring. {link}"),
        subject=_("The budget for own phones is spent"),
        mail=_(
            "Today’s budget for answering on own phones is spent. Anyone who was taking calls on their own "
            "phone is off the line; browsers ring.\n\n"
            "Someone should take calls in a browser:\n"
            "{link}"
        ),
    ),
    "risk_heard": Words(
        text=_("Someone is in danger: {name} has them on the line now. {link}"),
        subject=_("Someone is in danger, on the line now"),
        mail=_(
            "{name} has someone on the line who is in danger.\n\n"
            "Go and help, or call {name}. The call:\n"
            "{link}"
        ),
    ),
    "dangers": Words(
        text=_("More than one danger. {dangers} No one is looking after them yet. Read it now: {link}"),
        subject=_("Several alerts: please read now"),
        mail=_(
            "Several alerts, and no one is dealing with them yet:\n\n"
            "{danger_lines}\n\n"
            "Read them now, and say which ones you have. The first:\n"
            "{link}"
        ),
    ),
    "risk_written": Words(
        text=_("Someone who may be in danger has written to us. Please read it now: {link}"),
        subject=_("Someone who may be in danger has written to us"),
        mail=_(
            "Someone who may be in danger has written to us.\n\n"
            "Read it now, and say that you are dealing with it:\n"
            "{link}"
        ),
    ),
    "line_stopped": Words(
        text=_("A call that is not ours went out on our line. Outgoing calls are stopped. {link}"),
        subject=_("A call that is not ours went out on our line"),
        mail=_(
            "A call that none of us made went to the carrier on our line. Since then no calls go out; "
            "anyone who calls us is answered as usual.\n\n"
            "Ask the carrier about it. What to do, and how to allow calls again:\n"
            "{link}"
        ),
    ),
    "line_away": Words(
        text=_("The phone line is not answering: no one who calls us gets through. {link}"),
        subject=_("The phone line is not answering"),
        mail=_(
            "The phone line has not answered for more than a minute: no one who calls us gets through, and "
            "no calls go out.\n\n"
            "Tell the person who looks after the server. What to do:\n"
            "{link}"
        ),
    ),
    "line_blind": Words(
        text=_("The phone line cannot see which calls go out: for now none do. {link}"),
        subject=_("No calls are going out on the phone line"),
        mail=_(
            "At the moment the phone line cannot see which calls go out. Until it can, none do; anyone who "
            "calls us is answered as usual.\n\n"
            "Tell the person who looks after the server. What to do:\n"
            "{link}"
        ),
    ),
    "line_back": Words(
        text=_("The phone line is working again. {link}"),
        subject=_("The phone line is working again"),
        mail=_("The phone line is working again.\n\nWhat went wrong, and since when:\n{link}"),
    ),
    "callback_moved": Words(
        text=_("A callback you promised has moved: {when}, not {begins}. {link}"),
        subject=_("A callback you promised has moved"),
        mail=_(
            "{name} has spoken to someone you had promised to call back, and has agreed another time with "
            "them.\n\n"
            "Now: {when}\n"
            "Before: {begins}\n\n"
            "Anyone on the line then can make the call. The list:\n"
            "{link}"
        ),
    ),
    "visit_alarm": Words(
        text=_("{name} has called for help on the page of a visit, or is not answering. Act now: {link}"),
        subject=_("{name} needs help, or is not answering"),
        mail=_(
            "{name} has called for help on the page of a visit, or is not answering.\n\n"
            "Whether they are there, since when, and what to do:\n"
            "{link}"
        ),
    ),
    "concern_danger": Words(
        text=_("Someone has raised an urgent concern. Please read it now: {link}"),
        subject=_("Someone has raised an urgent concern"),
        mail=_(
            "Someone has raised a concern and says there is danger.\n\n"
            "Read it now, and say that you have it:\n"
            "{link}"
        ),
    ),
    "concern_waits": Words(
        text=_("A concern has waited since {since}, and no one is dealing with it. Read it today: {link}"),
        subject=_("No one is dealing with a concern from {since}"),
        mail=_(
            "Someone raised a concern on {since}, and no one is dealing with it yet.\n\n"
            "Read it today, and say that you have it:\n"
            "{link}"
        ),
    ),
    "concern_raised": Words(
        text=_("Someone has raised a concern. Please read it today: {link}"),
        subject=_("Someone has raised a concern"),
        mail=_("Someone has raised a concern.\n\nRead it today, and say that you have it:\n{link}"),
    ),
}
