"""What whoever is on duty reads, and the heads where nobody will be."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

DUTY: dict[str, Words] = {
    "duty_begin": Words(
        text=_("Waits for one of us: {waiting}. {link}"),
        subject=_("Who waits for one of us today"),
        mail=_(
            "Who waits for one of us, since when, and what they were promised:\n\n{lines}\n\nNew requests since "
            "yesterday at this hour: {new}.\n\nEverybody who waits:\n{link}"
        ),
    ),
    "duty_new": Words(
        text=_("We owe nobody an answer. New since yesterday: {new}. {link}"),
        subject=_("We owe nobody an answer"),
        mail=_(
            "At this moment we owe nobody an answer.\n\nNew requests since yesterday at this hour: {new}.\n\n"
            "The board:\n{link}"
        ),
    ),
    "duty_end": Words(
        text=_("Still waits for one of us: {waiting}. {link}"),
        subject=_("Who still waits for one of us"),
        mail=_(
            "Who still waits for one of us, and what they were promised:\n\n{lines}\n\nEverybody who waits:\n{link}"
        ),
    ),
    "duty_gap": Words(
        text=_("Tomorrow nobody is on duty {spans}. {link}"),
        subject=_("Tomorrow nobody is on duty for some hours"),
        mail=_(
            "Tomorrow nobody of the team is on duty {spans}, while the line is open.\n\nCalls and news from one of us "
            "are promised only for hours at which somebody is. The week:\n{link}"
        ),
    ),
    "duty_gap_today": Words(
        text=_("Today nobody is on duty any more {spans}. {link}"),
        subject=_("Today nobody is on duty any more for some hours"),
        mail=_(
            "Today nobody of the team is on duty {spans} any more, while the line is open. That is new since we looked "
            "last.\n\nWho could be there instead? The week:\n{link}"
        ),
    ),
}
