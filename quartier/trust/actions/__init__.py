"""What changes trust: what was seen, suspensions in words, and the list of those who are not put on it."""

from quartier.trust.actions.blocking import (
    NothingSaid,
    NotYours,
    appeal,
    block,
    decide,
    lift,
    lifted,
    suspended,
)
from quartier.trust.actions.seeing import (
    NotSeen,
    Paper,
    expire,
    pair_first,
    refresh,
    saw,
    sign,
    take_back,
    vet,
)

__all__ = [
    "NotSeen",
    "NotYours",
    "NothingSaid",
    "Paper",
    "appeal",
    "block",
    "decide",
    "expire",
    "lift",
    "lifted",
    "pair_first",
    "refresh",
    "saw",
    "sign",
    "suspended",
    "take_back",
    "vet",
]
