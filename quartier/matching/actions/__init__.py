"""What changes offers."""

from quartier.matching.actions.answers import (
    decline_offer,
    expire_offers,
    withdraw_offers,
    withdraw_offers_of,
)
from quartier.matching.actions.asking import choose_way
from quartier.matching.actions.learning import learn_answers, learners
from quartier.matching.actions.offering import offer_by_hand, token_of
from quartier.matching.actions.planning import plan_when_many
from quartier.matching.actions.waves import send_wave

__all__ = [
    "choose_way",
    "decline_offer",
    "expire_offers",
    "learn_answers",
    "learners",
    "offer_by_hand",
    "plan_when_many",
    "send_wave",
    "token_of",
    "withdraw_offers",
    "withdraw_offers_of",
]
