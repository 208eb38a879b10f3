"""An illness that goes around. After the advice of Sciensano and of the FPS Public Health (Belgium) on coughs,
fevers and visits to people at risk, 2020 to 2024; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

PANDEMIC = Template(
    code="pandemic",
    icon="mask",
    name=_("An illness going round"),
    brings=_(
        "Shopping and medicines for people who have to stay at home, friendly calls, and distance at the "
        "door."
    ),
    sentence=_(
        "If you have to stay at home because of the illness, a neighbour will go out for you. We keep our "
        "distance."
    ),
    kinds=("groceries", "pharmacy", "talk", "meal", "dog", "transport", "other"),
    questions=(
        Asked("ill", _("Is anyone at home ill, with a fever or a cough?"), _("Fever or cough at home")),
        Asked("doctor", _("Has a doctor been called already?"), _("Doctor called")),
    ),
    script=(
        _(
            "The person who comes stays outside. Put the money in an envelope, and wait until they have "
            "stepped back."
        ),
        _("If you can hardly breathe, hang up and call 112. We will call you back afterwards."),
    ),
    door=(
        _("Stay outside, and keep a metre and a half apart."),
        _("Wear a mask, and clean your hands before and after."),
        _("If you have a cough or a fever, do not go: tell us, and someone else will go."),
    ),
    announce=_(
        "Are you staying at home because of the illness? A neighbour will shop for you and stay at the door."
    ),
    asks=_(
        "Many people are staying at home because of an illness. Could you go shopping for a neighbour, up "
        "to the door?"
    ),
    occasion="lockdown",
    check_in=_("Do you have enough to eat, enough medicine, and someone to talk to?"),
)
