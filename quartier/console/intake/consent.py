"""What is read out before something is written down, in each of the languages that are spoken: the page shows the one
that is chosen at this moment."""

from django.utils import translation
from django.utils.translation import gettext as _

from quartier.console.lists import read_out


def said_in(language: str, name: str) -> dict[str, str]:
    """The sentences in one language; `name`: of whom we help, or ''."""
    return {
        "code": language,
        "own": consent_words(language),
        "other": consent_words_other(language, name),
        "named": consent_words_other(language, "{name}"),
        "unnamed": consent_words_other(language, ""),
        "allergies": read_out(language),
    }


def consent_words(language: str) -> str:
    """What is read out, in the language of who listens."""
    with translation.override(language):
        return _(
            "May I write down your name, address and what you need, and give your address to the neighbour "
            "who says yes? No one else outside our team sees it. You can ask us to delete it at any time."
        )


def consent_words_other(language: str, name: str) -> str:
    """What is read out to somebody who calls for somebody else, in their language. `name`: of whom we help, or ''."""
    with translation.override(language):
        if not name.strip():
            return _(
                "May I write down your name, and the name, address and needs of the person who needs help, "
                "and give their address to the neighbour who says yes? No one else outside our team sees "
                "it. Both of you can ask us to delete it at any time."
            )
        return _(
            "May I write down your name, and for %(name)s the name, address and what is needed, and give "
            "the address to the neighbour who says yes? No one else outside our team sees it. Both of you "
            "can ask us to delete it at any time."
        ) % {"name": name.strip()}
