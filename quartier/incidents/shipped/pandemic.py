"""An illness that goes around. After the advice of Sciensano and of the FPS Public Health (Belgium) on coughs,
fevers and visits to people at risk, 2020 to 2024; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

PANDEMIC = Template(
    code="pandemic",
    icon="mask",
    name=_("An illness that goes around"),
    brings=_("Shopping and medicines for whoever stays at home, friendly calls, and distance at the door."),
    sentence=_(
        "For whoever stays at home because of the illness, a neighbour goes out. We keep our distance."
    ),
    kinds=("groceries", "pharmacy", "talk", "meal", "dog", "transport", "other"),
    questions=(
        Asked("ill", _("Is somebody at home ill, with a fever or a cough?"), _("Fever or cough at home")),
        Asked("doctor", _("Has a doctor been called already?"), _("Doctor called")),
    ),
    script=(
        _(
            "Whoever comes stays outside. Put the money in an envelope, and wait until they have stepped back."
        ),
        _("If you can hardly breathe, hang up and call 112. We call you again afterwards."),
    ),
    door=(
        _("You stay outside, and keep a metre and a half of distance."),
        _("You wear a mask, and clean your hands before and after."),
        _("If you cough or have a fever, you do not go: tell us, and somebody else goes."),
    ),
    announce=_(
        "Do you stay at home because of the illness? A neighbour shops for you and stays at the door."
    ),
    asks=_("Many stay at home because of an illness. Who goes shopping for a neighbour, up to the door?"),
    occasion="lockdown",
    check_in=_("Is there enough to eat, enough medicine, and somebody you speak with?"),
)
