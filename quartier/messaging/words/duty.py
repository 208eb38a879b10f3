"""What whoever is on duty reads, and the heads where nobody will be."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

DUTY: dict[str, Words] = {
    "duty_begin": Words(
        text=_("Waiting for one of us: {waiting}. {link}"),
        subject=_("Who is waiting for one of us today"),
        mail=_(
            "Who is waiting for one of us, since when, and what they were promised:\n\n"
            "{lines}\n\n"
            "New requests since this time yesterday: {new}.\n\n"
            "Everyone who is waiting:\n"
            "{link}"
        ),
    ),
    "duty_new": Words(
        text=_("No one is waiting for an answer from us. New since yesterday: {new}. {link}"),
        subject=_("No one is waiting for an answer from us"),
        mail=_(
            "At the moment no one is waiting for an answer from us.\n\n"
            "New requests since this time yesterday: {new}.\n\n"
            "The board:\n"
            "{link}"
        ),
    ),
    "duty_new_sector": Words(
        text=_(
            "In your area ({sector}) no one is waiting. Elsewhere: {elsewhere}. New since yesterday: {new}. {link}"
        ),
        subject=_("No one in your area is waiting for an answer from us"),
        mail=_(
            "At the moment no one in your area ({sector}) is waiting for an answer from us.\n\n"
            "Waiting elsewhere, for colleagues who are on duty there: {elsewhere}.\n"
            "New requests since this time yesterday, everywhere: {new}.\n\n"
            "The board:\n"
            "{link}"
        ),
    ),
    "duty_end": Words(
        text=_("Still waiting for one of us: {waiting}. {link}"),
        subject=_("Who is still waiting for one of us"),
        mail=_(
            "Who is still waiting for one of us, and what they were promised:\n\n"
            "{lines}\n\n"
            "{unreached}Everyone who is waiting:\n"
            "{link}"
        ),
    ),
    "duty_gap": Words(
        text=_("Tomorrow no one is on duty {spans}. {link}"),
        subject=_("Tomorrow no one is on duty for some hours"),
        mail=_(
            "Tomorrow no one from the team is on duty {spans}, while the line is open.\n\n"
            "We promise calls and news from one of us only for hours when someone is on duty. The week:\n"
            "{link}"
        ),
    ),
    "duty_gap_today": Words(
        text=_("Today no one is on duty any longer {spans}. {link}"),
        subject=_("Today no one is on duty any longer for some hours"),
        mail=_(
            "Today no one from the team is on duty any longer {spans}, while the line is open. That has "
            "changed since we last looked.\n\n"
            "Who could be there instead? The week:\n"
            "{link}"
        ),
    ),
}
