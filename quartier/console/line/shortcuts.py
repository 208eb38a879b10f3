"""The Alt keys of the line and of the page of a call, for the list of keys: each with the words of its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy


@dataclass(frozen=True)
class Shortcut:
    """`keys`: as the button names them in `aria-keyshortcuts`; `labels`: what the buttons with it say; `sometimes`: it
    is listed only where such a button is seen."""

    keys: str
    labels: Sequence[Promise]
    sometimes: bool = False

    @property
    def text(self) -> str:
        return " / ".join(str(label) for label in self.labels)


LINE_SHORTCUTS = (
    Shortcut("Alt+A", (gettext_lazy("Answer"),)),
    Shortcut("Alt+X", (gettext_lazy("Not now"),)),
    Shortcut("Alt+M", (gettext_lazy("Mute"),)),
    Shortcut(
        "Alt+W",
        (
            pgettext_lazy("a call", "Hold"),
            pgettext_lazy("a caller on hold", "Take back"),
            gettext_lazy("Back to the caller"),
        ),
    ),
    Shortcut("Alt+D", (gettext_lazy("Hand over"),)),
    Shortcut("Alt+C", (gettext_lazy("Hand over now"),)),
    Shortcut("Alt+P", (gettext_lazy("Pause the recording"),), sometimes=True),
    Shortcut("Alt+G", (pgettext_lazy("a call", "Record"),), sometimes=True),
    Shortcut("Alt+R", (gettext_lazy("Risk heard"),)),
    Shortcut("Alt+T", (pgettext_lazy("of a telephone", "Keys"),)),
    Shortcut("Alt+O", (gettext_lazy("Hang up"), gettext_lazy("Leave the call"))),
    Shortcut("Alt+B", (gettext_lazy("Ready again"), gettext_lazy("I am back"))),
)
CALL_PAGE_SHORTCUTS = (
    Shortcut("Alt+ArrowUp", (gettext_lazy("Back"),)),
    Shortcut("Alt+ArrowDown", (gettext_lazy("Next step"),)),
    Shortcut("Alt+1-9", (gettext_lazy("What is needed?"),)),
    Shortcut("Alt+Enter", (gettext_lazy("Look for a neighbour"),)),
    Shortcut("Alt+K", (gettext_lazy("Keep it"),)),
)
