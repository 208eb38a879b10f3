"""What changes the listening programme."""

from quartier.companions.actions.checks import end_checks_of_met
from quartier.companions.actions.directory import check_service, give_service, keep_service, take_in
from quartier.companions.actions.listeners import (
    change_listener,
    come_back,
    go_away,
    hand_over,
    meet,
    record_training,
    stop_listening,
)
from quartier.companions.actions.moods import choose_scale, note_mood
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
from quartier.companions.actions.referrals import call_service, note_outcome, refer
from quartier.companions.actions.standing_in import (
    answer_stand_in,
    ask_stand_in,
    end_past,
    end_stand_in,
    say_told,
)
from quartier.companions.actions.talks import call, mark, plan_due, postpone, watch
from quartier.companions.actions.watching import follow, worry

__all__ = [
    "agree_listener",
    "agree_person",
    "answer_stand_in",
    "ask_stand_in",
    "begin",
    "break_glass",
    "call",
    "call_service",
    "change_listener",
    "check_service",
    "choose_scale",
    "close_wish",
    "come_back",
    "decline",
    "empty_due",
    "end",
    "end_checks_of_met",
    "end_past",
    "end_stand_in",
    "erase",
    "follow",
    "give_service",
    "go_away",
    "hand_over",
    "keep_service",
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
    "say_told",
    "stop_listening",
    "take_in",
    "watch",
    "wish_for",
    "worry",
    "write_note",
]
