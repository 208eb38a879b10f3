"""The Alt keys of the line and of the page of a call, for the list of keys: each with the words of its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from quartier.lib import choices

KINDS_KEYS = f"Alt+1-{len(choices.EVERYDAY)}"


@dataclass(frozen=True)
class LineShortcut:
    """`keys`: as the button names them in `aria-keyshortcuts`; `labels`: what the buttons with it say; `sometimes`: it
    is listed only where such a button is seen; `where`: it holds there alone."""

    keys: str
    labels: Sequence[Promise]
    sometimes: bool = False
    where: Promise | None = None

    @property
    def text(self) -> str:
        return " / ".join(str(label) for label in self.labels)

    @property
    def is_of_kinds(self) -> bool:
        """Of the form's kinds: how many have a digit is known where the form stands."""
        return self.keys == KINDS_KEYS


LINE_SHORTCUTS = (
    LineShortcut("Alt+A", (gettext_lazy("Answer"),)),
    LineShortcut("Alt+X", (gettext_lazy("Not now"),)),
    LineShortcut("Alt+M", (gettext_lazy("Mute"),)),
    LineShortcut(
        "Alt+W",
        (
            pgettext_lazy("a call", "Hold"),
            pgettext_lazy("a caller on hold", "Take back"),
            gettext_lazy("Back to the caller"),
        ),
    ),
    LineShortcut("Alt+D", (pgettext_lazy("to ask for advice, or to hand a call to", "Colleague"),)),
    LineShortcut("Alt+C", (gettext_lazy("Hand over now"),)),
    LineShortcut("Alt+P", (gettext_lazy("Pause the recording"),), sometimes=True),
    LineShortcut("Alt+G", (pgettext_lazy("a call", "Record"),), sometimes=True),
    LineShortcut("Alt+R", (gettext_lazy("Caller in danger"),)),
    LineShortcut("Alt+T", (pgettext_lazy("of a telephone", "Keys"),)),
    LineShortcut("Alt+O", (gettext_lazy("Hang up"), gettext_lazy("Leave the call"))),
    LineShortcut("Alt+B", (gettext_lazy("Ready again"), gettext_lazy("I am back"))),
)
# What the form of a request has, wherever it stands.
FORM_SHORTCUTS = (
    LineShortcut(
        KINDS_KEYS,
        (gettext_lazy("What is needed?"),),
        where=gettext_lazy("in the form, even while you are typing"),
    ),
    LineShortcut("Alt+U", (gettext_lazy("How urgent?"),)),
    LineShortcut("Alt+Y", (gettext_lazy("I have read this out, and the answer is yes"),)),
    LineShortcut("Alt+Enter", (gettext_lazy("Look for a neighbour"),)),
)
INTAKE_SHORTCUTS = (*FORM_SHORTCUTS, LineShortcut("Alt+L", (gettext_lazy("Finish later"),)))
CALL_PAGE_SHORTCUTS = (
    LineShortcut("Alt+ArrowUp", (gettext_lazy("Back"),)),
    LineShortcut("Alt+ArrowDown", (gettext_lazy("Next step"),)),
    *FORM_SHORTCUTS,
    LineShortcut(
        "1-9",
        (gettext_lazy("What was the result?"),),
        where=gettext_lazy("in the notes, outside the text fields"),
    ),
    LineShortcut("Alt+K", (pgettext_lazy("a note", "Keep it"),)),
)
