"""Several kinds of help named in one message: all of a few, or how many there are. (A file of its own beside `saying`,
which puts them into a message.)"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

# So many are named, of more the first ones.
MAX_NAMED = 4
NAMED_OF_MANY = 2


def named(things: Sequence[str]) -> str:
    """`shopping, a hot meal and dog walking`; `8 things: shopping, a hot meal and 6 others`."""
    things = list(dict.fromkeys(things))
    if len(things) > MAX_NAMED:
        first, more = ", ".join(things[:NAMED_OF_MANY]), len(things) - NAMED_OF_MANY
        values = {"count": len(things), "first": first, "more": more}
        return _("%(count)s things: %(first)s and %(more)s others") % values
    if len(things) > 1:
        return _("%(first)s and %(last)s") % {"first": ", ".join(things[:-1]), "last": things[-1]}
    return things[0] if things else ""
