"""An invented country of any size, for the engine: towns and countryside, every hard constraint drawn."""

import numpy as np

from quartier.engine import Problem, Requests, Volunteers

# Volunteers and requests. S is one line in one crisis; X is scarce: as many requests as volunteers.
SIZES = {
    "S": (8_000, 800),
    "M": (100_000, 10_000),
    "L": (1_000_000, 100_000),
    "H": (200_000, 100_000),
    "X": (100_000, 100_000),
}
WEST, EAST, SOUTH, NORTH = 2.55, 6.4, 49.5, 51.5
TOWNS = 600
# Shares of the first languages and of the kinds of help (quartier/sim/behaviour.toml).
LANGUAGES = (0.57, 0.42, 0.01)
ALSO = (0.3, 0.3, 0.05, 0.4, 0.05, 0.03)
KINDS = (0.46, 0.20, 0.05, 0.06, 0.03, 0.04, 0.14, 0.02)
OFFERED = (0.85, 0.7, 0.25, 0.3, 0.35, 0.3, 0.4, 0.3)
TALK = 6
TRAVEL = ((0.30, 2500), (0.35, 5000), (0.30, 12000), (0.05, 5000))


class Country:
    """Towns whose sizes follow Zipf's law, and 15% of the people in between."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        self.lat = self.draw.uniform(SOUTH, NORTH, TOWNS)
        self.lon = self.draw.uniform(WEST, EAST, TOWNS)
        size = 1.0 / np.arange(1, TOWNS + 1) ** 0.9
        self.share = size / size.sum()
        self.spread = 0.012 + 0.05 * np.sqrt(self.share / self.share.max())

    def homes(self, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Latitudes and longitudes (degrees) and first languages (bits) of `n` people."""
        town = self.draw.choice(TOWNS, n, p=self.share)
        lat = self.lat[town] + self.draw.normal(0, 1, n) * self.spread[town]
        lon = self.lon[town] + self.draw.normal(0, 1.55, n) * self.spread[town]
        outside = self.draw.random(n) < 0.15
        lat[outside] = self.draw.uniform(SOUTH, NORTH, outside.sum())
        lon[outside] = self.draw.uniform(WEST, EAST, outside.sum())
        # North of a line one language, south of it another, a third in the east, as often as the shares say.
        first = np.where(lat > 50.72, 1, 2)
        first[(lon > 6.0) & (lat < 50.6)] = 4
        return lat, lon, first

    def mask(self, n: int, shares: tuple[float, ...]) -> np.ndarray:
        """Bits, each set as often as its share says."""
        bits = np.zeros(n, dtype=np.int32)
        for bit, share in enumerate(shares):
            bits |= (self.draw.random(n, dtype=np.float32) < share).astype(np.int32) << bit
        return bits

    def volunteers(self, n: int) -> Volunteers:
        lat, lon, first = self.homes(n)
        travel = self.draw.choice(len(TRAVEL), n, p=[share for share, _metres in TRAVEL])
        kinds = self.mask(n, OFFERED)
        capacity = self.draw.choice([0, 1, 2, 3, 5], n, p=[0.264, 0.33, 0.26, 0.11, 0.036])
        return Volunteers(
            ids=np.arange(n),
            lat=lat,
            lon=lon,
            kinds=np.where(kinds == 0, 1, kinds),
            languages=first | self.mask(n, ALSO),
            slots=self.mask(n, (0.57,) * 21),
            level=(self.draw.random(n) < 0.2).astype(np.int8),
            radius_m=np.array([metres for _share, metres in TRAVEL])[travel],
            capacity=capacity,
            asked=self.draw.choice([0, 1, 2], n, p=[0.8, 0.15, 0.05]),
            load=self.draw.choice([0, 1], n, p=[0.85, 0.15]),
        )

    def requests(self, m: int) -> Requests:
        lat, lon, first = self.homes(m)
        kind = self.draw.choice(len(KINDS), m, p=KINDS)
        day = self.draw.integers(0, 7, m)
        part = self.draw.integers(0, 3, m)
        return Requests(
            ids=np.arange(m),
            lat=lat,
            lon=lon,
            kinds=1 << kind,
            languages=first,
            slots=(1 << (day * 3 + part)) | (1 << (((day + 1) % 7) * 3 + part)),
            level=(self.draw.random(m) < 0.05).astype(np.int8),
            radius_m=self.draw.choice([5000, 10_000, 15_000], m, p=[0.6, 0.3, 0.1]),
            needed=np.where(self.draw.random(m) < 0.03, 2, 1),
            weight_m=self.draw.choice([20_000, 30_000, 60_000], m, p=[0.35, 0.55, 0.10]),
            remote=kind == TALK,
        )


def problem(size: str, seed: int) -> Problem:
    """The problem of a size: one of `SIZES`, or a number of volunteers with a tenth as many requests.

    Two of one seed are alike. Raises `ValueError` for what is no size.
    """
    n, m = SIZES.get(size) or (int(size), max(1, int(size) // 10))
    country = Country(seed)
    volunteers, requests = country.volunteers(n), country.requests(m)
    excluded = np.stack(
        [country.draw.integers(0, m, m // 100), country.draw.integers(0, n, m // 100)], axis=1
    )
    known = np.stack([country.draw.integers(0, m, m // 50), country.draw.integers(0, n, m // 50)], axis=1)
    return Problem(volunteers, requests, excluded, known)
