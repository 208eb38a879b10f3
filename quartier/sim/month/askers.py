"""Those who ask for help: on the public pages, one question at a time, or by telling an operator on the phone."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request
from quartier.cases.rules import Household, Wanted, Where
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.lib import choices, clock, phone
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.places.models import Place
from quartier.sim import people as invented
from quartier.sim.country import Country
from quartier.sim.month import cast
from quartier.sim.month.cast import HelpedPerson
from quartier.sim.month.pages import PageVisitor
from quartier.sim.month.plan import MAX_SMALL_GROUP_SIZE, HelpAsked
from quartier.sim.online import Answers, answer_questions, detail_fields, when_fields
from quartier.team.access import of_account

if TYPE_CHECKING:
    from quartier.sim.month.play import MonthPlay

# Help that comes again begins so many days later.
WEEKLY_STARTS_AFTER = timedelta(days=2)


class MonthAskers:
    """Everybody who asks. `numbers`: for each request, in which order it came; nothing else of it is the same in two
    runs with one seed."""

    def __init__(self, play: "MonthPlay") -> None:
        self._play = play
        self.numbers: dict[UUID, int] = {}

    def number(self, request_id: UUID) -> int:
        """The number of a request: those are numbered in the order in which they came."""
        if request_id not in self.numbers:
            rows = Request.objects.filter(organisation=self._play.organisation).order_by("created_at", "pk")
            for pk in rows.values_list("pk", flat=True)[len(self.numbers) :]:
                self.numbers.setdefault(pk, len(self.numbers))
        return self.numbers.setdefault(request_id, len(self.numbers))

    def ask(self, ask: HelpAsked) -> None:
        """Somebody needs help now."""
        person = cast.helped(self._play.chance, ask.person)
        if choices.kind(ask.kind).remote:
            person = cast.with_number(person, ask.person)
        if ask.by_phone or person.channel == "call":
            self._by_phone(ask, person)
        else:
            self._on_the_pages(ask, person)

    def _on_the_pages(self, ask: HelpAsked, person: HelpedPerson) -> None:
        visitor = PageVisitor(f"10.0.{ask.person // 250 % 250}.{ask.person % 250 + 1}", script=ask.script)
        address = f"{visitor.site}/{person.language}/ask/"
        answer_questions(visitor, address, self._answers(ask, person))

    def _answers(self, ask: HelpAsked, person: HelpedPerson) -> Answers:
        home = self._home(ask.person)
        day = (clock.now() + WEEKLY_STARTS_AFTER).astimezone(self._play.organisation.zone).date()
        details = _details(ask.kind, person.language)
        when = when_fields(ask.kind, ask.urgency)
        if ask.weekly:
            when = {"urgency": "date", "day": day.isoformat(), "part": "1"}
        return {
            "for": {"whom": "me"},
            "what": {"kinds": [ask.kind]},
            "details": detail_fields(ask.kind, details, home.name),
            "list": {"lines": details},
            "situation": {},
            "where": {"text": f"{home.postcode} {home.name}"},
            "address": {"street": person.address, "notes": ""},
            "when": when,
            "again": {"again": "week"},
            "languages": {"languages": sorted({person.language, "fr"})},
            "reach": {
                "name": person.name,
                "channel": person.channel,
                "phone": phone.display(person.phone, "BE") if person.phone else "",
                "email": person.email,
            },
            "check": {"consent": "on"},
        }

    def _home(self, person: int) -> Place:
        """Where this person lives: with a small group in its quarter, else anywhere in the country."""
        cast_home = self._play.cast.home
        if len(self._play.cast.volunteers) <= MAX_SMALL_GROUP_SIZE:
            return cast_home
        postcode, name = self._play.chance.of("lives in", person).choice(self._places)
        return (
            Place.objects.filter(country="BE", postcode=postcode, name=name).order_by("key").first()
            or cast_home
        )

    @cached_property
    def _places(self) -> Sequence[tuple[str, str]]:
        return Country().places

    def _by_phone(self, ask: HelpAsked, person: HelpedPerson) -> None:
        """Lotte has them on the line, and writes down what they say."""
        lotte, organisation = of_account(self._play.cast.team["Lotte"]), self._play.organisation
        home = self._home(ask.person)
        caller = people.record_person(
            organisation=organisation,
            who=Who(person.name, person.phone, person.email, person.language, person.channel),
        )
        contact = intake.record_contact(
            actor=lotte,
            person=caller,
            channel=Contact.Channel.PHONE,
            consent=invented.CONSENT,
            consent_spoken=True,
        )
        wanted = Wanted(
            ask.kind,
            choices.mask(choices.LANGUAGES, sorted({person.language, "fr"})),
            ask.urgency,
            _details(ask.kind, person.language),
        )
        household = Household(
            Where(cast.near(self._play.chance.of("lives", ask.person), home), home.postcode, home.name),
            address=person.address,
        )
        known = Case.objects.filter(person=caller).first()
        if known is None:
            cases.open_case(actor=lotte, contact=contact, person=caller, household=household, wanted=[wanted])
        else:
            cases.add_requests(actor=lotte, case=known, contact=contact, wanted=[wanted])


def _details(kind: str, language: str) -> str:
    said = invented.DETAILS.get(kind, {})
    return said.get(language, said.get("fr", ""))
