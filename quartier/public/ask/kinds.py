"""What is said of a kind of help: on its card, where its name does not say it all, and beside the box for details."""

from django.utils.translation import gettext_lazy as _

TEXTS = {
    "groceries": _("Food, things for the house. Paid afterwards, as the receipt says."),
    "pharmacy": _("Medicines, with or without a prescription."),
    "transport": _("To the doctor, to the hospital, to an appointment."),
    "papers": _("A letter, a form, a phone call to an office."),
    "other": _("Tell us in your own words. Someone from our team reads it first."),
    "cleanup": _("Mud, water, rubbish: neighbours clean and carry with you."),
    "shelter": _("A bed for one night or for a few. Someone from our team will call you about it."),
    "interpret": _("On the phone or on the spot, to a doctor for example."),
    "things": _("Clothes, blankets, towels, things for a child."),
    "lookin": _("Someone comes to your door, every day or once, to see how you are."),
}

HINTS = {
    "pharmacy": _("Which pharmacy, and what to collect. No need to say what it is for."),
    "meal": _("For how many people, and anything they cannot eat."),
    "transport": _("Tell us if there is a wheelchair or a walking frame, and whether you need a lift back."),
    "dog": _("How big the dog is, and what it likes or fears."),
    "papers": _("What kind of letter or form it is. Not what it says."),
    "talk": _("When it suits you, or what you like to talk about."),
    "cleanup": _("How many rooms, and what has to be carried."),
    "shelter": _("For how many people, and for how long. Tell us if there are pets."),
    "interpret": _("Which language, and for what."),
    "things": _("What, how many, and in which sizes."),
    "lookin": _("When it suits you, and what the person who comes should check."),
}

# Where somebody else is helped than who answers.
HINTS_FOR_OTHER = HINTS | {
    "transport": _(
        "Tell us if this person uses a wheelchair or a walking frame, and whether they need a lift back."
    ),
    "talk": _("When it suits this person, or what they like to talk about."),
    "lookin": _("When it suits this person, and what the one who comes should check."),
}
