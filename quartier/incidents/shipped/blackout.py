"""A power cut that lasts. After the advice of the National Crisis Centre and of the FPS Economy (Belgium) for a
blackout, and of the Belgian Antipoison Centre on carbon monoxide; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

BLACKOUT = Template(
    code="blackout",
    icon="torch",
    name=_("A power cut"),
    brings=_("Someone who checks on people, warm meals, blankets and a warm place; torches instead of candles."),
    sentence=_("No electricity? A neighbour can check on you, with a torch, something warm and the news."),
    kinds=("lookin", "meal", "things", "shelter", "groceries", "pharmacy", "transport", "other"),
    questions=(
        Asked("device", _("Does anyone depend on a medical device that needs electricity?"), _("Medical device")),
        Asked("warm", _("Is the house warm?"), _("House warm"), for_neighbour=True),
        Asked("stairs", _("Is the lift out of order, so you have to use the stairs?"), _("Stairs only"),
              for_neighbour=True),
    ),
    script=(
        _("If someone’s breathing equipment stops, call 112 at once."),
        _("Never use a barbecue, camping stove or generator indoors. Carbon monoxide has no smell, and it kills."),
    ),
    door=(
        _("Bring a torch, not candles."),
        _("Take the stairs: do not use the lift, even if it seems to work."),
        _("Knock and call out: the bell may not work. Say your code word first."),
    ),
    announce=_("No electricity? Neighbours check on people who are alone, and bring light and something warm."),
    asks=_("The power is out. Could you check on neighbours who are alone, with a torch or something warm?"),
    occasion="blackout",
    check_in=_("Is it warm enough, is there light, and is your phone charged?"),
)  # fmt: skip
