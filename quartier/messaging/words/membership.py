"""What a volunteer reads of what the team has decided about their membership."""

from django.utils.translation import gettext_lazy as _

from quartier.messaging.words.form import Words

MEMBERSHIP: dict[str, Words] = {
    "membership_rests": Words(
        text=_("You are on a break {rests}: we will not ask you for anything. {link}"),
        subject=_("You are on a break {rests}"),
        mail=_(
            "Our team has noted a break for you {rests}. We will not ask you for anything during it; what you have "
            "promised stays as it is.\n\n"
            "Is that not right? Call us: {phone}, or change it on your page:\n"
            "{link}"
        ),
    ),
    "membership_over": Words(
        text=_(
            "You are no longer a volunteer with us for now. Please go to no visit. To talk to us: {phone}"
        ),
        subject=_("You are no longer a volunteer with us for now"),
        mail=_(
            "Our team has decided that you are no longer a volunteer with us for now. Please go to no visit, even if "
            "you had promised it: we will find someone else.\n\n"
            "Thank you for what you have done. If you would like to talk to us about it, call {phone}."
        ),
    ),
    "membership_again": Words(
        text=_("We can ask you for help again from now on. Thank you for being there. {link}"),
        subject=_("We can ask you for help again"),
        mail=_(
            "From now on we can ask you again when a neighbour needs help. You are free to say no every time.\n\n"
            "Your page:\n"
            "{link}"
        ),
    ),
}
