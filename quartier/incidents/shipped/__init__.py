"""The templates that ship with the project, in the order in which they are offered."""

from quartier.incidents.shipped.blackout import BLACKOUT
from quartier.incidents.shipped.everyday import EVERYDAY
from quartier.incidents.shipped.flood import FLOOD
from quartier.incidents.shipped.heatwave import HEATWAVE
from quartier.incidents.shipped.pandemic import PANDEMIC
from quartier.incidents.shipped.refugees import REFUGEES
from quartier.incidents.shipped.shape import Asked, Template

TEMPLATES = {each.code: each for each in (PANDEMIC, FLOOD, HEATWAVE, BLACKOUT, REFUGEES, EVERYDAY)}
# Which one a check-in is about.
BY_OCCASION = {each.occasion: each for each in TEMPLATES.values() if each.occasion}

__all__ = ["BY_OCCASION", "EVERYDAY", "TEMPLATES", "Asked", "Template"]
