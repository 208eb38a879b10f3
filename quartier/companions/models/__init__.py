"""The listening programme, and the directory of services to which people are referred."""

from quartier.companions.models.directory import Referral, Service
from quartier.companions.models.programme import (
    CallWish,
    Entry,
    Glass,
    Listener,
    Meeting,
    Mood,
    Pairing,
    Sign,
    StandIn,
    Talk,
    Training,
)

__all__ = [
    "CallWish",
    "Entry",
    "Glass",
    "Listener",
    "Meeting",
    "Mood",
    "Pairing",
    "Referral",
    "Service",
    "Sign",
    "StandIn",
    "Talk",
    "Training",
]
