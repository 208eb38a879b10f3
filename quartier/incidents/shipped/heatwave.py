"""A heatwave. After the advice of the FPS Public Health (Belgium), of Vivalis and of the AVIQ for hot days and for
the signs of a heatstroke; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

HEATWAVE = Template(
    code="heatwave",
    icon="sun",
    name=_("A heatwave"),
    brings=_("Someone who checks on people every day, shopping in the heat, and the signs of heatstroke."),
    sentence=_("It is very hot. A neighbour can check on you, bring water and do your shopping."),
    kinds=("lookin", "groceries", "pharmacy", "talk", "transport", "dog", "other"),
    questions=(
        Asked("looked", _("Is there someone who checks on you every day?"), _("Someone checks every day")),
        Asked("cool", _("Is there a cool room in the house?"), _("A cool room"), for_neighbour=True),
        Asked(
            "drinks", _("Is there enough to drink in the house?"), _("Enough to drink"), for_neighbour=True
        ),
    ),
    script=(
        _(
            "Drink something now, while we talk, and drink often, unless a doctor has told you to drink "
            "little."
        ),
        _(
            "If you are dizzy, have cramps or your skin is very hot, call 112. We will call you back "
            "afterwards."
        ),
    ),
    door=(
        _("Check how they are, and offer water. Stay a moment in the shade with them if they like."),
        _("If they are confused, very hot, not drinking or hard to wake, call 112 at once, then us."),
        _("Go in the morning or in the evening, and drink something yourself."),
    ),
    announce=_("Is it too hot to go out? A neighbour can check on you every day and bring what you need."),
    asks=_("It is very hot. Could you check on a neighbour in the morning, and bring water and shopping?"),
    occasion="heat",
    check_in=_("Have you had any water in the last hour? How warm is your room?"),
)
