"""Everybody of a simulation in columns: who helps, and who asks. The same people for the same seed and number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from quartier.lib import choices
from quartier.sim import draws
from quartier.sim.behaviour import behaviour
from quartier.sim.country import REQUESTS, VOLUNTEERS, Country, Homes

KINDS = tuple(choice.code for choice in choices.EVERYDAY)
LANGUAGES = {choice.code: choice.mask for choice in choices.LANGUAGES}
OTHER_NATIONAL = {"fr": "nl", "nl": "fr", "de": "fr"}
OTHERS = ("ar", "tr", "es", "it", "pl", "ro", "pt", "uk")
PARTS = ("morning", "afternoon", "evening")


@dataclass(frozen=True)
class Wishes:
    """What is asked for, where it differs from the behaviour file.

    kinds, urgency  weights by code; empty: as the behaviour file says
    within          postcodes of the places where help is needed; empty: the whole country
    share_within    share of the requests that come from there, the rest from anywhere
    by_phone        share that calls, the others use the website; `None`: as the behaviour file says
    """

    kinds: Mapping[str, float] = field(default_factory=dict)
    urgency: Mapping[str, float] = field(default_factory=dict)
    within: Collection[int] = ()
    share_within: float = 1.0
    by_phone: float | None = None

    def __post_init__(self) -> None:
        for what, known in (("kinds", KINDS), ("urgency", behaviour()["asking"]["urgency"])):
            weights: Mapping[str, float] = getattr(self, what)
            if strange := sorted(set(weights) - set(known)):
                raise ValueError(f"{what}: there is no {strange[0]!r}")
            if weights and (min(weights.values()) < 0 or not sum(weights.values()) > 0):
                raise ValueError(f"{what}: weights are 0 or more, and not all of them 0")
        for share in (self.share_within, self.by_phone or 0.0):
            if not 0 <= share <= 1:
                raise ValueError(f"a share is between 0 and 1, not {share}")


AS_ALWAYS = Wishes()


@dataclass(frozen=True)
class Volunteers:
    """Those who help, a column each. `kinds`, `languages`, `slots`: bits as in `lib.choices`; `ready`: how likely a
    yes is at one's own door, which nobody knows but the simulation."""

    homes: Homes
    kinds: np.ndarray
    languages: np.ndarray
    slots: np.ndarray
    travel: np.ndarray
    radius_m: np.ndarray
    capacity: np.ndarray
    ready: np.ndarray

    def __len__(self) -> int:
        return len(self.ready)


@dataclass(frozen=True)
class Requests:
    """What is asked, a column each. `kind`: place in `KINDS`; `urgency`: place in `URGENCIES`; `languages`: bits;
    `language`: code of the first of them; `writes`: who asks can be written to; `takes_back`: minutes after which
    it is taken back if nobody has been found, infinite for most."""

    homes: Homes
    kind: np.ndarray
    urgency: np.ndarray
    languages: np.ndarray
    language: np.ndarray
    by_phone: np.ndarray
    for_another: np.ndarray
    writes: np.ndarray
    takes_back: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)


URGENCIES = tuple(behaviour()["asking"]["urgency"])


