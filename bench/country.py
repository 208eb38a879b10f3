"""A country of invented people for benchmarks, written straight into the tables: fast, and only for measuring.

Volunteers and requests are spread over Belgium by population. Sealed columns stay empty where a benchmark does
not read them, since sealing a million names would measure nothing but that.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from quartier.cases.models import Case, Request
from quartier.lib import cells, choices, clock
from quartier.lib.ids import uuid7
from quartier.people.models import Person, Volunteer
from quartier.places.models import Place
from quartier.team.models import Organisation

BATCH = 20_000
CODES = [each.code for each in choices.KINDS]
RARE = [each.mask for each in choices.chosen(choices.LANGUAGES, choices.RARE_TONGUES)]


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


def volunteers(org: Organisation, count: int, where: Map, *, mail: bool = True, busy: bool = False) -> None:
    """Volunteers ready to be asked: two to five kinds of help, one to three languages, one in twelve a rare one.

    `mail`: they can be written to. `busy`: as on an afternoon: a quarter carries as much as they can, a third was
    asked already today, one in ten has been vetted.
    """
    now = clock.now()
    today = now.astimezone(org.zone).date().isoformat() if busy else ""
    person = Person(organisation=org, channel="email", created_at=now)
    ready = Volunteer(organisation=org, kinds=0, languages=0, cell=0, area=0, region=0, lat=0, lon=0, strip=0,
                      created_at=now)  # fmt: skip
    for start in range(0, count, BATCH):
        rows = [
            _volunteer(org, point, where.random, today) for point in where.draw(min(BATCH, count - start))
        ]
        if mail:
            sealed = (
                Person(
                    id=UUID(str(row["person_id"])),
                    organisation=org,
                    channel="email",
                    email="v@example.org",
                    created_at=now,
                )
                for row in rows
            )
            Person.objects.bulk_create(sealed)
        else:
            pour(person, [{"id": row["person_id"]} for row in rows])
        pour(ready, rows)


def _volunteer(
    org: Organisation, point: tuple[int, int, int, float, float, str, str], chance: random.Random, today: str
) -> dict[str, Any]:
    cell, area, region, lat, lon, postcode, name = point
    capacity = chance.choice([1, 1, 2, 3])
    languages = chance.choice([1, 2, 3, 3, 8 | 1, 8 | 2, 4])
    if chance.random() < 1 / 12:
        languages |= chance.choice(RARE)
    row = {
        "id": key(uuid7()), "person_id": key(uuid7()), "languages": languages, "capacity": capacity, "budget": 2,
        "kinds": choices.mask(choices.KINDS, chance.sample(CODES, chance.randint(2, 5))),
        "slots": chance.getrandbits(21) | 1 << chance.randrange(21),
        "radius_m": chance.choice([1000, 2000, 3000, 5000, 10000]),
        "cell": cell, "area": area, "region": region, "lat": lat, "lon": lon, "strip": cells.strip_of(lat),
        "postcode": postcode, "place_name": name,
    }  # fmt: skip
    if today:
        asked = max(0, chance.randint(-3, 2))
        row |= {
            "open_count": capacity if chance.random() < 0.264 else 0,
            "asked_on": today if asked else None,
            "asked_count": asked,
            "asked_total": asked + int(chance.expovariate(0.1)),
            "level": int(chance.random() < 0.1),
        }
    return row


def pour(like: Model, rows: Sequence[dict[str, Any]]) -> None:
    """Store rows that differ from `like` in these columns (keys as `uuid7` makes them, dates, plain values): COPY on
    PostgreSQL, one prepared statement on SQLite. Making a million objects would measure nothing but that."""
    fields = like._meta.local_concrete_fields
    usual = [field.get_db_prep_save(field.pre_save(like, add=True), connection) for field in fields]
    places = [(position, field.column) for position, field in enumerate(fields) if field.column in rows[0]]

    def values(row: dict[str, Any]) -> list[Any]:
        line = list(usual)
        for position, column in places:
            line[position] = row[column]
        return line

    table, columns = like._meta.db_table, ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(values(row))
        else:
            marks = ", ".join(["?"] * len(fields))
            # Below Django's cursor, which rewrites each parameter.
            connection.connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})", map(values, rows)
            )


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


def open_requests(org: Organisation, count: int, where: Map) -> None:
    """Requests of every kind that are due now, one a household, as `real_request` draws them."""
    for start in range(0, count, BATCH):
        files = cases(org, min(BATCH, count - start), where)
        Request.objects.bulk_create(real_request(case, clock.now(), where) for case in files)


def real_request(case: Case, now: datetime, where: Map) -> Request:
    """As they come in: one in eight is help by phone, one in twelve needs a rare language, one in twenty somebody who
    has been vetted; most for a day or two, some for an afternoon."""
    chance = where.random
    kind = chance.choice(["groceries", "groceries", "pharmacy", "meal", "dog", "papers", "transport", "talk"])
    rare = chance.random() < 1 / 12
    return request_for(
        case, now, where, kind=kind, remote=kind == "talk", level=int(chance.random() < 0.05),
        languages=chance.choice(RARE) if rare else chance.choice([1, 1, 2, 2, 3, 4, 8]),
        window_until=now + timedelta(hours=chance.choice([4, 30, 30, 54])),
    )  # fmt: skip


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
    """Let the database gather its statistics, and PostgreSQL see which pages hold nothing old."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def key(value: UUID) -> object:
    """A key as raw SQL wants it."""
    return value.hex if connection.vendor == "sqlite" else value
