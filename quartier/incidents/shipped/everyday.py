"""What holds when no incident runs; it can be opened beside another one, so that its kinds are offered too."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Template
from quartier.lib import choices

EVERYDAY = Template(
    code="everyday",
    icon="home",
    name=_("Every day"),
    brings=_("The eight usual kinds of help. This is what holds when nothing else does."),
    sentence=_("Our neighbours help every day, also when nothing special happens."),
    kinds=tuple(kind.code for kind in choices.EVERYDAY),
    announce=_("Neighbours help neighbours, every day: with shopping, the pharmacy, a lift or a talk."),
    asks=_("Neighbours ask for help every day. Who goes shopping, fetches medicines or walks a dog?"),
)
