"""What holds when no incident runs; it can be opened beside another one, so that its kinds are offered too."""

from django.utils.translation import gettext_lazy as _

from quartier.incidents.shipped.shape import Template
from quartier.lib import choices

EVERYDAY = Template(
    code="everyday",
    icon="home",
    name=_("Every day"),
    brings=_("The eight usual kinds of help. They apply when nothing else is happening."),
    sentence=_("Our neighbours help every day, even when nothing special is happening."),
    kinds=tuple(kind.code for kind in choices.EVERYDAY),
    announce=_("Neighbours help neighbours, every day: with shopping, the pharmacy, a lift or a chat."),
    asks=_("Neighbours ask for help every day. Could you go shopping, collect medicines or walk a dog?"),
)
