"""What changes offers."""

from quartier.matching.actions.acquaintance import known_to, never_met, they_met, they_missed
from quartier.matching.actions.answers import (
    decline_offer,
    expire_offers,
    withdraw_offers,
    withdraw_offers_of,
)
from quartier.matching.actions.asking import choose_way
from quartier.matching.actions.learning import learn_answers, learners
from quartier.matching.actions.offering import offer_by_hand, token_of
from quartier.matching.actions.pace import (
    can_write_to_who_waits,
    resume_searches,
    tell_who_waits,
    whom_to_tell,
)
from quartier.matching.actions.planning import are_many_due, plan_when_many
from quartier.matching.actions.search_end import can_ask_anyone, was_anybody_asked
from quartier.matching.actions.standing import ask_first, standing_offer
from quartier.matching.actions.waves import send_wave

__all__ = [
    "are_many_due",
    "ask_first",
    "can_ask_anyone",
    "can_write_to_who_waits",
    "choose_way",
    "decline_offer",
    "expire_offers",
    "known_to",
    "learn_answers",
    "learners",
    "never_met",
    "offer_by_hand",
    "plan_when_many",
    "resume_searches",
    "send_wave",
    "standing_offer",
    "tell_who_waits",
    "they_met",
    "they_missed",
    "token_of",
    "was_anybody_asked",
    "whom_to_tell",
    "withdraw_offers",
    "withdraw_offers_of",
]
