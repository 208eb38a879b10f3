"""A heatwave. After the advice of the FPS Public Health (Belgium), of Vivalis and of the AVIQ for hot days and for
the signs of a heatstroke; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

HEATWAVE = Template(
    code="heatwave",
    icon="sun",
    name=_("A heatwave"),
    brings=_("Somebody who looks in each day, shopping in the heat, and the signs of a heatstroke."),
    sentence=_("It is very hot. A neighbour looks in, brings water and does your shopping."),
    kinds=("lookin", "groceries", "pharmacy", "talk", "transport", "dog", "other"),
    questions=(
        Asked("looked", _("Is there somebody who looks in each day?"), _("Somebody looks in each day")),
        Asked("cool", _("Is there a cool room in the house?"), _("A cool room"), for_neighbour=True),
        Asked(
            "drinks", _("Is there enough to drink in the house?"), _("Enough to drink"), for_neighbour=True
        ),
    ),
    script=(
        _("Drink something now, while we speak, and often, unless a doctor has told you to drink little."),
        _("Are you dizzy, do you have cramps or a very hot skin? Then call 112, and we call you again."),
    ),
    door=(
        _("You look in, and offer water. You stay a moment in the shade with them if they like."),
        _("Confused, very hot, no longer drinking, hard to wake: that is 112 at once, then us."),
        _("You go in the morning or in the evening, and drink something yourself."),
    ),
    announce=_("Is it too hot to go out? A neighbour looks in each day and brings what you need."),
    asks=_("It is very hot. Who looks in on a neighbour in the morning, and brings water and shopping?"),
    occasion="heat",
    check_in=_("Have you drunk something in the last hour, and how warm is it in your room?"),
)
