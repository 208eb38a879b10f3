"""What changes offers."""

from quartier.matching.actions.acquaintance import known_to, they_met, they_missed
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
from quartier.matching.actions.planning import plan_when_many
from quartier.matching.actions.standing import standing_offer
from quartier.matching.actions.waves import send_wave

__all__ = [
    "can_write_to_who_waits",
    "choose_way",
    "decline_offer",
    "expire_offers",
    "known_to",
    "learn_answers",
    "learners",
    "offer_by_hand",
    "plan_when_many",
    "resume_searches",
    "send_wave",
    "standing_offer",
    "tell_who_waits",
    "they_met",
    "they_missed",
    "token_of",
    "whom_to_tell",
    "withdraw_offers",
    "withdraw_offers_of",
]
