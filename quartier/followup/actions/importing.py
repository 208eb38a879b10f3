"""A list of people who agreed to be called, as a table from elsewhere: good rows are taken, of each bad one it is said
what is wrong with it. The same table again changes nothing."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.http import Http404

from quartier.cases.models import Case
from quartier.followup import access
from quartier.followup.actions.members import Agreed, agree
from quartier.followup.rules import OCCASIONS
from quartier.lib import phone
from quartier.lib.text import clean, folded, one_line
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.places.queries import Found, search
from quartier.team.access import Actor
from quartier.team.models import Organisation

MOST_ROWS, MOST_BYTES = 5000, 2_000_000
# What the columns may be called, in small letters without accents.
COLUMNS = {
    "name": {"name", "nom", "naam", "nachname"},
    "phone": {"phone", "telephone", "gsm", "telefoon", "telefon", "tel"},
    "email": {"email", "e mail", "mail", "courriel"},
    "language": {"language", "langue", "taal", "sprache"},
    "street": {"street", "address", "adresse", "rue", "adres", "straat", "strasse"},
    "postcode": {"postcode", "code postal", "postal code", "cp", "plz", "postleitzahl"},
    "occasions": {"occasions", "for", "pour", "voor", "fur"},
    "consent": {"consent", "accord", "consentement", "toestemming", "einwilligung"},
    "date": {"date", "datum"},
    "notes": {"notes", "remarques", "opmerkingen", "notities", "notizen", "remarks"},
}
NEEDED = ("name", "postcode", "occasions", "consent", "date")
SAID = {
    "heat": {"heat", "heatwave", "canicule", "chaleur", "hitte", "hittegolf", "hitze", "hitzewelle"},
    "blackout": {"blackout", "panne", "coupure", "stroompanne", "stromausfall"},
    "lockdown": {"lockdown", "confinement", "ausgangssperre"},
    "flood": {"flood", "inondation", "inondations", "overstroming", "uberschwemmung", "hochwasser"},
    "arrival": {
        "arrival",
        "arrivals",
        "refugee",
        "refugees",
        "arrivee",
        "refugie",
        "nieuwkomer",
        "neuankunft",
        "gefluchtete",
    },
}
AGREED = {
    "call": {
        "call",
        "phone",
        "telephone",
        "oral",
        "appel",
        "mondeling",
        "telefonisch",
        "telefon",
        "anruf",
        "mundlich",
    },
    "paper": {"paper", "papier", "form", "formulaire", "formulier", "formular"},
    "door": {"door", "porte", "visit", "visite", "bezoek", "besuch", "tur", "haustur"},
}


class NotATable(ValueError):
    """What was given cannot be read at all: the columns that are missing, or nothing for what is no table."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


@dataclass(frozen=True)
class Row:
    """One row that can be taken: where it stands in the table, who, and to what they agreed (without the cell)."""

    line: int
    who: Who
    agreed: Agreed


@dataclass(frozen=True)
class BadRow:
    """What is wrong with a row: codes of what is missing or cannot be read, and its words."""

    line: int
    name: str
    wrong: tuple[str, ...]


@dataclass
class Report:
    """What came of a table. `taken`: how many people are on the list because of it."""

    taken: int = 0
    bad: list[BadRow] = field(default_factory=list)


