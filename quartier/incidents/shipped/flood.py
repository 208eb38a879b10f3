"""A flood. After the advice of the National Crisis Centre (Belgium) for during and after a flood, and of the
AVIQ on cleaning up; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

FLOOD = Template(
    code="flood",
    icon="water",
    name=_("A flood"),
    brings=_("A place to sleep, cleaning up, things that are missing; and care with water and electricity."),
    sentence=_("Is there water in your house? Neighbours clean up with you, and bring what is missing."),
    kinds=(
        "shelter", "cleanup", "things", "meal", "groceries", "transport", "lookin", "talk", "papers", "other",
    ),
    questions=(
        Asked("water", _("Is there water in the house?"), _("Water in the house"), for_neighbour=True),
        Asked("power", _("Is there electricity?"), _("Electricity"), for_neighbour=True),
        Asked("leave", _("Does somebody need help to leave the house?"), _("Help to leave the house")),
    ),
    script=(
        _("Does the water still rise? Then go upstairs, take your phone with you, and call 112 if you are in danger."),
        _("Do not go into the cellar while there is water and electricity."),
    ),
    door=(
        _("You never step into standing water near electricity before the mains is off."),
        _("You neither walk nor drive through water that flows."),
        _("You wear boots and gloves, and wash your hands before you eat: the water is dirty."),
        _("You go by daylight, and you tell us when you are out again."),
    ),
    announce=_("Was your house under water? Tell us what you need. Neighbours clean up, cook, and have a bed."),
    asks=_("There was water in the houses. Who helps to clean up, or brings what is missing?"),
    occasion="flood",
    check_in=_("Is it dry and warm where you sleep, and is there water from the tap?"),
)  # fmt: skip
