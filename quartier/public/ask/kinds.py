"""What is said of each kind of help: on its card, and beside the box for its details."""

from django.utils.translation import gettext_lazy as _

TEXTS = {
    "groceries": _("Food, things for the house. You pay afterwards, against the receipt."),
    "pharmacy": _("Somebody fetches your medicine, with or without a prescription."),
    "meal": _("Brought to your door."),
    "transport": _("To the doctor, to the hospital, to an appointment."),
    "dog": _("Once or several times."),
    "papers": _("A letter, a form, a telephone call to an office."),
    "talk": _("Somebody calls you to talk for a while."),
    "other": _("You tell us in your own words. One of us reads it first."),
    "cleanup": _("Mud, water, rubbish: neighbours clean and carry with you."),
    "shelter": _("A bed for one night or for some. One of us calls you about it."),
    "interpret": _("On the phone or on the spot, to a doctor for example."),
    "things": _("Clothes, blankets, towels, things for a child."),
    "lookin": _("Somebody rings each day, or once, and sees how you are."),
}

HINTS = {
    "pharmacy": _("Which pharmacy, and what to fetch. No need to say what it is for."),
    "meal": _("For how many people, and what must not be in it."),
    "transport": _("From where to where, and at what time. Say if there is a wheelchair or a walking frame."),
    "dog": _("How big the dog is, and what it likes or fears."),
    "papers": _("What kind of paper it is. Not its contents."),
    "talk": _("When it suits you, or what you like to talk about."),
    "cleanup": _("How many rooms, and what must be carried."),
    "shelter": _("For how many people, and for how long. Say if there are pets."),
    "interpret": _("Which language, and for what."),
    "things": _("What, how many, and in which sizes."),
    "lookin": _("When it suits you, and what whoever comes should look at."),
}
