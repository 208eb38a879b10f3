"""Whoever writes words of danger on a page of ours reads the emergency numbers on the next one."""

from collections.abc import Collection
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpResponseRedirect

from quartier.conversation.danger import Sign

# In the address of the page that shows them on top; the frame of every page does.
DANGER_PARAMETER = "danger"


def with_numbers(response: HttpResponseRedirect, signs: Collection[Sign]) -> HttpResponseRedirect:
    """The same redirect, to the page with the numbers on top where there are signs of danger."""
    if signs:
        to = urlsplit(response["Location"])
        asked = f"{DANGER_PARAMETER}={danger_code(signs)}"
        response["Location"] = urlunsplit(to._replace(query=f"{to.query}&{asked}" if to.query else asked))
    return response


def danger_code(signs: Collection[Sign]) -> str:
    """Which numbers: of violence, those for it too."""
    return ("violence" if Sign.VIOLENCE in signs else "danger") if signs else ""
