"""A country of invented people for benchmarks, written straight into the tables: fast, and only for measuring.

Volunteers and requests are spread over Belgium by population. Sealed columns stay empty where a benchmark does
not read them, since sealing a million names would measure nothing but that.
"""

import random
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from quartier.cases.models import Case, Request
from quartier.lib import cells, choices, clock
from quartier.lib.ids import uuid7
from quartier.people.models import Person, Volunteer
from quartier.places.models import Place
from quartier.team.models import Organisation

BATCH = 5000


def organisation() -> Organisation:
    """The organisation of the benchmark."""
    return Organisation.objects.create(
        name="Bench", languages=["fr", "nl", "de", "en"], phone="+3280000020", created_at=clock.now()
    )


class Map:
    """Draws points: a place by its population, then somewhere within a few kilometres of it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        rows = list(
            Place.objects.filter(country="BE").values_list("lat", "lon", "population", "postcode", "name")
        )
        self._places = [(lat, lon, postcode, name) for lat, lon, _population, postcode, name in rows]
        self._weights = [population or 300 for *_rest, population, _postcode, _name in rows]
        self._cells: dict[int, tuple[int, int, float, float]] = {}

    def draw(self, count: int) -> list[tuple[int, int, int, float, float, str, str]]:
        """`count` points: cell, area, region, latitude and longitude of the cell, postcode, name of the place."""
        drawn = []
        for lat, lon, postcode, name in self.random.choices(self._places, self._weights, k=count):
            cell = cells.cell_at(lat + self.random.gauss(0, 0.015), lon + self.random.gauss(0, 0.022))
            if cell not in self._cells:
                self._cells[cell] = (cells.area_of(cell), cells.region_of(cell), *cells.centre(cell))
            drawn.append((cell, *self._cells[cell], postcode, name))
        return drawn


def volunteers(org: Organisation, count: int, where: Map) -> None:
    """Volunteers ready to be asked: two to five kinds of help, one to three languages."""
    now, chance = clock.now(), where.random
    codes = [each.code for each in choices.KINDS]
    for start in range(0, count, BATCH):
        people, ready = [], []
        for cell, area, region, lat, lon, postcode, name in where.draw(min(BATCH, count - start)):
            person = Person(
                id=uuid7(), organisation=org, channel="email", email="v@example.org", created_at=now
            )
            people.append(person)
            ready.append(
                Volunteer(
                    organisation=org,
                    person=person,
                    kinds=choices.mask(choices.KINDS, chance.sample(codes, chance.randint(2, 5))),
                    languages=chance.choice([1, 2, 3, 3, 8 | 1, 8 | 2, 4]),
                    slots=chance.getrandbits(21) | 1 << chance.randrange(21),
                    radius_m=chance.choice([1000, 2000, 3000, 5000, 10000]),
                    capacity=chance.choice([1, 1, 2, 3]),
                    budget=2,
                    cell=cell, area=area, region=region, lat=lat, lon=lon,
                    postcode=postcode, place_name=name,
                    created_at=now,
                )
            )  # fmt: skip
        Person.objects.bulk_create(people)
        Volunteer.objects.bulk_create(ready)


def cases(org: Organisation, count: int, where: Map) -> list[Case]:
    """Files without requests."""
    now = clock.now()
    made: list[Case] = []
    known = Case.objects.filter(organisation=org).count()
    for start in range(0, count, BATCH):
        batch = []
        people = []
        for number, (cell, area, _region, _lat, _lon, postcode, name) in enumerate(
            where.draw(min(BATCH, count - start))
        ):
            person = Person(id=uuid7(), organisation=org, created_at=now)
            people.append(person)
            batch.append(
                Case(
                    organisation=org, reference=f"B{known + start + number:07}", person=person, asked_by=person,
                    cell=cell, area=area, postcode=postcode, place_name=name, opened_at=now,
                )
            )  # fmt: skip
        Person.objects.bulk_create(people)
        made += Case.objects.bulk_create(batch)
    return made


def request_for(case: Case, now: datetime, where: Map, **columns: object) -> Request:
    """One open request of a file, not stored."""
    lat, lon = cells.centre(case.cell)
    kind = where.random.choice(["groceries", "groceries", "pharmacy", "meal", "dog", "papers", "transport"])
    row = {
        "organisation_id": case.organisation_id, "case": case, "kind": kind,
        "languages": where.random.choice([1, 2, 3]),
        "window_from": now, "window_until": now + timedelta(hours=30), "cell": case.cell, "area": case.area,
        "region": cells.region_of(case.cell), "lat": lat, "lon": lon, "radius_m": 5000, "next_at": now,
        "promised_at": now + timedelta(hours=4), "waiting_since": now, "created_at": now,
    }  # fmt: skip
    return Request(**{**row, **columns})


def past_requests(org: Organisation, count: int, where: Map, households: int = 20_000) -> None:
    """Requests closed in the past, copied inside the database from a few thousand patterns."""
    now = clock.now()
    patterns = [
        request_for(
            case, now - timedelta(days=where.random.randint(1, 700)), where,
            state="closed", closure="fulfilled", closed_at=now - timedelta(days=where.random.randint(1, 700)),
            next_at=None, accepted=1,
        )
        for case in cases(org, min(households, count), where)
    ]  # fmt: skip
    Request.objects.bulk_create(patterns, batch_size=BATCH)
    columns = [field.column for field in Request._meta.local_concrete_fields if not field.primary_key]
    listed = ", ".join(f'"{column}"' for column in columns)
    fresh = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    written = len(patterns)
    with connection.cursor() as cursor:
        while written < count:
            more = min(written, count - written)
            cursor.execute(
                f"INSERT INTO cases_request (id, {listed}) SELECT {fresh}, {listed} FROM cases_request LIMIT {more}"
            )
            written += more


def settle() -> None:
    """Let the database gather its statistics."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def key(value: UUID) -> object:
    """A key as raw SQL wants it."""
    return value.hex if connection.vendor == "sqlite" else value
