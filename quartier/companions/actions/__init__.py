"""What changes the listening programme."""

from quartier.companions.actions.directory import note_outcome, refer, take_in
from quartier.companions.actions.listeners import (
    change_listener,
    come_back,
    go_away,
    hand_over,
    meet,
    record_training,
    stop_listening,
)
from quartier.companions.actions.moods import note_mood
from quartier.companions.actions.notebook import break_glass, empty_due, erase, write_note
from quartier.companions.actions.pairing import (
    agree_listener,
    agree_person,
    begin,
    close_wish,
    decline,
    end,
    pause,
    propose,
    resume,
    wish_for,
)
from quartier.companions.actions.talks import call, mark, plan_due, postpone, watch
from quartier.companions.actions.watching import follow, worry

__all__ = [
    "agree_listener",
    "agree_person",
    "begin",
    "break_glass",
    "call",
    "change_listener",
    "close_wish",
    "come_back",
    "decline",
    "empty_due",
    "end",
    "erase",
    "follow",
    "go_away",
    "hand_over",
    "mark",
    "meet",
    "note_mood",
    "note_outcome",
    "pause",
    "plan_due",
    "postpone",
    "propose",
    "record_training",
    "refer",
    "resume",
    "stop_listening",
    "take_in",
    "watch",
    "wish_for",
    "worry",
    "write_note",
]