def read(text: str, country: str, today: date, line: str = "") -> tuple[list[Row], list[BadRow]]:
    """The rows of a table. `line`: the number of the group's own line (E.164). Pure. Raises `NotATable`."""
    lines = clean(text, MOST_BYTES).lstrip("\ufeff")
    head = lines.split("\n", 1)[0]
    sign = max(";,\t", key=head.count)
    table = csv.reader(io.StringIO(lines), delimiter=sign)
    try:
        names = [_column(word) for word in next(table, [])]
        rows = [(table.line_num, cells) for cells in table if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise NotATable([]) from error
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise NotATable(missing)
    if len(rows) > MOST_ROWS:
        raise NotATable([])
    good: list[Row] = []
    bad: list[BadRow] = []
    for number, cells in rows:
        given = dict(zip(names, (one_line(cell, 400) for cell in cells), strict=False))
        found = _row(number, given, country, today, line)
        if isinstance(found, Row):
            good.append(found)
        else:
            bad.append(found)
    return good, bad


def _column(word: str) -> str:
    plain = folded(word)
    return next((name for name, called in COLUMNS.items() if plain in called), "")


def _row(line: int, given: dict[str, str], country: str, today: date, own_line: str) -> Row | BadRow:
    wrong = [name for name in ("name", "postcode") if not given.get(name)]
    number = _or(lambda: phone.parse(given["phone"], country), given.get("phone"), "phone", wrong)
    if phone.why_not_own(number, own_line):
        wrong.append("own_line" if number == own_line else "company")
    mail = given.get("email", "")
    if mail and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail):
        wrong.append("email")
    if not number and not mail and not {"phone", "email"} & set(wrong):
        wrong.append("reach")
    occasions = tuple(each.code for each in OCCASIONS if _words(given.get("occasions", "")) & SAID[each.code])
    if not occasions:
        wrong.append("occasions")
    said = folded(given.get("consent", ""))
    consent = next((code for code, called in AGREED.items() if set(said.split()) & called), "")
    if not consent:
        wrong.append("consent")
    on = _day(given.get("date", ""))
    if on is None or on > today:
        wrong.append("date")
    if wrong or on is None:
        return BadRow(line, given.get("name", ""), tuple(wrong))
    language = given.get("language", "")[:2].lower()
    channel = Person.Channel.TEXT if number and phone.is_mobile(number) else Person.Channel.CALL
    if not number:
        channel = Person.Channel.EMAIL
    who = Who(one_line(given["name"], 120), number, mail.lower(), language, channel)
    agreed = Agreed(
        occasions, consent, on, given.get("notes", ""), given.get("street", ""), given["postcode"][:12]
    )
    return Row(line, who, agreed)


def _words(text: str) -> set[str]:
    return set(folded(text).split())


def _or(make: Callable[[], str], given: str | None, name: str, wrong: list[str]) -> str:
    if not given:
        return ""
    try:
        return make()
    except ValueError:
        wrong.append(name)
        return ""


def _day(text: str) -> date | None:
    """`2027-06-03`, `3/6/2027`, `3.6.2027`."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    parts = found.groups() if found else None
    if found is None and (turned := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)):
        parts = (turned[3], turned[2], turned[1])
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


@transaction.atomic
def import_members(*, actor: Actor, text: str, today: date) -> Report:
    """Take a table. Raises `NotATable`, and `Http404` for who may not."""
    if not actor.has(*access.READERS):
        raise Http404
    organisation = actor.organisation
    rows, bad = read(text, organisation.country, today, organisation.phone)
    report, places = Report(bad=bad), _Places(organisation)
    for row in rows:
        place = places.find(row.agreed.postcode)
        if place is None:
            report.bad.append(BadRow(row.line, row.who.name, ("postcode",)))
            continue
        person = people.record_person(organisation=organisation, who=_spoken(row.who, organisation))
        case = Case.objects.filter(organisation=organisation, person=person, merged_into=None)
        agreed = replace(row.agreed, place_name=place.place.name[:120], cell=place.cell)
        agree(actor=actor, person=person, agreed=agreed, case=case.order_by("-opened_at").first())
        report.taken += 1
    report.bad.sort(key=lambda each: each.line)
    return report


def _spoken(who: Who, organisation: Organisation) -> Who:
    """In a language that we write, else the organisation's first."""
    if who.language in organisation.languages:
        return who
    first = next(iter(organisation.languages), "fr")
    return Who(who.name, who.phone, who.email, first, who.channel)


class _Places:
    """The place of each postcode, looked up once."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._known: dict[str, Found | None] = {}

    def find(self, postcode: str) -> Found | None:
        if postcode not in self._known:
            language = next(iter(self._organisation.languages), "fr")
            found = search(postcode, self._organisation.country, language)
            exact = [each for each in found if each.place.postcode.lower() == postcode.lower()]
            self._known[postcode] = exact[0] if exact else None
        return self._known[postcode]
