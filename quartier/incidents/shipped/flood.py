"""A flood. After the advice of the National Crisis Centre (Belgium) for during and after a flood, and of the
AVIQ on cleaning up; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

FLOOD = Template(
    code="flood",
    icon="water",
    name=_("A flood"),
    brings=_("A place to sleep, cleaning up, things that are missing; and care with water and electricity."),
    sentence=_("Is there water in your home? Neighbours can help clean up and bring what you need."),
    kinds=(
        "shelter", "cleanup", "things", "meal", "groceries", "transport", "lookin", "talk", "papers", "other",
    ),
    questions=(
        Asked("water", _("Is there water in the house?"), _("Water in the house"), for_neighbour=True),
        Asked("power", _("Is there electricity?"), _("Electricity"), for_neighbour=True),
        Asked("leave", _("Does anyone need help to leave the house?"), _("Help to leave the house")),
    ),
    script=(
        _("If the water is still rising, go upstairs with your phone, and call 112 if you are in danger."),
        _("Do not go into a flooded cellar until the electricity is off."),
    ),
    door=(
        _("Never step into standing water until the mains electricity is off."),
        _("Do not walk or drive through moving water."),
        _("Wear boots and gloves, and wash your hands before you eat: the water is dirty."),
        _("Go by daylight, and tell us when you are out again."),
    ),
    announce=_(
        "Has your home been flooded? Tell us what you need. Neighbours can help clean up, cook a meal or offer a bed."
    ),
    asks=_("Homes have been flooded. Could you help to clean up, or bring what people need?"),
    occasion="flood",
    check_in=_("Is it dry and warm where you sleep? Is there water in the tap?"),
)  # fmt: skip
