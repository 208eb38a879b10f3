"""The Alt keys of the line and of the page of a call, for the list of keys: each with the words of its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy


@dataclass(frozen=True)
class LineShortcut:
    """`keys`: as the button names them in `aria-keyshortcuts`; `labels`: what the buttons with it say; `sometimes`: it
    is listed only where such a button is seen."""

    keys: str
    labels: Sequence[Promise]
    sometimes: bool = False

    @property
    def text(self) -> str:
        return " / ".join(str(label) for label in self.labels)


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
    LineShortcut("Alt+D", (gettext_lazy("Hand over"),)),
    LineShortcut("Alt+C", (gettext_lazy("Hand over now"),)),
    LineShortcut("Alt+P", (gettext_lazy("Pause the recording"),), sometimes=True),
    LineShortcut("Alt+G", (pgettext_lazy("a call", "Record"),), sometimes=True),
    LineShortcut("Alt+R", (gettext_lazy("Risk heard"),)),
    LineShortcut("Alt+T", (pgettext_lazy("of a telephone", "Keys"),)),
    LineShortcut("Alt+O", (gettext_lazy("Hang up"), gettext_lazy("Leave the call"))),
    LineShortcut("Alt+B", (gettext_lazy("Ready again"), gettext_lazy("I am back"))),
)
CALL_PAGE_SHORTCUTS = (
    LineShortcut("Alt+ArrowUp", (gettext_lazy("Back"),)),
    LineShortcut("Alt+ArrowDown", (gettext_lazy("Next step"),)),
    LineShortcut("Alt+1-9", (gettext_lazy("What is needed?"),)),
    LineShortcut("Alt+Enter", (gettext_lazy("Look for a neighbour"),)),
    LineShortcut("Alt+K", (gettext_lazy("Keep it"),)),
)
