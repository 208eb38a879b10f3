"""What changes what people say afterwards, and check-ins."""

from quartier.followup.actions.answering import answer, helper_says, look_after
from quartier.followup.actions.asking import ask_due, expire, plan, plan_silent
from quartier.followup.actions.calling import (
    TakenAlready,
    claim,
    nobody_answered,
    record_late_call,
    undo_late_call,
)
from quartier.followup.actions.campaigns import (
    Estimate,
    NobodyThere,
    Plan,
    RunsAlready,
    end,
    estimate,
    pause,
    resume,
    start,
)
from quartier.followup.actions.checking import check_answer, check_unanswered, claim_check, send_neighbour
from quartier.followup.actions.choosing import choose
from quartier.followup.actions.climbing import climb, see_knocks
from quartier.followup.actions.due_calls import show_due_calls
from quartier.followup.actions.given_up import end_missed_days, give_up
from quartier.followup.actions.importing import import_members
from quartier.followup.actions.members import Agreed, agree, leave
from quartier.followup.actions.notify_team import escalate_unreached, tell_ladder_news
from quartier.followup.actions.overdue import (
    answer_overdue,
    ask_at_its_end,
    ask_instead_of_call,
    ask_overdue,
    close_overdue,
    why_human_again,
)
from quartier.followup.actions.telling import Reached, stop_telling, tell, tell_some, would_reach
from quartier.followup.actions.undone import undo_done, undo_done_ahead

__all__ = [
    "Agreed",
    "Estimate",
    "NobodyThere",
    "Plan",
    "Reached",
    "RunsAlready",
    "TakenAlready",
    "agree",
    "answer",
    "answer_overdue",
    "ask_at_its_end",
    "ask_due",
    "ask_instead_of_call",
    "ask_overdue",
    "check_answer",
    "check_unanswered",
    "choose",
    "claim",
    "claim_check",
    "climb",
    "close_overdue",
    "end",
    "end_missed_days",
    "escalate_unreached",
    "estimate",
    "expire",
    "give_up",
    "helper_says",
    "import_members",
    "leave",
    "look_after",
    "nobody_answered",
    "pause",
    "plan",
    "plan_silent",
    "record_late_call",
    "resume",
    "see_knocks",
    "send_neighbour",
    "show_due_calls",
    "start",
    "stop_telling",
    "tell",
    "tell_ladder_news",
    "tell_some",
    "undo_done",
    "undo_done_ahead",
    "undo_late_call",
    "why_human_again",
    "would_reach",
]
