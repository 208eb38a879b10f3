"""The legs that are up, on the disk, so that the next call control can end them when this one falls.

Sealed, since a dialog names who calls. Not synced: a process that is killed loses nothing of what it has written, and
with a machine that falls its legs are gone too.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from quartier.telephony.desk.journal import Entry, Journal
from quartier.telephony.providers.sip.dialog import Dialog

ENTRY_KIND = "dialog"


@dataclass(frozen=True)
class StoredLeg:
    """`leg`: its name in rtpengine; `organisation`: whose line. `hears`: on it is somebody outside, who is told
    what has happened, in `language`; `ring_back`: and that we ring back."""

    leg: str
    call: str
    organisation: str
    dialog: Dialog
    hears: bool = False
    language: str = ""
    ring_back: bool = False


class DialogStore:
    """One writer. `left` are the legs of the last run, until each is `forgotten`."""

    def __init__(self, file: Path) -> None:
        self._journal = Journal(file, synced=False)
        self._entries: dict[str, tuple[StoredLeg, Entry]] = {}
        self.left: list[StoredLeg] = []
        for entry in self._journal.left:
            try:
                words = dict(entry.words)
                stored = StoredLeg(**{**words, "dialog": Dialog.of_words(words["dialog"])})
            except (KeyError, TypeError):
                # Of another version: it says nothing that helps.
                self._journal.arrived(entry)
                continue
            self._entries[stored.leg] = stored, entry
        self.left = [stored for stored, _entry in self._entries.values()]

    def keep(self, stored: StoredLeg) -> None:
        """This leg is up, or what is known of it has changed."""
        before = self._entries.get(stored.leg)
        if before is not None and before[0] == stored:
            return
        words = {**vars(stored), "dialog": stored.dialog.words()}
        self._entries[stored.leg] = stored, self._journal.note(ENTRY_KIND, **words)
        if before is not None:
            self._journal.arrived(before[1])

    def hears(self, leg: str, *, ring_back: bool, language: str = "") -> None:
        """Whether the caller on this leg can be promised a call, and in which language they are spoken to ("": as
        before)."""
        if leg in self._entries and self._entries[leg][0].hears:
            before = self._entries[leg][0]
            self.keep(replace(before, language=language or before.language, ring_back=ring_back))

    def forget(self, leg: str) -> None:
        """It is over."""
        before = self._entries.pop(leg, None)
        if before is not None:
            self._journal.arrived(before[1])

    def close(self) -> None:
        self._journal.close()