def volunteers(country: Country, seed: int, numbers: np.ndarray) -> Volunteers:
    """The volunteers with these numbers."""
    figures = behaviour()["volunteers"]
    homes = country.homes(seed, VOLUNTEERS, numbers)

    def chance(purpose: int, which: int = 0) -> np.ndarray:
        return np.asarray(draws.units(seed, purpose, numbers, which))

    kinds = np.zeros(len(numbers), dtype=np.int64)
    for place, kind in enumerate(KINDS):
        kinds |= (chance(draws.KINDS, place) < figures["kinds"][kind]).astype(np.int64) << place
    kinds[kinds == 0] = choices.mask(choices.KINDS, ["groceries"])
    masks = np.vectorize(LANGUAGES.__getitem__, otypes=[np.int64])
    languages = masks(homes.language)
    second = masks(np.vectorize(OTHER_NATIONAL.__getitem__, otypes=["<U2"])(homes.language))
    another = masks(np.array(OTHERS)[draws.choose(chance(draws.ANOTHER, 1), [1.0] * len(OTHERS))])
    languages |= np.where(chance(draws.SECOND) < figures["second_national"], second, 0)
    languages |= np.where(chance(draws.ENGLISH) < figures["english"], LANGUAGES["en"], 0)
    languages |= np.where(chance(draws.ANOTHER) < figures["another"], another, 0)
    slots = np.zeros(len(numbers), dtype=np.int64)
    for day in range(7):
        free = figures["free_workday" if day < 5 else "free_weekend"]
        for part, name in enumerate(PARTS):
            bit = day * 3 + part
            slots |= (chance(draws.SLOTS, bit) < free[name]).astype(np.int64) << bit
    slots[slots == 0] = choices.ALL_SLOTS
    travel = draws.choose(chance(draws.TRAVEL), figures["travel"].values())
    radii = np.array([figures["radius_m"][way] for way in figures["travel"]])
    most = np.array([int(places) for places in figures["capacity"]])
    capacity = most[draws.choose(chance(draws.CAPACITY), figures["capacity"].values())]
    answering = behaviour()["answering"]
    ready = draws.beta(chance(draws.READY), answering["ready_a"], answering["ready_b"])
    return Volunteers(homes, kinds, languages, slots, travel, radii[travel], capacity, ready)


def requests(country: Country, seed: int, numbers: np.ndarray, wishes: Wishes = AS_ALWAYS) -> Requests:
    """The requests with these numbers."""
    figures: dict[str, Any] = behaviour()["asking"]

    def chance(purpose: int, which: int = 0) -> np.ndarray:
        return np.asarray(draws.units(seed, purpose, numbers, which))

    homes = country.homes(seed, REQUESTS, numbers)
    if wishes.within:
        there = chance(draws.HIT, 1) < wishes.share_within
        homes = _either(there, country.homes(seed, REQUESTS, numbers, wishes.within), homes)
    spoken, also = homes.language.copy(), np.zeros(len(numbers), dtype=np.int64)
    differs = chance(draws.LANGUAGE) < figures["other_language"]
    instead = differs & (chance(draws.LANGUAGE, 1) < 0.3)
    others = np.array(("en", *OTHERS))
    spoken[instead] = others[draws.choose(chance(draws.LANGUAGE, 2), [1.0] * len(others))][instead]
    also[differs & ~instead] = LANGUAGES["en"]
    masks = np.vectorize(LANGUAGES.__getitem__, otypes=[np.int64])
    by_phone = chance(draws.BY_PHONE) < (figures["by_phone"] if wishes.by_phone is None else wishes.by_phone)
    for_another = chance(draws.FOR_ANOTHER) < figures["for_another"]
    writes = for_another | ~by_phone | (chance(draws.WRITES) >= figures["only_by_phone"])
    kinds = {**dict.fromkeys(KINDS, 0.0), **(wishes.kinds or figures["kinds"])}
    urgency = {**dict.fromkeys(URGENCIES, 0.0), **(wishes.urgency or figures["urgency"])}
    later = figures["takes_back_after_median_min"] * np.exp(draws.normals(seed, draws.TAKES_BACK, numbers, 1))
    return Requests(
        homes=homes,
        kind=draws.choose(chance(draws.KIND), kinds.values()),
        urgency=draws.choose(chance(draws.URGENCY), urgency.values()),
        languages=masks(spoken) | also,
        language=spoken,
        by_phone=by_phone,
        for_another=for_another,
        writes=writes,
        takes_back=np.where(chance(draws.TAKES_BACK) < figures["takes_back"], later, np.inf),
    )


def _either(first: np.ndarray, one: Homes, other: Homes) -> Homes:
    """The row of `one` where `first` is true, else that of `other`."""
    columns = (each.name for each in fields(Homes))
    return Homes(**{name: np.where(first, getattr(one, name), getattr(other, name)) for name in columns})
