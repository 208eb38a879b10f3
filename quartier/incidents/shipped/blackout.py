"""A power cut that lasts. After the advice of the National Crisis Centre and of the FPS Economy (Belgium) for a
blackout, and of the Belgian Antipoison Centre on carbon monoxide; in our own words."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Asked, Template

BLACKOUT = Template(
    code="blackout",
    icon="torch",
    name=_("A power cut"),
    brings=_("Somebody who looks in, warm meals, blankets and a warm place; torches instead of candles."),
    sentence=_("No electricity? A neighbour looks in, with a torch, something warm and the news."),
    kinds=("lookin", "meal", "things", "shelter", "groceries", "pharmacy", "transport", "other"),
    questions=(
        Asked("device", _("Does somebody depend on a medical device that needs electricity?"), _("Medical device")),
        Asked("warm", _("Is the house warm?"), _("House warm"), for_neighbour=True),
        Asked("stairs", _("Does one have to take the stairs, since the lift does not work?"), _("Only stairs"),
              for_neighbour=True),
    ),
    script=(
        _("Does somebody need a device to breathe, and it stops? Then call 112 at once."),
        _("No barbecue and no gas fire indoors: the gas has no smell, and it kills."),
    ),
    door=(
        _("You bring a torch, not candles."),
        _("You take the stairs: no lift, even if it seems to work."),
        _("You knock and call out: the bell may be silent. You say your code word first."),
    ),
    announce=_("No electricity? Neighbours look in on whoever is alone, and bring light and something warm."),
    asks=_("The power is out. Who looks in on neighbours who are alone, with a torch or something warm?"),
    occasion="blackout",
    check_in=_("Is it warm enough, is there light, and is your phone charged?"),
)  # fmt: skip
